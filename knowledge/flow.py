"""How a family's questions lead to what a person gets, as a graph small enough to be drawn.

Up to the item this is what :func:`knowledge.engine.decide` asks, answer by answer. Behind the item
stand questions about single lines; those that do not bear on one another are *blocks* side by
side, where a tree would repeat each block below every answer of the one before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Union

from knowledge.catalog import Fact
from knowledge.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    Facts,
    Value,
    conjunction,
    essential,
    evaluate,
    reduce,
)
from knowledge.engine import Outcome, Question, assess, decide, with_defaults
from knowledge.outcome import DecidedLine
from knowledge.store import Clause, Item, KnowledgeBase, Rule

Variable = tuple[str, str]
"""A fact and '', or a fact of several options and one of them."""


@dataclass(frozen=True)
class Shown:
    """A line that holds at this point: its place among the item's rules, and what is left open."""

    rule: int
    remaining: Condition | None = None
    dropped: frozenset[str] = frozenset()

    def of(self, item: Item) -> DecidedLine:
        """Return the line of the item as an outcome has it."""
        return DecidedLine(item.rules[self.rule], self.remaining, dropped=self.dropped)


@dataclass(frozen=True)
class Lines:
    """Lines that hold from here on, and the blocks of questions that decide the others."""

    lines: tuple[Shown, ...] = ()
    blocks: tuple[Ask, ...] = ()


@dataclass(frozen=True)
class End:
    """What the family's questions lead to; ``because`` are ids of the clauses that rule it out.

    ``item`` is the guide's item ('' where there is none), ``lacking`` the canonical item that the
    guide lacks, ``status`` that of an :class:`knowledge.outcome.Outcome`.
    """

    status: str
    item: str = ""
    lacking: str = ""
    because: tuple[str, ...] = ()
    then: Lines = Lines()


@dataclass(frozen=True)
class Branch:
    """What follows from an answer: to any of ``values``, or to all options of ``chosen``.

    ``chosen`` and ``left_out`` are options of a question of which several may be chosen; those in
    neither do not matter to what follows.
    """

    then: Flow
    values: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def follows(self, value: Value) -> bool:
        """Tell whether the branch is taken by who answers ``value``."""
        if isinstance(value, str):
            return value in self.values
        return all(value[o] for o in self.chosen) and not any(value[o] for o in self.left_out)


@dataclass(frozen=True)
class Ask:
    """A question: the fact, ids of the clauses that depend on it, and what the answers lead to."""

    fact: str
    why: tuple[str, ...]
    branches: tuple[Branch, ...]


Flow = Union[Ask, End, Lines]


def flow(kb: KnowledgeBase, guide: str, family: str, facts: Facts | None = None) -> Ask | End:
    """Return the flow of a family in a guide, for people who know all answers.

    Args:
        kb: the knowledge base.
        guide: guide id, e.g. ``meizhou``.
        family: family id, intent or label.
        facts: what is known before the first question.

    Raises:
        UnknownId: guide or family are not in the knowledge base.
    """
    facts = facts or {}
    decision = decide(kb, guide, family, facts)
    if isinstance(decision, Outcome):
        return _end(kb, decision, facts)
    so_far = assess(kb, guide, family, facts)
    if so_far.item and not _may_be_ruled_out(kb, so_far.item, with_defaults(kb, facts)):
        return _end(kb, so_far, facts)
    return Ask(decision.fact.name, tuple(clause.id for clause in decision.why), tuple(_merged(
        Branch(flow(kb, guide, family, {**facts, decision.fact.name: option.value}),
               (option.value,)) for option in _single(decision))))


def _single(question: Question) -> Iterable:
    # Which item it is never depends on a choice of several; a test keeps it so.
    assert not question.fact.multiple
    return question.options


def _may_be_ruled_out(kb: KnowledgeBase, item: Item, known: Facts) -> bool:
    conditions = [item.applies_when, *(condition for _, condition in item.bars)]
    return any(_open(kb, reduce(condition, known)) for condition in conditions)


def _end(kb: KnowledgeBase, outcome: Outcome, facts: Facts) -> End:
    because = tuple(dict.fromkeys(reason.clause.id for reason in outcome.failed))
    end = End(outcome.status, outcome.item.id if outcome.item else "",
              outcome.canonical.id if outcome.canonical else "", because)
    if outcome.item is None or outcome.status == "not_applicable":
        return end
    unsure = tuple(clause.id for clause in outcome.unsure)
    every = range(len(outcome.item.rules))
    lines = _lines(kb, outcome.item, every, with_defaults(kb, facts))
    return replace(end, status="conditional" if unsure else "applies", because=unsure, then=lines)


def _lines(kb: KnowledgeBase, item: Item, rules: Iterable[int], known: Facts) -> Lines:
    """Return which of some rules hold by what is known, and what is to be asked for the rest."""
    holding, undecided = [], []
    for n in rules:
        rule = item.rules[n]
        left = reduce(rule.condition, known)
        if any(_open(kb, condition) for condition in _conditions(rule, known)):
            undecided.append(n)
        elif left != NEVER and rule.line.effect != "waive":
            dropped = {p for p, c in rule.part_conditions.items() if evaluate(c, known) is False}
            holding.append(Shown(n, None if left == ALWAYS else left, frozenset(dropped)))
    return Lines(tuple(holding), tuple(_blocks(kb, item, undecided, known)))


