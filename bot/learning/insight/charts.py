"""The figures as charts, drawn by matplotlib without a display."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure as Canvas

from bot.evaluation.pictures import chinese_font
from bot.learning.insight.visits import ENDS
from bot.learning.insight.words import insight_words
from knowledge.vocabulary import topics

_DOTS, _SMALL = 110, 8
_MOST_BARS, _MOST_CELLS = 15, 20
_MOST_TOLD = 4
"""Weeks that are told in words beside a chart; the table below it has all."""
_COLOURS = ("#0b6e6e", "#7fc4bd", "#d98324", "#8c8c8c", "#c9c9c9", "#5b5b5b", "#e6c9a3")
"""Of how visits end, in the order of :data:`ENDS`; told apart in grey, too."""

_drawing = threading.Lock()
"""Settings of matplotlib are those of the whole process."""

Figures = Mapping[str, Any]


def draw(name: str, figures: Figures) -> bytes:
    """Return a chart as PNG.

    Args:
        name: one of ``charts`` in ``data/insight.yml``.
        figures: see :func:`bot.learning.insight.figures.figures`.

    Raises:
        KeyError: there is no such chart.
        SetupError: there is no Chinese font.
    """
    picture, width, height = _CHARTS[name]
    style = {"font.family": chinese_font(), "axes.unicode_minus": False, "font.size": _SMALL + 1}
    with _drawing, matplotlib.rc_context(style):
        canvas = Canvas(figsize=(width, height), dpi=_DOTS)
        picture(canvas.subplots(), figures)
        canvas.tight_layout()
        out = io.BytesIO()
        # Without the version of matplotlib the same figures make the same file.
        canvas.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def caption(name: str, figures: Figures) -> tuple[str, str]:
    """Return (caption, what the chart shows in words) of a chart.

    Raises:
        KeyError: there is no such chart.
    """
    words = insight_words()["charts"][name]
    return words["caption"], _SAID[name](words, figures)


def _solved(axes: Any, figures: Figures) -> None:
    weeks = [week for week in figures["weeks"] if week["visits"]]
    at, shares = _days(weeks), np.array([week["share"] for week in weeks])
    interval = np.array([[week["low"], week["high"]] for week in weeks]).reshape(-1, 2)
    axes.errorbar(range(len(at)), shares, yerr=np.abs(interval.T - shares), fmt="o-", capsize=3,
                  color=_COLOURS[0])
    for n, share in enumerate(shares):
        axes.annotate(f"{share:.0%}", (n, share), textcoords="offset points", xytext=(6, 5))
    axes.set_xticks(range(len(at)), at, rotation=45 if len(at) > 8 else 0)
    axes.set(ylim=(0, 1))
    axes.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1))
    axes.grid(axis="y", alpha=0.3)


def _ends(axes: Any, figures: Figures) -> None:
    weeks, names = figures["weeks"], insight_words()["tables"]["weeks"]["columns"]
    at, below = _days(weeks), np.zeros(len(weeks))
    for end, colour in zip(ENDS, _COLOURS, strict=True):
        counts = np.array([week[end] for week in weeks])
        axes.bar(at, counts, bottom=below, color=colour, label=names[end], width=0.7)
        below += counts
    axes.tick_params(axis="x", rotation=45 if len(at) > 8 else 0)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)


def _matters(axes: Any, figures: Figures) -> None:
    _bars(axes, [(_short(row["item"]), row["visits"]) for row in figures["matters"]])


def _topics(axes: Any, figures: Figures) -> None:
    named = {topic.topic for topic in topics() if topic.everyday}  # all but 其他
    _bars(axes, [(row["topic"], row["visits"]) for row in figures["topics"]
                 if row["topic"] in named])


def _bars(axes: Any, rows: Sequence[tuple[str, int]]) -> None:
    names, counts = zip(*rows[:_MOST_BARS][::-1], strict=True) if rows else ((), ())
    drawn = axes.barh(range(len(names)), counts, color=_COLOURS[0])
    axes.set_yticks(range(len(names)), names)
    axes.bar_label(drawn, padding=3)
    axes.spines[["top", "right"]].set_visible(False)


def _heat(axes: Any, figures: Figures) -> None:
    names = list(dict.fromkeys(row["item"] for row in figures["matters"][:_MOST_CELLS]))
    weeks = [week["week"] for week in figures["weeks"]]
    counts = np.zeros((len(names), len(weeks)), dtype=int)
    for row in figures["asked"]:
        if row["item"] in names:
            counts[names.index(row["item"]), weeks.index(row["week"])] += row["visits"]
    axes.imshow(counts, cmap="GnBu", aspect="auto")
    for (row, column), n in np.ndenumerate(counts):
        dark = n > counts.max() / 2
        axes.text(column, row, n or "", ha="center", va="center", fontsize=_SMALL - 1,
                  color="white" if dark else "black")
    axes.set_xticks(range(len(weeks)), _days(figures["weeks"]), rotation=45)
    axes.set_yticks(range(len(names)), map(_short, names))


def _short(name: str) -> str:
    """Return what a matter is called where there is little room."""
    longest = insight_words()["longest_name"]
    return name if len(name) <= longest else name[: longest - 1] + "…"


def _days(weeks: Sequence[Mapping[str, Any]]) -> list[str]:
    days = (date.fromisoformat(week["week"]) for week in weeks)
    return [f"{day.month}/{day.day}" for day in days]


def _by_week(words: Mapping[str, str], figures: Figures) -> str:
    weeks = [week for week in figures["weeks"] if week["visits"]][-_MOST_TOLD:]
    told = (words["one"].format(**{**week, "week": day})
            for week, day in zip(weeks, _days(weeks), strict=True))
    return words["alt"].format(told="；".join(told) or insight_words()["nothing"])


def _most(section: str, key: str) -> Callable[[Mapping[str, str], Figures], str]:
    def said(words: Mapping[str, str], figures: Figures) -> str:
        told = (f"{row[key]} {row['visits']}" for row in figures[section][:_MOST_BARS])
        return words["alt"].format(told="、".join(told) or insight_words()["nothing"])
    return said


_CHARTS: Mapping[str, tuple[Callable[[Any, Figures], None], float, float]] = {
    "solved": (_solved, 8, 3.2), "ends": (_ends, 8, 3.6), "matters": (_matters, 8, 4.6),
    "heat": (_heat, 8, 5.6), "topics": (_topics, 8, 4.6)}

_SAID = {"solved": _by_week, "ends": _by_week, "matters": _most("matters", "item"),
         "heat": _most("matters", "item"), "topics": _most("topics", "topic")}

__all__ = ["caption", "draw"]
