"""What days a wording found by :mod:`bot.date_patterns` means: one method for each pattern."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from chinese_calendar.constants import holidays
from dateutil.relativedelta import relativedelta

from bot.date_patterns import Feast, date_words
from bot.errors import BadInput
from knowledge.day_count import DAY as ONE_DAY
from knowledge.numerals import number

DAY, MONTH, YEAR, APPROXIMATE = "day", "month", "year", "approximate"

_NUMERALS = str.maketrans("零一二三四五六七八九", "0123456789")
_OLDEST_SHORT_YEAR = 15
"""25.3.1 is a date, 10.3.1 is more likely the number of a version or a section."""
_SOON, _HALF_A_YEAR = timedelta(days=60), timedelta(days=180)
_NEW_YEARS_REACH = timedelta(days=5)
"""A New Year's holiday may begin in December; counted to the year that it opens."""


@dataclass(frozen=True)
class Days:
    """The days that a wording may mean, and how precise it is."""

    first: date
    last: date
    precision: str


@dataclass(frozen=True)
class Reading:
    """One wording and what it is to be read by.

    ``before`` are the days said before it in the same text, ``ahead`` whether a date without a
    year is the next one. :meth:`days` raises :class:`BadInput` for a date that does not exist.
    """

    match: re.Match[str]
    today: date
    before: Days | None = None
    ahead: bool = False

    def days(self, kind: str) -> Days | None:
        """Return the days meant; None where the wording turns out to be no date."""
        read = getattr(self, f"_{kind}", None)
        return read() if read else None

    def _of(self, *groups: str) -> str:
        """Return the first of the groups that was written; '' for none."""
        found = self.match.groupdict()
        return next((found[g] for g in groups if found.get(g)), "")

    # --- months and years -------------------------------------------------------------------

    def _year(self) -> Days:
        year = self._year_said()
        return Days(date(year, 1, 1), date(year, 12, 31), YEAR)

    def _year_said(self) -> int:
        if word := self._of("yw"):
            return self.today.year + date_words().years[word]
        if ago := self._of("ya"):
            return self.today.year - number(ago)
        figures = int(self._of("y4", "c4", "y2").translate(_NUMERALS))
        return figures if figures > 99 else self._century(figures)

    def _century(self, year: int) -> int:
        return year + (2000 if year <= self.today.year % 100 + 1 else 1900)

    def _month_of_year(self) -> Days:
        return self._in_month(self._year_said(), number(self._of("m")))

    def _month(self) -> Days:
        month = _checked(number(self._of("m")))
        part = date_words().parts_of_month.get(self._of("pm"))
        day = number(self._of("d", "d0") or str(part[0] if part else 1))
        return self._in_month(self._nearest_year(month, day), month)

    def _this_month(self) -> Days:
        offset = date_words().months[self._of("rm")]
        month = self.today.replace(day=1) + relativedelta(months=offset)
        return self._in_month(month.year, month.month)

    def _in_month(self, year: int, month: int) -> Days:
        _checked(month)
        if day := self._of("d", "d0"):
            return _exactly(year, month, number(day))
        if not (part := self._of("pm")):
            return _months(year, month, month, MONTH)
        first, last = date_words().parts_of_month[part]
        last = min(last, monthrange(year, month)[1])
        return Days(date(year, month, first), date(year, month, last), APPROXIMATE)

    def _part_of_year(self) -> Days | None:
        year = self._year_said()
        if part := self._of("py"):
            return _months(year, *date_words().parts_of_year[part], APPROXIMATE)
        return _days_off(date_words().feast(self._of("feast")), year)

    def _feast(self) -> Days | None:
        feast = date_words().feast(self._of("feast"))
        years = [self.today.year + n for n in ((0, 1) if self.ahead else (0, -1))]
        found = [days for days in (_days_off(feast, year) for year in years) if days]
        return next((days for days in found if self._on_this_side(days)), None)

    def _on_this_side(self, days: Days) -> bool:
        return days.last >= self.today if self.ahead else days.first <= self.today

    # --- counted from today -----------------------------------------------------------------

    def _day(self) -> Days:
        return _one(self.today + ONE_DAY * date_words().days[self._of("rd")])

    def _week(self) -> Days:
        words, monday = date_words(), self.today - ONE_DAY * self.today.weekday()
        if day := self._of("wd"):
            back = (self.today.weekday() - words.weekdays[day]) % 7
            return _one(self.today + ONE_DAY * ((7 - back) % 7 if self.ahead else -back))
        monday += 7 * ONE_DAY * words.weeks[self._of("rw")]
        if day := self._of("wd0"):
            return _one(monday + ONE_DAY * words.weekdays[day])
        first = 5 if self.match.group().endswith("末") else 0
        return Days(monday + ONE_DAY * first, monday + ONE_DAY * 6, APPROXIMATE)

    def _ago(self) -> Days | None:
        amount, unit, more = self._of("n"), self._of("unit"), self._of("more")
        count = number(amount) if amount else 0
        if unit == "年":
            return self._years_ago(count, bool(more) or not amount)
        if more:
            return None
        if unit == "月":
            return self._months_ago(count) if amount else self._week_of(15 * ONE_DAY)
        if unit in date_words().week_names:
            return self._week_of(7 * count * ONE_DAY) if amount else None
        return _one(self.today - count * ONE_DAY) if amount else None

    def _years_ago(self, count: int, half: bool) -> Days:
        """半年前 and 一年前 mean about that month, 三年前 any day of that year."""
        if half or count == 1:
            return self._months_ago(12 * count + 6 * half)
        return _months(self.today.year - count, 1, 12, APPROXIMATE)

    def _months_ago(self, count: int) -> Days:
        then = self.today - relativedelta(months=count)
        return _months(then.year, then.month, then.month, APPROXIMATE)

    def _week_of(self, ago: timedelta) -> Days:
        then = self.today - ago
        monday = then - ONE_DAY * then.weekday()
        return Days(monday, monday + 6 * ONE_DAY, APPROXIMATE)

    # --- figures ----------------------------------------------------------------------------

    def _figures(self) -> Days | None:
        year, month = int(self._of("y", "y_", "y8")), int(self._of("m", "m_", "m8"))
        day = self._of("d", "d8")
        if year < 100:
            if not _OLDEST_SHORT_YEAR <= year <= self.today.year % 100 + 1 or not _plausible(
                    month, int(day)):
                return None
            year += 2000
        _checked(month)
        return _exactly(year, month, int(day)) if day else _months(year, month, month, MONTH)

    def _month_day(self) -> Days | None:
        month, day = int(self._of("m")), int(self._of("d"))
        if not _plausible(month, day):
            return None
        return _exactly(self._nearest_year(month, day), month, day)

    def _day_of_month(self) -> Days:
        day = number(self._of("d"))
        if self.before and self.before.last - self.before.first < timedelta(days=31):
            near = self.before.first
            step = 1 if day < near.day else 0
        else:
            near = self.today
            step = int(day < near.day) if self.ahead else -int(day > near.day)
        month = near.replace(day=1) + relativedelta(months=step)
        return _exactly(month.year, month.month, day)

    # --- the year that goes without saying --------------------------------------------------

    def _nearest_year(self, month: int, day: int) -> int:
        """Return the year of a date without one: by the date before it, else by today."""
        following = self._following_year(month, day)
        if following:
            return following
        this = (self.today.month, self.today.day)
        if self.ahead:
            return self.today.year + ((month, day) < this)
        return self.today.year - ((month, day) > this)

    def _following_year(self, month: int, day: int) -> int:
        """去年12月20号住院，1月5号出院: soon after the date before; 0 where that does not fit."""
        if not self.before:
            return 0
        start = self.before.first
        same, later = (date(start.year + n, month, min(day or 1, 28)) for n in (0, 1))
        then = later if same < start.replace(day=min(start.day, 28)) and (
            later - start <= _HALF_A_YEAR) else same
        return then.year if then <= self.today or ONE_DAY <= then - start <= _SOON else 0


def _exactly(year: int, month: int, day: int) -> Days:
    last = monthrange(year, month)[1]
    if 1 <= day <= last:
        return _one(date(year, month, day))
    leap = (month, day) == (2, 29)
    said = "no_day_that_year" if leap else "no_day"
    raise BadInput(date_words().sentences[said].format(year=year, month=month, day=day))


def _checked(month: int) -> int:
    if 1 <= month <= 12:
        return month
    raise BadInput(date_words().sentences["no_month"].format(month=month))


def _plausible(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _one(day: date) -> Days:
    return Days(day, day, DAY)


def _months(year: int, first: int, last: int, precision: str) -> Days:
    return Days(date(year, first, 1), date(year, last, monthrange(year, last)[1]), precision)


def _days_off(feast: Feast, year: int) -> Days | None:
    """Return the days off of a holiday, None for a year whose calendar is not there."""
    if feast.date:
        return _one(date(year, *feast.date))
    days = sorted(day for day, name in holidays.items()
                  if name == feast.calendar and (day + _NEW_YEARS_REACH).year == year)
    return Days(days[0], days[-1], APPROXIMATE) if days else None


__all__ = ["APPROXIMATE", "DAY", "MONTH", "YEAR", "Days", "Reading"]
