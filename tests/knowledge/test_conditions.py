"""Three-valued conditions, held against brute force over everything that could be the case."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.conditions import (
    ALWAYS,
    NEVER,
    All,
    Any_,
    Condition,
    Facts,
    Has,
    Is,
    Not,
    atoms,
    conjunction,
    essential,
    evaluate,
    parse,
    reduce,
)

VALUES = ("x", "y", "z", "other")
"""``other`` is a value that no condition mentions."""
SINGLE, MULTIPLE, OPTIONS = ("a", "b"), "m", ("p", "q")
VARIABLES = [(fact, "") for fact in SINGLE] + [(MULTIPLE, option) for option in OPTIONS]

single = st.builds(Is, st.sampled_from(SINGLE),
                   st.frozensets(st.sampled_from(VALUES[:3]), min_size=1, max_size=2))
multiple = st.builds(Has, st.just(MULTIPLE), st.sampled_from(OPTIONS))
same_every_run = settings(deadline=None, derandomize=True, database=None)
conditions = st.recursive(
    single | multiple,
    lambda inner: st.builds(Not, inner)
    | st.builds(All, st.lists(inner, max_size=3).map(tuple))
    | st.builds(Any_, st.lists(inner, max_size=3).map(tuple)),
    max_leaves=6,
)
partial_facts = st.fixed_dictionaries(
    {},
    optional={
        **{fact: st.sampled_from(VALUES) for fact in SINGLE},
        MULTIPLE: st.dictionaries(st.sampled_from(OPTIONS), st.booleans()),
    },
)


def worlds(known: Facts | None = None) -> Iterator[dict[str, Any]]:
    """Yield every complete set of facts that agrees with what is known."""
    domains = [VALUES if fact != MULTIPLE else (True, False) for fact, _ in VARIABLES]
    for choice in product(*domains):
        world: dict[str, Any] = {MULTIPLE: {}}
        for (fact, option), value in zip(VARIABLES, choice, strict=True):
            if option:
                world[fact][option] = value
            else:
                world[fact] = value
        if all(agrees(world[name], value) for name, value in (known or {}).items()):
            yield world


def agrees(value: Any, known: Any) -> bool:
    return known.items() <= value.items() if isinstance(known, dict) else value == known


def truth(condition: Condition, world: Facts) -> bool:
    """Decide a condition in the plain way, for a world in which everything is known."""
    if isinstance(condition, Is):
        return world[condition.fact] in condition.values
    if isinstance(condition, Has):
        return world[condition.fact][condition.option]
    if isinstance(condition, Not):
        return not truth(condition.term, world)
    decide = all if isinstance(condition, All) else any
    return decide([truth(term, world) for term in condition.terms])


@same_every_run
@given(conditions)
def test_with_all_facts_known_it_is_plain_logic(condition: Condition) -> None:
    assert all(evaluate(condition, world) is truth(condition, world) for world in worlds())


@same_every_run
@given(conditions, partial_facts)
def test_decided_means_decided_whatever_the_rest_turns_out_to_be(
    condition: Condition, known: Facts
) -> None:
    found = evaluate(condition, known)
    truths = {truth(condition, world) for world in worlds(known)}
    assert found is None or truths == {found}


@same_every_run
@given(conditions, partial_facts)
def test_unknown_is_never_false(condition: Condition, known: Facts) -> None:
    possible = any(truth(condition, world) for world in worlds(known))
    assert not (possible and evaluate(condition, known) is False)


@same_every_run
@given(conditions, partial_facts)
def test_what_is_left_means_the_same_and_asks_nothing_twice(
    condition: Condition, known: Facts
) -> None:
    left = reduce(condition, known)
    assert all(truth(left, world) == truth(condition, world) for world in worlds(known))
    for atom in atoms(left):
        value = known.get(atom.fact)
        assert value is None or (isinstance(atom, Has) and atom.option not in value)


@same_every_run
@given(conditions, partial_facts, partial_facts)
def test_facts_learnt_in_two_steps_leave_what_they_leave_in_one(
    condition: Condition, first: Facts, second: Facts
) -> None:
    both = {**second, **first}
    if isinstance(first.get(MULTIPLE), dict) and isinstance(second.get(MULTIPLE), dict):
        both[MULTIPLE] = {**second[MULTIPLE], **first[MULTIPLE]}
    left = reduce(reduce(condition, first), both)
    assert all(truth(left, world) == truth(condition, world) for world in worlds(both))
    assert evaluate(left, both) is evaluate(condition, both)


@same_every_run
@given(conditions, partial_facts)
def test_essential_are_exactly_the_variables_that_can_change_the_truth(
    condition: Condition, known: Facts
) -> None:
    left = reduce(condition, known)
    assert essential(left) == {v for v in VARIABLES if matters(left, *v)}


def matters(condition: Condition, fact: str, option: str) -> bool:
    """Tell whether two worlds that differ in one variable alone differ in the truth."""
    seen: dict[str, bool] = {}
    for world in worlds():
        rest = {**world, fact: {**world[fact], option: None} if option else None}
        if seen.setdefault(repr(sorted(rest.items(), key=repr)), truth(condition, world)) != (
            truth(condition, world)
        ):
            return True
    return False


@same_every_run
@given(conditions, partial_facts)
def test_only_what_no_fact_can_change_is_open_without_a_question(
    condition: Condition, known: Facts
) -> None:
    left = reduce(condition, known)
    if evaluate(condition, known) is None and not essential(left):
        assert len({truth(left, world) for world in worlds(known)}) == 1


@same_every_run
@given(st.lists(conditions, max_size=3))
def test_a_conjunction_holds_where_all_its_terms_hold(terms: list[Condition]) -> None:
    joint = conjunction(*terms)
    assert all(truth(joint, w) == all(truth(t, w) for t in terms) for w in worlds())


def test_without_terms_all_always_holds_and_any_never() -> None:
    assert evaluate(ALWAYS, {}) is True and evaluate(NEVER, {}) is False
    assert conjunction() == ALWAYS


def test_an_option_not_spoken_of_stays_unknown_although_others_are_known() -> None:
    assert evaluate(Has("circumstances", "急诊"), {"circumstances": {"意外伤害": True}}) is None


@pytest.mark.parametrize(
    ("data", "condition"),
    [
        ({"eq": ["a", "x"]}, Is("a", frozenset({"x"}))),
        ({"in": ["a", ["x", "y"]]}, Is("a", frozenset({"x", "y"}))),
        ({"has": ["m", "p"]}, Has("m", "p")),
        ({"not": {"eq": ["a", "x"]}}, Not(Is("a", frozenset({"x"})))),
        ({"all": [{"eq": ["a", "x"]}]}, All((Is("a", frozenset({"x"})),))),
        ({"any": []}, NEVER),
    ],
)
def test_conditions_are_read_as_the_data_files_write_them(data: Any, condition: Any) -> None:
    assert parse(data) == condition


@pytest.mark.parametrize(
    "data",
    [None, "a", [], {}, {"eq": ["a", "x"], "has": ["m", "p"]}, {"eq": ["a"]}, {"eq": "ax"},
     {"or": []}, {"all": [{"nand": []}]}, {"not": []}, {"has": {"m": "p"}}],
    ids=repr,
)
def test_anything_else_is_refused_with_a_reason(data: Any) -> None:
    with pytest.raises(ValueError, match="."):
        parse(data)


def test_an_unknown_operator_is_told_which_ones_there_are() -> None:
    with pytest.raises(ValueError, match=r"unknown operator 'or'.*'all'.*'any'"):
        parse({"or": []})


@pytest.mark.parametrize("data", [{"all": None}, {"any": 3}, {"in": ["a", None]}], ids=repr)
def test_a_list_that_is_none_is_refused_with_a_reason_too(data: Any) -> None:
    with pytest.raises(ValueError, match="."):
        parse(data)


def test_a_word_in_place_of_a_list_of_values_is_refused() -> None:
    with pytest.raises(ValueError, match="."):
        parse({"in": ["a", "能提供"]})
