"""The source as a stream of short stretches, each with its number and the heading it may be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from knowledge.importer.marks import Mark, mark, readable
from knowledge.importer.pieces import LeftOut, Piece
from knowledge.importer.source import Cell, Line
from knowledge.importer.vocabulary import vocabulary
from knowledge.text import squeeze

_PAGE_NUMBER = re.compile(
    r"[-–—－―_·•]+\d{1,4}[-–—－―_·•]+|第\d{1,4}页([,/]?共\d{1,4}页)?|\d{1,4}/\d{1,4}页?|page\d{1,4}(of\d+)?",
    re.IGNORECASE)
_BARE_NUMBER = re.compile(r"\d{1,4}")
_LEADERS = re.compile(r"(\.{4,}|…{2,}|·{4,}|⋯{2,}|_{4,}|．{4,}|-{6,})\s*\d*\s*$|\t\d{1,4}\s*$")
_BRACKETED = re.compile(r"\s*[【［\[〔]\s*(?P<word>[^】］\]〕]{2,30})[】］\]〕]\s*[:：]?\s*")
_GAP = re.compile(r"\s*(?P<word>[^\s：:]{2,14})(?P<gap>\s+)(?=\S)")
CELL_GAP = "\u3000"
"""What parts the cells of a row in a clause made of it."""
_MOST, _LONGEST_COLUMN = 0.5, 10
_NEXT_FIELD = re.compile(r"(?:(?<=\s\s)|(?<=[；;。\t]))(?=[^\s：:；;。]{2,8}[：:])")
_REPEATED_ON_PAGES, _REPEATED_SHARE = 3, 0.4


@dataclass(frozen=True)
class Heading:
    """What a token says of the section it opens: its keys, its number, how long the heading is.

    ``length`` counts the characters of the wording that belong to it; more is inline content.
    """

    kinds: tuple[str, ...]
    mark: Mark
    length: int


@dataclass(frozen=True)
class Token:
    """A stretch of the text that is a whole line or cell; ``row`` tells that it is a table row."""

    piece: Piece
    mark: Mark
    heading: Heading | None
    row: bool = False

    @property
    def words(self) -> str:
        """The wording without its number, squeezed."""
        return squeeze(readable(self.piece.text)[self.mark.end :]).strip("*")

    @property
    def squeezed(self) -> str:
        """The wording, squeezed."""
        return squeeze(self.piece.text)

    @property
    def inline(self) -> bool:
        """Whether it is a heading with content on the same line."""
        return self.heading is not None and self.heading.length < len(self.piece.text.rstrip())


def tokens(lines: Iterable[Line]) -> tuple[list[Token], list[LeftOut]]:
    """Return the tokens of lines, and what is no text: page numbers, repeated page headers."""
    found: list[Token] = []
    out: list[LeftOut] = []
    rows = list(lines)
    repeated, of_fields = _repeated(rows), _tables_of_fields(rows)
    headed: set[int] = set()
    for line in rows:
        word = squeeze(line.text)
        if not line.cells and _is_page_number(line, word):
            out.append(LeftOut([_piece(line)], "page_number"))
        elif line.edge and _without_digits(word) in repeated:
            out.append(LeftOut([_piece(line)], "repetition", "每页重复印出的页眉或页脚。"))
        elif line.cells and line.table not in of_fields | headed and _is_table_head(line):
            out.append(LeftOut([_row_piece(line)], "heading", "表格的表头。"))
            headed.add(line.table)
        else:
            found += _of_line(line, line.table in of_fields)
    return found, out


def token(piece: Piece, row: bool = False) -> Token:
    """Return a stretch with its number and the heading that it may be."""
    found = mark(piece.text)
    return Token(piece, found, None if row else heading_of(piece.text, found), row)


def _tables_of_fields(lines: list[Line]) -> set[int]:
    """Return the tables that are forms: most rows hold a heading and what belongs to it."""
    rows: Counter[int] = Counter(line.table for line in lines if line.cells)
    fields = Counter(line.table for line in lines if any(map(_is_field, line.cells)))
    return {table for table, times in fields.items() if times > _MOST * rows[table]}


def _is_table_head(line: Line) -> bool:
    """Tell whether a row names columns: several short cells, one of them a known word."""
    cells = [squeeze(cell.text) for cell in line.cells if squeeze(cell.text)]
    known = any(vocabulary().column(cell) for cell in cells)
    return len(cells) > 1 and known and all(len(cell) <= _LONGEST_COLUMN for cell in cells)


def _of_line(line: Line, of_fields: bool) -> Iterator[Token]:
    if not line.cells:
        yield from (token(piece) for piece in _fields(_piece(line)))
        return
    if of_fields:
        for piece in _of_cells(line.cells, line):
            yield token(piece)
    else:
        yield token(_row_piece(line), row=True)


def _row_piece(line: Line) -> Piece:
    cells = (" ".join(cell.text.split()) for cell in line.cells if squeeze(cell.text))
    return Piece(CELL_GAP.join(cells), line.start, line.number)


def _fields(piece: Piece) -> Iterator[Piece]:
    """Part a line of several headings with their content: 咨询热线：…  投诉电话：…"""
    cuts = [0, *(found.start() for found in _NEXT_FIELD.finditer(piece.text)), len(piece.text)]
    parts = [piece.text[start:end] for start, end in zip(cuts, cuts[1:])]
    if len(parts) < 2 or not all(heading_of(part, mark(part)) for part in parts):
        yield piece
        return
    at = piece.start
    for part in parts:
        yield Piece(part, at, piece.line)
        at += len(squeeze(part))


def _is_field(cell: Cell) -> bool:
    found = heading_of(cell.text, mark(cell.text))
    return found is not None and found.length >= len(cell.text.rstrip())


def _of_cells(cells: Iterable[Cell], line: Line) -> Iterator[Piece]:
    at = line.start
    for cell in cells:
        for paragraph in cell.text.split("\n"):
            if squeeze(paragraph):
                yield Piece(paragraph, at, line.number)
                at += len(squeeze(paragraph))


def heading_of(text: str, found: Mark) -> Heading | None:
    """Return the heading that ``text`` (its number already read) is or begins with, if any."""
    shown = readable(text)
    if _LEADERS.search(shown) or not squeeze(shown):
        return None
    rest = shown[found.end :]
    kinds = vocabulary().heading(squeeze(rest).strip("。.:*《》\"“”[]【】"))
    if kinds:
        return Heading(kinds, found, len(text))
    for word, length in _beginnings(rest, numbered=bool(found.style)):
        kinds = vocabulary().heading(squeeze(word).strip("*.。"))
        if kinds and _splits(text, found.end + length):
            return Heading(kinds, found, found.end + length)
    return None


def _beginnings(rest: str, numbered: bool) -> Iterator[tuple[str, int]]:
    """Yield the words that may be a heading before inline content, with where that begins."""
    bracketed = _BRACKETED.match(rest)
    if bracketed:
        yield bracketed["word"], bracketed.end()
    colon = re.search("[:：]", rest[:32])
    if colon:
        yield rest[: colon.start()], colon.end()
    gap = _GAP.match(rest)
    if gap and (numbered or len(gap["gap"]) > 1):
        yield gap["word"], gap.end()


def _splits(text: str, at: int) -> bool:
    """Tell whether a text squeezes the same in two parts as in one."""
    return squeeze(text[:at]) + squeeze(text[at:]) == squeeze(text)


def split(item: Token) -> tuple[Piece, Piece | None]:
    """Return the heading of a token and its inline content, if it has any."""
    piece, heading = item.piece, item.heading
    if heading is None or not item.inline:
        return piece, None
    head = Piece(piece.text[: heading.length], piece.start, piece.line)
    rest = Piece(piece.text[heading.length :], head.end, piece.line)
    return (head, rest) if squeeze(rest.text) else (piece, None)


def as_body(item: Token) -> Token:
    """Return a token that is no heading after all."""
    return replace(item, heading=None)


def has_leaders(item: Token) -> bool:
    """Tell whether a token is a line of a table of contents: dots or a tab, and a page number."""
    return _LEADERS.search(item.piece.text) is not None


def _piece(line: Line) -> Piece:
    return Piece(line.text, line.start, line.number)


def _is_page_number(line: Line, word: str) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(word)) or (line.edge and bool(_BARE_NUMBER.fullmatch(word)))


def _repeated(lines: list[Line]) -> frozenset[str]:
    """Return the lines at page edges that recur on several pages, digits aside."""
    edges = [line for line in lines if line.edge and not line.cells
             and heading_of(line.text, mark(line.text)) is None]
    seen = {(_without_digits(squeeze(line.text)), line.page) for line in edges}
    often = max(_REPEATED_ON_PAGES, _REPEATED_SHARE * len({line.page for line in edges}))
    pages = Counter(word for word, _ in seen if word)
    return frozenset(word for word, times in pages.items() if times >= often)


def _without_digits(word: str) -> str:
    return re.sub(r"\d+", "", word)


__all__ = [
    "CELL_GAP", "Heading", "Token",
    "as_body", "has_leaders", "heading_of", "split", "token", "tokens",
]
