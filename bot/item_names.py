"""Items that a message calls by their name."""

from __future__ import annotations

from functools import lru_cache

from bot.nlu.normalise import normalise
from knowledge.store import KnowledgeBase
from knowledge.vocabulary import fires


def named_item(kb: KnowledgeBase, text: str) -> tuple[str, str]:
    """Return the longest name of an item in a normalised message and the item; '' for none."""
    names = _item_names(kb)
    found = [name for name in names
             if (fires((name,), text) if "…" in name else name in text)]
    longest = max(found, key=len, default="")
    return longest, names.get(longest, "")


@lru_cache(maxsize=1)
def _item_names(kb: KnowledgeBase) -> dict[str, str]:
    """Return canonical item ids by their normalised names in catalog and guides."""
    return {
        "…".join(map(normalise, name.split("…"))): item.id
        for family in kb.families
        for item in family.items
        for name in (item.label, *item.names, *_guide_names(kb, item.id))
    }


def _guide_names(kb: KnowledgeBase, item: str) -> tuple[str, ...]:
    """Return what the guides call an item that they list as such, not among finer ones."""
    own = (kb.item(guide, item) for guide in kb.guides)
    return tuple(i.name for i in own if i and i.canonical[0] == item and "/" not in i.name)


__all__ = ["named_item"]
