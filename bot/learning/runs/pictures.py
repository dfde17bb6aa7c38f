"""Pictures of a comparison, drawn by matplotlib without a display."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.evaluation.pictures import drawn
from bot.learning.runs.words import words

_LIVE, _NEW, _WORSE = "#6b7683", "#1f6fb2", "#c0392b"
_APART = 0.18
"""Half the distance of the two models' marks, where lines are 1 apart."""


def draw_comparison(folder: Path, result: Mapping[str, Any]) -> list[dict[str, str]]:
    """Draw the figures of both models, and what turned right and wrong; tell what was drawn.

    Args:
        folder: where to, made if need be.
        result: ``result.json``, with its ``questions``.

    Returns:
        ``[{"file", "caption", "alt"}]`` in Chinese.

    Raises:
        SetupError: there is no Chinese font.
    """
    questions = result["questions"]
    drawn(folder / "measures.png", _figures,
          [(m["label"], m) for m in questions["measures"] if m["main"]])
    drawn(folder / "families.png", _figures,
          [(words()["family_line"].format(**f), f) for f in questions["families"]])
    drawn(folder / "turned.png", _turned, questions["families"])
    told = words()["pictures"]
    return [{"file": f"{name}.png", "caption": told[name]["caption"],
             "alt": told[name]["alt"].format(told=_in_words(name, questions))}
            for name in ("measures", "families", "turned")]


def _figures(axes: Any, lines: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    places = np.arange(len(lines))[::-1]
    for side, colour, label, shift in (("live", _LIVE, words()["live"], _APART),
                                       ("new", _NEW, words()["new"], -_APART)):
        found = [line[side] for _, line in lines]
        shares = np.array([figure["value"] for figure in found])
        beside = np.array([[f["value"] - f["low"], f["high"] - f["value"]] for f in found])
        axes.errorbar(shares, places + shift, xerr=np.maximum(beside, 0).T, fmt="o", capsize=3,
                      color=colour, label=label)
    axes.set_yticks(places, [name for name, _ in lines])
    for tick, (_, line) in zip(axes.get_yticklabels(), lines):
        tick.set_color(_WORSE if line["worse"] else "black")
    axes.set(xlabel=words()["pictures"]["share"], xlim=(-0.02, 1.02))
    axes.legend(loc="best")


def _turned(axes: Any, families: Sequence[Mapping[str, Any]]) -> None:
    places, told = np.arange(len(families))[::-1], words()["pictures"]
    axes.barh(places, [f["became_right"] for f in families], color=_NEW, label=told["right"])
    axes.barh(places, [-f["became_wrong"] for f in families], color=_WORSE, label=told["wrong"],
              hatch="//", edgecolor="white")
    axes.set_yticks(places, [f["family"] for f in families])
    most = max([1, *(max(f["became_right"], f["became_wrong"]) for f in families)])
    axes.set(xlabel=told["messages"], xlim=(-most - 0.5, most + 0.5))
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.legend(loc="best")


def _in_words(name: str, questions: Mapping[str, Any]) -> str:
    told, lines = words()["pictures"], questions["families"]
    if name == "measures":
        lines = [m for m in questions["measures"] if m["main"]]
    form = told["turned_line"] if name == "turned" else told["line"]
    return words()["and"].join(
        form.format(line.get("label") or line["family"], **line) for line in lines)


__all__ = ["draw_comparison"]
