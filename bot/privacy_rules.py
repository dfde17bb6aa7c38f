"""What is personal data in a folded message: the rules of ``data/privacy.yml`` and their guards.

A rule is a pattern for one kind of data and, where the pattern alone cannot tell, a guard that
tells a person's number, address or name from an ordinary one. Checksums of ID and card numbers
come from python-stdnum; the places that stay are those that ``knowledge.regions`` knows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from knowledge.regions import gazetteer, narrow

# Private characters, neither letters nor digits, stand for what is masked already. Names have one
# of their own: they must not make a name of their neighbour, or a list of names would unravel from
# its end, one name in each pass.
_NAME_BLOT, _BLOT = "\ue001", "\ue000"
NAME = "name"
"""The kind of names of persons."""

BLOTTED = re.compile(f"[{_NAME_BLOT}{_BLOT}]")

_DATA = Path(__file__).parent / "data" / "privacy.yml"

Match = re.Match[str]
Span = tuple[int, int]
Guard = Callable[[Match], Span | None]


class Rule(NamedTuple):
    """How one kind of personal data is found in a folded message.

    Attributes:
        kind: key of its placeholder.
        pattern: finds suspects; its group ``pii`` is the data, the rest is context.
        guard: (start, end) of what is personal in a match, or None.
    """

    kind: str
    pattern: re.Pattern[str]
    guard: Guard


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """All rules, in the order in which they are to be tried."""
    return tuple(
        Rule(rule["kind"], _pattern(rule["pattern"]), _guard(rule)) for rule in _data()["rules"]
    )


def _guard(rule: dict[str, str]) -> Guard:
    guard = _GUARDS[rule.get("guard", "always")]
    if "after" not in rule:
        return guard
    cue = _pattern(f"(?:{rule['after']})$")
    # Searched for only where the pattern fits: cheaper than a pattern that begins with the cue.
    return lambda match: guard(match) if cue.search(_left_of(match)) else None


def _left_of(match: Match) -> str:
    return match.string[max(0, match.start() - 20) : match.start()]


def placeholder(kind: str) -> str:
    """What the reader sees in place of data of this kind, e.g. ``［手机号］``."""
    return _data()["placeholders"][kind]


def blot(kind: str) -> str:
    """The character that stands for one masked character of data of this kind."""
    return _NAME_BLOT if kind == NAME else _BLOT


def blot_placeholders(text: str) -> str:
    """``text`` with blots, as many as there are characters, for placeholders it holds already."""
    for kind, shown in _data()["placeholders"].items():
        text = text.replace(shown, blot(kind) * len(shown))
    return text


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return yaml.safe_load(_DATA.read_text("utf-8"))


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """Compile a pattern in which <<name>> stands for a fragment (which may hold others)."""
    while "<<" in source:
        source = re.sub(r"<<(\w+)>>", lambda found: _fragments()[found[1]], source)
    return re.compile(source, re.VERBOSE)


@lru_cache(maxsize=1)
def _fragments() -> dict[str, str]:
    data = _data()
    words = {name: _any_of(words) for name, words in data["words"].items()}
    characters = {name: "".join(text.split()) for name, text in data["characters"].items()}
    return words | characters | data["shapes"]


def _any_of(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"


# --- guards: is it personal, and which part of it? ------------------------------------------

_SENTENCE, _CLAUSE = r"[。;!?\n]", r"[,。;!?\n]"


def _always(match: Match) -> Span:
    return match.span("pii")


def _before(match: Match, length: int, stops: str = _SENTENCE) -> str:
    """What stands before the suspected data in the same sentence, at most ``length`` long."""
    start = match.start("pii")
    return re.split(stops, match.string[max(0, start - length) : start])[-1]


def _after(text: str, end: int, length: int, stops: str = _SENTENCE) -> str:
    return re.split(stops, text[end : end + length])[0]


def _unless_code(match: Match) -> Span | None:
    announced = _pattern(r"<<code_cue>>\D{0,6}$").search(_before(match, 12))
    return None if announced else match.span("pii")


def _id_checksum(match: Match) -> Span | None:
    number = re.sub(r"[^0-9X]", "", match["pii"].replace("叉", "X"))[:18]
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return None
    return match.span("pii") if ric.calc_check_digit(number) == number[-1] else None


def _luhn_checksum(match: Match) -> Span | None:
    return match.span("pii") if luhn.is_valid(re.sub(r"\D", "", match["pii"])) else None


def _phone_groups(match: Match) -> Span | None:
    """138 1234 5678 or 1 3 8 …, not small numbers in a row that have eleven digits together."""
    sizes = [len(group) for group in re.findall(r"\d+", match["pii"])]
    grouped = len(sizes) <= 4 and min(sizes) > 1
    return match.span("pii") if grouped or max(sizes) == 1 else None


def _of_a_person(match: Match) -> Span | None:
    """A landline is a person's if the sentence says so later than it mentions an office."""
    before, after = _before(match, 40, r"[。!?\n]"), _after(match.string, match.end("pii"), 8)
    announced = match["area_code"] or _pattern(r"<<phone_cue>>\D{0,5}$").search(before)
    person, office = _last("<<person_cue>>", before), _last("<<office_cue>>", before)
    own = person > office or office < 0 <= _last("<<contact_cue>>", before)
    if _pattern("<<dialled>>[ :]?$").search(before):
        own = False
    called_back = _pattern("<<call_me>>").search(after)
    return match.span("pii") if announced and (own or called_back) else None


