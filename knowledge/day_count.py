"""Arithmetic of days: years and months of the calendar, working days of the State Council's one.

Swapped weekends count as they are worked (library ``chinesecalendar``). Beyond what is announced no
day is given. Pure: dates are arguments, nothing is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from chinese_calendar.constants import holidays
from dateutil.relativedelta import relativedelta

from knowledge.errors import UnknownId

DAY = timedelta(days=1)
WORKING_DAYS = ("工作日", "个工作日")
_CALENDAR = {"年": "years", "个月": "months", "日": "days", "天": "days"}
_LAST_SURE_DAY = (12, 28)
"""Of the last announced year. The New Year's holiday is announced with the year it opens, and has
reached back to 29 December (2007, 2018)."""


@dataclass(frozen=True)
class Counted:
    """A day that was counted, or how far the counting got.

    ``day`` is None where the holidays are not announced that far. Then ``left`` working days are
    still to be counted after the last announced day, and ``without_holidays`` is the day that the
    plain count of Mondays to Fridays leads to, which must not be shown without saying so.
    """

    day: date | None
    left: int = 0
    without_holidays: date | None = None

    @property
    def announced(self) -> bool:
        """Whether all holidays on the way are announced."""
        return self.day is not None


def after(start: Counted, amount: int, unit: str) -> Counted:
    """Return the day ``amount`` units after ``start``, which itself does not count.

    A month or year ends on the same date, or on the month's last day where it has no such date.

    Raises:
        UnknownId: a unit of time that is not known.
    """
    if unit in WORKING_DAYS:
        return _working_days_after(start, amount)
    if unit not in _CALENDAR:
        raise UnknownId("unit of time", unit)
    span = relativedelta(**{_CALENDAR[unit]: amount})
    day, plain = (d and d + span for d in (start.day, start.without_holidays))
    return Counted(day, start.left, plain)


def open_day(day: date | None) -> date | None:
    """Return the last working day up to ``day``; None where holidays are not announced."""
    while day and _announced(day) and not is_working_day(day):
        day -= DAY
    return day if day and _announced(day) else None


def announced_until() -> date:
    """Return the last day whose holidays are announced for sure."""
    return _announced_span()[1]


def _working_days_after(start: Counted, amount: int) -> Counted:
    day, left = start.day or start.without_holidays, start.left
    for _ in range(amount):
        day += DAY
        while not is_working_day(day):
            day += DAY
        left += not _announced(day)
    return Counted(None, left, day) if left else Counted(day)


def is_working_day(day: date) -> bool:
    """Tell whether a day is worked; beyond what is announced, whether it is a Monday to Friday."""
    return chinese_calendar.is_workday(day) if _announced(day) else day.weekday() < 5


def _announced(day: date) -> bool:
    first, last = _announced_span()
    return first <= day <= last


@lru_cache(maxsize=1)
def _announced_span() -> tuple[date, date]:
    return date(min(holidays).year, 1, 1), date(max(holidays).year, *_LAST_SURE_DAY)


__all__ = [
    "DAY", "WORKING_DAYS", "Counted", "after", "announced_until", "is_working_day", "open_day",
]
