"""Running the bot's actions in the process of the bot.

Rasa calls custom actions over HTTP, hands them every event of the conversation, and checks each
result against a JSON schema that it builds anew: two thirds of a turn. Here an action gets the
slots and the latest message, and its events go straight back. See ``docs/adr/0004``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import rasa.core.actions.action
import rasa.core.actions.forms
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core import events as rasa_events
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot import actions

_SINCE_MESSAGE = ({"event": "action", "name": "action_listen"}, {"event": "user"})


class LocalAction(RemoteAction):
    """A custom action that runs in this process."""

    known: dict[str, Action] = {}

    async def run(
        self, output_channel: OutputChannel, nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker, domain: Domain,
    ) -> list[Event]:
        """Run the action; return what it uttered and its events."""
        dispatcher = CollectingDispatcher()
        action = self.known[self.name()]
        result = await action.run(dispatcher, _sdk_tracker(tracker), _forms_of(domain))
        uttered = await self._utter_responses(dispatcher.messages, output_channel, nlg, tracker)
        return [*uttered, *rasa_events.deserialise_events(result or [])]


def install(classes: Iterable[type[Action]] = ()) -> None:
    """Let Rasa make its custom actions from :class:`LocalAction`.

    Rasa constructs them by the class's name in two modules; there is no other seam.
    """
    chosen = tuple(classes) or tuple(getattr(actions, name) for name in actions.__all__)
    LocalAction.known = {action.name(): action for action in (kind() for kind in chosen)}
    rasa.core.actions.action.RemoteAction = LocalAction
    rasa.core.actions.forms.RemoteAction = LocalAction


def _sdk_tracker(tracker: DialogueStateTracker) -> Tracker:
    latest = tracker.latest_message.parse_data if tracker.latest_message else {}
    loop = {"name": tracker.active_loop_name} if tracker.active_loop_name else {}
    return Tracker(
        tracker.sender_id, tracker.current_slot_values(), latest, list(_SINCE_MESSAGE), False,
        None, loop, tracker.latest_action_name,
    )


def _forms_of(domain: Domain) -> dict[str, Any]:
    return {"forms": domain.forms}


__all__ = ["LocalAction", "install"]
