"""Days that people state, by what they are the day of: discharge, birth, handing in papers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from bot import clock
from bot.date_patterns import date_words, folded
from bot.dates import DAY, YEAR, DateSaid, dates_in
from bot.paths import PROJECT
from bot.wording import say
from knowledge.model import Shape
from knowledge.store import read_yaml

HANDED_IN = "handed_in"
"""The key of the day of handing in; the other keys are the guides' words for a start."""

_CLAUSE_MARK = re.compile(r"[，。,；;！!？?]")


class Start(Shape):
    """A day that a period counts from; the keys are explained in ``data/deadlines.yml``."""

    name: str
    question: str
    cues: tuple[str, ...]
    offered: dict[str, int]
    ahead: bool = False


class DayWords(Shape):
    """What ``data/deadlines.yml`` holds."""

    starts: dict[str, Start]
    asks_last_day: tuple[str, ...]
    still_possible: tuple[str, ...]
    long_ago: tuple[str, ...]
    other_events: tuple[str, ...]
    not_about_days: tuple[str, ...]
    asks_due_day: tuple[str, ...]
    corrects: tuple[str, ...]
    masked: str


@lru_cache(maxsize=1)
def day_words() -> DayWords:
    """Return the words about days, checked."""
    return DayWords(**read_yaml(PROJECT / "bot" / "data" / "deadlines.yml"))


def stated_dates(text: str) -> dict[str, dict[str, str]]:
    """Return the days that stand beside words for what they are the day of.

    Args:
        text: the message as it was typed.

    Returns:
        ``{key: {"value", "until", "precision"}}``, JSON-ready; the day lies between ``value`` and
        ``until`` (ISO dates).
    """
    said = _read(text)
    found = {key: _beside(said[start.ahead], start, text) for key, start in _starts().items()}
    return {key: entry(date_said) for key, date_said in found.items() if date_said}


def only_date(text: str, key: str) -> dict[str, str] | None:
    """Return the one day of a question about days, where its words for it stand further off.

    They may be missing where the day has none of its own (去年的还能报吗). Today is no such day:
    it is the day of asking.
    """
    start, shadow = _starts()[key], folded(text)
    said = [s for s in _read(text)[start.ahead] if s.value]
    if key != HANDED_IN:
        said = [s for s in said if s.value != clock.today()]
    sure = len(said) == 1 and (has_cue(text, key) or shadow.startswith("的", said[0].span[1]))
    return entry(said[0]) if sure else None


def date_answered(text: str, key: str) -> dict[str, str] | None:
    """Return the day that answers the question for ``key``: the one beside its words, else the
    first one."""
    start = _starts()[key]
    said = [s for s in _read(text)[start.ahead] if s.value]
    found = _beside(said, start, text) or next(iter(said), None)
    return entry(found) if found else None


def corrected(text: str, before: Mapping[str, str]) -> dict[str, str] | None:
    """Return the day that takes the place of an earlier one; what is not said stays (是4月)."""
    first = date.fromisoformat(before["value"])
    told = f"{first.year}年{first.month}月{first.day}日，"
    said = [s for s in dates_in(told + text, clock.today()) if s.span[0] >= len(told) and s.value]
    if said and (said[-1].precision, before["precision"]) == (YEAR, DAY):
        value = (first + relativedelta(year=said[-1].value.year)).isoformat()
        return {"value": value, "until": value, "precision": DAY}
    return entry(said[-1]) if said else None


def problem_with(text: str) -> str:
    """Return a sentence about a day that cannot be: 2月30日, a lunar one, a masked one; or ''."""
    problems = [s.problem for s in _read(text)[False] if s.problem]
    if problems:
        return problems[0]
    if day_words().masked in text:
        return say("date_masked")
    return say("date_lunar") if any(word in folded(text) for word in date_words().lunar) else ""


def has_cue(text: str, key: str) -> bool:
    """Tell whether a message has words for what a day is the day of."""
    return any(re.search(cue, folded(text)) for cue in _starts()[key].cues)


def entry(said: DateSaid) -> dict[str, str]:
    """Return a date as a conversation keeps it."""
    assert said.value and said.until
    return {"value": said.value.isoformat(), "until": said.until.isoformat(),
            "precision": said.precision}


def _starts() -> Mapping[str, Start]:
    return day_words().starts


@lru_cache(maxsize=16)
def _dates(text: str, today: date) -> Mapping[bool, list[DateSaid]]:
    """Return the dates of a text: as past ones, and as the nearest on either side of today."""
    past = dates_in(text, today)
    nearest = [_nearer(one, other, today)
               for one, other in zip(past, dates_in(text, today, ahead=True))] if past else []
    return {False: list(past), True: nearest}


def _read(text: str) -> Mapping[bool, list[DateSaid]]:
    return _dates(text, clock.today())


def _nearer(one: DateSaid, other: DateSaid, today: date) -> DateSaid:
    if not one.value or not other.value or one.precision != DAY:
        return one
    return min(one, other, key=lambda said: abs((said.value or today) - today))


def _beside(said: list[DateSaid], start: Start, text: str) -> DateSaid | None:
    """Return the date nearest to the surest of the words, in the same clause of the sentence."""
    shadow, dates = folded(text), [s for s in said if s.value]
    for cue in start.cues if dates else ():
        pairs = [(gap, s) for s in dates for gap in _gaps(shadow, s.span, cue)]
        if pairs:
            return min(pairs, key=lambda pair: pair[0])[1]
    return None


def _gaps(text: str, span: tuple[int, int], cue: str) -> Iterator[int]:
    """Yield how far a date stands from each place of a cue in its own clause."""
    for match in re.finditer(cue, text):
        between = text[match.end() : span[0]] or text[span[1] : match.start()]
        if not _CLAUSE_MARK.search(between):
            yield len(between)


__all__ = [
    "HANDED_IN", "DayWords", "Start", "corrected", "date_answered", "day_words", "entry", "has_cue",
    "only_date", "problem_with", "stated_dates",
]
