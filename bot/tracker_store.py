"""Rasa's trackers over :class:`bot.conversations.Conversations`: the state, without the history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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

from bot.conversations import Conversations


class StateTrackerStore(TrackerStore):
    """Keeps slots and the active form of each conversation.

    It outlives agents: a swapped model finds every conversation as it was.

    Args:
        domain: the domain of the model (set anew by Rasa with each model).
        conversations: where the states are kept.
    """

    def __init__(self, domain: Domain, conversations: Conversations) -> None:
        super().__init__(domain)
        self._conversations = conversations

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the tracker's state."""
        slots = {name: value for name, value in tracker.current_slot_values().items()
                 if value is not None}
        self._conversations.keep_state(
            tracker.sender_id, {"slots": slots, "loop": tracker.active_loop_name})

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return a tracker in the stored state, listening; None for an unknown conversation."""
        state = self._conversations.state(sender_id)
        if state is None:
            return None
        tracker = self.init_tracker(sender_id)
        for event in _events(state):
            tracker.update(event)
        return tracker

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        return self._conversations.conversations()


def _events(state: dict[str, Any]) -> Iterator[Event]:
    yield ActionExecuted(ACTION_SESSION_START_NAME)
    yield SessionStarted()
    for name, value in state["slots"].items():
        yield SlotSet(name, value)
    if state["loop"]:
        yield ActiveLoop(state["loop"])
        yield ActionExecuted(state["loop"])
    yield ActionExecuted(ACTION_LISTEN_NAME)


__all__ = ["StateTrackerStore"]