def _last(pattern: str, text: str) -> int:
    """Where the last match of ``pattern`` in ``text`` ends; -1 if there is none."""
    return max((found.end() for found in _pattern(pattern).finditer(text)), default=-1)


def _no_newborn(match: Match) -> Span | None:
    around = _before(match, 10) + _after(match.string, match.end("pii"), 8)
    newborn = _pattern("<<newborn_cue>>").search(around) and re.match("20|二[〇○零]", match["pii"])
    named = BLOTTED.search(_before(match, 10))
    return match.span("pii") if named or not newborn else None


# --- guards of addresses --------------------------------------------------------------------

_ROAD = "[一二三四五六七八九十东西南北中新]{0,2}<<area>>"


@lru_cache(maxsize=1)
def _place_sizes() -> dict[str, list[int]]:
    """First two characters of place names → how long such names are, longest first."""
    sizes: defaultdict[str, set[int]] = defaultdict(set)
    for name in gazetteer().names:
        sizes[name[:2]].add(len(name))
    return {head: sorted(found, reverse=True) for head, found in sizes.items() if len(head) > 1}


def _place_at(text: str, start: int) -> str:
    """The province, city or county whose name begins at ``start``; '' if none does."""
    for size in _place_sizes().get(text[start : start + 2], ()):
        name, end = text[start : start + size], start + size
        readings = gazetteer().names.get(name, ())
        official = any(place.full_name == name for place in readings)
        if official or (readings and not _pattern(_ROAD).match(text, end)):
            return name  # 中山 is a city, but not in 中山路 or 北京东路
    return ""


def _below_county(text: str) -> int:
    """Offset behind the first place in ``text`` and those inside it (广东省梅州市); 0 if none."""
    starts = (start for start in range(min(24, len(text))) if _place_at(text, start))
    start = end = next(starts, 0)
    readings = gazetteer().names.get(_place_at(text, start), ())
    while readings:
        end += len(_place_at(text, end))
        readings = narrow(readings, gazetteer().names.get(_place_at(text, end), ()))
    return end


def _address_from(match: Match, start: int, public_within: int) -> Span | None:
    """The address that begins at ``start``, unless an office or a hospital stands there."""
    found = _pattern("<<ADDRESS>>").match(match.string, start)
    if not found:
        return None
    end = start + len(found[0].rstrip())
    around = found[0] + _after(match.string, end, public_within, _CLAUSE)
    return None if _pattern("<<public_place>>").search(around) else (start, end)


def _labelled_address(match: Match) -> Span | None:
    text, start = match["pii"].rstrip(), match.start("pii")
    below = _below_county(text)
    told = _pattern("[0-9]|<<AREA>>").search(text, below)
    other = _pattern("<<question>>|<<public_place>>").search(_before(match, 12, _CLAUSE) + text)
    return (start + below, start + len(text)) if told and not other else None


def _residence(match: Match) -> Span | None:
    start = match.start("pii") + _below_county(match["pii"])
    return _address_from(match, start, 4) if _pattern("<<AREA>>").search(match["pii"]) else None


def _bare_address(match: Match) -> Span | None:
    before = _before(match, 30, _CLAUSE)
    if _pattern("<<public_place>>").search(before[-12:]):
        return None
    lead = _pattern("<<PLACE>>*$").search(before)[0]
    start = match.start("pii") - len(lead)
    known = _below_county(lead + match["pii"])
    known += max(0, _last("<<not_in_place>>", lead[known:]))
    generic = known + max(0, _last("<<generic_place>><<area>>", lead[known:]))
    for begin in (known, max(known, len(lead) - 8), generic):
        span = _address_from(match, start + begin, 14) if begin < len(lead) else None
        if span and span[1] >= match.end("pii"):
            return span
    return None


def _county_address(match: Match) -> Span | None:
    lead = _pattern("<<PLACE>>*$").search(_before(match, 30, _CLAUSE))[0]
    return _bare_address(match) if _below_county(lead) else None


# --- guards of names ------------------------------------------------------------------------


def _plausible_name(match: Match) -> Span | None:
    """Neither a word that begins like a name (单位, 高血压) nor a place (江门, 黄石)."""
    name = match["pii"]
    ordinary = name in gazetteer().names or _pattern("<<not_a_name>>").match(name)
    return None if ordinary else match.span("pii")


def _unannounced_name(match: Match) -> Span | None:
    """Does not even begin with a place (江门新… is no name of the family 江)."""
    return None if match["pii"][:2] in gazetteer().names else _plausible_name(match)


def name_seen(shadow: str, start: int, end: int) -> Span | None:
    """What a recogniser takes for a person, if it is written as names are and is no other word."""
    match = _pattern("(?P<pii> <<SEEN>>)").fullmatch(shadow, start, end)
    return _unannounced_name(match) if match else None


def _announced_name(match: Match) -> Span | None:
    """Begins with a surname or is a nickname, or at least holds no character foreign to names."""
    name = match["pii"]
    like_a_name = _pattern("<<compound_surname>>|[<<surname>><<nickname>>]").match(name)
    foreign = _pattern("[<<not_in_name>>]").search(name)
    return _plausible_name(match) if like_a_name or not foreign else None


_GUARDS: dict[str, Guard] = {
    guard.__name__[1:]: guard
    for guard in (_always, _unless_code, _id_checksum, _luhn_checksum, _phone_groups, _of_a_person,
                  _no_newborn, _labelled_address, _residence, _bare_address, _county_address,
                  _plausible_name, _unannounced_name, _announced_name)
}  # fmt: skip
