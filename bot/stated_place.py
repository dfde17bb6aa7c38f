"""The place a message states, as the dialogue keeps it."""

from __future__ import annotations

from typing import Any

from bot.nlu.normalise import without_noise
from knowledge import places
from knowledge.regions import Place
from knowledge.store import load


def place_answered(text: str) -> dict[str, Any] | None:
    """Return the place of insurance that a reply to the question about it names, or None."""
    return stated_place(places.answer_place(without_noise(text)))


def stated_place(mention: places.Mention | None, text: str = "") -> dict[str, Any] | None:
    """Return a place with the guide that serves it (see ``Understanding.insured``), or None.

    A counter that bears no county's name (市直) is taken from the message.
    """
    if mention is None or not mention.place.places:
        return None
    found = mention.place
    first = found.places[0]
    return {
        "name": first.full_name if found.covered else _full_name(first), "guide": found.guide,
        "code": first.code, "level": first.level, "fallback": found.fallback,
        "ambiguous": found.ambiguous and not found.guide,
        "readings": [_full_name(place) for place in found.places],
        "counter": _counter(found.guide, first.code, text),
    }


def _counter(guide: str | None, code: str, text: str) -> str:
    offices = load().guide(guide).data.offices if guide and code.endswith("00") else ()
    return next((o.name for o in offices if o.code == code and o.name in text), "")


def _full_name(place: Place) -> str:
    names = dict.fromkeys((place.province, place.city, place.county or place.full_name))
    return "".join(name for name in names if name)


__all__ = ["place_answered", "stated_place"]
