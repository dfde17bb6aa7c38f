"""Who asks for whom, and which part of a message tells of that person.

The words stand in ``data/people.yml``. A message is read from person to person: each stands in
it as the one the matter is said to be for (给我妈办), as somebody who hands it in (我儿子去办), as
somebody named in passing (跟女儿住), or as the subject of what follows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from bot.wording import people_data
from knowledge.vocabulary import fires

SELF, STAFF, EMPLOYER = "本人", "员工", "单位"
PROXY = ("applicant", "代办")
"""The fact that somebody hands it in for another, and its value."""

SUBJECT, FOR, AGENT, ALL, ASIDE = "subject", "for", "agent", "all", "aside"
_CLAUSE_ENDS = re.compile(r"[，。；！？、,.;!?\s]")
_GAP = "，" * 11
"""Stands for what is left out: longer than the gap of a phrase, so that none reaches across."""

_MATTER, _REQUEST = 2, 2
"""What a clause on insurance, and one that asks, weigh against one that only names a person."""


@dataclass(frozen=True)
class Standing:
    """A person in a message: ``text[start:end]`` names them, the clause ends at ``clause_end``."""

    who: str
    start: int
    end: int
    clause_end: int
    role: str = SUBJECT
    proxy: bool = False


@dataclass(frozen=True)
class People:
    """Whom a message is about.

    ``asks_for`` is the person (``who`` of ``people.yml``; '' where the message does not tell),
    ``said`` tells that this is said in so many words (给我妈办), ``proxy`` that somebody hands it
    in for the person, ``own`` is the message without what it tells of other people, ``facts`` are
    those that follow from who asks for whom.
    """

    asks_for: str = ""
    said: bool = False
    proxy: bool = False
    own: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=16)
def people_in(text: str) -> People:
    """Return whom a normalised message is for, and what of it is about that person."""
    standings = list(_standings(text))
    speaker = _speaker(text)
    asks_for, said = _whose(text, standings, speaker)
    goes = fires(people_data()["proxy"]["speaker_goes"], text)
    proxy = any(s.proxy for s in standings) or goes and asks_for not in ("", SELF)
    facts = {**speaker.get("implies", {}), **_person(asks_for).get("implies", {}),
             **({PROXY[0]: PROXY[1]} if proxy else {})}
    own = text if speaker else _own(text, standings, asks_for)
    return People(asks_for, said, proxy, own, facts)


def _whose(
    text: str, standings: Sequence[Standing], speaker: Mapping[str, Any]
) -> tuple[str, bool]:
    """Return for whom the matter is ('' in doubt), and whether that is said in so many words."""
    meant = [s.who for s in standings if s.role == FOR and s.who]
    if speaker:
        staff = any(s.who == STAFF and s.role in (FOR, SUBJECT) for s in standings)
        return (STAFF if staff and speaker["who"] == EMPLOYER else str(speaker["who"])), True
    if meant:
        return meant[-1], True
    if fires(people_data()["lends"], text):
        return "", False
    handed_in = any(s.role == AGENT for s in standings)
    return _weightiest(text, standings) or (SELF if handed_in else ""), False


def without_others(text: str) -> str:
    """Return what a normalised message says of the matter, where it says for whom that is.

    What it tells of others (我退休了，想给孙子参保) says nothing about which matter it is.
    """
    people = people_in(text)
    return people.own.replace(_GAP, "") if people.said else text


def called(who: str) -> str:
    """Return how the person is spoken of; '' where it is not known who it is."""
    return str(_person(who).get("called", ""))


def goes_for(who: str, text: str) -> bool:
    """Tell whether a reply says that the speaker goes (我去) in place of the person ``who``."""
    return who not in ("", SELF) and fires(people_data()["proxy"]["speaker_replies"], text)


def told_by(facts: Mapping[str, Any]) -> str:
    """Return whose matter facts tell it to be (the employer's registration: 单位), or ''."""
    for speaker in people_data()["speakers"]:
        if any(facts.get(name) in values for name, values in speaker.get("told_by", {}).items()):
            return str(speaker["who"])
    return ""


def _person(who: str) -> Mapping[str, Any]:
    return next((p for p in people_data()["people"] if p["who"] == who), {})


def _speaker(text: str) -> Mapping[str, Any]:
    """Return the kind of organisation that somebody asks for; empty where for none."""
    return next((s for s in people_data()["speakers"]
                 if fires(s["phrases"], text) and not fires(s["not_if"], text)), {})


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of everything that names a person, and who each word names."""
    data = people_data()
    kin = {word: person["who"] for person in data["people"] for word in person["words"]}
    speaker, pronouns = data["self"], data["pronouns"]
    pattern = (
        f"(?P<none>{_any(data['not_people'])})"
        f"|(?:{_any(speaker['possessive'])})?[大小二三]?(?P<kin>{_any(kin)})"
        f"|(?P<pronoun>{_any(pronouns)})"
        f"|(?P<self>{_any(speaker['words'])})(?!{_any(speaker['not_before'])})"
    )
    return re.compile(pattern), kin


def _any(words: Sequence[str] | Mapping[str, str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _standings(text: str) -> Iterator[Standing]:
    """Yield the people of a message in order, each with their role."""
    pattern, kin = _names()
    last = ""
    for match in pattern.finditer(text):
        ending = _CLAUSE_ENDS.search(text, match.end())
        who = kin.get(match["kin"] or "") or (SELF if match["self"] else last)
        if match["none"]:
            continue
        found = _with_role(text, Standing(who, match.start(), match.end(),
                                          ending.start() if ending else len(text)))
        if who not in ("", SELF) and (found.role not in (ASIDE, ALL) or not last):
            last = who
        yield found


def _with_role(text: str, found: Standing) -> Standing:
    """Return a person with the role of the first rule that fits, and what stands before it."""
    for rule in people_data()["roles"]:
        word = _fitting(text, found, rule)
        if word is not None:
            said = people_data()["proxy"]
            before = text[: found.start - len(word)]
            proxy = rule["role"] == AGENT or (
                rule["role"] == FOR and word in said["before"] and found.who != SELF
                and not before.endswith(tuple(said["not_after"]))
                and _first_hit(said["has"], text[found.end : found.clause_end]) >= 0)
            start = found.start - len(word) if rule["role"] == FOR else found.start
            return replace(found, role=rule["role"], start=start, proxy=proxy)
    return found


def _fitting(text: str, found: Standing, rule: Mapping[str, Any]) -> str | None:
    """Return the word before a person by which a rule fits ('' for none), or None."""
    if found.who not in rule.get("who", [found.who]) or found.who in rule.get("who_not", ()):
        return None
    before, after = text[: found.start], text[found.end : found.clause_end + 1]
    words = [w for w in rule.get("before", [""]) if before.endswith(w)]
    if not any(word in text for word in rule.get("with", [""])):
        return None
    if not words or not after.startswith(tuple(rule.get("starts", ("",)))):
        return None
    hit = _first_hit(rule["has"], after) if "has" in rule else len(after)
    barred = _first_hit(rule.get("unless", ()), after)
    return None if hit < 0 or 0 <= barred <= hit else max(words, key=len)


def _first_hit(words: Sequence[str], text: str) -> int:
    return min((text.find(word) for word in words if word in text), default=-1)


def _parts(text: str, standings: Sequence[Standing]) -> Iterator[tuple[str, int, int]]:
    """Yield ``(who, start, end)``: what the message tells, in order, of whom ('' before all)."""
    turning = [s for s in standings if s.role in (SUBJECT, FOR, ALL)]
    starts = [0, *(s.start for s in turning)]
    told = ["", *("" if s.role == ALL else s.who for s in turning)]
    for who, start, end in zip(told, starts, [*starts[1:], len(text)]):
        if start < end:
            yield who, start, end


def _weightiest(text: str, standings: Sequence[Standing]) -> str:
    """Return the person of whom the message tells most that matters; '' in doubt."""
    weights: Counter[str] = Counter()
    for who, start, end in _parts(text, standings):
        for clause in _CLAUSE_ENDS.split(text[start:end]) if who else ():
            weights[who] += 1 + _MATTER * fires(people_data()["matter"], clause) + (
                _REQUEST * fires(people_data()["request"], clause))
    best = weights.most_common(2)
    if not best or len(best) == 2 and best[0][1] == best[1][1]:
        return ""
    return best[0][0]


def _own(text: str, standings: Sequence[Standing], asks_for: str) -> str:
    """Return the message without what it tells of others than the one it is for."""
    if not asks_for:
        return text
    own = {"", asks_for, *_both(asks_for), *(s.who for s in standings if asks_for in _both(s.who))}
    return "".join(text[start:end] if who in own else _GAP
                   for who, start, end in _parts(text, standings))


def _both(who: str) -> Sequence[str]:
    """Return the people of a couple (父母)."""
    return _person(who).get("both", ())


__all__ = [
    "PROXY", "People", "SELF", "called", "goes_for", "people_in", "told_by", "without_others",
]
