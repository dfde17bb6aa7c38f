"""Checking the knowledge base against itself: quotes, figures, conditions, unused clauses."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.base import Guide, Item, KnowledgeBase, conditions_of
from knowledge.cases import check_cases
from knowledge.catalog import CanonicalItem
from knowledge.conditions import ALWAYS, Condition, Has, Is, atoms
from knowledge.coverage import check_exclusions
from knowledge.follows import (
    check_figures_of_cases,
    check_names,
    check_options,
    check_rule,
    parts_of,
)
from knowledge.mirror import Coverage, Problem, check_guides, check_spans
from knowledge.model import ItemFile
from knowledge.offices import check_offices

_NAMING = ("name", "number", "code")
"""Kinds of clauses that name their item."""


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
            yield Problem("facts", fact.name, f"no option {fact.default!r} to assume")


def _check_guide(kb: KnowledgeBase, guide: Guide) -> Iterator[Problem]:
    used: set[str] = set()
    for item in guide.items.values():
        yield from _check_item(kb, item)
        used |= {rule.clause.id for rule in item.rules}
        used |= {item.clauses[c].id for c in item.data.silent if c in item.clauses}
    yield from _check_unused(guide, used)
    yield from _check_shared(guide)
    yield from check_offices(guide)
    yield from check_exclusions(guide)
    yield from check_spans(guide)


def _check_item(kb: KnowledgeBase, item: Item) -> Iterator[Problem]:
    file = f"{item.guide}/{item.id}.yml"
    known = {i.id for family in kb.families for i in family.items}
    for canonical in item.canonical:
        if canonical not in known:
            yield Problem(file, "canonical", f"no item {canonical!r} in catalog.yml")
    for condition in conditions_of(item):
        yield from _check_condition(kb, condition, file, "when")
    for rule in item.rules:
        yield from check_rule(rule, file)
    yield from check_names(item)
    yield from check_figures_of_cases(item, kb.facts)
    yield from check_options(item, kb.facts)
    yield from check_cases(item)
    for bar in item.data.barred:
        if bar.instead and (bar.instead not in known or not kb.item(item.guide, bar.instead)):
            yield Problem(file, "barred", f"no item {bar.instead!r} in this guide")
    yield from _check_targets(item, file)
    yield from _check_silent(item, file)
    yield from _check_routing(kb, item, file)


def _check_routing(kb: KnowledgeBase, item: Item, file: str) -> Iterator[Problem]:
    """Where facts lead to one item of a family, they have to lead to each of them."""
    families = {f.id for f in kb.families if any(i.id in item.canonical for i in f.items)}
    siblings = [other for family in families for other in kb.items(item.guide, family)]
    asked = [other for other in siblings if other is not item and other.applies_when != ALWAYS]
    if asked and item.applies_when == ALWAYS:
        yield Problem(file, "applies", f"nothing tells it from {asked[0].id}")


def _check_targets(item: Item, file: str) -> Iterator[Problem]:
    """What a line stands in for has to be there."""
    for kind, lines in item.data.lines.items():
        there = {line.id for line in lines}
        there |= {f"{line.id}.{part.id}" for line in lines for part in parts_of(line.parts)}
        for line in lines:
            if line.target and line.target not in there:
                yield Problem(file, f"lines.{kind}.{line.id}", f"no line or part {line.target!r}")


def _check_shared(guide: Guide) -> Iterator[Problem]:
    """Rules printed elsewhere say for which items they hold."""
    for name, data in guide.files.items():
        if name.startswith("_") and isinstance(data, ItemFile):
            including = {i.id for i in guide.items.values() if name in i.data.includes}
            if including != set(data.applies_to):
                problem = f"included by {sorted(including)}"
                yield Problem(f"{guide.id}/{name}.yml", "applies_to", problem)


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


def _check_unused(guide: Guide, used: set[str]) -> Iterator[Problem]:
    """Every clause reaches some answer, names its item, or is silent for a reason."""
    for clause in guide.clauses.values():
        shown = clause.id in used or clause.kind in _NAMING or clause.item == "guide"
        if not clause.empty and not shown:
            yield Problem(f"{guide.id}/{clause.item}.yml", clause.id, "no line shows this clause")


def _check_silent(item: Item, file: str) -> Iterator[Problem]:
    shown = {rule.line.clause for rule in item.rules}
    for local, reason in item.data.silent.items():
        if local not in item.clauses:
            yield Problem(file, f"silent.{local}", "no such clause here")
        elif not reason or local in shown:
            yield Problem(file, f"silent.{local}", "is shown" if reason else "gives no reason")


__all__ = ["Coverage", "Problem", "check_guides", "check_references"]
