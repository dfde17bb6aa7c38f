"""What ``yibao evaluate``, ``cross-validate`` and ``training-data`` do, each as one text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.evaluation import Evaluated, evaluate_file
from bot.evaluation import disturbed as disturbances
from bot.evaluation.calibration import calibration_report
from bot.evaluation.comparison import comparison_report, read_predictions
from bot.evaluation.cross_validation import SHARES, Validation, cross_validate
from bot.evaluation.decisions import decisions_report
from bot.evaluation.labels import labels
from bot.evaluation.learning_curve import curve_report, curves
from bot.evaluation.pages import write_between
from bot.evaluation.recorded import record
from bot.evaluation.report import report
from bot.evaluation.score import figures
from bot.evaluation.training_data import data_card, data_report
from bot.evaluation.worst import worst_report
from bot.nlu.examples import read_examples


@dataclass(frozen=True)
class Page:
    """A page of documentation and the mark between which a result is written."""

    file: Path
    mark: str


@dataclass(frozen=True)
class Wanted:
    """What is wanted of an evaluation beside its tables; files and folders to write to or None.

    ``compare`` is a predictions file of a previous model, ``disturbed`` whether the questions are
    also read as they are written worse.
    """

    predictions: Path | None = None
    compare: Path | None = None
    pictures: Path | None = None
    record: Path | None = None
    page: Page | None = None
    disturbed: bool = False


def evaluation(file: Path, wanted: Wanted) -> str:
    """Evaluate the questions of a file, write what is wanted, and return all tables.

    Raises:
        BadInput: a file cannot be read or written, or a line is none (the message names it).
        SetupError: there is no model, or no font for the pictures.
    """
    before = read_predictions(wanted.compare) if wanted.compare else None
    done = evaluate_file(file)
    tables = _tables(done, wanted)
    _write(done, wanted, tables)
    parts = [tables, worst_report(done.pairs)]
    if before is not None:
        parts.append(comparison_report(wanted.compare.name, done.pairs, before))
    return "\n\n".join(filter(None, parts))


def _tables(done: Evaluated, wanted: Wanted) -> str:
    parts = [done.report, calibration_report(done.pairs)]
    asked = disturbances.labelled(done.rows)
    if wanted.disturbed and asked:
        parts.append(disturbances.disturbed_report(disturbances.families(asked)))
    return "\n".join(filter(None, parts))


def _write(done: Evaluated, wanted: Wanted, tables: str) -> None:
    if wanted.predictions:
        done.write_predictions(wanted.predictions)
    if wanted.record:
        record(wanted.record, figures(done.pairs))
    if wanted.pictures and any(row.family for row in done.rows):
        from bot.evaluation.pictures import draw  # matplotlib takes a second

        draw(wanted.pictures, done.pairs)
    if wanted.page:
        write_between(wanted.page.file, wanted.page.mark, tables)


def cross_validation(curve: bool, pictures: Path | None, page: Page | None) -> str:
    """Cross-validate on the training utterances and return all tables.

    Args:
        curve: whether to train on parts of the data as well.
        pictures: a folder for the pictures, or None.
        page: where to write the tables as well, or None.

    Raises:
        BadInput: a file cannot be written.
        SetupError: there is no font for the pictures.
    """
    examples = read_examples()
    found = cross_validate(examples, SHARES if curve else (1.0,))
    grown = curves(found) if curve else {}
    text = _validated(len(examples), found[1.0])
    text = f"{text}\n{curve_report(grown)}" if curve else text
    if pictures:
        from bot.evaluation.pictures import draw, draw_curve

        draw(pictures, found[1.0].pairs)
        if curve:
            draw_curve(pictures, grown)
    if page:
        write_between(page.file, page.mark, text)
    return text


def _validated(utterances: int, whole: Validation) -> str:
    words, pairs = labels()["validation"], whole.pairs
    told = report(words["file"], words["model"], *zip(*pairs))
    messages = [(one.row, one.leaning) for one in whole.judged]
    note = words["note"].format(utterances=utterances, learnt=whole.learnt)
    return "\n".join([told, note, calibration_report(pairs), decisions_report(messages)])


def training_data(page: Page | None) -> str:
    """Return the data card of the training utterances; write it into a page if wanted.

    Raises:
        BadInput: the page cannot be written.
    """
    text = data_report(data_card(read_examples()))
    if page:
        write_between(page.file, page.mark, text)
    return text


__all__ = ["Page", "Wanted", "cross_validation", "evaluation", "training_data"]
