"""Checking counters, hotlines and the region of a guide: each number stands where it is cited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from knowledge.base import Guide
from knowledge.mirror import Problem
from knowledge.model import Contact, Office
from knowledge.regions import Place, gazetteer, guide_for
from knowledge.text import squeeze


def check_offices(guide: Guide) -> Iterator[Problem]:
    """Tell which addresses, numbers and places are not those of the clauses they name."""
    file = f"{guide.id}/guide.yml"
    for problem in (*_check_numbers(guide), *_check_region(guide)):
        yield Problem(file, *problem)
    for stated in (*guide.data.offices, *guide.data.contacts):
        for problem in _check_place(guide, stated):
            yield Problem(file, stated.clause, problem)


def _check_numbers(guide: Guide) -> Iterator[tuple[str, str]]:
    stated = [(o.clause, (o.name, o.address, *o.phones)) for o in guide.data.offices]
    stated += [(c.clause, (c.phone,)) for c in guide.data.contacts]
    for local, values in stated:
        clause = guide.clauses.get(f"{guide.id}/guide/{local}")
        for value in filter(None, values):
            if clause is None or not _stands_whole(squeeze(value), squeeze(clause.printed)):
                yield local, f"「{value}」 is not in the clause"
    named = {f"{guide.id}/guide/{local}" for local, _ in stated}
    for clause in guide.clauses.values():
        if clause.item == "guide" and clause.id not in named:
            yield clause.id, "no office or contact is made from this clause"


def _stands_whole(value: str, text: str) -> bool:
    """Tell whether a value stands in a text; a number cut short does not."""
    before = "(?<![0-9-])" if value[0].isdigit() else ""
    after = "(?![0-9])" if value[-1].isdigit() else ""
    return re.search(before + re.escape(value) + after, text) is not None


def _check_region(guide: Guide) -> Iterator[tuple[str, str]]:
    """The guide's region is the place of its code, named in its title, and it serves that place."""
    data = guide.data
    place = _places().get(data.code)
    if place is None or place.full_name != data.region:
        yield "code", f"{data.code} is not {data.region}"
    elif guide_for(place) != guide.id:
        yield "region", f"regions.yml does not give {data.region} to this guide"
    if data.region not in data.title:
        yield "region", f"{data.region} does not stand in the title"


def _check_place(guide: Guide, stated: Office | Contact) -> Iterator[str]:
    """A counter or hotline lies in the guide's region, and its clause names its place."""
    place, home = _places().get(stated.code), _places().get(guide.data.code)
    if not stated.code or stated.code == guide.data.code or home is None:
        return
    clause = guide.clauses.get(f"{guide.id}/guide/{stated.clause}")
    if place is None or not place.within(home):
        yield f"{stated.code} does not lie in {guide.data.region}"
    elif clause and not (place.name in clause.printed and place.name in stated.name):
        yield f"{stated.code} is {place.full_name}, which the clause does not name"


@lru_cache(maxsize=1)
def _places() -> Mapping[str, Place]:
    """Return provinces, cities and counties by code; zones bear the code of their city."""
    places = (place for readings in gazetteer().names.values() for place in readings)
    return {place.code: place for place in places if place.level != "zone"}


__all__ = ["check_offices"]
