"""What is proposed that a message means, in the words in which the NLU files are labelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from bot.errors import UnknownId
from bot.facet_kinds import GENERAL
from bot.learning.labels.vocabulary import as_labelled
from bot.matter import OUTSIDE
from bot.other_matters import UNTOLD
from knowledge.store import load

Fields = dict[str, Any]
"""The fields of a label: ``{"intent", "item", "facets", "topic", "category", "facts", "usable"}``,
with ``facts`` ``[{"start", "end", "fact", "value"}]``; labels as in the NLU files."""


def label_fields(
    intent: str, item: str = "", facets: Iterable[str] = (), topic: str = "", category: str = "",
    facts: Iterable[Mapping[str, Any]] = (),
) -> Fields:
    """Return the fields of a label."""
    return {"intent": intent, "item": item, "facets": list(facets), "topic": topic,
            "category": category, "facts": [dict(fact) for fact in facts], "usable": True}


@lru_cache(maxsize=1024)
def matter_labels(family: str, item: str) -> tuple[str, str]:
    """Return (intent, label of the item) of a matter by its ids in the catalog.

    The family's label stands for an item that is left open, and the whole for a part that
    utterances are not labelled with. Both are '' where the catalog knows no such matter (any more).
    """
    try:
        known = load().family(family)
        label = load().canonical(item).label if item else known.label
    except UnknownId:
        return "", ""
    return known.intent, as_labelled(known.intent, label)


def about(family: str, item: str, facets: Iterable[str], topic: str = "") -> Fields | None:
    """Return the fields for a matter; None where the catalog does not know it."""
    intent, label = matter_labels(family, item)
    return label_fields(intent, label, list(facets) or [GENERAL], topic) if intent else None


def as_read(entry: Mapping[str, Any], instead: bool = False) -> Fields:
    """Return the fields as the assistant has read a message.

    Where it took a message to be nobody's business it knows, the likeliest matter is proposed: of
    such readings nearly half are wrong, and somebody else's business needs a category anyway.

    Args:
        entry: keys of a turn (``docs/conversation-log.md``), with at least one intent.
        instead: the second likeliest matter, as the likeliest is known to be wrong.
    """
    likely, intent = likely_of(entry), entry["intents"][0][0]
    category = "" if entry.get("category") == UNTOLD else entry.get("category", "")
    others = likely[1:] if instead else likely if intent == OUTSIDE and not category else ()
    if others:
        return label_fields(others[0]["intent"], others[0]["item"], entry["facets"] or [GENERAL])
    if intent == OUTSIDE:
        return label_fields(intent, category=category)
    family = load().by_intent.get(intent)
    if not family:
        return label_fields(intent)
    item = next((one["item"] for one in likely if one["intent"] == intent), family.label)
    return label_fields(intent, item, entry["facets"] or [GENERAL], entry["missing_topic"])


def likely_of(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the matters a message is likely about: ``{"intent", "item", "p"}``, best first."""
    found: dict[tuple[str, str], float] = {}
    for family, item, p in entry.get("likely", ()):
        labels = matter_labels(family, item)
        found[labels] = found.get(labels, 0.0) + p
    return [{"intent": intent, "item": item, "p": round(p, 4)}
            for (intent, item), p in found.items() if intent]


__all__ = ["Fields", "about", "as_read", "label_fields", "likely_of", "matter_labels"]
