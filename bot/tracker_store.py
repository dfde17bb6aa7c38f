"""Rasa's trackers as state, without the history: lent to Rasa for a turn, kept by the caller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker

State = Mapping[str, Any]
"""What Rasa knows of a conversation: ``{"slots": {name: value}, "loop": name or None}``."""


class TurnTrackerStore(TrackerStore):
    """Holds the state of conversations while they have a turn, and what the turn made of it.

    Who runs a turn keeps conversations apart, puts the state in and takes the new one out, so
    that it can be written together with the replies: whole or not at all (``docs/adr/0005``).
    It outlives agents: a swapped model finds every conversation as it was.
    """

    def __init__(self, domain: Domain) -> None:
        super().__init__(domain)
        self._states: dict[str, State | None] = {}
        self._readings: dict[str, Mapping[str, Any] | None] = {}

    def begin(self, conversation: str, state: State | None) -> None:
        """Take a conversation's state in for a turn; None for a new conversation."""
        self._states[conversation] = state

    def end(self, conversation: str) -> tuple[State | None, Mapping[str, Any] | None]:
        """Give the new state out, with the reading of the message; forget both."""
        return self._states.pop(conversation, None), self._readings.pop(conversation, None)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Note the tracker's state and the reading of its latest message."""
        slots = {name: value for name, value in tracker.current_slot_values().items()
                 if value is not None}
        self._states[tracker.sender_id] = {"slots": slots, "loop": tracker.active_loop_name}
        latest = tracker.latest_message
        self._readings[tracker.sender_id] = (
            latest.parse_data.get("understanding") if latest else None)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return a tracker in the state put in, listening; None for a new conversation."""
        state = self._states.get(sender_id)
        if state is None:
            return None
        tracker = self.init_tracker(sender_id)
        for event in _events(state):
            tracker.update(event)
        return tracker

    async def keys(self) -> Iterable[str]:
        """Return the ids of the conversations that have a turn."""
        return list(self._states)


def _events(state: State) -> Iterator[Event]:
    yield ActionExecuted(ACTION_SESSION_START_NAME)
    yield SessionStarted()
    for name, value in state["slots"].items():
        yield SlotSet(name, value)
    if state["loop"]:
        yield ActiveLoop(state["loop"])
        yield ActionExecuted(state["loop"])
    yield ActionExecuted(ACTION_LISTEN_NAME)


__all__ = ["State", "TurnTrackerStore"]
