"""How the figures grow with the training data, and what twice the data would bring.

Accuracy follows a - b·n^-c well over a range of n (Hestness et al., "Deep learning scaling is
predictable, empirically", 2017); that it goes on so is an assumption, and the interval tells only
the noise of the points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import curve_fit

from bot.evaluation.cross_validation import Validation
from bot.evaluation.labels import labels
from bot.evaluation.score import Figure, figures
from bot.evaluation.tables import cells, printed, table

MEASURES = ("family", "item", "facet")
_DRAWS, _SEED = 200, 0
_START, _LEAST, _MOST = (0.9, 1.0, 0.4), (0.0, 0.0, 0.05), (1.0, 50.0, 2.0)
"""a, b and c: where the fit begins, and their bounds."""


@dataclass(frozen=True)
class Point:
    """How many utterances were learnt from, and the figure that came of it."""

    learnt: int
    figure: Figure


@dataclass(frozen=True)
class Curve:
    """a - b·n^-c through the points of one measure, and what it says of twice the data.

    ``low`` and ``high`` hold nine of ten fits to points that are drawn anew within their noise.
    """

    points: tuple[Point, ...]
    shape: tuple[float, float, float]
    doubled: float
    low: float
    high: float

    def __call__(self, n: float) -> float:
        """Return the accuracy after n utterances, 0 to 1."""
        return float(_accuracy(n, *self.shape))


def curves(validations: Mapping[float, Validation]) -> dict[str, Curve]:
    """Return a curve for each measure of which every validation has a figure."""
    found = [(v.learnt, figures(v.pairs)) for v in validations.values()]
    return {name: fitted([Point(n, figure[name]) for n, figure in found])
            for name in MEASURES if all(name in figure for _, figure in found)}


def fitted(points: Sequence[Point]) -> Curve:
    """Return the curve through at least three points."""
    n = np.array([p.learnt for p in points], float)
    shares = np.array([p.figure.value for p in points])
    # A figure of 0 or 1 is no figure without noise: one more of either kind keeps it from that.
    noise = np.array([_noise(p.figure) for p in points])
    shape = _fit(n, shares, noise)
    random = np.random.default_rng(_SEED)
    drawn = (_fit(n, random.normal(shares, noise), noise) for _ in range(_DRAWS))
    doubled = [_accuracy(2 * n.max(), *each) for each in drawn]
    low, high = np.quantile(doubled, [0.05, 0.95])
    return Curve(tuple(points), shape, float(_accuracy(2 * n.max(), *shape)), low, high)


def _noise(figure: Figure) -> float:
    share = (figure.right + 1) / (figure.n + 2)
    return float(np.sqrt(share * (1 - share) / figure.n))


def _fit(n: np.ndarray, shares: np.ndarray, noise: np.ndarray) -> tuple[float, float, float]:
    found, _ = curve_fit(_accuracy, n, shares, _START, noise, bounds=(_LEAST, _MOST),
                         max_nfev=10_000)
    return tuple(map(float, found))


def _accuracy(n: np.ndarray | float, a: float, b: float, c: float) -> np.ndarray | float:
    return a - b * n**-c


def curve_report(found: Mapping[str, Curve]) -> str:
    """Return the points and what twice the data would bring, in Chinese."""
    words, measures = labels()["curve"], labels()["measures"]
    shown = table("measure", "size", "counts", "share", "interval")
    for name, curve in found.items():
        for point in curve.points:
            first = measures[name] if point is curve.points[0] else ""
            shown.add_row(first, str(point.learnt), *cells(point.figure),
                          end_section=point is curve.points[-1])
    expected = [words["doubled"].format(measure=measures[name], curve=curve,
                                        gain=curve.doubled - curve.points[-1].figure.value)
                for name, curve in found.items()]
    return "\n".join([words["title"], printed(shown), *expected, words["note"]])


__all__ = ["MEASURES", "Curve", "Point", "curve_report", "curves", "fitted"]
