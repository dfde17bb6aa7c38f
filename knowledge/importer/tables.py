"""Guides printed as one table: a row (or several) for each item, a column for each section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.importer.clauses import parted
from knowledge.importer.pieces import DraftItem, LeftOut, Passage, Piece
from knowledge.importer.sharing import Place, share
from knowledge.importer.source import Line
from knowledge.importer.structure import BLANK
from knowledge.importer.vocabulary import vocabulary
from knowledge.text import squeeze

_FEWEST_COLUMNS = 3
_AS_HEADING = ("chapter", "chapter_code")
_ABOUT_ITEM = ("chapter", "chapter_code", "number", "name", "code")
_LISTED = ("services",)
"""Columns whose cells list short names, parted by white space only."""
_HEADER_AGAIN = "每页重复印出的表头。"


@dataclass
class TableItems:
    """What a table of items holds: items, clauses shared by several, the header, the rest."""

    items: list[DraftItem] = field(default_factory=list)
    shared: list[DraftItem] = field(default_factory=list)
    header: list[Passage] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    before: list[Line] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class _Entry:
    """A cell of a row: the sections it stands for, its text, whether a cell above covers it."""

    kinds: tuple[str, ...]
    piece: Piece
    column: str
    above: bool

    @property
    def blank(self) -> bool:
        return not squeeze(self.piece.text)

    @property
    def says_nothing(self) -> bool:
        return not squeeze(self.piece.text).strip(BLANK)


def is_item_table(rows: Sequence[Line]) -> bool:
    """Tell whether rows of a source are a table of items."""
    return any(_is_header(row) for row in rows)


def _columns(row: Line) -> list[tuple[str, str]]:
    """Return for each column of a header what it holds and what it is called."""
    named: list[tuple[str, str]] = []
    for cell in row.cells:
        named += [(vocabulary().column(cell.text), " ".join(cell.text.split()))] * cell.span
    return named


def _is_header(row: Line) -> bool:
    kinds = {kind for kind, _ in _columns(row) if kind}
    sections = kinds - set(_ABOUT_ITEM)
    known = sum(1 for cell in row.cells if vocabulary().column(cell.text))
    filled = sum(1 for cell in row.cells if squeeze(cell.text))
    return ("name" in kinds and len(sections) > 1 and len(kinds) >= _FEWEST_COLUMNS
            and known >= 0.6 * filled)


def table_items(lines: Sequence[Line], merges_known: bool) -> TableItems:
    """Read a table of items; where merges are not known a blank cell may mean "as above"."""
    reader = _Reader()
    for line in lines:
        reader.read(line)
    reader.found.shared = share(reader.places, merges_known)
    return reader.found


class _Reader:
    """Reads row after row; holds the columns of the last header and the item at hand."""

    def __init__(self) -> None:
        self.found = TableItems()
        self.columns: list[tuple[str, str]] = []
        self.places: list[Place] = []
        self.shift = 0
        self.chapter = 0

    def read(self, line: Line) -> None:
        if not line.cells or not (self.columns or _is_header(line)):
            (self.found.after if self.columns else self.found.before).append(line)
        elif _is_header(line):
            self._header(line)
        else:
            self._row(line)

    def _header(self, line: Line) -> None:
        whole = Piece(" ".join(cell.text for cell in line.cells), line.start, line.number)
        if self.columns:
            self.found.left_out.append(LeftOut([whole], "repetition", _HEADER_AGAIN))
        else:
            self.found.header.append(Passage(("table_header",), [whole]))
        self.columns = _columns(line)

    def _row(self, line: Line) -> None:
        entries = list(self._entries(line))
        named = next((e for e in entries if "name" in e.kinds and not e.says_nothing), None)
        items = self.found.items
        if named and not (items and squeeze(named.piece.text) == squeeze(items[-1].name)):
            items.append(DraftItem(name="".join(named.piece.shown.split())))
        elif not items:
            self.found.after.append(line)
            return
        self._take(items[-1], entries, first=named is not None)

    def _entries(self, line: Line) -> Iterator[_Entry]:
        self.shift = self._shift_of(line)
        at, column = line.start, self.shift
        for cell in line.cells:
            kinds = tuple(dict.fromkeys(
                kind for kind, _ in self.columns[column : column + cell.span] if kind))
            title = self.columns[column][1] if column < len(self.columns) else ""
            piece = Piece(cell.text, at, line.number)
            yield _Entry(kinds or ("other",), piece, title, cell.above)
            at, column = piece.end, column + cell.span

    def _shift_of(self, line: Line) -> int:
        """Return by how many columns a row was moved to the left: its code tells."""
        kinds = [kind for kind, _ in self.columns]
        codes = [n for n, cell in enumerate(line.cells)
                 if vocabulary().looks_like("code", squeeze(cell.text))]
        if "code" not in kinds:
            return 0
        if codes:
            near = min(codes, key=lambda n: abs(kinds.index("code") - n))
            return max(0, kinds.index("code") - near)
        filled = [n for n, cell in enumerate(line.cells) if squeeze(cell.text)]
        return self.shift if filled and len(line.cells) + self.shift <= len(kinds) + 4 else 0

    def _take(self, item: DraftItem, entries: Sequence[_Entry], first: bool) -> None:
        if self.shift and first:
            item.doubt("这一行的列错位了，已按编码对齐，请核对", entries[0].piece.line)
        for entry in entries:
            if entry.blank:
                continue
            entry = self._in_its_place(item, entry)
            if entry.kinds[0] == "chapter":
                self.chapter += 1
            self._add(item, entry)
        self._note_places(item, entries, first)

    def _in_its_place(self, item: DraftItem, entry: _Entry) -> _Entry:
        """Put a cell right whose content is plainly that of another column."""
        known, text = vocabulary(), entry.piece.shown
        kind = entry.kinds[0]
        if kind == "number" and not any(c.isdigit() for c in text):
            item.doubt(f"序号一栏里是「{text[:12]}」，作为事项描述收录", entry.piece.line)
            return _Entry(("services",), entry.piece, entry.column, entry.above)
        if kind in _ABOUT_ITEM or entry.says_nothing or known.looks_like(kind, text):
            return entry
        like = [k for k in known.contents if k != "code" and known.looks_like(k, text)]
        misplaced = kind in (*known.contents, "notes", "other") and len(like) == 1
        if not misplaced or (kind == "notes" and like[0] == "time_limits"):
            return entry
        item.doubt(f"「{text[:12]}…」像是错了列，请核对", entry.piece.line)
        return _Entry((like[0],), entry.piece, entry.column, entry.above)

    def _add(self, item: DraftItem, entry: _Entry) -> None:
        if entry.kinds[0] in _AS_HEADING:
            last = item.passages[-1] if item.passages else None
            if entry.kinds[0] == "chapter_code" and last and last.kind == "chapter":
                last.heading.append(entry.piece)
            else:
                item.passages.append(Passage(entry.kinds, [entry.piece]))
            return
        if entry.kinds == ("number",):
            item.number = item.number or squeeze(entry.piece.text)
        if entry.kinds == ("code",):
            item.code = item.code or squeeze(entry.piece.text)
        body = [[piece] for piece in _cell_clauses(entry.piece, entry.kinds[0])]
        last = item.passages[-1] if item.passages else None
        if last and last.kinds == entry.kinds and last.column == entry.column:
            last.body += body
        else:
            item.passages.append(Passage(entry.kinds, column=entry.column, body=body))

    def _note_places(self, item: DraftItem, entries: Sequence[_Entry], first: bool) -> None:
        """Remember which sections an item states, leaves blank, or has from a cell above."""
        for entry in entries:
            if entry.kinds[0] in (*_ABOUT_ITEM, "services", "other"):
                continue
            self.places.append(Place(item, entry.kinds, self.chapter, first,
                                     not entry.blank, entry.above))


def _words(piece: Piece) -> Iterator[Piece]:
    """Part a list of services at its white space."""
    at = piece.start
    for word in piece.text.split():
        yield Piece(word, at, piece.line)
        at += len(squeeze(word))


def _cell_clauses(piece: Piece, kind: str) -> Iterator[Piece]:
    """Return the clauses of a cell: its paragraphs, each parted at the numbers in it."""
    at = piece.start
    for paragraph in piece.text.split("\n"):
        if squeeze(paragraph) and kind in _LISTED:
            yield from _words(Piece(paragraph, at, piece.line))
        elif squeeze(paragraph):
            yield from parted(Piece(paragraph, at, piece.line))
        at += len(squeeze(paragraph))


__all__ = ["TableItems", "is_item_table", "table_items"]
