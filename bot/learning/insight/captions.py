"""What charts show, in words: for those who do not see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from bot.learning.insight.words import insight_words
from knowledge.vocabulary import topics

_MOST_BARS = 15
"""Bars of a chart."""

_MOST_TOLD = 4
"""Weeks that are told in words beside a chart; the table below it has all."""

Figures = Mapping[str, Any]


def caption(name: str, figures: Figures) -> tuple[str, str]:
    """Return (caption, what the chart shows in words) of a chart.

    Raises:
        KeyError: there is no such chart.
    """
    words = insight_words()["charts"][name]
    return words["caption"], _SAID[name](words, figures)


def days_of(weeks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the Mondays of rows of weeks, as charts name them."""
    days = (date.fromisoformat(week["week"]) for week in weeks)
    return [f"{day.month}/{day.day}" for day in days]


def bars_of(name: str, figures: Figures) -> list[tuple[str, int]]:
    """Return names and numbers of visits of the bars of ``matters`` or ``topics``, longest first.

    What belongs to none of the topics is no bar: it would dwarf them.
    """
    if name == "topics":
        named = {topic.topic for topic in topics() if topic.everyday}
        rows = [(row["topic"], row["visits"]) for row in figures["topics"] if row["topic"] in named]
    else:
        rows = [(row["item"], row["visits"]) for row in figures["matters"]]
    return rows[:_MOST_BARS]


def _by_week(words: Mapping[str, str], figures: Figures) -> str:
    weeks = [week for week in figures["weeks"] if week["visits"]][-_MOST_TOLD:]
    told = (words["one"].format(**{**week, "week": day})
            for week, day in zip(weeks, days_of(weeks), strict=True))
    return words["alt"].format(told="；".join(told) or insight_words()["nothing"])


def _bars(name: str, words: Mapping[str, str], figures: Figures) -> str:
    told = (f"{bar} {visits}" for bar, visits in bars_of(name, figures))
    return words["alt"].format(told="、".join(told) or insight_words()["nothing"])


_SAID: Mapping[str, Callable[[Mapping[str, str], Figures], str]] = {
    "solved": _by_week, "ends": _by_week, "matters": partial(_bars, "matters"),
    "heat": partial(_bars, "matters"), "topics": partial(_bars, "topics")}

__all__ = ["bars_of", "caption", "days_of"]
