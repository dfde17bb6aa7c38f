"""The figures as tables, for pages and for files that spreadsheets open."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

from bot.learning.insight.words import insight_words

Cell = Union[str, int, float, None]
"""Text; a count; a share of 1, where it is a float; None where there is none."""

_ACTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula, or skips before one."""

_BOM = "\ufeff"
"""Tells spreadsheets that a file is UTF-8."""


@dataclass(frozen=True)
class Table:
    """A section of the figures: heads and rows as they are shown; ``first`` of them on the page."""

    name: str
    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    first: int
    part: str = ""

    @property
    def shown(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows that stand on the page."""
        return self.rows[: self.first]


def tables(figures: Mapping[str, Any]) -> list[Table]:
    """Return the figures (:func:`bot.learning.insight.figures.figures`) as tables."""
    words = insight_words()
    return [Table(name, told["title"], told["note"], tuple(told["columns"].values()),
                  _rows(figures[name], told["columns"]), told["first"],
                  words["parts"].get(name, ""))
            for name, told in words["tables"].items()]


def _rows(rows: Sequence[Mapping[str, Cell]], columns: Mapping[str, str]) -> tuple[Any, ...]:
    return tuple(tuple(row[key] for key in columns) for row in rows)


def csv_of(table: Table) -> bytes:
    """Return a table as CSV in UTF-8 that Excel opens as such; no cell of it acts there."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(map(_harmless, table.heads))
    writer.writerows(map(_written, table.rows))
    return (_BOM + out.getvalue()).encode("utf-8")


def in_words(cell: Cell) -> str:
    """Return a cell as people read it: shares in percent."""
    if isinstance(cell, float):
        return f"{cell:.1%}"
    return "" if cell is None else str(cell)


def _written(row: Sequence[Cell]) -> list[str]:
    return [_harmless(cell) if isinstance(cell, str) else in_words(cell) for cell in row]


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_ACTS) else text


__all__ = ["Cell", "Table", "csv_of", "in_words", "tables"]
