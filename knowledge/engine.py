"""Deciding: which item serves a person, which lines of it hold, what is still to be asked.

Two layers. *Routing* finds the item of a family, or that none applies, or that this guide has no
such item. *Conditions* then decide each line of the item in three-valued logic. The engine does
no I/O; the date is an argument where one matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from knowledge.catalog import Fact, Option
from knowledge.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    Facts,
    Value,
    atoms,
    essential,
    evaluate,
    reduce,
)
from knowledge.outcome import UNKNOWN, DecidedLine, Decision, Outcome, Question, Reason
from knowledge.reasons import applies_clause, why, why_not
from knowledge.store import Clause, Item, KnowledgeBase, conditions_of


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
    if len(route) != 1:
        return Outcome("conditional", guide, family_id, instead=route)
    found = route[0]
    failed = why_not(found, known)
    if failed:
        instead = tuple(i for i in _instead(kb, found, known) if i is not found)
        return Outcome("not_applicable", guide, family_id, found, failed=failed, instead=instead)
    lines = tuple(_decided_lines(found, known, told(facts)))
    open_lines = any(line.remaining and not line.other_case for line in lines)
    unsure = tuple(dict.fromkeys(_unsure(found, known)))
    status = "conditional" if open_lines or unsure else "applies"
    return Outcome(status, guide, family_id, found, lines=lines,
                   reasons=tuple(why(found, known)), unsure=unsure)


def with_defaults(kb: KnowledgeBase, facts: Facts) -> dict[str, Value]:
    """Return the facts that are known or assumed; what the person cannot tell is left out."""
    assumed = {f.name: f.default for f in kb.facts.values() if f.default and f.name not in facts}
    return {**assumed, **told(facts)}


def told(facts: Facts) -> dict[str, Value]:
    """Return the facts without what the person could not tell."""
    return {
        name: {o: held for o, held in value.items() if held != UNKNOWN}
        if isinstance(value, Mapping) else value
        for name, value in facts.items() if value != UNKNOWN
    }


def _skipped(facts: Facts) -> frozenset[tuple[str, str]]:
    """Return what the person could not tell: whole facts as ``(fact, "")``, and single options."""
    whole = {(name, "") for name, value in facts.items() if value == UNKNOWN}
    return frozenset(whole) | {
        (name, option) for name, value in facts.items() if isinstance(value, Mapping)
        for option, held in value.items() if held == UNKNOWN
    }


_Route = tuple[Item, ...]
"""Items that may still be the one, in order; the first undecided one is asked about."""


def _route(
    kb: KnowledgeBase, guide: str, family: str, known: Facts, item: str
) -> _Route | Outcome:
    if not item:
        return _route_by_facts(kb, guide, family, known)
    named = kb.candidates(guide, item)
    if not named:
        return _absent(kb, guide, item)
    possible = _possible(named, known)
    lacking = "" if possible else _finer_one_lacking(kb, guide, item, known)
    return _absent(kb, guide, lacking) if lacking else possible or named[:1]


def _finer_one_lacking(kb: KnowledgeBase, guide: str, item: str, known: Facts) -> str:
    """Return the finer item of the same whole that the person describes and the guide lacks."""
    whole = kb.whole(item).id
    return next((c.id for c in kb.family_of(item).items
                 if c.under == whole and c.typical_when and evaluate(c.typical_when, known)
                 and not kb.candidates(guide, c.id)), "")


def _absent(kb: KnowledgeBase, guide: str, item: str) -> Outcome:
    family = kb.family_of(item).id
    return Outcome("not_in_guide", guide, family, canonical=kb.canonical(item))


def _route_by_facts(kb: KnowledgeBase, guide: str, family: str, known: Facts) -> _Route | Outcome:
    items = kb.items(guide, family)
    possible = _possible(items, known)
    return possible or _none_applies(kb, guide, family, known, items)


def _possible(items: Iterable[Item], known: Facts) -> tuple[Item, ...]:
    """Return the first item whose condition holds, and earlier ones that are undecided."""
    candidates: list[Item] = []
    for item in items:
        truth = evaluate(item.applies_when, known)
        if truth is not False:
            candidates.append(item)
        if truth is True:
            break
    return tuple(candidates)


def _none_applies(
    kb: KnowledgeBase, guide: str, family: str, known: Facts, items: Iterable[Item]
) -> Outcome:
    """Say that the guide lacks the item people of this kind have elsewhere, or what failed."""
    catalog = kb.family(family)
    if not kb.items(guide, family):
        return _absent(kb, guide, catalog.items[0].id)
    typical = [c.id for c in catalog.items if c.typical_when and evaluate(c.typical_when, known)]
    for canonical in typical:
        if kb.item(guide, canonical) is None:
            return _absent(kb, guide, canonical)
    near = [i for i in items if _is_near(i, known) or set(i.canonical) & set(typical)]
    failed = tuple(r for item in near for r in why_not(item, known))
    meant = [i for i in near if set(i.canonical) & set(typical)]
    found = meant[0] if len(meant) == 1 else None
    return Outcome("not_applicable", guide, catalog.id, found, failed=failed)


def _is_near(item: Item, known: Facts) -> bool:
    """Tell whether the leading condition of an item holds although the whole fails."""
    leading = next(atoms(item.applies_when), None)
    return leading is not None and evaluate(leading, known) is True


def _instead(kb: KnowledgeBase, item: Item, known: Facts) -> Iterator[Item]:
    for bar, condition in item.bars:
        other = kb.item(item.guide, bar.instead) if bar.instead else None
        if other and evaluate(condition, known):
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


def _unsure(item: Item, known: Facts) -> Iterator[Clause]:
    """Yield the clauses that may rule the person out: of the audience, and of bars."""
    if evaluate(item.applies_when, known) is None:
        yield applies_clause(item)
    for bar, condition in item.bars:
        if evaluate(condition, known) is None:
            yield item.clauses[bar.clause]


def _ask(
    kb: KnowledgeBase, route: _Route, known: Facts, skipped: frozenset[tuple[str, str]]
) -> Question | None:
    """Return the first fact, in their order, that can still change something."""
    for pending in _pending(route, known, skipped):
        open_ones = {variable for condition in pending for variable in essential(condition)}
        for fact in kb.facts.values():
            options = {o for name, o in open_ones - skipped if name == fact.name}
            if options and (fact.name, "") not in skipped and not fact.unknowable:
                clauses = tuple(dict.fromkeys(_depending(route, known, fact.name)))
                return Question(fact, _offered(fact, options), clauses)
    return None


def _pending(
    route: _Route, known: Facts, skipped: frozenset[tuple[str, str]]
) -> Iterator[list[Condition]]:
    """Yield the open conditions: of routing, then of the one item that is left.

    Of many candidates, one whose leading fact the person could not tell is not asked about
    further: that could only strike this one off.
    """
    routing = [reduce(item.applies_when, known) for item in route]
    many = len(routing) > 2
    yield [c for c in routing if not many or _leading(c) not in skipped]
    if len(route) == 1 and not why_not(route[0], known):
        yield [reduce(condition, known) for condition in conditions_of(route[0])]


def _leading(condition: Condition) -> tuple[str, str]:
    first = next(atoms(condition), None)
    return (first.fact, "") if first else ("", "")


def _offered(fact: Fact, options: set[str]) -> tuple[Option, ...]:
    """Leave out options of a multi-choice question that no open line depends on."""
    return tuple(o for o in fact.options if not fact.multiple or o.value in options)


def _depending(route: _Route, known: Facts, fact: str) -> Iterator[Clause]:
    for item in route:
        if any(a.fact == fact for a in atoms(item.applies_when)):
            yield applies_clause(item)
        if len(route) == 1:
            yield from _rules_on(item, fact, known)


def _rules_on(item: Item, fact: str, known: Facts) -> Iterator[Clause]:
    for rule in item.rules:
        if any(a.fact == fact for a in atoms(reduce(rule.condition, known))):
            yield rule.clause
    for bar, condition in item.bars:
        if any(a.fact == fact for a in atoms(reduce(condition, known))):
            yield item.clauses[bar.clause]


__all__ = [
    "DecidedLine", "Decision", "Outcome", "Question", "Reason", "UNKNOWN",
    "assess", "decide", "told", "with_defaults",
]
