"""Measuring the understanding on labelled questions that were never training data."""

from __future__ import annotations

import json
from pathlib import Path

from bot.errors import BadInput
from bot.evaluation.predict import Prediction, predict
from bot.evaluation.report import report
from bot.evaluation.rows import Row, read_rows
from bot.running import trained_model


def evaluate_file(file: Path, predictions: Path | None) -> str:
    """Return the report on the questions of a JSONL file (Chinese, plain text, aligned).

    Args:
        file: one JSON object per line, with ``text`` and whatever labels it has.
        predictions: where to write our reading of each row, or None.

    Raises:
        BadInput: a file cannot be read or written, or a line is none (the message names it).
    """
    rows, model = read_rows(file), trained_model()
    made = predict([row.text for row in rows], model)
    if predictions:
        _write(predictions, rows, made)
    return report(file.name, model.name.removesuffix(".tar.gz"), rows, made)


def _write(path: Path, rows: list[Row], made: list[Prediction]) -> None:
    lines = (
        json.dumps({"id": row.id, **prediction.as_dict()}, ensure_ascii=False) + "\n"
        for row, prediction in zip(rows, made, strict=True)
    )
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError:
        raise BadInput(f"写不了 {path}：没有这个文件夹，或者没有权限", "predictions") from None


__all__ = ["Prediction", "evaluate_file", "predict"]
