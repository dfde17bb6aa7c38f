"""Deciding: which item serves a person, which lines of it hold, what is still to be asked.

Two layers. *Routing* finds the item of a family, or that none applies, or that this guide has no
such item. *Conditions* then decide each line of the item in three-valued logic. The engine does
no I/O; the date is an argument where one matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Union

from knowledge.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    Facts,
    Has,
    Is,
    Value,
    atoms,
    essential,
    evaluate,
    reduce,
)
from knowledge.model import CanonicalItem, Fact, Option
from knowledge.store import Clause, Item, KnowledgeBase, Rule, conditions_of

UNKNOWN = "不知道"
"""The value of a fact that was asked and that the person cannot tell."""


@dataclass(frozen=True)
class Question:
    """A fact to ask next: only options that can still change something are offered.

    ``why`` are the clauses that depend on the answer.
    """

    fact: Fact
    options: tuple[Option, ...]
    why: tuple[Clause, ...]


@dataclass(frozen=True)
class DecidedLine:
    """A line of the outcome.

    ``remaining`` is the condition that the known facts leave open (None where the line holds),
    ``other_case`` that the line holds only if an assumed fact is otherwise, ``dropped`` the parts
    that another line stands in for.
    """

    rule: Rule
    remaining: Condition | None = None
    other_case: bool = False
    dropped: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reason:
    """A fact that decided something, and the clause whose condition it met or failed."""

    fact: str
    value: str
    clause: Clause


@dataclass(frozen=True)
class Outcome:
    """The end of a decision.

    ``status`` is ``applies`` (every line decided), ``conditional`` (some lines depend on facts
    that are not known), ``not_applicable`` (a condition of the guide failed; ``failed`` says
    which, ``instead`` what may apply; without an item, ``instead`` are those still in question) or ``not_in_guide`` (this guide has no such item). ``unsure`` is the audience clause, where it is not known whether
    the person is among those it names.
    """

    status: str
    guide: str
    family: str
    item: Item | None = None
    canonical: CanonicalItem | None = None
    lines: tuple[DecidedLine, ...] = ()
    reasons: tuple[Reason, ...] = ()
    failed: tuple[Reason, ...] = ()
    instead: tuple[Item, ...] = ()
    unsure: Clause | None = None

    def of_kind(self, kind: str) -> tuple[DecidedLine, ...]:
        """Return the lines of one kind."""
        return tuple(line for line in self.lines if line.rule.kind == kind)


Decision = Union[Question, Outcome]


def decide(
    kb: KnowledgeBase, guide: str, family: str, facts: Facts, item: str = ""
) -> Decision:
    """Return the next question, or the outcome where nothing asked could change it.

    Args:
        kb: the knowledge base.
        guide: guide id, e.g. ``meizhou``.
        family: family id, intent or label.
        facts: known facts; a value of :data:`UNKNOWN` is never asked again.
        item: canonical item id where the person named one; '' to route by the facts.

    Raises:
        UnknownId: guide, family or item are not in the knowledge base.
    """
    known = with_defaults(kb, facts)
    route = _route(kb, guide, family, known, item)
    if isinstance(route, Outcome):
        return route
    question = _ask(kb, route, known, _skipped(facts))
    if question:
        return question
    return assess(kb, guide, family, facts, item)


def assess(
    kb: KnowledgeBase, guide: str, family: str, facts: Facts, item: str = ""
) -> Outcome:
    """Return the outcome by what is known now, without asking: open lines stay conditional."""
    known = with_defaults(kb, facts)
    route = _route(kb, guide, family, known, item)
    if isinstance(route, Outcome):
        return route
    family_id = kb.family(family).id
    if len(route.candidates) != 1:
        return Outcome("conditional", guide, family_id, instead=route.candidates)
    found = route.candidates[0]
    failed = _failed(found, known)
    if failed:
        instead = tuple(i for i in _instead(kb, found, known) if i is not found)
        return Outcome("not_applicable", guide, family_id, found, failed=failed, instead=instead)
    lines = tuple(_decided_lines(found, known, _said(facts)))
    open_lines = any(line.remaining and not line.other_case for line in lines)
    status = "conditional" if open_lines or _unsure(found, known) else "applies"
    undecided = evaluate(found.applies_when, known) is None
    return Outcome(
        status, guide, family_id, found, lines=lines, reasons=tuple(_reasons(found, known)),
        unsure=_applies_clause(found) if undecided else None)


def with_defaults(kb: KnowledgeBase, facts: Facts) -> dict[str, Value]:
    """Return the facts that are known or assumed; what the person cannot tell is left out."""
    assumed = {f.name: f.default for f in kb.facts.values() if f.default and f.name not in facts}
    return {**assumed, **_said(facts)}


def _said(facts: Facts) -> dict[str, Value]:
    return {name: value for name, value in facts.items() if value != UNKNOWN}


def _skipped(facts: Facts) -> frozenset[str]:
    return frozenset(name for name, value in facts.items() if value == UNKNOWN)


@dataclass(frozen=True)
class _Route:
    """Items that may still be the one, in order; the first undecided one is asked about."""

    candidates: tuple[Item, ...]


def _route(
    kb: KnowledgeBase, guide: str, family: str, known: Facts, item: str
) -> _Route | Outcome:
    if item:
        found = kb.item(guide, item)
        return _Route((found,)) if found else _absent(kb, guide, item)
    return _route_by_facts(kb, guide, family, known)


def _absent(kb: KnowledgeBase, guide: str, item: str) -> Outcome:
    family = kb.family_of(item).id
    return Outcome("not_in_guide", guide, family, canonical=kb.canonical(item))


def _route_by_facts(kb: KnowledgeBase, guide: str, family: str, known: Facts) -> _Route | Outcome:
    """Take the first item whose condition holds; earlier undecided ones keep it open."""
    items = kb.items(guide, family)
    candidates: list[Item] = []
    for item in items:
        truth = evaluate(item.applies_when, known)
        if truth is not False:
            candidates.append(item)
        if truth is True:
            break
    if candidates:
        return _Route(tuple(candidates))
    return _none_applies(kb, guide, family, known, items)


def _none_applies(
    kb: KnowledgeBase, guide: str, family: str, known: Facts, items: Iterable[Item]
) -> Outcome:
    """Say that the guide lacks the item people of this kind have elsewhere, or what failed."""
    catalog = kb.family(family)
    typical = [c.id for c in catalog.items if c.typical_when and evaluate(c.typical_when, known)]
    for canonical in typical:
        if kb.item(guide, canonical) is None:
            return _absent(kb, guide, canonical)
    near = (i for i in items if _is_near(i, known) or set(i.canonical) & set(typical))
    failed = tuple(r for item in near for r in _failed(item, known))
    return Outcome("not_applicable", guide, catalog.id, failed=failed)


def _is_near(item: Item, known: Facts) -> bool:
    """Tell whether the leading condition of an item holds although the whole fails."""
    leading = next(atoms(item.applies_when), None)
    return leading is not None and evaluate(leading, known) is True


def _failed(item: Item, known: Facts) -> tuple[Reason, ...]:
    """Return why the item does not apply: a failed audience condition, or a bar that holds."""
    if evaluate(item.applies_when, known) is False:
        return tuple(_failing(item.applies_when, known, _applies_clause(item)))
    return tuple(
        reason
        for bar in item.data.barred
        if evaluate(bar.when, known) is True
        for reason in _deciding(bar.when, known, item.clauses[bar.clause])
    )


def _applies_clause(item: Item) -> Clause:
    clause = item.data.applies.clause if item.data.applies else "name"
    return item.clauses[clause]


def _failing(condition: Condition, known: Facts, clause: Clause) -> Iterator[Reason]:
    seen: set[str] = set()
    for atom in atoms(condition):
        if evaluate(atom, known) is False and atom.fact not in seen:
            seen.add(atom.fact)
            yield Reason(atom.fact, _said_value(atom, known), clause)


def _deciding(condition: Condition, known: Facts, clause: Clause) -> Iterator[Reason]:
    """Yield the facts of a decided condition that are known and true of the person."""
    seen: set[str] = set()
    for atom in atoms(condition):
        value = _said_value(atom, known)
        if value and value not in seen and evaluate(atom, known) is not None:
            seen.add(value)
            yield Reason(atom.fact, value, clause)


def _said_value(atom: Is | Has, known: Facts) -> str:
    value = known.get(atom.fact)
    if isinstance(value, Mapping):
        option = atom.option if isinstance(atom, Has) else ""
        return option if value.get(option) else ""
    return value or ""


def _instead(kb: KnowledgeBase, item: Item, known: Facts) -> Iterator[Item]:
    for bar in item.data.barred:
        other = kb.item(item.guide, bar.instead) if bar.instead else None
        if other and evaluate(bar.when, known):
            yield other
    family = kb.family_of(item.canonical[0])
    for other in kb.items(item.guide, family.id):
        if other.applies_when != ALWAYS and evaluate(other.applies_when, known):
            yield other


def _decided_lines(item: Item, known: Facts, said: Facts) -> Iterator[DecidedLine]:
    for rule in item.rules:
        left = reduce(rule.condition, known)
        if rule.line.effect == "waive":
            continue
        if left == NEVER:
            # What an assumption hides is still shown for who does not share the assumption.
            if reduce(rule.condition, said) != NEVER:
                yield DecidedLine(rule, reduce(rule.condition, said), other_case=True)
            continue
        dropped = {p for p, c in rule.part_conditions.items() if evaluate(c, known) is False}
        yield DecidedLine(rule, None if left == ALWAYS else left, dropped=frozenset(dropped))


def _unsure(item: Item, known: Facts) -> bool:
    bars = (bar.when for bar in item.data.barred)
    return any(evaluate(c, known) is None for c in (item.applies_when, *bars))


def _reasons(item: Item, known: Facts) -> Iterator[Reason]:
    yield from _deciding(item.applies_when, known, _applies_clause(item))
    for rule in item.rules:
        if rule.line.when is not None and evaluate(rule.condition, known) is True:
            yield from _deciding(rule.line.when, known, rule.clause)


def _ask(
    kb: KnowledgeBase, route: _Route, known: Facts, skipped: frozenset[str]
) -> Question | None:
    """Return the first fact, in the order of ``facts.yml``, that can still change something."""
    pending = _pending(route, known)
    for fact in kb.facts.values():
        options = {
            option
            for condition in pending
            for name, option in essential(condition)
            if name == fact.name
        }
        if options and fact.name not in skipped:
            why = tuple(_depending(route, known, fact.name))
            return Question(fact, _offered(kb, route, fact, options, known), why)
    return None


def _pending(route: _Route, known: Facts) -> list[Condition]:
    """Return the open conditions: routing first, then those of the one item that is left."""
    routing = [reduce(item.applies_when, known) for item in route.candidates]
    undecided = [c for c in routing if c not in (ALWAYS, NEVER)]
    if undecided or len(route.candidates) != 1:
        return undecided
    item = route.candidates[0]
    if _failed(item, known):
        return []
    return [c for c in (reduce(c, known) for c in conditions_of(item)) if c not in (ALWAYS, NEVER)]


def _offered(
    kb: KnowledgeBase, route: _Route, fact: Fact, options: set[str], known: Facts
) -> tuple[Option, ...]:
    """Leave out options of a multi-choice question that no open line depends on."""
    if fact.multiple:
        return tuple(option for option in fact.options if option.value in options)
    return fact.options


def _depending(route: _Route, known: Facts, fact: str) -> Iterator[Clause]:
    for item in route.candidates:
        if any(a.fact == fact for a in atoms(item.applies_when)):
            yield _applies_clause(item)
        if len(route.candidates) == 1:
            yield from _rules_on(item, fact, known)


def _rules_on(item: Item, fact: str, known: Facts) -> Iterator[Clause]:
    for rule in item.rules:
        if any(a.fact == fact for a in atoms(reduce(rule.condition, known))):
            yield rule.clause


__all__ = [
    "DecidedLine", "Decision", "Outcome", "Question", "Reason", "UNKNOWN",
    "assess", "decide", "with_defaults",
]
