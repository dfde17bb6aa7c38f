"""Reading PDF: lines of text and ruled tables, page by page, in the order of print."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from knowledge.errors import BadInput
from knowledge.importer.marks import mark
from knowledge.importer.radicals import real_characters
from knowledge.importer.source import Cell, Raw, Source, source

_EDGE = 0.09
"""Share of a page's height at top and bottom where page numbers and running titles stand."""
_FEWEST_NUMBERS = 2
_UNREADABLE = re.compile(r"\(cid:\d+\)")
_MOST_UNREADABLE = 0.05
_NEAR = 3.0


def read_pdf(path: Path) -> Source:
    """Return the text of a PDF file.

    Raises:
        BadInput: encrypted, damaged, or its fonts do not tell which characters they show.
    """
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every odd font
    try:
        with pdfplumber.open(path) as document:
            rows = _without_page_numbers([r for page in document.pages for r in _page(page)])
    except Exception as error:  # the library raises whatever a damaged file makes it stumble over
        raise _bad(path, error) from None
    text = "".join(row.text + "".join(cell.text for cell in row.cells) for row in rows)
    unreadable = len(_UNREADABLE.findall(text))
    if unreadable > _MOST_UNREADABLE * max(len(text), 1) / 8:
        raise BadInput(f"{path.name} 的字体没有文字编码，读出来是乱码：请换一份 DOCX 或文本，"
                       "或先做文字识别（OCR）", "file")
    remarks = [f"有 {unreadable} 个字读不出来（cid），请对照原件"] if unreadable else []
    return source(_whole_tables(rows), True, remarks)


def _without_page_numbers(rows: Sequence[Raw]) -> list[Raw]:
    """Drop bare figures at page edges that count with the pages; they would read as text."""
    bare = [row for row in rows if row.edge and row.text.strip().isdecimal()]
    ahead = Counter(int(row.text) - row.page for row in bare)
    by, times = ahead.most_common(1)[0] if ahead else (0, 0)
    return [row for row in rows
            if times < _FEWEST_NUMBERS or row not in bare or int(row.text) - row.page != by]


def _bad(path: Path, error: Exception) -> BadInput:
    causes = f"{error!r} {error.__cause__!r} {error.__context__!r}"
    if "Password" in causes or "Encrypt" in causes:
        return BadInput(f"{path.name} 有密码或禁止复制文字：请先解除保护", "file")
    return BadInput(f"{path.name} 不是可读的 PDF 文件，可能已损坏", "file")


def _page(page: Any) -> Iterator[Raw]:
    """Yield lines and rows of a page from top to bottom."""
    tables = [table for table in page.find_tables() if _has_columns(table)]
    boxes = [table.bbox for table in tables]
    outside = page.filter(lambda thing: not any(_inside(thing, box) for box in boxes))
    placed = [(line["top"], _line(line, page)) for line in outside.extract_text_lines(
        return_chars=False, strip=False)]
    for table in tables:
        for row, texts in zip(table.rows, table.extract()):
            placed.append((row.bbox[1], _row(table, row, texts, page)))
    yield from (row for _, row in sorted(placed, key=lambda pair: pair[0]))


def _has_columns(table: Any) -> bool:
    return any(sum(1 for cell in row.cells if cell) > 1 for row in table.rows)


def _inside(thing: Any, box: Sequence[float]) -> bool:
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _line(line: Any, page: Any) -> Raw:
    middle = (line["top"] + line["bottom"]) / 2 / float(page.height)
    return Raw(real_characters(line["text"]), page=page.page_number,
               edge=middle < _EDGE or middle > 1 - _EDGE)


def _row(table: Any, row: Any, texts: Sequence[str | None], page: Any) -> Raw:
    """Return a row; a place without a cell of its own is covered from above or from the left."""
    cells: list[Cell] = []
    for n, (box, text) in enumerate(zip(row.cells, texts)):
        if box is None and not _covered_from_above(table, row, n) and cells:
            cells[-1] = Cell(cells[-1].text, cells[-1].above, cells[-1].span + 1)
        else:
            cells.append(Cell(_unwrapped(real_characters(text or "")), above=box is None))
    return Raw(cells=tuple(cells), table=1, page=page.page_number)


def _unwrapped(text: str) -> str:
    """Join the lines of a cell, which are broken by its width; paragraphs stay apart."""
    lines: list[str] = []
    for line in text.split("\n"):
        paragraph = mark(line).style or (lines and re.search("[。；;]$", lines[-1].strip()))
        if lines and not paragraph:
            lines[-1] += line
        else:
            lines.append(line)
    return "\n".join(lines)


def _covered_from_above(table: Any, row: Any, column: int) -> bool:
    top = row.bbox[1]
    for other in table.rows:
        box = other.cells[column] if column < len(other.cells) else None
        if box and box[1] < top - _NEAR and box[3] > top + _NEAR:
            return True
    return False


def _whole_tables(rows: Sequence[Raw]) -> Iterator[Raw]:
    """Number tables: rows that follow one another are one table, also across pages."""
    number, last = 0, 0
    for n, row in enumerate(rows):
        if not row.cells:
            yield row
            continue
        between = [other for other in rows[last:n] if not other.cells and not other.edge]
        number += 1 if number == 0 or any(other.text.strip() for other in between) else 0
        last = n
        yield Raw(row.text, row.cells, number, row.page, row.edge)


__all__ = ["read_pdf"]
