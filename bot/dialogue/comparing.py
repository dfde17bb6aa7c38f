"""The same item in two or more guides, when somebody asks what is different."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.answers import asked_facets
from bot.dialogue.context import Context, Turn
from bot.facet_kinds import kinds_of
from bot.messages import Choice, notice
from bot.render_comparison import comparison_reply
from bot.understanding import Understanding
from bot.wording import say
from knowledge.compare import KINDS, compare
from knowledge.store import KnowledgeBase

SHOWN = ("materials", "time_limits", "deadlines")
"""What is compared in the chat where nothing in particular was asked about."""

MOST_GUIDES = 3


def guides_compared(context: Context, reading: Understanding) -> tuple[str, ...]:
    """Return the guides that a message wants compared; empty where it wants no comparison.

    A single place is compared with the one the conversation is about.
    """
    if not reading.compares:
        return ()
    before = (context.region,) if len(reading.guides) == 1 and context.region else ()
    guides = tuple(dict.fromkeys((*before, *reading.guides)))[:MOST_GUIDES]
    return guides if len(guides) > 1 else ()


def compare_guides(
    kb: KnowledgeBase, context: Context, reading: Understanding, guides: tuple[str, ...]
) -> Turn:
    """Show the item of a message side by side; where it is open, ask which item is meant."""
    family = reading.family or context.family
    item = reading.item if reading.item_sure else context.item if family == context.family else ""
    context = replace(context, family=family, facets=reading.facets)
    items = [item] if item else [
        i.id for i in kb.family(family).items
        if not i.under and any(kb.item(guide, i.id) for guide in guides)]
    if len(items) == 1:
        return _shown(kb, context, items[0], guides)
    choices = tuple(
        Choice(kb.canonical(i).label, {"do": "compare", "item": i, "guides": list(guides)})
        for i in items)
    return Turn(context.offering(choices), (notice(say("compare_which"), choices),))


def press_comparison(
    kb: KnowledgeBase, context: Context, commands: list[Mapping[str, Any]]
) -> Turn:
    """Show the comparison that a pressed button stands for."""
    return _shown(kb, context, commands[0]["item"], tuple(commands[0]["guides"]))


def _shown(kb: KnowledgeBase, context: Context, item: str, guides: tuple[str, ...]) -> Turn:
    asked = kinds_of(asked_facets(context))
    kinds = tuple(kind for kind in KINDS if kind in (asked or SHOWN))
    reply = comparison_reply(kb, compare(kb, item, guides), kinds or SHOWN)
    context = replace(context, item=item, asked="", direct=False, last=reply.text)
    return Turn(context.offering(()), (reply,))


__all__ = ["compare_guides", "guides_compared", "press_comparison"]
