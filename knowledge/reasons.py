"""Which facts decided, and by which clause: of what applies, and of what does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from knowledge.conditions import All, Condition, Facts, Has, Is, Not, atoms, evaluate
from knowledge.outcome import Reason
from knowledge.store import Clause, Item, Rule


def why_not(item: Item, known: Facts) -> tuple[Reason, ...]:
    """Return why the item does not apply: a failed audience condition, or a bar that holds."""
    if evaluate(item.applies_when, known) is False:
        return tuple(_failing(item.applies_when, known, applies_clause(item)))
    return tuple(
        reason
        for bar, condition in item.bars
        if evaluate(condition, known) is True
        for reason in _deciding(bar.when, known, item.clauses[bar.clause])
    )


def against(item: Item, known: Facts) -> tuple[Reason, ...]:
    """Return what the person said that the item's condition does not list, where it is open."""
    if evaluate(item.applies_when, known) is not None:
        return ()
    failing = _failing(item.applies_when, known, applies_clause(item))
    return tuple(reason for reason in failing if reason.value)


def _failing(condition: Condition, known: Facts, clause: Clause) -> Iterator[Reason]:
    seen = {atom.fact for atom in atoms(condition) if evaluate(atom, known) is True}
    for atom in atoms(condition):
        if evaluate(atom, known) is False and atom.fact not in seen:
            seen.add(atom.fact)
            yield Reason(atom.fact, _said_value(atom, known), clause)


def deciding(rule: Rule, known: Facts) -> tuple[Reason, ...]:
    """Return the known facts that make a line hold or not, with its clause."""
    return tuple(_deciding(rule.condition, known, rule.clause))


def _deciding(condition: Condition, known: Facts, clause: Clause) -> Iterator[Reason]:
    """Yield the facts that make a condition true or false, each once."""
    truth = evaluate(condition, known)
    deciding = _supporting(condition, known, truth) if truth is not None else atoms(condition)
    said = [(a.fact, _said_value(a, known)) for a in deciding if evaluate(a, known) is not None]
    for fact, value in dict.fromkeys(said):
        if value:
            yield Reason(fact, value, clause)


def _supporting(condition: Condition, known: Facts, wanted: bool) -> Iterator[Is | Has]:
    """Yield atoms that suffice to give the condition the truth it has."""
    if isinstance(condition, (Is, Has)):
        yield condition
    elif isinstance(condition, Not):
        yield from _supporting(condition.term, known, not wanted)
    else:
        terms = [t for t in condition.terms if evaluate(t, known) is wanted]
        for term in terms if isinstance(condition, All) is wanted else terms[:1]:
            yield from _supporting(term, known, wanted)


def _said_value(atom: Is | Has, known: Facts) -> str:
    value = known.get(atom.fact)
    if isinstance(value, Mapping):
        option = atom.option if isinstance(atom, Has) else ""
        return option if value.get(option) else ""
    return value or ""


def applies_clause(item: Item) -> Clause:
    """Return the clause that says for whom the item is."""
    clause = item.data.applies.clause if item.data.applies else "name"
    return item.clauses[clause]


def why(item: Item, known: Facts) -> Iterator[Reason]:
    yield from _deciding(item.applies_when, known, applies_clause(item))
    for rule in item.rules:
        if rule.line.when is not None and evaluate(rule.condition, known) is True:
            yield from _deciding(rule.line.when, known, rule.clause)


__all__ = ["against", "applies_clause", "deciding", "why", "why_not"]
