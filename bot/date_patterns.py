"""Patterns for dates as people write them, made from ``data/dates.yml``.

Each pattern finds one kind of wording in a folded message (:func:`folded`); its named groups say
what was written. :mod:`bot.dates` works out the day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pydantic import root_validator

from knowledge.model import Shape
from knowledge.store import read_yaml

_DATA = Path(__file__).parent / "data" / "dates.yml"

_SIGN = "零一二三四五六七八九"
_NUMBER = f"(?:[0-9]{{1,2}}|[{_SIGN[1:]}]?十[{_SIGN[1:]}]?|[两{_SIGN[1:]}])"
_NO_NUMBER_BEFORE = f"(?<![0-9.十百千万两几{_SIGN}])"
_NO_FIGURE_BEFORE, _NO_FIGURE_AFTER = r"(?<![0-9A-Za-z.\-/])", r"(?![0-9A-Za-z]|[.\-/][0-9])"
_OF = " *的? *"
_NO_STREET = "(?![路街村镇楼号日月个点岁]|医院|公园|小学)"


class Feast(Shape):
    """A public holiday by its name in the working-day calendar, or a feast by month and day."""

    names: tuple[str, ...]
    with_year: tuple[str, ...] = ()
    calendar: str = ""
    date: tuple[int, int] | None = None


class DateWords(Shape):
    """What ``dates.yml`` holds; its comments explain the keys."""

    variants: dict[str, str]
    years: dict[str, int]
    months: dict[str, int]
    weeks: dict[str, int]
    week_names: tuple[str, ...]
    weekdays: dict[str, int]
    days: dict[str, int]
    parts_of_month: dict[str, tuple[int, int]]
    parts_of_year: dict[str, tuple[int, int]]
    holidays: tuple[Feast, ...]
    lunar: tuple[str, ...]
    about_before: tuple[str, ...]
    about_after: tuple[str, ...]
    events: tuple[str, ...]
    streets: tuple[str, ...]
    cue_before: tuple[str, ...]
    cue_after: tuple[str, ...]
    ahead: tuple[str, ...]
    sentences: dict[str, str]

    @root_validator(skip_on_failure=True)
    def _variants_pair_up(cls, values: dict[str, object]) -> dict[str, object]:
        for plain, variant in values["variants"].items():
            if len(plain) != len(variant):
                raise ValueError(f"{plain!r} and {variant!r} differ in length")
        return values

    def feast(self, name: str) -> Feast:
        """Return the holiday with this name."""
        return next(f for f in self.holidays if name in (*f.names, *f.with_year))


@lru_cache(maxsize=1)
def date_words() -> DateWords:
    """Return the words of ``dates.yml``, checked."""
    return DateWords(**read_yaml(_DATA))


def folded(text: str) -> str:
    """Return ``text`` in half width and simplified characters, of the same length."""
    narrow = (unicodedata.normalize("NFKC", sign) for sign in text)
    return "".join(n if len(n) == 1 else s for n, s in zip(narrow, text)).translate(_variants())


@lru_cache(maxsize=1)
def _variants() -> dict[int, str]:
    table: dict[int, str] = {}
    for plain, variant in date_words().variants.items():
        table |= str.maketrans(variant, plain)
    return table


@lru_cache(maxsize=1)
def patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns by kind. ``skip`` finds what looks like a date and must not be read."""
    words = date_words()
    year, feasts = _year(words), [n for f in words.holidays for n in f.names]
    with_year = [*feasts, *(n for f in words.holidays for n in f.with_year)]
    sources = {
        "skip": _lunar(words, year),
        "month_of_year": f"{year}{_OF}{_month(words)}",
        "month": f"(?<!年)(?<!年 )(?<!年的)(?<![每满近孕]){_NO_NUMBER_BEFORE}{_month(words)}",
        "this_month": f"(?P<rm>{_any(words.months)})(?:{_OF}{_in_month(words)})?",
        "part_of_year": f"{year}{_OF}(?:(?P<feast>{_any(with_year)}){_NO_STREET}"
                        f"|(?P<py>{_any(words.parts_of_year)}))",
        "feast": f"(?P<feast>{_any(feasts)}){_NO_STREET}",
        "year": f"{year}(?!度)",
        "week": _week(words),
        "day": f"(?<![目以日生])(?P<rd>{_any(words.days)})(?![性免])",
        "ago": _ago(),
        "figures": _figures(),
        "month_day": _bare(words, "(?<![0-9A-Za-z./])(?P<m>[0-9]{1,2})(?:[./]|(?<=[0-9]{2})-"
                                  "(?=[0-9]{2}))(?P<d>[0-9]{1,2})(?![0-9A-Za-z]|[./][0-9])"
                                  "(?!-[0-9.]+ *[万元块%])[日号]?"),
        "day_of_month": _bare(words, f"{_NO_NUMBER_BEFORE}(?P<d>{_NUMBER})[日号]"),
    }
    return {kind: re.compile(source) for kind, source in sources.items()}


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _year(words: DateWords) -> str:
    """A year: of four figures or numerals; of two before a month; 去年; 三年前的 before a part."""
    parts = _any([*words.parts_of_year, *(n for f in words.holidays for n in f.names)])
    month = f"(?:{_NUMBER}) *月"
    return (f"(?:(?<![0-9])(?P<y4>(?:19|20)[0-9]{{2}}) *年"
            f"|(?<![{_SIGN}])(?P<c4>[一二][九零][{_SIGN}]{{2}})年"
            f"|{_NO_NUMBER_BEFORE}(?P<y2>[0-9]{{2}}|[{_SIGN}]{{2}})年(?={_OF}{month})"
            f"|(?<![以之年])(?P<yw>{_any(words.years)})"
            f"|{_NO_NUMBER_BEFORE}(?P<ya>{_NUMBER})年[以之]?前(?={_OF}(?:{month}|{parts})))")


