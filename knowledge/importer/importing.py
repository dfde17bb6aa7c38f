"""Importing a guide: read, draft, try, write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import BadInput
from knowledge.importer.checking import (
    known_facts,
    mirror_problems,
    read_alone,
    reference_problems,
)
from knowledge.importer.drafting import Draft, draft
from knowledge.importer.names import guide_id
from knowledge.importer.pieces import DraftItem, Passage, Piece
from knowledge.importer.reading import read_source
from knowledge.importer.source import Source
from knowledge.importer.writing import files_of, report_of, write
from knowledge.mirror import Problem
from knowledge.store import KnowledgeBase

REPORT = "待核.md"


@dataclass(frozen=True)
class Imported:
    """A drafted guide: its id, drafts, files by name, and what the checks still say.

    ``kb`` is a knowledge base of this guide alone; ``text`` what its citations refer to.
    """

    guide: str
    region: str
    text: str
    draft: Draft
    files: dict[str, str]
    kb: KnowledgeBase
    problems: tuple[Problem, ...]

    @property
    def report(self) -> str:
        """The list of places to look at (Markdown, Chinese)."""
        return report_of(self.draft, self.region, self.problems)

    @property
    def whole(self) -> bool:
        """Whether the drafts mirror the text, character by character."""
        return not mirror_problems(self.kb, self.guide, self.text)

    @property
    def unclear(self) -> int:
        """The number of places that a person has to look at."""
        return len(self.draft.remarks) + len(self.draft.doubts)


def import_guide(path: Path, region: str) -> Imported:
    """Draft the files of the guide in ``path`` for a region, e.g. ``梅州市``.

    Raises:
        BadInput: the file cannot be read as text, DOCX or PDF, or holds no text (Chinese).
    """
    return import_source(read_source(path), region)


def import_source(read: Source, region: str) -> Imported:
    """Draft the files of a guide already read."""
    guide = guide_id(region)
    result, files, kb = _tried(draft(read, known_facts()), region, guide, read.text)
    problems = reference_problems(kb)
    return Imported(guide, region, read.text, result, files, kb, tuple(problems))


def _tried(
    result: Draft, region: str, guide: str, text: str
) -> tuple[Draft, dict[str, str], KnowledgeBase]:
    """Write a draft out and read it back; exclusions that are ambiguous become text."""
    files = files_of(result, region, text)
    kb = read_alone(guide, files)
    wrong = {Path(problem.file).stem for problem in mirror_problems(kb, guide, text)}
    if not wrong:
        return result, files, kb
    for file in [result.guide.file, *result.files]:
        if file.stem in wrong:
            _keep_left_out(file)
    files = files_of(result, region, text)
    return result, files, read_alone(guide, files)


def _keep_left_out(file: DraftItem) -> None:
    """Take what a file leaves out into its text: into the clause it stands in, or by itself."""
    pieces = [piece for out in file.left_out for piece in out.pieces]
    for n, piece in enumerate(sorted(pieces, key=lambda p: p.start), start=1):
        clause = _around(file, piece)
        if clause is None:
            file.passages.append(Passage(("unread",), body=[[piece]], key=f"unread_{n}"))
        else:
            clause.append(piece)
            clause.sort(key=lambda p: p.start)
        file.doubt(f"「{piece.shown[:20]}」没法同上下文分开，留在了文字里", piece.line)
    file.left_out.clear()
    file.passages = _in_order(file.passages)


def _around(file: DraftItem, piece: Piece) -> list[Piece] | None:
    """Return the heading or clause inside which a piece stands."""
    runs = (run for p in file.passages for run in (p.heading, *p.body) if run)
    return next((r for r in runs if r[0].start < piece.start < r[-1].end), None)


def _in_order(passages: list[Passage]) -> list[Passage]:
    return sorted(passages, key=lambda p: min((piece.start for piece in p.pieces), default=0))


def save(imported: Imported, out: Path) -> Path:
    """Write the draft below ``out``: the guide's folder, its text beside it; return the folder.

    Raises:
        BadInput: there are files of this guide already, which are never written over.
    """
    folder = out / imported.guide
    if folder.exists() and any(folder.iterdir()):
        raise BadInput(f"{folder} 里已有文件：请用 --out 换一个文件夹，或先把它移走", "out")
    write(folder, imported.files)
    (folder / REPORT).write_text(imported.report, encoding="utf-8")
    (out / f"{imported.guide}.txt").write_text(imported.text, encoding="utf-8")
    return folder


__all__ = ["Imported", "REPORT", "import_guide", "import_source", "save"]
