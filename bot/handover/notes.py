"""What is said about the waiting for a person: place and hours, who joins and leaves, ratings.

Pure: place, hours and time are arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.dialogue.small_talk import person_wanted
from bot.handover.hours import ServiceHours
from bot.messages import Reason, Reply, notice
from bot.wording import say

Queue = dict[str, Any]
"""``{"place": int, "open": bool, "hours": str}``, as on a ``handoff`` card."""


def queue_note(place: int, hours: ServiceHours, now: datetime) -> tuple[str, Queue]:
    """Return what is told to who begins to wait, and the same for the ``handoff`` card.

    Args:
        place: in the queue, 1 for the next.
        hours: of service; where none are stated, none are claimed.
        now: the present, aware.
    """
    if not hours.text:
        text = say("queue_no_hours", place=place)
    elif hours.open_at(now):
        text = say("queue_open", place=place, hours=hours.text)
    else:
        text = say("queue_closed", place=place, hours=hours.text, next=hours.next_opening(now))
    return text, {"place": place, "open": hours.open_at(now), "hours": hours.text}


def with_queue(
    text: str, card: Mapping[str, Any], note: tuple[str, Queue]
) -> tuple[str, dict[str, Any]]:
    """Return text and ``handoff`` card of a message with a note of :func:`queue_note` put in.

    In distress nobody is told of places and hours: the numbers that answer now come first.
    """
    told, queue = note
    if card["reason"] == "distress":
        told = say("queue_in_distress")
    contacts = text.removeprefix(card["text"])
    # Who asked wants to hear first that they wait; the telephone is the other way.
    parts = (told, card["text"]) if card["reason"] == "asked" else (card["text"], told)
    said = "\n".join(parts)
    return said + contacts, {**card, "text": said, "queue": queue}


def still_waiting(place: int, hours: ServiceHours, now: datetime) -> Reply:
    """Return what is told to who asks again for a person while waiting for one."""
    if hours.open_at(now):
        return notice(say("still_waiting", place=place))
    return notice(say("still_closed", place=place, next=hours.next_opening(now)))


def wanted(reason: Reason) -> Reply:
    """Return the ``handoff`` message for a wish that arises outside the dialogue.

    Args:
        reason: ``rating`` and ``failed`` say what it is about; ``asked`` needs no word.
    """
    why = {"rating": say("handoff_rating"), "failed": say("handoff_failed")}.get(reason, "")
    return person_wanted(reason, why)


def agent_joined(agent: str) -> Reply:
    """Return that a person has joined; ``agent`` is their number (工号), '' if unknown."""
    return notice(say("agent_joined", agent=agent) if agent else say("agent_joined_unnamed"))


def transferred(agent: str, to: str) -> Reply:
    """Return that a person has passed the conversation on; ``to`` is '' for whoever takes it."""
    if to:
        return notice(say("transferred_to_agent", agent=agent, to=to))
    return notice(say("transferred_to_queue", agent=agent))


def agent_gone() -> Reply:
    """Return that the person is gone, and another one is waited for."""
    return notice(say("agent_gone"))


def agent_left(in_form: bool) -> Reply:
    """Return that the person has left and the bot goes on; ``in_form``: with its question."""
    return notice(say("agent_left_in_form" if in_form else "agent_left"))


def stopped_waiting() -> Reply:
    """Return that the conversation waits no more."""
    return notice(say("stopped_waiting"))


def ended() -> Reply:
    """Return that the conversation was closed."""
    return notice(say("conversation_ended"))


__all__ = [
    "Queue", "agent_gone", "agent_joined", "agent_left", "ended", "queue_note", "still_waiting",
    "stopped_waiting", "transferred", "wanted", "with_queue",
]
