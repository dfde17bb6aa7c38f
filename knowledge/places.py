"""Places in what a citizen writes, and the role each has.

A place is often not where its speaker is insured: they work, live or were treated there. The
words around it tell; they are data (``place_cues.yml``), tried in order, the first that fits wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import opencc

from knowledge import regions
from knowledge.place_names import Spot, cue_data, spots
from knowledge.regions import Resolution

_PLACE = "Ⓟ"
_INSTITUTION = "医院"
_GAP = rf"[^{_PLACE}，。；！？,;!?\n]{{0,8}}?"
_LONG_GAP = rf"[^{_PLACE}。！？!?\n]{{0,14}}?"
_INSURED, _UNROLED, _DENIED = "参保", "", "无"


@dataclass(frozen=True)
class Mention:
    """A place named in a text.

    ``place_names`` are the names as written (simplified), outer first: (``湖北``, ``黄石``);
    ``place`` what they stand for; ``role`` one of 参保 居住 就医 工作 户籍 转出 转入, or '' without
    a cue; ``start`` and ``end`` are offsets in the text.
    """

    place_names: tuple[str, ...]
    place: Resolution
    role: str
    start: int
    end: int


@dataclass(frozen=True)
class _Rule:
    """A pattern whose groups are named by roles, and when it is tried."""

    pattern: re.Pattern[str]
    only_if: re.Pattern[str]
    other_place: bool


def find_places(text: str) -> tuple[Mention, ...]:
    """All places named in ``text``, in order; a place that is denied (不是广州) is left out."""
    plain = _simplified(text)
    found = spots(plain)
    roles = _settled(_roles(plain, found), found, plain)
    return tuple(
        Mention(s.names, regions.resolution(s.readings), role, s.start, s.end)
        for s, role in zip(found, roles, strict=True)
        if role != _DENIED
    )


def insured_place(mentions: Sequence[Mention]) -> Mention | None:
    """The place of insurance that a message states, or None.

    That is the one with the role 参保, else one named without any role, as search queries do
    (梅州门诊报销). Two places that different guides serve are no statement.
    """
    elsewhere = {m.place.places for m in mentions if m.role not in (_INSURED, _UNROLED)}
    stated = [m for m in mentions if m.role == _INSURED]
    named = [m for m in mentions if m.role == _UNROLED and m.place.places not in elsewhere]
    chosen = stated or named
    if not chosen:
        return None
    first = _innermost(chosen[0], stated + named)
    others = [m for m in chosen if not _inside(first, m)]
    return first if all(m.place.guide == first.place.guide for m in others) else None


def place_for(mentions: Sequence[Mention], *roles: str) -> Mention | None:
    """The place with the first of ``roles`` that is named, else the place of insurance."""
    by_role = {m.role: m for m in reversed(mentions)}
    found = next((by_role[r] for r in roles if r in by_role), None)
    return found or insured_place(mentions)


def main_place(mentions: Sequence[Mention]) -> Mention | None:
    """The place a message is about: of insurance, else of a transfer, else the first named."""
    insured = insured_place(mentions) or place_for(mentions, "转入", "转出")
    return insured or (mentions[0] if mentions else None)


def answer_place(text: str) -> Mention | None:
    """The place in a reply to "where are you insured?", or None: 不知道, or not told."""
    answers, plain = cue_data()["answers"], _simplified(text)
    mentions = find_places(text)
    unknown = re.search(answers["unknown"], plain)
    before = [m for m in mentions if not unknown or m.end <= unknown.start()]
    if re.search(answers["uninsured"], plain) or (unknown and not before):
        return None
    if not mentions:
        return _bare_answer(plain, answers["around"])
    accepted = (_only([m for m in before if m.role == role]) for role in answers["accept"])
    return insured_place(before) or next(filter(None, accepted), None)


def _only(mentions: Sequence[Mention]) -> Mention | None:
    """The place that all of ``mentions`` name, if it is one."""
    return mentions[0] if len({m.place.places for m in mentions}) == 1 else None


def _bare_answer(plain: str, around: str) -> Mention | None:
    """A name that only counts where a place is asked for: 公安, 和平, 鄂."""
    name = re.sub(around, "", plain)
    found = regions.resolve(name)
    start = plain.find(name)
    return Mention((name,), found, _UNROLED, start, start + len(name)) if found.places else None


def _inside(inner: Mention, outer: Mention) -> bool:
    return all(any(p.within(q) for q in outer.place.places) for p in inner.place.places)


def _innermost(mention: Mention, others: Iterable[Mention]) -> Mention:
    """湖北 and, further on, 黄石: 黄石."""
    for other in others:
        if _inside(other, mention):
            mention = other
    return mention


def _roles(plain: str, found: Sequence[Spot]) -> list[str]:
    """The role of each place by the first rule that fits it."""
    sentence, index_at = _without_names(plain, found)
    roles = {i: s.role for i, s in enumerate(found) if s.role}
    several = len({s.readings for s in found}) > 1
    for rule in _rules() if found else ():
        if len(roles) == len(found):
            break
        if (several or not rule.other_place) and rule.only_if.search(sentence):
            for index, role in _told(rule, sentence, index_at):
                roles.setdefault(index, role)
    return [roles.get(i, _UNROLED) for i in range(len(found))]


def _told(rule: _Rule, sentence: str, index_at: Mapping[int, int]) -> Iterator[tuple[int, str]]:
    """Which places a rule speaks of (by index), and the role it gives each."""
    for match in rule.pattern.finditer(sentence):
        for role in match.groupdict():
            if match[role]:
                yield index_at[match.start(role)], role


def _without_names(plain: str, found: Sequence[Spot]) -> tuple[str, dict[int, int]]:
    """The text with a sign for each place, and which sign is which place.

    A place that only an institution's name implies is no place of the sentence.
    """
    sentence, index_at, at = "", {}, 0
    for index, spot in enumerate(found):
        index_at[len(sentence) + spot.start - at] = index
        sentence += plain[at : spot.start] + (_INSTITUTION if spot.role else _PLACE)
        at = spot.end
    return sentence + plain[at:], index_at


def _settled(roles: list[str], found: Sequence[Spot], plain: str) -> list[str]:
    """Words on one's origin or home made 参保 where nothing else tells it, else 户籍 or 居住."""
    return [
        _origin(role, _others(i, roles, found), plain) if role in cue_data()["origins"] else role
        for i, role in enumerate(roles)
    ]