def _month(words: DateWords) -> str:
    """3月, 3月份, 3月1号, 3月18, 3月初; no length of time, no 一月一次."""
    return (f"(?P<m>{_NUMBER}) *月(?:份?{_OF}{_in_month(words)}"
            rf"|份|(?! *[0-9一两二三]+ *[次回])(?![内以大龄余来多子嫂怀]))")


def _in_month(words: DateWords) -> str:
    unnamed = r"[0-9]{1,2}(?![0-9.个天元块万千百年月岁周次%])"
    return (f"(?:(?P<d>{_NUMBER}) *[日号]|(?P<d0>{unnamed})"
            f"|(?P<pm>{_any(words.parts_of_month)})(?![{_SIGN}十廿]))")


def _lunar(words: DateWords, year: str) -> str:
    numerals = f"[{_SIGN}十廿初月日号闰]"
    return (f"(?:{_unnamed(year)}{_OF})?(?:(?:{_any(words.lunar)})(?: *{numerals})*"
            f"|{_NUMBER}月[初廿]{numerals}+|年?初{numerals}+)")


def _week(words: DateWords) -> str:
    name, day = _any(words.week_names), f"(?P<wd>{_any(words.weekdays)})(?![次回天到至-])"
    bare = f"(?<![每到至-])(?<![0-9十两个几{_SIGN}])(?:{name}){day}"
    return (f"(?P<rw>{_any(words.weeks)})个?(?:{name})(?:{day.replace('wd', 'wd0')}|末)?"
            f"|{bare}")


def _ago() -> str:
    units = "(?P<unit>天|日|周|星期|礼拜|月|年)"
    amount = f"(?<!个)半|(?P<n>{_NUMBER})"
    return f"{_NO_NUMBER_BEFORE}(?:{amount}) *个?{units}(?P<more>半)?(?:[以之]前|前(?![后列]))"


def _figures() -> str:
    """2025.3.1, 25/3/1, 2025-03, 20250301: the parts set off by one and the same sign."""
    whole = (rf"(?P<y>(?<![0-9A-Za-z./])(?:19|20)[0-9]{{2}}|{_NO_FIGURE_BEFORE}[0-9]{{2}})"
             r" *(?P<s>[.\-/]) *(?P<m>[0-9]{1,2}) *(?P=s) *(?P<d>[0-9]{1,2})"
             r"(?![0-9A-Za-z]|[./][0-9])")
    month = r"(?<![¥共花计额了费])(?P<y_>20[0-9]{2})[.\-/](?P<m_>0?[1-9]|1[0-2])(?! *[元块万%个号])"
    solid = r"(?P<y8>(?:19|20)[0-9]{2})(?P<m8>0[1-9]|1[0-2])(?P<d8>[0-2][0-9]|3[01])"
    return (f"(?:{whole}|{_NO_FIGURE_BEFORE}(?:{month}|{solid}){_NO_FIGURE_AFTER})"
            "(?: *[日号])?")


def _bare(words: DateWords, figures: str) -> str:
    """Figures that alone need not be a date: an event follows, or both sides leave them alone."""
    mark = r"[，。,；;：:、！!？?（）() ~\-]"
    cues = "|".join(f"(?<={re.escape(cue)})" for cue in (*words.cue_before, *words.ahead))
    streets = "".join(f"(?<!{re.escape(street)})" for street in words.streets)
    alone = f"(?= *(?:$|{mark}|{_any(words.cue_after)}))"
    event = f"(?= *(?:{_any(words.events)}))"
    return (f"(?:^|(?<={mark})|{cues}|{streets}(?={_unnamed(figures)}{event}))"
            f"{figures}(?:{alone}|{event})")


def _unnamed(pattern: str) -> str:
    return re.sub(r"\?P<\w+>", "?:", pattern)


__all__ = ["DateWords", "Feast", "date_words", "folded", "patterns"]
