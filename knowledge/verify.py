"""Checking the knowledge base: against its own references, and against the guides' full texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.conditions import Condition, Has, atoms
from knowledge.model import SECTION_TITLES, GuideFile, ItemFile, Line, Part, Section
from knowledge.store import Guide, Item, KnowledgeBase, Rule, conditions_of
from knowledge.text import digest, squeeze

_MAY = "可要求"
_CHINESE_FIGURES = {2: "两", 1: "一", 3: "三", 5: "五"}


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


def check_references(kb: KnowledgeBase) -> list[Problem]:
    """Return what is wrong within the data: facts, quotes, figures, modality, unused clauses."""
    problems = [p for guide in kb.guides.values() for p in _check_guide(kb, guide)]
    for family in kb.families:
        for item in family.items:
            if item.typical_when:
                problems += _check_condition(kb, item.typical_when, "catalog.yml", item.id)
    return problems


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


def _check_guide(kb: KnowledgeBase, guide: Guide) -> Iterator[Problem]:
    used: set[str] = set()
    for item in guide.items.values():
        yield from _check_item(kb, item)
        used |= {rule.clause.id for rule in item.rules}
        used |= {item.clauses[c].id for c in item.data.silent if c in item.clauses}
    yield from _check_unused(guide, used)
    yield from _check_numbers(guide)


def _check_item(kb: KnowledgeBase, item: Item) -> Iterator[Problem]:
    file = f"{item.guide}/{item.id}.yml"
    for canonical in item.canonical:
        if canonical not in {i.id for family in kb.families for i in family.items}:
            yield Problem(file, "canonical", f"no item {canonical!r} in catalog.yml")
    for condition in conditions_of(item):
        yield from _check_condition(kb, condition, file, "when")
    for rule in item.rules:
        yield from _check_rule(rule, file)


def _check_condition(
    kb: KnowledgeBase, condition: Condition, file: str, key: str
) -> Iterator[Problem]:
    for atom in atoms(condition):
        fact = kb.facts.get(atom.fact)
        values = {atom.option} if isinstance(atom, Has) else atom.values
        known = {o.value for o in fact.options} if fact else set()
        if not fact or fact.multiple != isinstance(atom, Has):
            yield Problem(file, key, f"no such {'multiple ' * isinstance(atom, Has)}fact {atom.fact}")
        for value in values - known if fact else ():
            yield Problem(file, key, f"fact {atom.fact} has no option {value!r}")


def _check_rule(rule: Rule, file: str) -> Iterator[Problem]:
    key = f"lines.{rule.kind}.{rule.line.id or rule.line.clause}"
    wording = squeeze(rule.clause.text)
    for quoted in _quoted(rule.line):
        if squeeze(quoted) not in wording:
            yield Problem(file, key, f"「{quoted}」 does not stand in clause {rule.clause.id}")
    if (rule.line.modality == "may_be_required") != (_MAY in wording) and rule.kind == "materials":
        yield Problem(file, key, f"modality {rule.line.modality} against the clause's wording")
    for amount, unit in _figures(rule.line):
        if not re.search(_figure(amount) + re.escape(squeeze(unit)), wording):
            yield Problem(file, key, f"{amount}{unit} does not stand in clause {rule.clause.id}")


def _quoted(line: Line) -> Iterator[str]:
    yield from filter(None, (line.text, line.when_text))
    if line.parts:
        yield from _part_texts(line.parts)
    if line.deadline:
        yield from (line.deadline.start, *line.deadline.except_for)
    if line.form and line.form.stamp:
        yield line.form.stamp


def _part_texts(part: Part) -> Iterator[str]:
    yield from filter(None, (part.text, part.name))
    for child in part.children:
        yield from _part_texts(child)


def _figures(line: Line) -> Iterator[tuple[int, str]]:
    if line.limit:
        yield line.limit.amount, line.limit.unit
    if line.deadline:
        yield line.deadline.amount, line.deadline.unit
    if line.form and line.form.copies:
        yield line.form.copies, "份"


def _figure(amount: int) -> str:
    return f"(?<![0-9])({amount}|{_CHINESE_FIGURES.get(amount, amount)}|壹)个?"


def _check_unused(guide: Guide, used: set[str]) -> Iterator[Problem]:
    """Every clause of a kind that answers show has to reach some answer."""
    for clause in guide.clauses.values():
        shown_somewhere = clause.id in used or clause.item == "guide"
        if clause.kind in SECTION_TITLES and clause.text.strip("—- ") and not shown_somewhere:
            yield Problem(f"{guide.id}/{clause.item}.yml", clause.id, "no line shows this clause")


def _check_numbers(guide: Guide) -> Iterator[Problem]:
    """Addresses and telephone numbers have to stand in the clause they name."""
    stated = [(o.clause, (o.name, o.address, *o.phones)) for o in guide.data.offices]
    stated += [(c.clause, (c.phone,)) for c in guide.data.contacts]
    for local, values in stated:
        clause = guide.clauses.get(f"{guide.id}/guide/{local}")
        for value in values:
            if clause is None or squeeze(value) not in squeeze(clause.printed):
                yield Problem(f"{guide.id}/guide.yml", local, f"「{value}」 is not in the clause")


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
    return problems, Coverage(guide.id, **counts)


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
                    return f"expected 「{wording[:20]}」 but met 「{self.text[self.at:self.at+20]}」"
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


__all__ = ["Coverage", "Problem", "check_guides", "check_references"]
