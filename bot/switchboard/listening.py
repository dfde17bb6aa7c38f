"""Listening while a person of our own desk has a conversation: what is told, what to suggest."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import operation
from bot.assistant import Assistant
from bot.dialogue.context import Context
from bot.dialogue.listening import heard_in, listened, same_so_far
from bot.dialogue.questions import read_reply
from bot.dialogue.suggesting import suggestions
from bot.errors import BadInput
from bot.messages import is_press
from bot.suggest import MOST
from bot.understanding import Understanding, pressed
from knowledge.store import load

Suggestions = list[dict[str, Any]]
"""As :func:`bot.suggest.suggest` returns them."""

KEPT = 3
"""Messages before the last one whose suggestions are still known in short."""


@dataclass(frozen=True)
class Heard:
    """What a message to a person tells.

    Attributes:
        slots: of the conversation after it.
        made: answers suggested to the person, best first.
        reading: :meth:`bot.understanding.Understanding.as_dict` of it; {} where it failed.
        news: whether it changes what the bot's open question hangs on.
    """

    slots: Mapping[str, Any]
    made: Suggestions
    reading: Mapping[str, Any]
    news: bool = False


async def listen(
    assistant: Assistant, text: str, shown: str, slots: Mapping[str, Any], answers: bool
) -> Heard:
    """Return what a citizen's message tells; where that fails, nothing.

    Args:
        assistant: the bot.
        text: the message, masked, or a press of buttons.
        shown: the same in words.
        slots: of the conversation before it.
        answers: whether it may be an answer to the bot's open question.
    """
    try:
        return await _listen(assistant, text, shown, slots, answers)
    except (asyncio.CancelledError, BadInput):
        raise
    except Exception as error:
        operation.failed("listening", error)
        return Heard(slots, [], {})


async def _listen(
    assistant: Assistant, text: str, shown: str, slots: Mapping[str, Any], answers: bool
) -> Heard:
    kb, before = load(), Context.from_slots(slots)
    reading = await _read(assistant, before, text, shown)
    made = suggestions(kb, heard_in(before, reading, answers), reading, MOST)
    after = listened(kb, before, reading, answers)
    return Heard({**slots, **after.as_slots()}, made, reading.as_dict(),
                 not same_so_far(before, after))


async def _read(
    assistant: Assistant, context: Context, text: str, shown: str
) -> Understanding:
    """Return the reading of a message; buttons that answer nothing say what stands on them."""
    press = pressed(text) if is_press(text) else None
    if press and read_reply(load(), context, press):
        return press
    return await assistant.read(shown)


async def suggest_anew(
    assistant: Assistant, text: str, slots: Mapping[str, Any], about_the_matter: bool = False
) -> Suggestions:
    """Return suggestions for a message that has been taken into the slots before.

    What it tells is not taken from it once more: it may have been corrected since.

    Args:
        assistant: the bot.
        text: the message, masked.
        slots: of the conversation by now.
        about_the_matter: take it to be about what the slots say that the matter is.
    """
    context = replace(Context.from_slots(slots), asked="", choices={})
    reading = replace(await assistant.read(text), facts={}, insured=None)
    if about_the_matter:
        reading = replace(reading, family=context.family, item=context.item, item_named=False,
                          item_sure=False, also=(), likely=(), intent="")
    return suggestions(load(), context, reading, MOST)


def in_short(made: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return suggestions as the journal keeps them: what they are about, without their texts."""
    return [{**{key: one[key] for key in ("family", "item", "facet", "region", "confidence")},
             "citations": [clause["id"] for clause in one["citations"]]} for one in made]


def suggested_next(
    before: Mapping[str, Any] | None, seq: int, turn: str, made: Suggestions
) -> dict[str, Any]:
    """Return what the record keeps of the suggestions to a citizen's message.

    Those to the messages just before stay known in short: who picks one while the citizen goes on
    writing sends it after the next were made.

    Args:
        before: what the record has kept so far.
        seq: the message's number.
        turn: the message's id in the journal.
        made: the suggestions.
    """
    earlier = list(before["earlier"]) if before else []
    if before and before["seq"] != seq:
        earlier.append({"seq": before["seq"], "turn": before["turn"],
                        "offered": in_short(before["made"])})
    return {"seq": seq, "turn": turn, "made": made, "rejected": [], "earlier": earlier[-KEPT:]}


def suggestion_of(
    suggested: Mapping[str, Any] | None, seq: Any, rank: Any
) -> dict[str, Any] | None:
    """Return what the journal keeps of a suggestion, with the message that it was made for.

    Args:
        suggested: what the conversation's record has kept (:func:`suggested_next`).
        seq: number of the citizen's message.
        rank: the suggestion's place, from 1.

    Returns:
        ``{"seq", "turn", …}`` with the keys of :func:`in_short`; None where it is not one of
        these.
    """
    sets = [*suggested["earlier"], {**suggested, "offered": in_short(suggested["made"])}] \
        if suggested else []
    meant = next((one for one in sets if one["seq"] == seq), {"turn": "", "offered": []})
    if type(rank) is not int or not 1 <= rank <= len(meant["offered"]):
        return None
    return {"seq": seq, "turn": meant["turn"], **meant["offered"][rank - 1]}


def choice_made(
    suggested: Mapping[str, Any] | None, used: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what the journal keeps of how a person has answered: by which suggestion, of how many.

    Args:
        suggested: as for :func:`suggestion_of`.
        used: ``{"seq", "rank", "edited"}`` of the suggestion taken, None for none.
    """
    told: dict[str, Any] = {}
    if suggested and suggested["made"]:
        told["offered"] = {"seq": suggested["seq"], "turn": suggested["turn"],
                           "count": len(suggested["made"])}
    if used:
        known = suggestion_of(suggested, used.get("seq"), used.get("rank")) or {}
        told["used"] = {"seq": used.get("seq"), "rank": used.get("rank"),
                        "edited": bool(used.get("edited")), **known}
    return told


__all__ = [
    "KEPT", "Heard", "Suggestions", "choice_made", "in_short", "listen", "suggest_anew",
    "suggested_next", "suggestion_of",
]
