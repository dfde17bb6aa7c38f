"""Which guide serves which place.

Names are resolved against the divisions in force (``divisions.yml``) and what people call them
(``regions.yml``). A place without a guide stays without one: another place's rules are never
offered in its stead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import DataError
from knowledge.text import squeeze

_HERE = Path(__file__).parent
_RANK = {"province": 0, "city": 1, "county": 2, "zone": 2}
_ENDING = re.compile(r"(特别行政区|自治[区州县旗]|地区|林区|新区|特区|省|市|区|县|旗|盟)$")


@dataclass(frozen=True)
class Place:
    """A province, city, county or functional zone.

    ``name`` is the everyday name (兴宁), ``full_name`` the official one (兴宁市); ``code`` has six
    digits (a zone bears its city's), ``level`` is province, city, county or zone; ``province``,
    ``city`` and ``county`` are official names, '' where there is none (天门市 has no city).
    """

    name: str
    full_name: str
    code: str
    level: str
    province: str
    city: str
    county: str

    @property
    def prefix(self) -> str:
        """The digits that the codes of everything inside this place begin with."""
        return self.code[: {"province": 2, "city": 4}.get(self.level, 6)]

    def within(self, other: Place) -> bool:
        """Whether this place is ``other`` or lies in it."""
        return self == other or (_RANK[other.level] < 2 and self.code.startswith(other.prefix))


@dataclass(frozen=True)
class Resolution:
    """What a name stands for in this service.

    ``places`` are the readings left ('' name: none); ``ambiguous`` if there are several. ``guide``
    is the id of the guide that serves all of them, or None; ``covered`` whether there is one;
    ``fallback`` whether it is the province's for want of the city's own.
    """

    places: tuple[Place, ...]
    guide: str | None
    covered: bool
    fallback: bool
    ambiguous: bool


@dataclass(frozen=True)
class Gazetteer:
    """All names: of places, those too common for a sentence, those that need their parent."""

    names: Mapping[str, tuple[Place, ...]]
    only_with_suffix: frozenset[str]
    only_within: frozenset[str]


def resolve(name: str) -> Resolution:
    """Resolve one place name, alone (``大埔``) or with its parents (``广东省梅州市大埔县``).

    An unknown name, or parts that do not lie in one another, give no places.
    """
    names = gazetteer().names
    rest, readings = re.sub(r"[\s,，、·/()（）]", "", squeeze(name)), None
    while rest and readings != ():
        size = next((n for n in range(len(rest), 0, -1) if rest[:n] in names), 0)
        found = names.get(rest[:size], ())
        readings = found if readings is None else narrow(readings, found)
        rest = rest[size:] if size else ""
    return resolution(readings or ())


def narrow(first: Iterable[Place], second: Iterable[Place]) -> tuple[Place, ...]:
    """The readings of two names said together: the inner place of each pair that fits."""
    pairs = [(a, b) for a in first for b in second]
    inner = [b if b.within(a) else a for a, b in pairs if b.within(a) or a.within(b)]
    return tuple(dict.fromkeys(inner))


def resolution(readings: Iterable[Place]) -> Resolution:
    """Choose among the readings of a name, and the guide that serves what is left."""
    places = tuple(_preferred(tuple(readings)))
    guides = {guide_for(p) for p in places}
    guide = guides.pop() if len(guides) == 1 else None
    return Resolution(
        places=places,
        guide=guide,
        covered=guide is not None,
        fallback=guide is not None and any(_falls_back(p, guide) for p in places),
        ambiguous=len(places) > 1,
    )


def guide_for(place: Place) -> str | None:
    """The id of the guide that serves ``place`` (a city's own before its province's), or None."""
    serving = [g for g, data in _guides().items() if place.code.startswith(data["serves"])]
    return max(serving, key=lambda g: len(_guides()[g]["serves"]), default=None)


def has_own_guide(place: Place) -> bool:
    """Whether the city of ``place`` has a guide of its own, not only its province."""
    guide = guide_for(place)
    return guide is not None and len(_guides()[guide]["serves"]) == 4


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """All names of places, read once.

    Raises:
        DataError: regions.yml names a code that divisions.yml does not hold.
    """
    regions, places = _load("regions.yml"), tuple(_divisions())
    by_prefix = {p.prefix: p for p in reversed(places)}
    names: dict[str, dict[Place, None]] = {}
    for name, place in _all_names(places, regions, by_prefix):
        names.setdefault(name, {})[place] = None
    return Gazetteer(
        names={name: tuple(readings) for name, readings in names.items()},
        only_with_suffix=frozenset(regions["only_with_suffix"].split()),
        only_within=frozenset(regions["only_within"]),
    )


def _preferred(readings: tuple[Place, ...]) -> tuple[Place, ...]:
    """Counties of a city with its own guide come first (五华), else the highest level (荆州)."""
    own = tuple(filter(has_own_guide, readings))
    if own and all(p.level == "county" for p in readings):
        return own
    top = min((_RANK[p.level] for p in readings), default=0)
    return tuple(p for p in readings if _RANK[p.level] == top)


def _falls_back(place: Place, guide: str) -> bool:
    return place.level != "province" and bool(_guides()[guide].get("cities_fall_back"))


@lru_cache(maxsize=1)
def _guides() -> Mapping[str, Mapping[str, Any]]:
    return _load("regions.yml")["guides"]


@lru_cache(maxsize=2)
def _load(file: str) -> Mapping[str, Any]:
    return yaml.safe_load((_HERE / file).read_text(encoding="utf-8"))


def _divisions() -> Iterator[Place]:
    """Every place of divisions.yml, from the province down."""
    for head, cities in _load("divisions.yml").items():
        code, province = head.split()
        yield _place(province, code + "0000", "province", province)
        for city_head, counties in cities.items():
            digits, _, city = city_head.partition(" ")
            if city:
                yield _place(city, code + digits + "00", "city", province, city)
            for entry in counties.split():
                tail, county = entry[:2], entry[2:]
                yield _place(county, code + digits + tail, "county", province, city, county)


def _place(
    full: str, code: str, level: str, province: str, city: str = "", county: str = ""
) -> Place:
    return Place(short_name(full), full, code, level, province, city, county)


def _all_names(
    places: tuple[Place, ...], regions: Mapping[str, Any], by_prefix: Mapping[str, Place]
) -> Iterator[tuple[str, Place]]:
    """Every name with the place it may stand for."""
    for place in places:
        yield place.full_name, place
        yield from ((name, place) for name in _everyday(place))
    for name, code in regions["aliases"].items():
        yield name, _coded(by_prefix, code, f"aliases.{name}")
    for name, codes in regions["areas"].items():
        yield from ((name, _coded(by_prefix, code, f"areas.{name}")) for code in codes)
    for code, zones in regions["zones"].items():
        city = _coded(by_prefix, code, f"zones.{code}")
        for zone in zones:
            full, *others = zone.split()
            name = others[0] if others else full
            place = Place(name, full, city.code, "zone", city.province, city.city, full)
            yield from ((n, place) for n in (full, *others))


def _coded(by_prefix: Mapping[str, Place], code: str, key: str) -> Place:
    if code not in by_prefix:
        raise DataError("knowledge/regions.yml", key, f"no place has the code {code}")
    return by_prefix[code]


def _everyday(place: Place) -> Iterator[str]:
    """兴宁 for 兴宁市; 恩施州 and 恩施 for 恩施土家族苗族自治州."""
    if len(place.name) > 1:
        yield place.name
        if tail := re.search(r"自治(州|县|旗)$", place.full_name):
            yield place.name + tail[1]


def short_name(full_name: str) -> str:
    """The everyday name: without 市, 县 … and, in autonomous places, without the peoples' names.

    ``乳源瑶族自治县`` → ``乳源``; no name is cut to one character: ``随县``, ``内蒙古``.
    """
    stem = _ENDING.sub("", full_name)
    if "自治" in full_name:
        stem = re.sub(rf"(?<=..)(?:{_peoples()})+$", "", stem)
    return stem if len(stem) > 1 else full_name


@lru_cache(maxsize=1)
def _peoples() -> str:
    return "|".join(sorted(_load("regions.yml")["peoples"].split(), key=len, reverse=True))
