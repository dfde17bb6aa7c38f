"""Checking the knowledge base against itself: quotes, figures, conditions, unused clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.base import Guide, Item, KnowledgeBase, Rule, conditions_of
from knowledge.conditions import Condition, Has, Is, atoms
from knowledge.mirror import Coverage, Problem, check_guides
from knowledge.model import (
    SECTION_TITLES,
    CanonicalItem,
    ItemFile,
    Line,
    Part,
)
from knowledge.text import squeeze

_MAY = "可要求"
_ASKS_FOR_PAPERS = re.compile("只需|(需|应|要求)[要当]?(提供|提交|填写)")
_CONNECTING = re.compile("[可提供替代还需的,;。()、]*")
"""What may be left of a clause on materials once its lines have taken their wording."""
_CHINESE_FIGURES = {2: "两", 1: "一", 3: "三", 5: "五"}


def check_references(kb: KnowledgeBase) -> list[Problem]:
    """Return what is wrong within the data: facts, quotes, figures, modality, unused clauses."""
    problems = [p for guide in kb.guides.values() for p in _check_guide(kb, guide)]
    for family in kb.families:
        for item in family.items:
            problems += _check_canonical(kb, item)
    problems += _check_facts(kb)
    return problems


def _check_canonical(kb: KnowledgeBase, item: CanonicalItem) -> Iterator[Problem]:
    if item.typical_when:
        yield from _check_condition(kb, item.typical_when, "catalog.yml", item.id)
    for name, value in item.implies.items():
        yield from _check_condition(kb, Is(name, frozenset([value])), "catalog.yml", item.id)


def _check_facts(kb: KnowledgeBase) -> Iterator[Problem]:
    for fact in kb.facts.values():
        if fact.default and fact.default not in {option.value for option in fact.options}:
            yield Problem("facts.yml", fact.name, f"no option {fact.default!r} to assume")


def _check_guide(kb: KnowledgeBase, guide: Guide) -> Iterator[Problem]:
    used: set[str] = set()
    for item in guide.items.values():
        yield from _check_item(kb, item)
        used |= {rule.clause.id for rule in item.rules}
        used |= {item.clauses[c].id for c in item.data.silent if c in item.clauses}
    yield from _check_unused(guide, used)
    yield from _check_shared(guide)
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
    for bar in item.data.barred:
        if bar.instead and kb.item(item.guide, bar.instead) is None:
            yield Problem(file, "barred", f"no item {bar.instead!r} in this guide")
    yield from _check_targets(item, file)
    yield from _check_whole(item, file)


def _check_targets(item: Item, file: str) -> Iterator[Problem]:
    """What a line stands in for has to be there."""
    for kind, lines in item.data.lines.items():
        there = {line.id for line in lines}
        there |= {f"{line.id}.{part.id}" for line in lines for part in _parts(line.parts)}
        for line in lines:
            if line.target and line.target not in there:
                yield Problem(file, f"lines.{kind}.{line.id}", f"no line or part {line.target!r}")


def _check_whole(item: Item, file: str) -> Iterator[Problem]:
    """No half of a clause on materials, and no note that asks for papers, is without its line."""
    materials = item.of_kind("materials")
    for clause in {rule.clause.id: rule.clause for rule in materials}.values():
        lines = [rule.line for rule in materials if rule.clause.id == clause.id]
        left = squeeze(clause.text)
        for wording in sorted(filter(None, (w for li in lines for w in (li.text, li.when_text))),
                              key=len, reverse=True):
            left = left.replace(squeeze(wording), "")
        structured = clause.kind == "materials" and all(line.text for line in lines)
        if structured and not _CONNECTING.fullmatch(left):
            yield Problem(file, clause.id, f"no line shows 「{left}」")
    cited = {rule.clause.id for rule in materials}
    for rule in item.of_kind("notes"):
        if _ASKS_FOR_PAPERS.search(squeeze(rule.clause.text)) and rule.clause.id not in cited:
            yield Problem(file, rule.clause.id, "asks for papers, but no material cites it")


def _check_shared(guide: Guide) -> Iterator[Problem]:
    """Rules printed elsewhere say for which items they hold."""
    for name, data in guide.files.items():
        if name.startswith("_") and isinstance(data, ItemFile):
            including = {i.id for i in guide.items.values() if name in i.data.includes}
            if including != set(data.applies_to):
                yield Problem(f"{guide.id}/{name}.yml", "applies_to", f"included by {including}")


def _check_condition(
    kb: KnowledgeBase, condition: Condition, file: str, key: str
) -> Iterator[Problem]:
    for atom in atoms(condition):
        fact = kb.facts.get(atom.fact)
        values = {atom.option} if isinstance(atom, Has) else atom.values
        known = {o.value for o in fact.options} if fact else set()
        if not fact or fact.multiple != isinstance(atom, Has):
            kind = "multiple " if isinstance(atom, Has) else ""
            yield Problem(file, key, f"no such {kind}fact {atom.fact}")
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
    if rule.line.form and rule.line.form.original and "原件" not in wording:
        yield Problem(file, key, "the clause asks for no original")
    for amount, unit in _figures(rule.line):
        if not re.search(_figure(amount) + re.escape(squeeze(unit)), wording):
            yield Problem(file, key, f"{amount}{unit} does not stand in clause {rule.clause.id}")


def _quoted(line: Line) -> Iterator[str]:
    yield from filter(None, (line.text, line.when_text))
    if line.parts:
        yield from (w for part in _parts(line.parts) for w in (part.text, part.name) if w)
    if line.deadline:
        yield from (line.deadline.start, *line.deadline.except_for)
    if line.form and line.form.stamp:
        yield line.form.stamp


def _parts(part: Part | None) -> Iterator[Part]:
    if part:
        yield part
        for child in part.children:
            yield from _parts(child)


def _figures(line: Line) -> Iterator[tuple[int, str]]:
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
    file = f"{guide.id}/guide.yml"
    for local, values in stated:
        clause = guide.clauses.get(f"{guide.id}/guide/{local}")
        for value in values:
            if clause is None or not _stands_whole(squeeze(value), squeeze(clause.printed)):
                yield Problem(file, local, f"「{value}」 is not in the clause")
    named = {f"{guide.id}/guide/{local}" for local, _ in stated}
    for clause in guide.clauses.values():
        has_number = clause.item == "guide" and re.search(r"[0-9]{5}", clause.text)
        if has_number and clause.id not in named:
            yield Problem(file, clause.id, "no office or contact has this number")


def _stands_whole(value: str, text: str) -> bool:
    """Tell whether a value stands in a text; a number cut short does not."""
    before = "(?<![0-9-])" if value[0].isdigit() else ""
    after = "(?![0-9])" if value[-1].isdigit() else ""
    return re.search(before + re.escape(value) + after, text) is not None


__all__ = ["Coverage", "Problem", "check_guides", "check_references"]
