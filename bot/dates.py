"""Dates as people write them: 2025.3.1, 上个月18号, 去年国庆, 寻日.

People speak of bills and stays in hospital, so a date without a year is the last one that is not
in the future; for what lies ahead (预产期) it is the next one. A wording may leave several days
open: deadlines are to be counted from the first of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.date_patterns import date_words, folded, patterns
from bot.date_reading import APPROXIMATE, DAY, MONTH, YEAR, Days, Reading
from bot.errors import BadInput

_NOT_ITSELF = re.compile(r" *(?:[之以][前后]|[前后](?=$|[，。,的出住入]))")
"""国庆以后, 3月1号之前: another day than the one named."""
_CLAUSE_END = re.compile(r"[，。,；;！!？?]")
_CLAUSE = 30
"""Characters before a date in which words may say that it is still to come."""

_OF_TODAY = ("day", "ago")
"""Wordings that say when something is told rather than when it happened: no context for others."""


@dataclass(frozen=True)
class DateSaid:
    """A date that was said.

    Attributes:
        value: the first day the words may mean; None for a date that does not exist.
        precision: :data:`DAY`, :data:`MONTH`, :data:`YEAR`, or :data:`APPROXIMATE` (去年国庆).
        span: (start, end) in the text.
        until: the last day the words may mean; ``value`` itself where they name a day.
        problem: for a date that does not exist, a Chinese sentence that says so.
    """

    value: date | None
    precision: str
    span: tuple[int, int]
    until: date | None = None
    problem: str = ""


def date_in(
    text: str, today: date, *, ahead: bool = False, near: Sequence[str] = ()
) -> DateSaid | None:
    """Return the date in a text, or None where there is none that can be told.

    Vague ones (一年多以前, 前几天), those before or after a date (国庆以后) and those of the lunar
    calendar (正月十五), which is not converted, are None.

    Args:
        text: what was typed, as it was typed or normalised.
        today: the day on which it was typed.
        ahead: whether a date without a year is the next one, not the last one (预产期); words in
            the text that say so count as well.
        near: words beside the date that is meant (出院) where there are several; else the first.
    """
    shadow = folded(text)
    places = [m.span() for word in near for m in re.finditer(re.escape(word), shadow)]
    return min(dates_in(text, today, ahead=ahead), default=None,
               key=lambda said: min((_gap(said.span, place) for place in places), default=0))


def dates_in(text: str, today: date, *, ahead: bool = False) -> tuple[DateSaid, ...]:
    """Return all dates in a text, in their order; arguments as for :func:`date_in`."""
    shadow, said = folded(text), []
    before: Days | None = None
    for kind, match in _matches(shadow):
        if _NOT_ITSELF.match(shadow, match.end()):
            continue
        reading = Reading(match, today, before, ahead or _lies_ahead(shadow, match.start()))
        try:
            days = reading.days(kind)
        except BadInput as problem:
            said.append(DateSaid(None, DAY, match.span(), problem=str(problem)))
            continue
        if days:
            precision = APPROXIMATE if _about(shadow, match.span()) else days.precision
            said.append(DateSaid(days.first, precision, match.span(), days.last))
            before = before if kind in _OF_TODAY else days
    return tuple(said)


def _matches(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the wordings in their order; where two overlap the earlier, then the longer one."""
    found = [(kind, m) for kind, pattern in patterns().items() for m in pattern.finditer(text)]
    end = 0
    for kind, match in sorted(found, key=lambda f: (f[1].start(), -f[1].end())):
        if match.start() >= end:
            yield kind, match
            end = match.end()


def _gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(other[0] - one[1], one[0] - other[1])


def _lies_ahead(text: str, start: int) -> bool:
    """Tell whether the clause up to a date says that it is still to come."""
    clause = _CLAUSE_END.split(text[max(0, start - _CLAUSE) : start])[-1]
    return any(word in clause for word in date_words().ahead)


def _about(text: str, span: tuple[int, int]) -> bool:
    """Tell whether the words around a date say that it is not the exact one."""
    before = text[max(0, span[0] - _CLAUSE) : span[0]].rstrip("是在于 ")
    after = text[span[1] : span[1] + _CLAUSE].lstrip()
    return before.endswith(date_words().about_before) or after.startswith(date_words().about_after)


__all__ = ["APPROXIMATE", "DAY", "MONTH", "YEAR", "DateSaid", "date_in", "dates_in"]
