"""The words of the figures (``data/insight.yml``), and names of what the knowledge base holds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bot.paths import PROJECT
from knowledge.base import KnowledgeBase
from knowledge.store import read_yaml


@lru_cache(maxsize=1)
def insight_words() -> Mapping[str, Any]:
    """Return everything in ``insight.yml`` by key."""
    return read_yaml(PROJECT / "bot" / "data" / "insight.yml")


def region_name(kb: KnowledgeBase, guide: str) -> str:
    """Return the region of a guide; of '' that none is known or recorded."""
    known = kb.guides.get(guide)
    return known.data.region if known else guide or insight_words()["no_region"]


def family_name(kb: KnowledgeBase, family: str) -> str:
    """Return what a family is called; an id that is no more stays."""
    return {known.id: known.name for known in kb.families}.get(family, family)


def matter_name(kb: KnowledgeBase, family: str, item: str = "") -> str:
    """Return what a matter is called, by its item or else its family; old ids stay as they are."""
    if item:
        labels = {i.id: i.label for known in kb.families for i in known.items}
        return labels.get(item, item)
    words = insight_words()["any_item" if family else "no_matter"]
    return str(words).format(family=family_name(kb, family))


__all__ = ["family_name", "insight_words", "matter_name", "region_name"]
