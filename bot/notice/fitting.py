"""How large a sheet can be printed: the largest type with which it fits one page of A4.

Type is not measured here: rows are counted as the style sheet lays them out (``notice.css``), and
``notice.yml`` says how many of them a page holds in each size. The browser tests print the sheets
of all items and count the pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil

from bot.notice.sheet import Line, Part, Sheet
from bot.notice.texts import texts

_CONDITION, _CONDITIONAL = 0.36, 0.56
"""Shares of the width that a condition has, and the lines beside it."""
_HALF = 0.46
_HEADING = 1.7
"""Rows that a heading takes with the space above it."""
_WARNING = 2.5
_MANY = 3
"""Lines from which on a part of the area *where* takes both columns."""
_GAP = 0.2
"""Rows of space between two lines."""


def size_of(sheet: Sheet, warned: bool = False) -> str:
    """Return the name of the largest size of ``notice.yml`` with which the sheet fits a page.

    Args:
        sheet: the sheet.
        warned: whether a warning stands above it.
    """
    sizes, above = texts()["sizes"], _WARNING if warned else 0
    fitting = (name for name, page in sizes.items()
               if above + rows(sheet, page["letters"]) <= page["rows"])
    return next(fitting, list(sizes)[-1])


def rows(sheet: Sheet, width: int) -> float:
    """Return how many rows a sheet takes where a row holds ``width`` letters."""
    leads = sum(_wrapped(len(lead), width) for lead in (*sheet.leads, "；".join(sheet.told)))
    return leads + sum(_area(sheet, area, kinds, width) for area, kinds in texts()["areas"].items())


def _area(sheet: Sheet, area: str, kinds: Iterable[str], width: int) -> float:
    parts = [part for kind in kinds if (part := sheet.part(kind))]
    if area == "bring" or len(parts) == 1 and area != "more":
        return sum(_part(part, width) for part in parts)
    running = sum(_letters(line) for part in parts for line in part.lines if part.kind == "basis")
    wide = [part for part in parts if area == "where" and len(part.lines) > _MANY]
    beside = [_part(p, width * _HALF) for p in parts if p not in wide and p.kind != "basis"]
    tallest = 0 if area == "more" else max(beside, default=0)  # only there may a part be split
    return (max(tallest, sum(beside) / 2) + _wrapped(running, width)
            + sum(_HEADING + _part(part, width * _HALF) / 2 for part in wide))


def _part(part: Part, width: float) -> float:
    named = len(part.heading)
    firm = sum(_wrapped(_letters(line) - named, width) + _GAP for line in part.firm)
    return _HEADING + firm + sum(_cases(part, width))


def _cases(part: Part, width: float) -> Iterator[float]:
    if part.conditional:
        yield _HEADING
    for when, lines in part.conditional:
        beside = sum(_wrapped(_letters(line), width * _CONDITIONAL) + _GAP for line in lines)
        yield max(beside, _wrapped(len(when), width * _CONDITION)) + _GAP


def _letters(line: Line) -> int:
    return len(line.text) + len(line.heading) + sum(len(mark) + 1 for mark in line.marks)


def _wrapped(letters: float, width: float) -> int:
    return ceil(letters / width)


__all__ = ["rows", "size_of"]
