"""Items that concern two places: whose guide answers, and what the places tell.

A transfer leads from one place to another. Some guides have people file where it leads to
(梅州市, 湖北省), some where it comes from (广东省): each item says which in ``filed_at``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from knowledge.base import KnowledgeBase
from knowledge.places import Mention, insured_place, main_place, place_for

FROM, TO = "转出", "转入"
TWO_PLACES = (FROM, TO)
WORK = "工作"
"""The role of items of people at work: they are insured where they work if nothing else is said."""
_INSURED, _MOVED_TO = "参保", (WORK, "居住")
_SAYING_WHERE = ("steps", "notes", "time_limits")
CERTIFICATE = "enrolment_certificate"
"""Given where one leaves, in any guide; where a transfer is filed is another matter."""

ACROSS, WITHIN = "跨省", "省内"
RESIDENCE = "居住"
_LIVES = re.compile("住(?!院|[了咗过]院)|养老|定居")
LOCATION = "所在"
"""The role of families about a place's hospitals and pharmacies: any place named will do."""


def filing_place(
    kb: KnowledgeBase, mentions: Sequence[Mention], family: str, item: str = ""
) -> Mention | None:
    """Return the place whose guide answers for an item; None where the message names none.

    Args:
        family: family id; those that concern one place have the role 参保.
        item: canonical item id, '' where it is open.
    """
    role = (kb.canonical(item).region_role if item else "") or kb.family(family).region_role
    if role not in TWO_PLACES:
        return insured_place(mentions) or _where_it_is(mentions, role)
    mentions = _ends(mentions)
    roles = (role, FROM if role == TO else TO)
    named = [m for r in roles for m in [_with_role(mentions, r)] if m]
    filed = (m for m in named if m.role in _filed_at(kb, m, family, item))
    served = (m for m in named if m.place.guide)
    return next(filed, None) or next(served, None) or _served(place_for(mentions, *roles), mentions)


def _served(found: Mention | None, mentions: Sequence[Mention]) -> Mention | None:
    """Take the other place of the message where no guide serves the one found."""
    others = (m for m in mentions if found and not found.place.guide and m.place.guide)
    return next(others, found)


def _where_it_is(mentions: Sequence[Mention], role: str) -> Mention | None:
    """Return the place of an employer or of a job where no place of insurance is named."""
    if role == LOCATION:
        return main_place(mentions)
    return _with_role(mentions, WORK) if role == WORK else None


def _ends(mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Take who is insured in one place and works or lives in another to move from there to here.

    So it is meant where no place is said to be the end of the transfer (我在厦门上班，江西的医保
    怎么转过来).
    """
    roles = {m.role for m in mentions}
    if TO in roles or not roles & {_INSURED, FROM} or not roles & set(_MOVED_TO):
        return mentions
    ends = {_INSURED: FROM, **dict.fromkeys(_MOVED_TO, TO)}
    return [replace(m, role=ends.get(m.role, m.role)) for m in mentions]


def _with_role(mentions: Sequence[Mention], role: str) -> Mention | None:
    return next((m for m in mentions if m.role == role), None)


def _filed_at(kb: KnowledgeBase, mention: Mention, family: str, item: str) -> set[str]:
    guide = mention.place.guide
    if not guide:
        return set()
    items = kb.candidates(guide, item) if item else kb.items(guide, family)
    return {found.data.filed_at for found in items}


def filing_disagreement(
    kb: KnowledgeBase, mentions: Sequence[Mention], family: str, item: str = ""
) -> tuple[dict[str, str], ...]:
    """Return what the guides of both ends say on where a transfer is filed, where they disagree.

    That is ``{"guide", "filed_at", "clause"}`` for the end it comes from and the one it leads to,
    with the full id of the clause that says so; empty where they agree, or where one of the two
    places has no guide.
    """
    ends = [_with_role(_ends(mentions), role) for role in TWO_PLACES]
    said = [set(_said_of_filing(kb, m.place.guide, family, item))
            for m in ends if m and m.place.guide]
    ways = [{way for _, way, _ in each} for each in said]
    if len(ways) < len(ends) or not all(ways) or ways[0] & ways[1]:
        return ()
    keys = ("guide", "filed_at", "clause")
    return tuple(dict(zip(keys, min(each))) for each in said)


def _said_of_filing(
    kb: KnowledgeBase, guide: str, family: str, item: str
) -> Iterator[tuple[str, str, str]]:
    """Yield (guide, filed at, clause) of the items that a guide has for a transfer."""
    for found in kb.candidates(guide, item) if item else kb.items(guide, family):
        filed_at = found.data.filed_at
        if filed_at and found.canonical[0] != CERTIFICATE:
            said = (c for kind in _SAYING_WHERE for c in found.clauses.values()
                    if c.kind == kind and f"{filed_at}地" in c.text)
            yield guide, filed_at, next((clause.id for clause in said), "")


def told_by_places(
    kb: KnowledgeBase, mentions: Sequence[Mention], chosen: Mention | None
) -> Mapping[str, str]:
    """Return the facts that the two places of a transfer tell: its direction and its reach."""
    cues = set(_cues(mentions, chosen))
    return {fact.name: option.value for fact in kb.facts.values() for option in fact.options
            if option.told_by_places in cues and option.told_by_places}


def told_by_residence(
    kb: KnowledgeBase, mentions: Sequence[Mention], insured: Mention | None, text: str
) -> Mapping[str, str]:
    """Return the facts told by living in another city than that of the insurance.

    Args:
        text: what the message tells of the person; that somebody is in a place (人在广州) is no
            word of living there.
    """
    told = [m for m in mentions if any(place.name in text for place in m.place.places)]
    lives = [m for m in told if m.role == RESIDENCE and _LIVES.search(text)]
    if not insured or not any(map(partial(_elsewhere, insured), lives)):
        return {}
    return {fact.name: option.value for fact in kb.facts.values() for option in fact.options
            if option.told_by_places == RESIDENCE}


def _elsewhere(one: Mention, other: Mention) -> bool:
    """Tell whether two places are in different cities; a province and its cities may not be."""
    return all(a.code[:2] != b.code[:2] or "00" not in (a.code[2:4], b.code[2:4])
               and a.code[:4] != b.code[:4] for a in one.place.places for b in other.place.places)


def _cues(mentions: Sequence[Mention], chosen: Mention | None) -> Iterator[str]:
    if chosen and chosen.role in (FROM, TO):
        yield chosen.role
    ends = [_with_role(_ends(mentions), role) for role in (FROM, TO)]
    provinces = [{place.code[:2] for place in m.place.places} for m in ends if m]
    if len(provinces) == 2 and all(len(codes) == 1 for codes in provinces):
        yield WITHIN if provinces[0] == provinces[1] else ACROSS


__all__ = [
    "TWO_PLACES", "filing_disagreement", "filing_place", "told_by_places", "told_by_residence",
]
