"""The actions of the bot: slots in, the dialogue called, messages out."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import clock, dialogue
from bot.dialogue import Context, Turn
from bot.understanding import Understanding
from knowledge.store import load

FORM, LISTEN = "eligibility_form", "action_listen"


def context_of(tracker: Tracker) -> Context:
    """Return the conversation's context from the tracker's slots."""
    return Context.from_slots(tracker.slots)


def reading_of(tracker: Tracker) -> Understanding:
    """Return the reading of the latest message from its parse data."""
    return Understanding.from_dict(tracker.latest_message["understanding"])


def utter(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """Send the replies of a turn, and return its slots as events."""
    for reply in turn.replies:
        dispatcher.utter_message(text=reply.text, json_message=dict(reply.card))
    return [SlotSet(name, value) for name, value in turn.context.as_slots().items()]


class Consult(Action):
    """Handles every message that is not an answer to the open question."""

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_consult"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Reply; then go on with the form, or wait."""
        turn = dialogue.consult(load(), context_of(tracker), reading_of(tracker))
        events = utter(dispatcher, turn)
        if turn.form:
            return [*events, FollowupAction(FORM)]
        return [*events, ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction(LISTEN)]


class Ask(Action):
    """Asks the next question of the form."""

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_ask_eligibility_form_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Utter the question that is pending."""
        return utter(dispatcher, dialogue.ask(load(), context_of(tracker), clock.now()))


class Conclude(Action):
    """Gives the outcome when the form has ended."""

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_conclude"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Utter the outcome."""
        turn = dialogue.conclude(load(), context_of(tracker))
        return [*utter(dispatcher, turn), FollowupAction(FORM if turn.form else LISTEN)]


class ValidateEligibilityForm(FormValidationAction):
    """Reads answers to the open question; what is no answer is left to :class:`Consult`."""

    def name(self) -> str:
        """Name of the action in the domain."""
        return "validate_eligibility_form"

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Return ``["answer"]`` while something is to be asked."""
        return ["answer"] if dialogue.pending(load(), context_of(tracker)) else []

    async def extract_answer(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the message as an answer, or nothing where it is none."""
        reply = dialogue.read_reply(load(), context_of(tracker), reading_of(tracker))
        return {"answer": reply} if reply else {}

    def validate_answer(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Enter the answer into the facts and clear the slot for the next question."""
        context = dialogue.take_reply(load(), context_of(tracker), value, reading_of(tracker))
        return {"answer": None, **context.as_slots()}


__all__ = ["Ask", "Conclude", "Consult", "ValidateEligibilityForm"]
