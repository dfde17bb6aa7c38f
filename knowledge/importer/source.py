"""The text of a guide as read from its file: lines, and rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.text import squeeze

_FEWEST_TABS = 3
"""A line with so many tabs is a row of a table, even with a single cell filled."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table row: its text (paragraphs by line breaks) and what merging tells.

    ``above`` is True for a cell that a merged one above covers, ``span`` the columns it fills.
    """

    text: str
    above: bool = False
    span: int = 1


@dataclass(frozen=True)
class Raw:
    """A paragraph or table row as a reader finds it; ``page`` from 1, 0 where unknown."""

    text: str = ""
    cells: tuple[Cell, ...] = ()
    table: int = 0
    page: int = 0
    edge: bool = False


@dataclass(frozen=True)
class Line:
    """A line of the source that holds something.

    ``number`` counts the lines of :attr:`Source.text` from 1, ``start`` the squeezed characters
    before it. A row of a table has ``cells``, and the number of its ``table``. ``edge`` marks the
    first and last lines of a page.
    """

    text: str
    number: int
    start: int
    cells: tuple[Cell, ...] = ()
    table: int = 0
    page: int = 0
    edge: bool = False


@dataclass(frozen=True)
class Source:
    """A guide as read: its whole text, its lines, whether merged cells are known, remarks.

    ``text`` is what citations are checked against; a row of a table is a line of it, with its
    cells parted by tabs. ``remarks`` are sentences (Chinese) on what could not be read.
    """

    text: str
    lines: tuple[Line, ...]
    merges_known: bool
    remarks: tuple[str, ...] = ()


def source(raw: Iterable[Raw], merges_known: bool, remarks: Iterable[str] = ()) -> Source:
    """Lay out what a reader found as one text."""
    rows = list(raw)
    text = "".join(f"{_printed(row)}\n" for row in rows)
    return Source(text, tuple(_lines(rows)), merges_known, tuple(remarks))


def of_text(text: str) -> Source:
    """Return a text as source; lines with tabs between their parts are rows of a table."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    raw, table, before = [], 0, 0
    for number, line in enumerate(lines):
        if "\t" not in line.strip() and line.count("\t") < _FEWEST_TABS:
            raw.append(Raw(line))
            continue
        table += 1 if number > before + 1 else 0
        if line.strip():
            before = number
        raw.append(Raw(cells=tuple(map(Cell, line.split("\t"))), table=table))
    return Source(text, tuple(_lines(raw)), merges_known=False)


def _printed(row: Raw) -> str:
    if not row.cells:
        return " ".join(row.text.split("\n"))
    return "\t".join(" ".join(cell.text.split()) for cell in row.cells)


def _lines(rows: Iterable[Raw]) -> Iterator[Line]:
    at = 0
    for number, row in enumerate(rows, start=1):
        size = len(squeeze(row.text)) + sum(len(squeeze(cell.text)) for cell in row.cells)
        if size:
            yield Line(row.text, number, at, row.cells, row.table, row.page, row.edge)
        at += size


__all__ = ["Cell", "Line", "Raw", "Source", "of_text", "source"]
