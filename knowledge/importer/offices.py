"""Tables of counters: which lines they are, and the office of each row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.importer.names import place_of
from knowledge.importer.pieces import Piece
from knowledge.importer.source import Line
from knowledge.importer.vocabulary import vocabulary
from knowledge.text import squeeze

_PHONE = re.compile(r"(?:\(?0\d{2,3}\)?[-—－ ]?)?\d{5,8}(?:[-—转]\d{1,4})*|\d{5}")
_EXTENDED = re.compile(rf"(?:{_PHONE.pattern})(?:\s*转\s*\d+)?")
_PHONES_ONLY = re.compile(r"(?=.*\d{5})[\d\s\-—－、,，;；/()（）转]+")
_LONGEST_ROW = 9
_COLUMNS = ("number", "phone", "address", "name")


@dataclass(frozen=True)
class OfficeRow:
    """A row of a table of counters: the whole as printed, and what could be read of it."""

    piece: Piece
    name: str = ""
    address: str = ""
    phones: tuple[str, ...] = ()
    code: str = ""


@dataclass
class OfficeTable:
    """A table of counters: its heading, the header's cells, its rows; ``lines`` it takes up."""

    heading: list[Piece] = field(default_factory=list)
    header: list[Piece] = field(default_factory=list)
    rows: list[OfficeRow] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)


def office_tables(lines: Sequence[Line]) -> list[OfficeTable]:
    """Return the tables of counters among the lines of a guide."""
    found: list[OfficeTable] = []
    at = 0
    while at < len(lines):
        table, after = _as_table(lines, at) if lines[at].cells else _as_list(lines, at)
        if table:
            _take_heading(table, lines, at)
            found.append(table)
        at = max(after, at + 1)
    return found


def _column(text: str) -> str:
    words, known = squeeze(text), vocabulary().offices
    if not words or len(words) > 16:
        return ""
    table = {name: getattr(known, name) for name in _COLUMNS}
    return next((n for n, ps in table.items() if any(re.fullmatch(p, words) for p in ps)), "")


def _is_header(columns: Sequence[str]) -> bool:
    return {"phone", "address"} <= set(columns) or {"phone", "name", "number"} <= set(columns)


def _as_table(lines: Sequence[Line], at: int) -> tuple[OfficeTable | None, int]:
    """Read a table whose rows are rows of the source, its header at ``at``."""
    columns = [_column(cell.text) for cell in lines[at].cells]
    if not _is_header(columns) or not all(columns[n] or not squeeze(cell.text)
                                          for n, cell in enumerate(lines[at].cells)):
        return None, at + 1
    table = OfficeTable(header=[_whole(lines[at])], lines={at})
    end = at + 1
    while end < len(lines) and lines[end].cells and lines[end].table == lines[at].table:
        texts = [" ".join(cell.text.split()) for cell in lines[end].cells]
        table.rows.append(_row(_whole(lines[end]), texts, columns))
        table.lines.add(end)
        end += 1
    return (table if table.rows else None), end


def _as_list(lines: Sequence[Line], at: int) -> tuple[OfficeTable | None, int]:
    """Read a table whose cells stand one below the other, its header beginning at ``at``."""
    columns: list[str] = []
    end = at
    while end < len(lines) and not lines[end].cells and (column := _column(lines[end].text)):
        if column in columns:
            break
        columns.append(column)
        end += 1
    if not _is_header(columns) or len(columns) < 3:
        return None, at + 1
    table = OfficeTable(header=[_of(lines[n]) for n in range(at, end)], lines=set(range(at, end)))
    _add_listed_rows(table, lines, end, columns)
    return (table if table.rows else None), max(table.lines) + 1


def _add_listed_rows(
    table: OfficeTable, lines: Sequence[Line], at: int, columns: Sequence[str]
) -> None:
    row: list[int] = []
    for n in range(at, len(lines)):
        row.append(n)
        if lines[n].cells or len(row) > _LONGEST_ROW:
            return
        if _PHONES_ONLY.fullmatch(lines[n].text.strip()) and len(row) > 1:
            texts = [" ".join(lines[k].text.split()) for k in row]
            whole = Piece(" ".join(texts), lines[row[0]].start, lines[row[0]].number)
            table.rows.append(_row(whole, texts, columns))
            table.lines.update(row)
            row = []


def _row(whole: Piece, texts: Sequence[str], columns: Sequence[str]) -> OfficeRow:
    cells = dict.fromkeys(_COLUMNS, "")
    if len(texts) == len(columns):
        for column, text in zip(columns, texts):
            cells[column] = cells.get(column) or text
    phones = tuple(m.group() for m in _PHONE.finditer(cells["phone"]))
    place = place_of(cells["name"])
    return OfficeRow(whole, cells["name"], cells["address"], phones, place.code if place else "")


def _take_heading(table: OfficeTable, lines: Sequence[Line], at: int) -> None:
    before = lines[at - 1] if at else None
    if before and not before.cells and len(squeeze(before.text)) <= 30 and not re.search(
            "[。；：:]$", before.text.strip()) and re.search(
            vocabulary().offices.heading, squeeze(before.text)):
        table.heading = [_of(before)]
        table.lines.add(at - 1)


def _of(line: Line) -> Piece:
    return Piece(line.text, line.start, line.number)


def _whole(line: Line) -> Piece:
    text = " ".join(" ".join(cell.text.split()) for cell in line.cells)
    return Piece(text, line.start, line.number)


def phones_in(text: str) -> list[str]:
    """Return the telephone numbers in a text, as printed."""
    return [m.group() for m in _EXTENDED.finditer(text)]


__all__ = ["OfficeRow", "OfficeTable", "office_tables", "phones_in"]
