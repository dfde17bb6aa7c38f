"""Comparing the files of a guide with its full text: nothing added, nothing left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from knowledge.base import Guide, KnowledgeBase
from knowledge.model import GuideFile, ItemFile
from knowledge.text import digest, squeeze

QUOTED, HEADING, EXCLUDED = "quoted", "heading", "excluded"


@dataclass(frozen=True)
class Problem:
    """Something wrong in a data file: where (file, key), what, and what to do."""

    file: str
    key: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.problem}"


@dataclass(frozen=True)
class Coverage:
    """How much of the spans named by a guide's files is accounted for, in characters."""

    guide: str
    characters: int
    quoted: int
    headings: int
    excluded: int


@dataclass(frozen=True)
class Piece:
    """A stretch ``[start, end)`` of the squeezed guide and what a file says that it is.

    ``kind`` is quoted, heading or excluded; ``key`` the clause's full id, the section's key, or
    the number of the exclusion in its file.
    """

    start: int
    end: int
    kind: str
    file: str
    key: str


def check_guides(kb: KnowledgeBase, folder: Path) -> tuple[list[Problem], list[Coverage]]:
    """Compare every file with the guide's text in ``folder`` (``<guide>.txt``).

    The headings and clauses of a file have to follow one another in the guide exactly as they
    stand in the file; only what the file excludes with a reason may lie between.
    """
    problems: list[Problem] = []
    figures: list[Coverage] = []
    for guide in kb.guides.values():
        path = folder / f"{guide.id}.txt"
        if not path.is_file():
            problems.append(Problem(f"{guide.id}.txt", "guides", f"no such file in {folder}"))
            continue
        text = path.read_text(encoding="utf-8")
        pieces, found = walk(guide, text)
        problems += found
        figures.append(_coverage(guide, pieces))
    return problems, figures


def walk(guide: Guide, text: str) -> tuple[list[Piece], list[Problem]]:
    """Lay every file of a guide along its text; return what lies where, and what disagrees."""
    pieces: list[Piece] = []
    problems: list[Problem] = []
    if digest(text) != guide.data.sha256:
        problems.append(Problem(f"{guide.id}/guide.yml", "sha256", "another edition of the guide"))
    whole = squeeze(text)
    for name, file in guide.files.items():
        walked = _Walk(whole, file, list(_expected(guide, name, file)))
        error = walked.run()
        pieces += (Piece(*where, name, key) for *where, key in walked.pieces())
        if error:
            problems.append(Problem(f"{guide.id}/{name}.yml", "text", error))
    return pieces, problems


def check_spans(guide: Guide) -> Iterator[Problem]:
    """Tell, without the text, where files claim the same stretch or do not fill their own."""
    spans = sorted((s, e, name) for name, data in guide.files.items() for s, e in data.spans)
    for (_, end, first), (start, _, second) in zip(spans, spans[1:]):
        if start < end:
            yield Problem(f"{guide.id}/{second}.yml", "spans", f"overlaps with {first}.yml")
    for name, file in guide.files.items():
        held = sum(len(wording) for *_, wording in _expected(guide, name, file))
        held += sum(len(squeeze(excluded.text)) for excluded in file.excluded)
        claimed = sum(end - start for start, end in file.spans)
        if held != claimed:
            problem = f"claims {claimed} characters of the guide, but holds {held}"
            yield Problem(f"{guide.id}/{name}.yml", "spans", problem)


def _coverage(guide: Guide, pieces: Iterable[Piece]) -> Coverage:
    sizes = dict.fromkeys((QUOTED, HEADING, EXCLUDED), 0)
    for piece in pieces:
        sizes[piece.kind] += piece.end - piece.start
    characters = sum(end - start for data in guide.files.values() for start, end in data.spans)
    return Coverage(guide.id, characters, *sizes.values())


class _Walk:
    """Walks a file's headings and clauses along its spans of the guide."""

    def __init__(
        self, whole: str, file: GuideFile | ItemFile, expected: list[tuple[str, str, str]]
    ) -> None:
        self.places = [at for s, e in file.spans for at in range(s, min(e, len(whole)))]
        self.text = "".join(whole[at] for at in self.places)
        self.expected = expected
        self.left = {n: squeeze(e.text) for n, e in enumerate(file.excluded)}
        self.marks: list[tuple[str, str]] = []

    def run(self) -> str:
        """Return '' where text and file agree, else what was met where."""
        for kind, key, wording in self.expected:
            for character in wording:
                self._skip_excluded(character)
                at = len(self.marks)
                if self.text[at : at + 1] != character:
                    met = self.text[at : at + 20]
                    return f"expected 「{wording[:20]}」 but met 「{met}」"
                self.marks.append((kind, key))
        self._skip_excluded("")
        rest = self.text[len(self.marks) :]
        return f"unaccounted: 「{rest[:40]}」" if rest else ""

    def pieces(self) -> Iterator[tuple[int, int, str, str]]:
        """Yield (start, end, kind, key) of what has been walked, stretch by stretch."""
        walked = ((at - n, at, mark) for n, (at, mark) in enumerate(zip(self.places, self.marks)))
        for (_, (kind, key)), run in groupby(walked, key=lambda place: (place[0], place[2])):
            places = [at for _, at, _ in run]
            yield places[0], places[-1] + 1, kind, key

    def _skip_excluded(self, wanted: str) -> None:
        for n, excluded in list(self.left.items()):
            if self.text.startswith(excluded, len(self.marks)) and wanted != excluded:
                self.marks += [(EXCLUDED, str(n))] * len(excluded)
                del self.left[n]


def _expected(
    guide: Guide, name: str, file: GuideFile | ItemFile
) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, key, squeezed wording) of every heading and clause, in the order of print."""
    own = [clause for clause in guide.clauses.values() if clause.item == name]
    for kind, section in file.text.items():
        yield HEADING, kind, squeeze(section.heading)
        yield from ((QUOTED, c.id, squeeze(c.printed)) for c in own if c.kind == kind)


__all__ = [
    "Coverage", "EXCLUDED", "HEADING", "Piece", "Problem", "QUOTED",
    "check_guides", "check_spans", "walk",
]
