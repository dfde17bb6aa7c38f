"""The closed vocabulary of conditions, in three-valued logic.

A condition is written in data files as a mapping with one operator::

    {eq: [fact, value]}            the fact has this value
    {in: [fact, [value, …]]}       the fact has one of these values
    {has: [fact, option]}          a multi-valued fact includes this option
    {all: [condition, …]}  {any: [condition, …]}  {not: condition}

Facts are given as ``{name: value}`` for single-valued facts and ``{name: {option: bool}}`` for
multi-valued ones. What is not given is unknown, never false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Union

Value = Union[str, Mapping[str, bool]]
Facts = Mapping[str, Value]
Truth = Union[bool, None]


@dataclass(frozen=True)
class Is:
    """A single-valued fact has one of ``values``."""

    fact: str
    values: frozenset[str]


@dataclass(frozen=True)
class Has:
    """A multi-valued fact includes ``option``."""

    fact: str
    option: str


@dataclass(frozen=True)
class Not:
    """The opposite of ``term``."""

    term: Condition


@dataclass(frozen=True)
class All:
    """Every term holds; without terms: always."""

    terms: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Any_:
    """At least one term holds; without terms: never."""

    terms: tuple[Condition, ...] = ()


Condition = Union[Is, Has, Not, All, Any_]
ALWAYS, NEVER = All(), Any_()


def parse(data: Any) -> Condition:
    """Read a condition as data files write it.

    Raises:
        ValueError: unknown operator or wrong shape; the message says which.
    """
    if not isinstance(data, Mapping) or len(data) != 1:
        raise ValueError(f"a condition is a mapping with one operator, not {data!r}")
    (operator, operand), = data.items()
    try:
        return _PARSERS[operator](operand)
    except KeyError:
        raise ValueError(f"unknown operator {operator!r}; use {sorted(_PARSERS)}") from None
    except TypeError:
        raise ValueError(f"{operator} cannot take {operand!r}") from None


def _pair(operand: Any) -> tuple[str, Any]:
    if not isinstance(operand, (list, tuple)) or len(operand) != 2:
        raise ValueError(f"expected [fact, value], got {operand!r}")
    return str(operand[0]), operand[1]


def _parse_eq(operand: Any) -> Condition:
    fact, value = _pair(operand)
    return Is(fact, frozenset([str(value)]))


def _parse_in(operand: Any) -> Condition:
    fact, values = _pair(operand)
    if isinstance(values, str):
        raise ValueError(f"expected a list of values, got {values!r}; use eq for one")
    return Is(fact, frozenset(map(str, values)))


def _parse_has(operand: Any) -> Condition:
    fact, option = _pair(operand)
    return Has(fact, str(option))


_PARSERS = {
    "eq": _parse_eq,
    "in": _parse_in,
    "has": _parse_has,
    "all": lambda terms: All(tuple(map(parse, terms))),
    "any": lambda terms: Any_(tuple(map(parse, terms))),
    "not": lambda term: Not(parse(term)),
}


def conjunction(*terms: Condition) -> Condition:
    """Return the flat ``all`` of ``terms``; a single term stands for itself."""
    flat = tuple(
        inner for term in terms for inner in (term.terms if isinstance(term, All) else (term,))
    )
    return flat[0] if len(flat) == 1 else All(flat)


def reduce(condition: Condition, facts: Facts) -> Condition:
    """Return what is left of ``condition`` once ``facts`` are known.

    ``ALWAYS`` and ``NEVER`` are the decided results; anything else still depends on unknown
    facts and mentions only those.
    """
    if isinstance(condition, Is):
        value = facts.get(condition.fact)
        if isinstance(value, str):
            return ALWAYS if value in condition.values else NEVER
        return condition
    if isinstance(condition, Has):
        return _reduce_has(condition, facts)
    if isinstance(condition, Not):
        return _negate(reduce(condition.term, facts))
    return _reduce_terms(condition, facts)


def _reduce_has(condition: Has, facts: Facts) -> Condition:
    chosen = facts.get(condition.fact)
    if isinstance(chosen, Mapping) and condition.option in chosen:
        return ALWAYS if chosen[condition.option] else NEVER
    return condition


def _negate(term: Condition) -> Condition:
    if term == ALWAYS:
        return NEVER
    return ALWAYS if term == NEVER else Not(term)


def _reduce_terms(condition: All | Any_, facts: Facts) -> Condition:
    neutral, absorbing = (ALWAYS, NEVER) if isinstance(condition, All) else (NEVER, ALWAYS)
    left: list[Condition] = []
    for term in condition.terms:
        reduced = reduce(term, facts)
        if reduced == absorbing:
            return absorbing
        if reduced != neutral and reduced not in left:
            left.append(reduced)
    if not left:
        return neutral
    return left[0] if len(left) == 1 else type(condition)(tuple(left))


def evaluate(condition: Condition, facts: Facts) -> Truth:
    """Return True, False, or None where the known facts do not decide."""
    left = reduce(condition, facts)
    return True if left == ALWAYS else False if left == NEVER else None


def atoms(condition: Condition) -> Iterator[Is | Has]:
    """Yield every ``Is`` and ``Has`` of the condition, left to right."""
    if isinstance(condition, (Is, Has)):
        yield condition
    elif isinstance(condition, Not):
        yield from atoms(condition.term)
    else:
        for term in condition.terms:
            yield from atoms(term)


@lru_cache(maxsize=4096)
def essential(condition: Condition) -> frozenset[tuple[str, str]]:
    """Return the variables that can still change the truth of a reduced condition.

    A variable is ``(fact, "")`` for a single-valued fact and ``(fact, option)`` for each option
    of a multi-valued one. A variable counts only if two completions that differ in it alone
    differ in their truth, so ``(a or not a)`` has none.
    """
    domains = _domains(condition)
    names = list(domains)
    truths = {
        choice: evaluate(condition, _as_facts(dict(zip(names, choice))))
        for choice in product(*domains.values())
    }
    return frozenset(n for i, n in enumerate(names) if _matters(i, truths))


def _matters(index: int, truths: Mapping[tuple[str, ...], Truth]) -> bool:
    seen: dict[tuple[str, ...], Truth] = {}
    for choice, truth in truths.items():
        rest = choice[:index] + choice[index + 1 :]
        if seen.setdefault(rest, truth) != truth:
            return True
    return False


def _domains(condition: Condition) -> dict[tuple[str, str], list[str]]:
    domains: dict[tuple[str, str], set[str]] = {}
    for atom in atoms(condition):
        if isinstance(atom, Is):
            # "" stands for every value the condition does not mention.
            domains.setdefault((atom.fact, ""), {""}).update(atom.values)
        else:
            domains[(atom.fact, atom.option)] = {"y", "n"}
    return {name: sorted(values) for name, values in domains.items()}


def _as_facts(choice: Mapping[tuple[str, str], str]) -> Facts:
    facts: dict[str, Any] = {}
    for (fact, option), value in choice.items():
        if option:
            facts.setdefault(fact, {})[option] = value == "y"
        else:
            facts[fact] = value
    return facts
