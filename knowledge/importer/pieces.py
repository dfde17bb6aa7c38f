"""What the importer makes of a text: pieces in their place, passages, items, doubts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.importer.marks import readable
from knowledge.model import Line as Rule
from knowledge.text import plain, squeeze

_ENCLOSED = re.compile("[⒈-⒛]")
"""Numbers with their stop in one character, which NFKC parts."""


@dataclass(frozen=True)
class Piece:
    """A stretch of the source: its wording, where it begins (squeezed), and in which line."""

    text: str
    start: int
    line: int

    @property
    def end(self) -> int:
        """Where it ends in the squeezed source."""
        return self.start + len(squeeze(self.text))

    @property
    def shown(self) -> str:
        """The wording as a draft shows it: real characters for radicals, outer space cut."""
        return _ENCLOSED.sub(lambda found: plain(found.group()), readable(self.text)).strip()


@dataclass(frozen=True)
class Doubt:
    """A place that a person has to look at: where in the draft and the source, and why.

    ``place`` is the path in the YAML file, e.g. ``("text", "materials", "body", 1)``.
    """

    file: str
    place: tuple[str | int, ...]
    line: int
    reason: str


@dataclass
class Passage:
    """A heading (or table column) with the clauses below it; ``kinds`` are the keys it stands for.

    ``heading`` and each clause of ``body`` are pieces to be joined; ``doubt`` is what a person
    should look at (Chinese).
    """

    kinds: tuple[str, ...]
    heading: list[Piece] = field(default_factory=list)
    column: str = ""
    body: list[list[Piece]] = field(default_factory=list)
    key: str = ""
    doubt: str = ""

    @property
    def kind(self) -> str:
        """The first key it stands for."""
        return self.kinds[0]

    @property
    def line(self) -> int:
        """The line of the source in which it begins; 0 for an empty one."""
        return min((piece.line for piece in self.pieces), default=0)

    @property
    def pieces(self) -> list[Piece]:
        """Everything in it, heading first."""
        return [*self.heading, *(piece for clause in self.body for piece in clause)]

    @property
    def clauses(self) -> list[str]:
        """The wording of each clause, lines joined."""
        return [joined(clause) for clause in self.body]

    def clause_id(self, n: int) -> str:
        """Return the id of the clause at ``n`` (from 0) within its file."""
        return self.key if len(self.body) == 1 else f"{self.key}.{n + 1}"


@dataclass
class LeftOut:
    """Text that is no clause, with a reason of ``exclusions.yml`` and a sentence (Chinese)."""

    pieces: list[Piece]
    reason: str
    note: str = ""


@dataclass
class DraftItem:
    """A file in the making; ``stem`` is its name, '' until it has one."""

    name: str = ""
    number: str = ""
    code: str = ""
    stem: str = ""
    canonical: tuple[str, ...] = ()
    passages: list[Passage] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    includes: list[str] = field(default_factory=list)
    applies_to: list[str] = field(default_factory=list)
    printed_at: str = ""
    applies: str = ""
    lines: dict[str, list[Rule]] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The stretches of the squeezed source that it holds, in order."""
        passages = [piece for passage in self.passages for piece in passage.pieces]
        return merged([*passages, *(piece for out in self.left_out for piece in out.pieces)])

    def passage(self, kind: str) -> Passage | None:
        """Return the first passage of a kind."""
        return next((passage for passage in self.passages if kind in passage.kinds), None)

    def doubt(self, reason: str, line: int = 0, place: tuple[str | int, ...] = ()) -> None:
        """Mark a place for a person to look at."""
        self.doubts.append(Doubt(self.stem, place, line, reason))


def joined(pieces: Iterable[Piece]) -> str:
    """Return the wording of pieces as one text; a space only where two would run together."""
    text = ""
    for piece in pieces:
        apart = bool(text) and _would_change(text, piece.shown)
        text += f" {piece.shown}" if apart else piece.shown
    return text


def _would_change(before: str, after: str) -> bool:
    words = before[-1:].isascii() and after[:1].isascii() and (before + after)[-1:].isalnum()
    if words and before[-1:].isalnum() and after[:1].isalnum():
        return True
    return squeeze(before[-8:] + after[:8]) != squeeze(before[-8:]) + squeeze(after[:8])


def merged(pieces: Iterable[Piece]) -> list[tuple[int, int]]:
    """Return the stretches that pieces cover, touching ones joined."""
    spans: list[tuple[int, int]] = []
    for piece in sorted((p for p in pieces if p.end > p.start), key=lambda p: p.start):
        if spans and spans[-1][1] >= piece.start:
            spans[-1] = (spans[-1][0], max(piece.end, spans[-1][1]))
        else:
            spans.append((piece.start, piece.end))
    return spans


__all__ = ["Doubt", "DraftItem", "LeftOut", "Passage", "Piece", "joined", "merged"]
