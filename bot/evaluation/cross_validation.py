"""Cross-validation on the training utterances: the same measures, without any held-out question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat

from rich.console import Console
from rich.progress import track

from bot.evaluation.decisions import Leaning, leaning
from bot.evaluation.folds import Fold, folds, row_of
from bot.evaluation.labels import labels
from bot.evaluation.predict import Prediction, prediction
from bot.evaluation.rows import Row
from bot.evaluation.score import Pair
from bot.nlu import reader
from bot.nlu.examples import Example
from bot.nlu.normalise import normalise
from bot.understanding import Understanding

SHARES = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
"""Shares of the training groups that the learning curve is measured at."""


@dataclass(frozen=True)
class Judged:
    """An utterance as a question, read by a model that learnt from nothing like it."""

    row: Row
    ours: Prediction
    leaning: Leaning


@dataclass(frozen=True)
class Validation:
    """All utterances as they were read, and how many were learnt from (mean of the folds)."""

    judged: tuple[Judged, ...]
    learnt: int

    @property
    def pairs(self) -> list[Pair]:
        """The rows with our readings, as the measures take them."""
        return [(one.row, one.ours) for one in self.judged]


def cross_validate(
    examples: Sequence[Example], shares: Sequence[float] = (1.0,)
) -> Mapping[float, Validation]:
    """Return the cross-validation for each share of the data that is learnt from.

    Folds are trained and read in processes of their own, with all of ``SHARES`` five minutes for
    twelve thousand utterances on two cores; a progress bar goes to stderr.
    """
    jobs = [(share, fold) for share in shares for fold in folds(examples, share)]
    with ProcessPoolExecutor() as processes:
        done = processes.map(_judged, repeat(examples), [fold for _, fold in jobs])
        judged = list(track(done, labels()["waiting"]["folds"], len(jobs),
                            console=Console(stderr=True)))
    return {share: _joined([(fold, found) for (of, fold), found in zip(jobs, judged, strict=True)
                            if of == share])
            for share in shares}


def _joined(found: Sequence[tuple[Fold, Sequence[Judged]]]) -> Validation:
    learnt = sum(len(fold.learnt) for fold, _ in found) // len(found)
    return Validation(tuple(one for _, judged in found for one in judged), learnt)


def _judged(examples: Sequence[Example], fold: Fold) -> list[Judged]:
    rows = ((row_of(examples[n]), reading) for n, reading in readings(examples, fold))
    return [Judged(row, prediction(row.text, reading), leaning(reading))
            for row, reading in rows if row]


def readings(
    examples: Sequence[Example], fold: Fold
) -> Iterator[tuple[int, Understanding]]:
    """Train on what a fold learns from; yield the index and the reading of each other utterance."""
    trained = reader.train([examples[n] for n in fold.learnt])
    for n in fold.read.tolist():
        yield n, trained.read(examples[n].text, normalise(examples[n].text))


__all__ = ["SHARES", "Judged", "Validation", "cross_validate", "readings"]
