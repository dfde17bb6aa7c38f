"""What became right and what became wrong since the predictions of a previous model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scipy.stats import binomtest

from bot.errors import BadInput
from bot.evaluation.labels import labels
from bot.evaluation.predict import Prediction
from bot.evaluation.rows import Row
from bot.evaluation.score import LOWER_IS_BETTER, MEASURES, Pair
from bot.evaluation.tables import cut, printed, table

_TEXT_WIDTH = 60
_SHOWN = {"family": "family", "item": "item", "facet": "facets", "first_facet": "facets",
          "choices": "choices", "partly": "scope", "outside": "family", "refused": "scope",
          "unclear": "scope", "place": "region", "role": "region_role", "in_kb": "region_in_kb"}
"""The field of a prediction that a measure looks at."""


@dataclass(frozen=True)
class Change:
    """A row that one of two models has right and the other wrong."""

    row: Row
    before: Prediction
    after: Prediction


@dataclass(frozen=True)
class Changes:
    """The rows of a measure that became right, and those that became wrong."""

    right: tuple[Change, ...]
    wrong: tuple[Change, ...]

    @property
    def p(self) -> float:
        """McNemar's exact p, two-sided: how likely as uneven a split is by chance."""
        n = len(self.right) + len(self.wrong)
        return binomtest(len(self.right), n).pvalue if n else 1.0


def read_predictions(file: Path) -> dict[str, Prediction]:
    """Return the predictions of a file that ``yibao evaluate --predictions`` wrote, by text.

    Raises:
        BadInput: the file cannot be read, or a line is no prediction.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"读不了 {file}：没有这个文件，或者不是文本", "compare") from None
    made = (_prediction(line, f"{file.name} 第 {n} 行") for n, line in enumerate(lines, 1) if line)
    return {prediction.text: prediction for prediction in made}


def _prediction(line: str, place: str) -> Prediction:
    try:
        return Prediction.from_dict(json.loads(line))
    except (ValueError, TypeError, KeyError):
        raise BadInput(f"{place}：不是 --predictions 写出的一行判断", "compare") from None


def changes(pairs: Iterable[Pair], before: dict[str, Prediction]) -> dict[str, Changes]:
    """Return what changed, by measure; measures that nothing is labelled for are left out.

    Args:
        pairs: rows with the readings of the present model.
        before: the readings of the previous one by text; rows that it lacks are left out.
    """
    both = [(row, before[row.text], after) for row, after in pairs if row.text in before]
    found = {name: _changes(name, both) for name in MEASURES}
    return {name: change for name, change in found.items() if change}


def _changes(name: str, both: Sequence[tuple[Row, Prediction, Prediction]]) -> Changes | None:
    right, wrong, scored = [], [], False
    for row, before, after in both:
        was, is_now = (_is_good(name, row, made) for made in (before, after))
        scored = scored or was is not None or is_now is not None
        # Not scored beside scored: nothing was labelled and nothing claimed, so nothing is wrong.
        was, is_now = was is not False, is_now is not False
        if was != is_now:
            (right if is_now else wrong).append(Change(row, before, after))
    return Changes(tuple(right), tuple(wrong)) if scored else None


def _is_good(name: str, row: Row, made: Prediction) -> bool | None:
    hit = MEASURES[name](row, made)
    return hit if hit is None else hit != (name in LOWER_IS_BETTER)


def comparison_report(file: str, pairs: Sequence[Pair], before: dict[str, Prediction]) -> str:
    """Return the changes in Chinese: counts with McNemar's p, then row by row.

    Raises:
        BadInput: no row is in both.
    """
    words, common = labels()["comparison"], sum(row.text in before for row, _ in pairs)
    if not common:
        raise BadInput(f"{file} 里没有一条是这份问题的判断", "compare")
    found, measures = changes(pairs, before), labels()["measures"]
    counted = table("measure", "became_right", "became_wrong", "p")
    for name in measures:
        if change := found.get(name):
            counted.add_row(measures[name], str(len(change.right)), str(len(change.wrong)),
                            f"{change.p:.3f}")
    title = words["title"].format(file=file, rows=common, left_out=len(pairs) - common)
    listed = [line for name in measures if name in found for line in _listed(name, found[name])]
    return "\n".join([title, printed(counted), words["note"], *listed])


def _listed(name: str, change: Changes) -> list[str]:
    words, field = labels()["comparison"], _SHOWN[name]
    lines = []
    for kind, rows in (("right", change.right), ("wrong", change.wrong)):
        for one in rows:
            lines.append(words[kind].format(
                id="" if one.row.id is None else one.row.id, text=cut(one.row.text, _TEXT_WIDTH),
                before=_said(getattr(one.before, field)), after=_said(getattr(one.after, field))))
    title = words["measure"].format(measure=labels()["measures"][name])
    return [title, *lines] if lines else []


def _said(value: object) -> str:
    return "、".join(value) if isinstance(value, tuple) else str(value or labels()["nothing"])


__all__ = ["Change", "Changes", "changes", "comparison_report", "read_predictions"]
