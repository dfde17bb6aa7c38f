"""Names of places found in a text, each with its readings; what role they have is ``places``'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge import regions
from knowledge.regions import Place

_CUES = Path(__file__).parent / "place_cues.yml"


@dataclass(frozen=True)
class Spot:
    """A place in a text: its names, outer first, and all that they may stand for.

    ``role`` is that which the name itself implies (中山一院: 就医), else ''.
    """

    names: tuple[str, ...]
    readings: tuple[Place, ...]
    start: int
    end: int
    role: str = ""


@dataclass(frozen=True)
class _Names:
    """What to look for, from place_cues.yml and the gazetteer."""

    not_places: re.Pattern[str]
    not_before: re.Pattern[str]
    word_begins: re.Pattern[str]
    query_begins: re.Pattern[str]
    cue_follows: re.Pattern[str]
    between_parts: re.Pattern[str]
    implied: Mapping[str, tuple[str, tuple[Place, ...]]]
    by_start: Mapping[str, tuple[str, ...]]
    short_counties: frozenset[str]


def spots(text: str) -> list[Spot]:
    """The places named in ``text`` (simplified characters), in order."""
    return _in_context(_joined(_named(text), text))


@lru_cache(maxsize=1)
def cue_data() -> Mapping[str, Any]:
    """place_cues.yml as it stands."""
    return yaml.safe_load(_CUES.read_text(encoding="utf-8"))


def _named(text: str) -> Iterator[Spot]:
    """The longest names from left to right, without those inside other words."""
    look = _names()
    free = look.not_places.sub(lambda m: "□" * len(m[0]), text)
    at, last = 0, None
    while at < len(text) - 1:
        name = _longest(text, free, at)
        role, readings = look.implied.get(name) or ("", regions.gazetteer().names.get(name, ()))
        spot = Spot((name,), readings, at, at + len(name), role)
        if not name or not _counts(spot, text, last):
            at += 1
            continue
        if role or not look.not_before.match(text, spot.end):
            last = spot
            yield spot
        at = spot.end


def _counts(spot: Spot, text: str, last: Spot | None) -> bool:
    """Whether a short county name is one here, not a word or a piece of two."""
    name, look = spot.names[0], _names()
    if last and last.end == spot.start and regions.narrow(last.readings, spot.readings):
        return True
    if name in regions.gazetteer().only_with_suffix:
        query = look.query_begins.match(text)
        return spot.start == 0 and bool(query) and query.end() == spot.end
    if name not in look.short_counties:
        return True
    follows = look.cue_follows.match(text, spot.end)
    begins = look.word_begins.search(text[max(0, spot.start - 1) : spot.start])
    return bool(begins or (follows and not name.endswith("县")))  # 办理|县医保 is not 理县


def _longest(text: str, free: str, at: int) -> str:
    """The longest name that begins at ``at``; institutions count even inside other words."""
    look = _names()
    for name in look.by_start.get(text[at : at + 2], ()):
        if (text if name in look.implied else free).startswith(name, at):
            return name
    return ""


def _joined(found: Iterable[Spot], text: str) -> list[Spot]:
    """Names said together made one place (湖北黄石); parts that stand alone dropped (城区)."""
    joined: list[Spot] = []
    for spot in found:
        last = joined[-1] if joined else None
        if last and (readings := _together(last, spot, text)):
            names = last.names + spot.names
            joined[-1] = Spot(names, readings, last.start, spot.end, spot.role or last.role)
        elif spot.names[0] not in regions.gazetteer().only_within:
            joined.append(spot)
    return joined


def _together(last: Spot, spot: Spot, text: str) -> tuple[Place, ...]:
    """The readings of two neighbouring names as one place; none if they are two places."""
    between = text[last.end : spot.start]
    if not _names().between_parts.fullmatch(between):
        return ()
    readings = regions.narrow(last.readings, spot.readings)
    inner = tuple(p for p in readings if p in spot.readings and p not in last.readings)
    return inner if between else readings


def _in_context(found: list[Spot]) -> list[Spot]:
    """Of several readings, that which lies in another place of the text (南京 … 鼓楼)."""
    clear = {p for s in found for p in s.readings if len(s.readings) == 1}
    settled = []
    for spot in found:
        fitting = tuple(p for p in spot.readings if any(p != c and p.within(c) for c in clear))
        settled.append(replace(spot, readings=fitting) if fitting else spot)
    return settled


@lru_cache(maxsize=1)
def _names() -> _Names:
    data = cue_data()
    implied = {
        name: (role, regions.resolve(place).places)
        for role, places in data["implied"].items()
        for place, names in places.items()
        for name in names
    }
    return _Names(
        not_places=re.compile("|".join(data["not_places"])),
        not_before=re.compile("|".join(data["not_before"])),
        word_begins=re.compile(data["word_begins"]),
        query_begins=re.compile(data["query_begins"]),
        cue_follows=re.compile(data["cue_follows"]),
        between_parts=re.compile(data["between_parts"]),
        implied=implied,
        by_start=_by_start([*implied, *_names_in_sentences()]),
        short_counties=frozenset(_short_counties()),
    )


def _names_in_sentences() -> Iterator[str]:
    return (name for name in regions.gazetteer().names if len(name) > 1)


def _short_counties() -> Iterator[str]:
    """Two-character names of nothing but counties outside the cities with their own guide."""
    for name, places in regions.gazetteer().names.items():
        counties = len(name) == 2 and all(p.level == "county" for p in places)
        if counties and not any(regions.has_own_guide(p) for p in places):
            yield name


def _by_start(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Names by their first two characters, the longest first."""
    index: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        index.setdefault(name[:2], []).append(name)
    return {start: tuple(found) for start, found in index.items()}
