"""Which items of a guide a message may be about, with how likely each is, for suggestions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue.consult import is_elsewhere
from bot.dialogue.context import Context, absorb, follows_up, without_contradicted_item
from bot.dialogue.questions import read_reply, take_reply
from bot.likely_items import NAMED, Likely, favoured
from bot.understanding import Understanding
from knowledge.engine import Outcome, assess
from knowledge.store import KnowledgeBase

REFUSED_FROM = 0.5
"""Probability from which an item that the facts rule out is suggested all the same: to say so."""


def told(kb: KnowledgeBase, before: Context, reading: Understanding) -> Context:
    """Return the context with what a message tells, be it an answer to the open question."""
    reply = _answered(kb, before, reading)
    if reply:
        return take_reply(kb, before, reply, reading)
    after = absorb(kb, before, reading)
    asks = reading.asks or reading.said_facets or reading.mentions
    if follows_up(before, reading) and not asks:
        return after
    sure = reading.question_facet or reading.said_facets
    return replace(after, facets=reading.facets if sure else (), mentions=reading.mentions)


def _answered(
    kb: KnowledgeBase, before: Context, reading: Understanding
) -> Mapping[str, Any] | None:
    return read_reply(kb, before, reading) if before.asked else None


def candidates(
    kb: KnowledgeBase, before: Context, after: Context, reading: Understanding
) -> list[Likely]:
    """Return what a message may be about, the likeliest first.

    Where it is open which item of a family it is, the engine's routing by the facts known so far
    decides which it may be, and the trained head how likely each is. The item is '' where none of
    the family applies to such a person. Items that the guide serves by one and the same are one.

    Args:
        kb: the knowledge base.
        before: the conversation before the message.
        after: the same with what the message tells (:func:`told`).
        reading: the message.
    """
    likely = _likely(kb, before, after, reading)
    found: dict[tuple[str, str], Likely] = {}
    for family in dict.fromkeys(family for family, _, _ in likely):
        shares = [(item, p) for f, item, p in likely if f == family]
        for item, p in sorted(_settled(kb, after, family, shares), key=lambda pair: -pair[1]):
            key = family, _served_by(kb, after.region, item)
            _, kept, so_far = found.get(key, (family, item, 0.0))
            found[key] = family, kept, so_far + p
    return sorted(found.values(), key=lambda entry: -entry[2])


def _likely(
    kb: KnowledgeBase, before: Context, after: Context, reading: Understanding
) -> list[Likely]:
    """Return what the message makes likely, and the conversation it stands in."""
    likely = [(family, item, p) for family, item, p in reading.likely]
    if is_elsewhere(before, reading):
        return _at_most(likely, 1 - reading.confidence)
    if reading.also:
        matters = ({"family": reading.family, "item": reading.item}, *reading.also)
        return [(matter["family"], matter["item"], NAMED) for matter in matters]
    if not before.family or after.family != before.family:
        return likely
    if _answered(kb, before, reading):
        return [(after.family, after.item, 1.0)]
    other = reading.confidence if reading.family not in ("", before.family) else 0.0
    # Where the dialogue would stay with the matter, no other is likelier.
    kept = 1 - other / 2 if follows_up(before, reading) else NAMED * (1 - other)
    return favoured(likely, after.family, after.item, kept)


def _at_most(likely: Sequence[Likely], most: float) -> list[Likely]:
    """Return the same with probabilities that add up to ``most`` where they were more."""
    factor = min(1.0, most / (sum(p for _, _, p in likely) or 1.0))
    return [(family, item, p * factor) for family, item, p in likely]


def _settled(
    kb: KnowledgeBase, context: Context, family: str, shares: Sequence[tuple[str, float]]
) -> Iterator[tuple[str, float]]:
    """Yield the items of a family that may serve, each with its part of the probability."""
    sure = {item: p for item, p in shares
            if item and (p >= REFUSED_FROM or _may_be(kb, context.about(kb, family, item), item))}
    left_open = sum(p for _, p in shares) - sum(sure.values())
    possible = _possible(kb, context.about(kb, family, ""))
    even = left_open / len(possible)
    weights = {item: sure.get(item, 0.0) + even for item in possible}
    total = sum(weights.values())
    for item, weight in weights.items():
        yield item, left_open * weight / total if total else 0.0
    for item, p in sure.items():
        serving = _possible(kb, context.about(kb, family, item))
        yield from ((one, p / len(serving)) for one in serving)


def _may_be(kb: KnowledgeBase, context: Context, item: str) -> bool:
    """Tell whether nothing that the person has said speaks against an item."""
    if context.region:
        return _assessed(kb, context).status != "not_applicable"
    return bool(without_contradicted_item(kb, replace(context, item=item)).item)


def _assessed(kb: KnowledgeBase, context: Context) -> Outcome:
    return assess(kb, context.region, context.family, context.known, context.item)


def _possible(kb: KnowledgeBase, context: Context) -> tuple[str, ...]:
    """Return the items that the context leaves possible, by the guide where there is one."""
    if not context.region:
        items = (context.item,) if context.item else _of_catalog(kb, context)
        return items or ("",)
    outcome = _assessed(kb, context)
    if outcome.item:
        return (context.item or outcome.item.canonical[0],)
    if not outcome.instead:
        return (outcome.canonical.id if outcome.canonical else context.item,)
    return tuple(item.canonical[0] for item in outcome.instead)


def _of_catalog(kb: KnowledgeBase, context: Context) -> tuple[str, ...]:
    return tuple(item.id for item in kb.family(context.family).items
                 if _may_be(kb, context, item.id))


def _served_by(kb: KnowledgeBase, guide: str, item: str) -> str:
    """Return the id of the guide's item that serves, the item's own where there is none."""
    served = kb.item(guide, item) if guide and item else None
    return served.id if served else item


__all__ = ["candidates", "told"]
