"""Comparing the files of a guide with its full text: nothing added, nothing left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.base import Guide, KnowledgeBase
from knowledge.model import GuideFile, ItemFile, Section
from knowledge.text import digest, squeeze


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
        found, coverage = _check_text(guide, path.read_text(encoding="utf-8"))
        problems += found
        figures.append(coverage)
    return problems, figures


def _check_text(guide: Guide, text: str) -> tuple[list[Problem], Coverage]:
    problems: list[Problem] = []
    if digest(text) != guide.data.sha256:
        problems.append(Problem(f"{guide.id}/guide.yml", "sha256", "another edition of the guide"))
    whole = squeeze(text)
    counts = {"characters": 0, "quoted": 0, "headings": 0, "excluded": 0}
    for name, file in guide.files.items():
        error = _Walk(file, whole, counts).run()
        if error:
            problems.append(Problem(f"{guide.id}/{name}.yml", "text", error))
    problems += _check_overlap(guide)
    return problems, Coverage(guide.id, **counts)


def _check_overlap(guide: Guide) -> Iterator[Problem]:
    spans = sorted((s, e, name) for name, data in guide.files.items() for s, e in data.spans)
    for (_, end, first), (start, _, second) in zip(spans, spans[1:]):
        if start < end:
            yield Problem(f"{guide.id}/{second}.yml", "spans", f"overlaps with {first}.yml")


class _Walk:
    """Walks a file's headings and clauses along its spans of the guide, counting characters."""

    def __init__(self, file: GuideFile | ItemFile, whole: str, counts: dict[str, int]) -> None:
        self.text = "".join(whole[start:end] for start, end in file.spans)
        self.expected = list(_expected(file.text.values()))
        self.left = [squeeze(e.text) for e in file.excluded]
        self.at, self.counts = 0, counts
        counts["characters"] += len(self.text)

    def run(self) -> str:
        """Return '' where text and file agree, else what was met where."""
        for kind, wording in self.expected:
            for character in wording:
                self._skip_excluded(character)
                if self.at >= len(self.text) or self.text[self.at] != character:
                    met = self.text[self.at : self.at + 20]
                    return f"expected 「{wording[:20]}」 but met 「{met}」"
                self.at += 1
                self.counts[kind] += 1
        self._skip_excluded("")
        rest = self.text[self.at :]
        return f"unaccounted: 「{rest[:40]}」" if rest else ""

    def _skip_excluded(self, wanted: str) -> None:
        for excluded in list(self.left):
            if self.text.startswith(excluded, self.at) and not (wanted and wanted == excluded):
                self.at += len(excluded)
                self.counts["excluded"] += len(excluded)
                self.left.remove(excluded)


def _expected(sections: Iterable[Section]) -> Iterator[tuple[str, str]]:
    for section in sections:
        yield "headings", squeeze(section.heading)
        for printed in section.body:
            yield "quoted", squeeze(printed)


__all__ = ["Coverage", "Problem", "check_guides"]
