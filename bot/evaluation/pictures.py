"""Pictures of an evaluation, drawn by matplotlib without a display."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.figure import Figure as Canvas

from bot.errors import BadInput, SetupError
from bot.evaluation.calibration import bins, calibration_error
from bot.evaluation.labels import labels
from bot.evaluation.learning_curve import Curve
from bot.evaluation.score import MEASURES, Pair, without_remark

_SIZE, _DOTS = (7.0, 5.5), 110
_SMALL = 7
_DARK = 0.5
"""Share of a row from which the figure on it is white."""


def chinese_font() -> str:
    """Return the name of an installed font with Chinese characters.

    Raises:
        SetupError: there is none of those in ``labels.yml``.
    """
    wanted = labels()["pictures"]["fonts"]
    found = _first(wanted)
    if not found:
        # matplotlib remembers the fonts of its first run: one may be new.
        for path in font_manager.findSystemFonts():
            font_manager.fontManager.addfont(path)
        found = _first(wanted)
    if not found:
        raise SetupError("没有中文字体，画不了图：请运行 scripts/install-system-packages.sh，"
                         f"或者安装其中之一：{'、'.join(wanted)}")
    return found


def _first(wanted: Sequence[str]) -> str:
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in wanted if name in installed), "")


def draw(folder: Path, pairs: Sequence[Pair]) -> list[Path]:
    """Draw the confusion of families and the calibration; return the files.

    Args:
        folder: where to, made if need be.
        pairs: rows with our readings, at least one of them with a family.

    Raises:
        BadInput: the folder cannot be made or written to.
        SetupError: there is no Chinese font.
    """
    return [drawn(folder / "confusion.png", _confusion, pairs),
            drawn(folder / "calibration.png", _calibration, pairs)]


def draw_curve(folder: Path, found: Mapping[str, Curve]) -> Path:
    """Draw the learning curve with what twice the data would bring; return the file."""
    return drawn(folder / "learning_curve.png", _curve, found)


def drawn(path: Path, picture: Callable[[Any, Any], None], shown: Any) -> Path:
    """Draw a picture into a file, with Chinese characters; return the file.

    Args:
        path: its folder is made if need be.
        picture: draws on the axes it is given what is to be shown.
        shown: what is to be shown.

    Raises:
        BadInput: the folder cannot be made or written to.
        SetupError: there is no Chinese font.
    """
    style = {"font.family": chinese_font(), "axes.unicode_minus": False}
    with matplotlib.rc_context(style):
        canvas = Canvas(figsize=_SIZE, dpi=_DOTS)
        picture(canvas.subplots(), shown)
        canvas.tight_layout()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Without the version of matplotlib the same figures make the same file.
            canvas.savefig(path, metadata={"Software": None})
        except OSError:
            raise BadInput(f"写不了 {path}：没有权限，或者不是文件夹", "pictures") from None
    return path


def confusion(pairs: Sequence[Pair]) -> tuple[list[str], np.ndarray]:
    """Return the families that occur, and how often each (rows) was taken for each (columns).

    An accepted other family counts as the labelled one; no family of ours as asked back.
    """
    counted: Counter[tuple[str, str]] = Counter()
    for row, ours in pairs:
        if row.family:
            gold = without_remark(row.family)
            taken = without_remark(ours.family) or labels()["asked_back"]
            counted[gold, gold if MEASURES["family"](row, ours) else taken] += 1
    sizes = Counter(name for pair in counted.elements() for name in pair)
    names = [name for name, _ in sizes.most_common()]
    return names, np.array([[counted[gold, ours] for ours in names] for gold in names])


def _confusion(axes, pairs: Sequence[Pair]) -> None:
    names, counted = confusion(pairs)
    words, share = labels()["pictures"], counted / np.maximum(counted.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (row, column), n in np.ndenumerate(counted):
        if n:
            axes.text(column, row, n, ha="center", va="center", fontsize=_SMALL,
                      color="white" if share[row, column] > _DARK else "black")
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=_SMALL)
    axes.set_yticks(range(len(names)), names, fontsize=_SMALL)
    axes.set(xlabel=words["ours"], ylabel=words["gold"], title=words["confusion"])


def _calibration(axes, pairs: Sequence[Pair]) -> None:
    found, words = bins(pairs), labels()["pictures"]
    shares = np.array([b.figure.value for b in found])
    intervals = np.array([b.figure.interval for b in found])
    axes.plot([0, 1], [0, 1], "--", color="grey", linewidth=1)
    axes.errorbar([b.confidence for b in found], shares,
                  yerr=np.abs(intervals.T - shares), fmt="o-", capsize=3)
    for b in found:
        axes.annotate(f"{b.figure.n}", (b.confidence, b.figure.value), fontsize=_SMALL,
                      textcoords="offset points", xytext=(5, -10))
    title = words["calibration"].format(error=calibration_error(found))
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel=words["confidence"], ylabel=words["right"],
             title=title)


def _curve(axes, found: Mapping[str, Curve]) -> None:
    words = labels()["pictures"]
    for name, curve in found.items():
        n = np.array([point.learnt for point in curve.points])
        shares = np.array([point.figure.value for point in curve.points])
        intervals = np.array([point.figure.interval for point in curve.points])
        drawn = axes.errorbar(n, shares, yerr=np.abs(intervals.T - shares), fmt="o", capsize=3,
                              label=labels()["measures"][name])
        colour, steps = drawn[0].get_color(), np.geomspace(n.min(), 2 * n.max())
        axes.plot(steps, [curve(step) for step in steps], "--", color=colour, linewidth=1)
        # The middle of the fits drawn anew may lie beside the fit itself.
        beside = [[max(curve.doubled - curve.low, 0)], [max(curve.high - curve.doubled, 0)]]
        axes.errorbar(2 * n.max(), curve.doubled, beside, fmt="s", color=colour, capsize=3,
                      mfc="white")
    axes.set_xscale("log")
    axes.set(xlabel=words["learnt"], ylabel=words["share"], title=words["curve"])
    axes.legend(loc="lower right")


__all__ = ["chinese_font", "confusion", "draw", "draw_curve", "drawn"]
