"""The figures as charts, drawn by matplotlib without a display."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure as Canvas

from bot.evaluation.pictures import chinese_font
from bot.learning.insight.captions import bars_of, days_of
from bot.learning.insight.visits import ENDS
from bot.learning.insight.words import insight_words

_DOTS, _SMALL, _CROWDED = 110, 8, 8
"""Dots per inch, points of small letters, and weeks from which on their days stand aslant."""

_MOST_CELLS = 20
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


def _solved(axes: Any, figures: Figures) -> None:
    weeks = [week for week in figures["weeks"] if week["visits"]]
    at, shares = days_of(weeks), np.array([week["share"] for week in weeks])
    interval = np.array([[week["low"], week["high"]] for week in weeks]).reshape(-1, 2)
    axes.errorbar(range(len(at)), shares, yerr=np.abs(interval.T - shares), fmt="o-", capsize=3,
                  color=_COLOURS[0])
    for n, share in enumerate(shares):
        axes.annotate(f"{share:.0%}", (n, share), textcoords="offset points", xytext=(6, 5))
    axes.set_xticks(range(len(at)), at, rotation=45 if len(at) > _CROWDED else 0)
    axes.set(ylim=(0, 1))
    axes.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1))
    axes.grid(axis="y", alpha=0.3)


def _ends(axes: Any, figures: Figures) -> None:
    weeks, names = figures["weeks"], insight_words()["tables"]["weeks"]["columns"]
    at, below = days_of(weeks), np.zeros(len(weeks))
    for end, colour in zip(ENDS, _COLOURS, strict=True):
        counts = np.array([week[end] for week in weeks])
        axes.bar(at, counts, bottom=below, color=colour, label=names[end], width=0.7)
        below += counts
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.tick_params(axis="x", rotation=45 if len(at) > _CROWDED else 0)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)


def _bars(name: str, axes: Any, figures: Figures) -> None:
    rows = bars_of(name, figures)[::-1]
    drawn = axes.barh(range(len(rows)), [visits for _, visits in rows], color=_COLOURS[0])
    axes.set_yticks(range(len(rows)), [_short(bar) for bar, _ in rows])
    axes.bar_label(drawn, padding=3)
    axes.xaxis.get_major_locator().set_params(integer=True)
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
    axes.set_xticks(range(len(weeks)), days_of(figures["weeks"]), rotation=45)
    axes.set_yticks(range(len(names)), map(_short, names))


def _short(name: str) -> str:
    """Return what a matter is called where there is little room."""
    longest = insight_words()["longest_name"]
    return name if len(name) <= longest else name[: longest - 1] + "…"


_CHARTS: Mapping[str, tuple[Callable[[Any, Figures], None], float, float]] = {
    "solved": (_solved, 8, 3.2), "ends": (_ends, 8, 3.6), "heat": (_heat, 8, 5.6),
    "matters": (partial(_bars, "matters"), 8, 4.6), "topics": (partial(_bars, "topics"), 8, 4.6)}

__all__ = ["draw"]