def _conditions(rule: Rule, known: Facts) -> list[Condition]:
    if rule.line.effect == "waive":
        return []
    parts = (conjunction(rule.condition, c) for c in rule.part_conditions.values())
    return [reduce(condition, known) for condition in (rule.condition, *parts)]


def _open(kb: KnowledgeBase, condition: Condition) -> frozenset[Variable]:
    """Return what can be asked that a condition still depends on."""
    return frozenset(v for v in essential(condition) if not kb.facts[v[0]].unknowable)


def _blocks(
    kb: KnowledgeBase, item: Item, rules: Iterable[int], known: Facts
) -> Iterator[Ask]:
    """Yield a question for each group of rules that shares no variable with the others.

    Groups that begin with the same choice of several options are one question.
    """
    groups = [(_first(kb, variables), rules, variables)
              for variables, rules in _groups(kb, item, rules, known)]
    for fact in kb.facts.values():
        own = [(rules, variables) for first, rules, variables in groups if first == fact.name]
        if own:
            branches = [b for rules, variables in own
                        for b in _branches(kb, item, rules, fact, variables, known)]
            asked = [n for rules, _ in own for n in rules]
            yield Ask(fact.name, _why(item, asked, fact.name, known),
                      tuple(sorted(branches, key=partial(_place, fact))))


def _place(fact: Fact, branch: Branch) -> int:
    """Return where the first option that a branch is about stands among those of the question."""
    values = [option.value for option in fact.options]
    return min(map(values.index, (*branch.values, *branch.chosen, *branch.left_out)))


def _groups(
    kb: KnowledgeBase, item: Item, rules: Iterable[int], known: Facts
) -> list[tuple[frozenset[Variable], tuple[int, ...]]]:
    groups: list[tuple[frozenset[Variable], tuple[int, ...]]] = []
    for n in rules:
        variables = frozenset().union(*(_open(kb, c) for c in _conditions(item.rules[n], known)))
        touching = [group for group in groups if group[0] & variables]
        groups = [group for group in groups if group not in touching]
        members = (n, *(m for _, others in touching for m in others))
        groups.append((variables.union(*(v for v, _ in touching)), tuple(sorted(members))))
    return sorted(groups, key=lambda group: group[1])


def _first(kb: KnowledgeBase, variables: frozenset[Variable]) -> str:
    names = {name for name, _ in variables}
    return next(name for name in kb.facts if name in names)


def _branches(
    kb: KnowledgeBase, item: Item, rules: tuple[int, ...], fact: Fact,
    variables: frozenset[Variable], known: Facts,
) -> Iterator[Branch]:
    """Yield what the answers lead to; of several options, only those the rules depend on."""
    if not fact.multiple:
        yield from _merged(
            Branch(_lines(kb, item, rules, {**known, fact.name: option.value}), (option.value,))
            for option in fact.options)
        return
    options = [o.value for o in fact.options if (fact.name, o.value) in variables]
    before = known.get(fact.name, {})
    for held in product((True, False), repeat=len(options)):
        value = dict(zip(options, held))
        then = _lines(kb, item, rules, {**known, fact.name: {**before, **value}})
        yield Branch(then, (), tuple(o for o in options if value[o]),
                     tuple(o for o in options if not value[o]))


def _merged(branches: Iterable[Branch]) -> Iterator[Branch]:
    """Join answers that lead to the same."""
    joined: dict[Flow, tuple[str, ...]] = {}
    for branch in branches:
        joined[branch.then] = (*joined.get(branch.then, ()), *branch.values)
    for then, values in joined.items():
        yield Branch(then, values)


def _why(item: Item, rules: Iterable[int], fact: str, known: Facts) -> tuple[str, ...]:
    clauses: dict[str, Clause] = {}
    for n in rules:
        rule = item.rules[n]
        names = {name for c in _conditions(rule, known) for name, _ in essential(c)}
        if fact in names:
            clauses[rule.clause.id] = rule.clause
    return tuple(clauses)


def ends(graph: Ask | End) -> Iterator[End]:
    """Yield every end of a flow, one that several ways lead to each time."""
    if isinstance(graph, End):
        yield graph
        return
    for branch in graph.branches:
        yield from ends(branch.then)


def for_everybody(graph: Ask | End) -> dict[str, frozenset[Shown]]:
    """Return by item the lines that hold wherever the item applies: they tell nobody apart."""
    common: dict[str, frozenset[Shown]] = {}
    for end in (end for end in ends(graph) if end.then.lines):
        lines = frozenset(end.then.lines)
        common[end.item] = common.get(end.item, lines) & lines
    return common


__all__ = [
    "Ask", "Branch", "End", "Flow", "Lines", "Shown", "ends", "flow", "for_everybody",
]