def _others(index: int, roles: Sequence[str], found: Sequence[Spot]) -> list[str]:
    """The roles of the other places; one named twice has that which one of its names tells."""
    here = found[index]
    other = [(s, role) for s, role in zip(found, roles, strict=True) if not _same(s, here)]
    return [r for s, r in other if r or not any(told and _same(s, o) for o, told in other)]


def _same(one: Spot, other: Spot) -> bool:
    """Whether two names may stand for one place: the same, or one inside the other."""
    pairs = [(p, q) for p in one.readings for q in other.readings]
    return any(p.within(q) or q.within(p) for p, q in pairs)


def _origin(role: str, others: Sequence[str], plain: str) -> str:
    condition = cue_data()["origins"][role]
    open_ = not set(others) & set(condition["unless"])
    told = open_ and re.search(condition.get("if", ""), plain)
    return _INSURED if told else condition.get("else", "户籍")


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    data = cue_data()
    return tuple(_compiled(data["rules"], data["words"]))


def _compiled(groups: Sequence[Any], words: Mapping[str, str]) -> Iterator[_Rule]:
    for group in groups:
        data = group if isinstance(group, dict) else {"patterns": group}
        only_if = re.compile(_regex(data.get("if", ""), words))
        for pattern in data["patterns"]:
            compiled = re.compile(_regex(pattern, words))
            yield _Rule(compiled, only_if, bool(data.get("other_place")))


def _regex(pattern: str, words: Mapping[str, str]) -> str:
    """A pattern of place_cues.yml as the text of a regular expression."""
    spelled = re.sub(r"<(\w+)>", lambda m: f"(?:{_regex(words[m[1]], words)})", pattern)
    spelled = spelled.replace("……", _LONG_GAP).replace("…", _GAP)
    return re.sub(r"\{([^\W\d]\w*)\}", rf"(?P<\1>{_PLACE})", spelled).replace("{}", _PLACE)


def _simplified(text: str) -> str:
    """Traditional characters made simplified, one for one, so that offsets stay.

    The sign that stands for places here is taken out of what a citizen wrote.
    """
    simple = _converter().convert(text)
    return (simple if len(simple) == len(text) else text).replace(_PLACE, "□")


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
