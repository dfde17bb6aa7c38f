"""The figures in a few sentences: how the last whole week was, and what is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.clock import CHINA
from bot.learning.insight.words import insight_words
from bot.wording import day

_MOST_RISING, _LEAST_MORE, _TIMES = 3, 5, 2
"""How many risers are named; how many more, and how many times as many, make one."""

Row = Mapping[str, Any]


def headline(figures: Mapping[str, Any]) -> list[str]:
    """Return the sentences.

    Two weeks differ where their 95 % intervals do not overlap, as the chart beside them shows it.

    Args:
        figures: see :func:`bot.learning.insight.figures.figures`.
    """
    words = insight_words()["headline"]
    whole = figures["weeks"][:-1]
    if not whole or not whole[-1]["visits"]:
        return [words["none"]]
    return ["".join(_solved(words, whole)), words["rest"].format(**whole[-1]),
            *_rated(words, whole[-1]), *_rising(words, figures)]


def _solved(words: Mapping[str, str], whole: Sequence[Row]) -> Iterator[str]:
    last, before = whole[-1], whole[-2] if len(whole) > 1 else None
    monday = date.fromisoformat(last["week"])
    yield words["solved"].format(month=monday.month, day=monday.day, **last)
    if before and before["visits"]:
        differs = ("better" if last["low"] > before["high"] else
                   "worse" if last["high"] < before["low"] else "same")
        yield words[differs].format(before=before["share"])


def _rated(words: Mapping[str, str], last: Row) -> Iterator[str]:
    rated = last["good"] + last["bad"]
    if rated:
        yield words["rated"].format(rated=rated, good=last["good"] / rated)


def _rising(words: Mapping[str, str], figures: Mapping[str, Any]) -> Iterator[str]:
    rows = [(row["item"], row) for row in figures["matters"]]
    rows += [(row["topic"], row) for row in figures["topics"]]
    risen = [(name, row) for name, row in rows if row["before"] is not None
             and row["last_week"] >= max(row["before"] + _LEAST_MORE, row["before"] * _TIMES)]
    risen.sort(key=lambda named: named[1]["before"] - named[1]["last_week"])
    if risen:
        told = (words["rose"].format(name=name, **row) for name, row in risen[:_MOST_RISING])
        yield words["rising"].format(told="、".join(told))


def counted_at(figures: Mapping[str, Any]) -> str:
    """Return up to when the figures count, as a sentence."""
    at = datetime.fromisoformat(figures["until"]).astimezone(CHINA)
    return str(insight_words()["counted"]).format(at=f"{day(at.date())} {at:%H:%M}")


__all__ = ["counted_at", "headline"]
