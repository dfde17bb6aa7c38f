"""Whether a confidence of 0.8 is right in 8 of 10 cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from bot.evaluation.labels import labels
from bot.evaluation.predict import UNCLEAR
from bot.evaluation.score import MEASURES, Figure, Pair
from bot.evaluation.tables import cells, printed, table

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Rows whose confidence lies in ``[low, high)``: mean confidence, and how many were right."""

    low: float
    high: float
    confidence: float
    figure: Figure


def bins(pairs: Iterable[Pair]) -> list[Bin]:
    """Return the rows with a labelled family, in bins of equal width; empty ones are left out.

    Where we ask back (unclear), the confidence is not that of a family: these rows do not count.
    """
    told: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for row, ours in pairs:
        right = MEASURES["family"](row, ours)
        if right is not None and ours.scope != UNCLEAR:
            told[min(int(ours.confidence * BINS), BINS - 1)].append((ours.confidence, right))
    return [_bin(n, rows) for n, rows in enumerate(told) if rows]


def _bin(n: int, rows: Sequence[tuple[float, bool]]) -> Bin:
    figure = Figure(sum(right for _, right in rows), len(rows))
    return Bin(n / BINS, (n + 1) / BINS, mean(confidence for confidence, _ in rows), figure)


def calibration_error(found: Sequence[Bin]) -> float:
    """Return the expected calibration error: the mean gap of confidence and share, by rows.

    After Naeini, Cooper & Hauskrecht, "Obtaining well calibrated probabilities", 2015.
    """
    total = sum(b.figure.n for b in found)
    return sum(b.figure.n * abs(b.confidence - b.figure.value) for b in found) / total


def calibration_report(pairs: Sequence[Pair]) -> str:
    """Return the bins in Chinese; '' where no family is labelled."""
    found, words = bins(pairs), labels()["calibration"]
    if not found:
        return ""
    shown = table("confidence", "counts", "share", "interval")
    for b in found:
        shown.add_row(f"{b.low:.1f}–{b.high:.1f}", *cells(b.figure))
    error = words["error"].format(error=calibration_error(found))
    return "\n".join([words["title"], printed(shown), error])


__all__ = ["BINS", "Bin", "bins", "calibration_error", "calibration_report"]
