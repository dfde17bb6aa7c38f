"""What an agent may choose as region and matter: guides, places, families and their items."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from knowledge.catalog import CanonicalItem, Family
from knowledge.regions import gazetteer, guide_for, has_own_guide
from knowledge.store import KnowledgeBase


@lru_cache(maxsize=2)
def matters(kb: KnowledgeBase) -> dict[str, Any]:
    """Return the choices (JSON-ready); the same object every time, not to be changed.

    ``{"guides": [{"id", "title", "region"}], "places": [name], "families": [{"id", "name",
    "items": {guide: [{"id", "name", "title"}]}}]}``: ``places`` are those that a guide serves,
    provinces and cities, and the counties of cities with guides of their own; items bear canonical
    ids and the catalog's names, ``title`` is what the guide calls the item that serves. All of
    the catalog's stand under '', for who has no guide.
    """
    return {
        "guides": [{"id": guide.id, "title": guide.data.title, "region": guide.data.region}
                   for guide in kb.guides.values()],
        "places": list(_places()),
        "families": [{"id": family.id, "name": family.name, "items": _items(kb, family)}
                     for family in kb.families],
    }


def _places() -> Iterator[str]:
    """Yield the places in the order of their codes, a county with its city's name before it."""
    named = {place for readings in gazetteer().names.values() for place in readings}
    for place in sorted(named, key=lambda place: (place.code, place.full_name)):
        whole = place.level in ("province", "city")
        if guide_for(place) and (whole or place.level == "county" and has_own_guide(place)):
            yield place.full_name if whole else place.city + place.full_name


def _items(kb: KnowledgeBase, family: Family) -> dict[str, list[dict[str, str]]]:
    own = {guide: [_item(item, served.name) for item in family.items
                   for served in kb.candidates(guide, item.id)[:1]] for guide in kb.guides}
    return {"": [_item(item, item.label) for item in family.items], **own}


def _item(item: CanonicalItem, title: str) -> dict[str, str]:
    return {"id": item.id, "name": item.label, "title": title}


__all__ = ["matters"]
