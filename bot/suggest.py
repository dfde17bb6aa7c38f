"""Suggested answers for agents who work in their own desk: read, never part of a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bot.dialogue.context import Context
from bot.dialogue.suggesting import suggestions
from bot.errors import BadInput
from bot.stated_place import place_answered
from bot.understanding import Understanding
from bot.wording import say
from knowledge.store import load

MOST = 3


class _Assistant(Protocol):
    async def read(self, text: str) -> Understanding:
        """See :meth:`bot.assistant.Assistant.read`."""


async def suggest(
    assistant: _Assistant, text: str, *, slots: Mapping[str, Any] | None = None,
    region: str = "", limit: int = MOST,
) -> list[dict[str, Any]]:
    """Return up to ``limit`` (at most three) answers to a citizen's message, best first.

    Each is ``{"text", "confidence", "region", "guide", "family", "item", "title", "facet",
    "citations"}``: the answer in words; the probability that it is about what was asked; region
    and title of the guide it comes from ('' where it quotes none); family id and canonical item id
    ('' outside 医保, and where the guide has no item for such a person); what the guide calls the
    item; the facets asked about; and the clauses quoted, ``{"id", "heading", "text"}`` each.
    Where the place of insurance is not known the answer asks for it and quotes nothing. Nothing is
    kept: no conversation, sheet or log changes.

    Args:
        assistant: the assistant.
        text: what the citizen wrote, masked.
        slots: slots of the conversation it belongs to (place, facts and matter so far), if any.
        region: where the person is insured, as far as the desk knows; what the message or the
            conversation tells goes before it.
        limit: how many answers.

    Raises:
        BadInput: the model is not loaded yet, or ``region`` is no place.
    """
    context = _in_region(Context.from_slots(slots or {}), region)
    return suggestions(load(), context, await assistant.read(text), max(1, min(limit, MOST)))


def _in_region(context: Context, region: str) -> Context:
    if not region or context.place:
        return context
    place = place_answered(region)
    if place is None:
        raise BadInput(say("unknown_region", region=region), "region")
    return context.with_place(place)


__all__ = ["suggest"]
