"""Accounting for a whole guide: every character is a clause, a heading or excluded for a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, Extra

from knowledge.base import Guide, KnowledgeBase
from knowledge.mirror import EXCLUDED, HEADING, QUOTED, Piece, Problem, walk
from knowledge.model import Exclusion
from knowledge.store import ROOT, read_yaml
from knowledge.text import squeeze

LONGEST_WITHOUT_NOTE = 12
"""Characters of an exclusion that needs no sentence of its own."""
GAP = "gap"
_CLUSTER = re.compile(r".[\u0300-\u036f\u3099\u309a]*", re.DOTALL)


class ExclusionReason(BaseModel):
    """A reason for leaving text out; see the header of ``exclusions.yml``."""

    reason: str
    label: str
    own_sentence: bool = False

    class Config:
        extra = Extra.forbid
        frozen = True


@dataclass(frozen=True)
class Account:
    """What a guide's text consists of.

    ``pieces`` follow one another from the first character to the last; those of kind
    :data:`GAP` belong to no file. ``text`` is the guide as published, ``origins`` the place in it
    of each squeezed character.
    """

    guide: Guide
    text: str
    origins: tuple[int, ...]
    pieces: tuple[Piece, ...]
    problems: tuple[Problem, ...]

    def size(self, kind: str, reason: str = "") -> int:
        """Return the number of characters of a kind, or excluded for one reason."""
        return sum(piece.end - piece.start for piece in self.pieces
                   if piece.kind == kind and (not reason or self.reason(piece) == reason))

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons for which text of this guide is left out."""
        return tuple(sorted({self.reason(p) for p in self.pieces if p.kind == EXCLUDED}))

    def exclusion(self, piece: Piece) -> Exclusion:
        """Return the exclusion that a piece of kind excluded belongs to."""
        return self.guide.files[piece.file].excluded[int(piece.key)]

    def reason(self, piece: Piece) -> str:
        """Return the reason of an excluded piece, '' for any other."""
        return self.exclusion(piece).reason if piece.kind == EXCLUDED else ""

    def wording(self, piece: Piece) -> str:
        """Return a piece as published, spaces and line breaks included."""
        return self.text[self.origins[piece.start] : self.origins[piece.end - 1] + 1]

    def line(self, piece: Piece) -> int:
        """Return the line of the published text in which a piece begins, from 1."""
        return self.text.count("\n", 0, self.origins[piece.start]) + 1


@lru_cache(maxsize=1)
def exclusion_reasons() -> Mapping[str, ExclusionReason]:
    """Return the closed list of reasons by name."""
    rows = map(ExclusionReason.parse_obj, read_yaml(ROOT / "exclusions.yml"))
    return {row.reason: row for row in rows}


def accounts(kb: KnowledgeBase, folder: Path) -> tuple[list[Account], list[Problem]]:
    """Account for every guide by its text in ``folder`` (``<guide>.txt``).

    Problems are those of all guides: text in no file or in two, files that disagree with the
    text, and guides whose text is not there.
    """
    found, problems = [], []
    for guide in kb.guides.values():
        path = folder / f"{guide.id}.txt"
        if path.is_file():
            found.append(account(guide, path.read_text(encoding="utf-8")))
            problems += found[-1].problems
        else:
            problems.append(Problem(path.name, "text", "找不到这份指南的原文"))
    return found, problems


def account(guide: Guide, text: str) -> Account:
    """Account for one guide by its text as published."""
    pieces, problems = walk(guide, text)
    origins = _origins(text)
    ordered = tuple(_with_gaps(_apart(pieces), len(origins)))
    result = Account(guide, text, origins, ordered, ())
    problems += [*_overlaps(result, pieces), *_gaps(result)]
    return Account(guide, text, origins, ordered, tuple(problems))


def check_exclusions(guide: Guide) -> Iterator[Problem]:
    """Tell which exclusions have no reason of the list, or want a sentence of their own."""
    for name, file in guide.files.items():
        for excluded in file.excluded:
            where, key = f"{guide.id}/{name}.yml", f"excluded 「{excluded.text[:20]}」"
            reason = exclusion_reasons().get(excluded.reason)
            long = len(squeeze(excluded.text)) > LONGEST_WITHOUT_NOTE
            if reason is None:
                yield Problem(where, key, f"no reason {excluded.reason!r} in exclusions.yml")
            elif (long or reason.own_sentence) and not excluded.note:
                yield Problem(where, key, "needs a sentence of its own (note)")


def _origins(text: str) -> tuple[int, ...]:
    """Return for each squeezed character its place in ``text``."""
    return tuple(cluster.start() for cluster in _CLUSTER.finditer(text)
                 for _ in squeeze(cluster.group()))


def _apart(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Put pieces in order; of two that overlap the first keeps what both claim."""
    at = 0
    for piece in sorted(pieces, key=lambda p: (p.start, p.end)):
        start = max(at, piece.start)
        if start < piece.end:
            yield Piece(start, piece.end, piece.kind, piece.file, piece.key)
            at = piece.end


def _with_gaps(pieces: Iterable[Piece], size: int) -> Iterator[Piece]:
    at = 0
    for piece in pieces:
        if at < piece.start:
            yield Piece(at, piece.start, GAP, "", "")
        yield piece
        at = piece.end
    if at < size:
        yield Piece(at, size, GAP, "", "")


def _gaps(result: Account) -> Iterator[Problem]:
    for piece in result.pieces:
        if piece.kind == GAP:
            words = squeeze(result.wording(piece))
            yield Problem(f"{result.guide.id}.txt", f"第 {result.line(piece)} 行",
                          f"{len(words)} 字没有收录：「{words[:40]}」")


def _overlaps(result: Account, pieces: Iterable[Piece]) -> Iterator[Problem]:
    claims = Counter(at for piece in pieces for at in range(piece.start, piece.end))
    twice = sorted(at for at, times in claims.items() if times > 1)
    for n, at in enumerate(twice):
        if n == 0 or twice[n - 1] != at - 1:
            piece = Piece(at, at + 1, GAP, "", "")
            files = {p.file for p in pieces if p.start <= at < p.end}
            yield Problem(f"{result.guide.id}.txt", f"第 {result.line(piece)} 行",
                          f"同时收录在 {'、'.join(sorted(files))}")


__all__ = [
    "Account", "EXCLUDED", "ExclusionReason", "GAP", "HEADING", "QUOTED",
    "account", "accounts", "check_exclusions", "exclusion_reasons",
]
