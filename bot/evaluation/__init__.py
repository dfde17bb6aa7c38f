"""Measuring the understanding on labelled questions that were never training data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bot.errors import BadInput
from bot.evaluation.labels import labels
from bot.evaluation.predict import Prediction, predict
from bot.evaluation.report import report
from bot.evaluation.rows import Row, read_rows
from bot.evaluation.score import Pair
from bot.running import trained_model


@dataclass(frozen=True)
class Evaluated:
    """The questions of a file, our reading of each, and the model that read them."""

    file: Path
    model: str
    rows: list[Row]
    made: list[Prediction]

    @property
    def pairs(self) -> list[Pair]:
        """The rows with our readings, as the measures take them."""
        return list(zip(self.rows, self.made, strict=True))

    @property
    def report(self) -> str:
        """The figures, overall and by source (Chinese, plain text, aligned)."""
        return report(self.file.name, self.model, self.rows, self.made)

    def write_predictions(self, path: Path) -> None:
        """Write our reading of each row, one JSON object per line.

        Raises:
            BadInput: the file cannot be written.
        """
        lines = (json.dumps({"id": row.id, **made.as_dict()}, ensure_ascii=False) + "\n"
                 for row, made in self.pairs)
        try:
            path.write_text("".join(lines), encoding="utf-8")
        except OSError:
            raise BadInput(
                f"写不了 {path}：没有这个文件夹，或者没有权限", "predictions") from None


def evaluate_file(file: Path) -> Evaluated:
    """Return our readings of the questions of a file, with a word of progress on stderr.

    Args:
        file: one JSON object per line, with ``text`` and whatever labels it has.

    Raises:
        BadInput: the file cannot be read, or a line is no question (the message names it).
        SetupError: there is no model and it could not be trained.
    """
    rows, model = read_rows(file), trained_model()
    console = Console(stderr=True)
    with console.status(labels()["waiting"]["reading"].format(rows=len(rows))):
        made = predict([row.text for row in rows], model)
    return Evaluated(file, model.name.removesuffix(".tar.gz"), rows, made)


__all__ = ["Evaluated", "Prediction", "evaluate_file", "predict"]
