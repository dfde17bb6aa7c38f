"""The items that a message is likely about, of all families, with how likely each is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from knowledge.catalog import Family
from knowledge.store import KnowledgeBase

NAMED = 0.9
"""How often a message is about the item that it calls by its name: 50 of 58 own questions."""

_MOST, _LEAST = 12, 0.005

Likely = tuple[str, str, float]
"""Family id, canonical item id ('' where the message leaves open which), probability."""


def likely_items(
    kb: KnowledgeBase, named: str, intents: Mapping[str, float], items: Mapping[str, float]
) -> tuple[Likely, ...]:
    """Return what a message is likely about, the likeliest first; together at most one.

    The probability of the family, shared among its items as the trained head sees them.

    Args:
        kb: the knowledge base.
        named: the canonical item that the message names, '' for none.
        intents: ``{intent: probability}``.
        items: ``{label of an item, or of a family that is left open: probability}``.
    """
    shared = [entry for family in kb.families
              for entry in _shared(family, intents.get(family.intent, 0.0), items)]
    if named:
        shared = favoured(shared, kb.family_of(named).id, named, NAMED)
    ranked = sorted(shared, key=lambda entry: -entry[2])[:_MOST]
    return tuple(entry for entry in ranked if entry[2] >= _LEAST)


def favoured(
    likely: list[Likely], family: str, item: str, share: float
) -> list[Likely]:
    """Return the same with ``share`` of all probability given to one item."""
    rest = [(f, i, p * (1 - share)) for f, i, p in likely if (f, i) != (family, item)]
    own = sum(p * (1 - share) for f, i, p in likely if (f, i) == (family, item))
    return [(family, item, share + own), *rest]


def _shared(family: Family, probability: float, items: Mapping[str, float]) -> Iterator[Likely]:
    ids = {item.label: item.id for item in family.items}
    own = {label: items.get(label, 0.0) for label in (*ids, family.label)}
    total = sum(own.values())
    for label, score in own.items():
        share = score / total if total else 1 / len(own)
        yield family.id, ids.get(label, ""), probability * share


__all__ = ["Likely", "NAMED", "favoured", "likely_items"]
