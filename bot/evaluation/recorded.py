"""Figures that were reached once, and whether later ones have dropped below them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml
from scipy.stats import binomtest

from bot.errors import BadInput
from bot.evaluation.labels import labels
from bot.evaluation.score import LOWER_IS_BETTER, Figure
from knowledge.store import read_yaml

_BY_CHANCE = 0.05
_HEAD = """\
# What was reached, as measure: [right, rows]; a test fails where a figure drops below by more than
# its noise (bot/evaluation/recorded.py). Written by `yibao evaluate QUESTIONS --record THIS_FILE`.
"""


def dropped(name: str, recorded: Figure, ours: Figure) -> bool:
    """Tell whether a figure is worse than the recorded one by more than its noise.

    The noise is that of a sample: were the model as good as recorded, as few right rows as ours,
    or fewer, would come of other questions of the same kind in less than 5 of 100 cases (exact
    binomial test, one-sided). Both figures come of the same questions, on which two models differ
    by less than on other ones; so what fails here is worse for certain, and a loss of a row or two
    after a change of the data does not. The recorded share is taken as (right + 1) / (n + 2), as
    a figure without an error would else have no noise at all. Of measures that count errors the
    test looks for too many.

    Args:
        name: the measure.
        recorded, ours: its figures on the same questions.
    """
    share = (recorded.right + 1) / (recorded.n + 2)
    worse = "greater" if name in LOWER_IS_BETTER else "less"
    return binomtest(ours.right, ours.n, share, alternative=worse).pvalue < _BY_CHANCE


def read_recorded(file: Path) -> dict[str, Figure]:
    """Return the recorded figure of each measure."""
    return {name: Figure(right, n, name == "partly")
            for name, (right, n) in read_yaml(file).items()}


def record(file: Path, found: Mapping[str, Figure]) -> None:
    """Write figures to a file.

    Raises:
        BadInput: it cannot be written.
    """
    told = {name: [found[name].right, found[name].n] for name in labels()["measures"]
            if name in found}
    text = yaml.safe_dump(told, default_flow_style=None, sort_keys=False)
    try:
        file.write_text(_HEAD + text, encoding="utf-8")
    except OSError:
        raise BadInput(f"写不了 {file}：没有这个文件夹，或者没有权限", "record") from None


__all__ = ["dropped", "read_recorded", "record"]
