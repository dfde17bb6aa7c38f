"""Every path of every item of every guide, checked by what has to hold on each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import permutations, product
from typing import Any

import pytest

from knowledge.conditions import Facts, Value, atoms, essential
from knowledge.engine import UNKNOWN, Outcome, Question, assess, decide
from knowledge.model import Fact
from knowledge.paths import Path, answers_to, paths
from knowledge.store import KnowledgeBase, conditions_of, load

GUIDES = ("fujian", "guangdong", "hubei", "jiangmen", "meizhou")
FAMILIES = {
    "remote_filing": ("settled_retiree_filing", "long_term_resident_filing",
                      "posted_worker_filing", "referral_filing", "temporary_filing",
                      "maternity_filing"),
    "reimbursement": ("outpatient_reimbursement", "inpatient_reimbursement"),
}
OPERATIONS = ("新办", "更改", "暂停", "恢复", "终止", "查询")
MOST_QUESTIONS = 6

Route = tuple[str, str, str]
"""Guide, family, and the item where the person names one ('' to be routed by the facts)."""
ROUTES: list[Route] = [(guide, family, item) for guide in GUIDES
                       for family, items in FAMILIES.items() for item in ("", *items)]
each_route = pytest.mark.parametrize(
    "route", ROUTES, ids=["-".join(filter(None, route)) for route in ROUTES])


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@cache
def every_path(route: Route) -> tuple[tuple[dict[str, Value], Path], ...]:
    """Return (what is known at the start, path) for all paths and all operations of a route.

    新办 is left unsaid, as people leave it.
    """
    guide, family, item = route
    implied = dict(load().canonical(item).implies) if item else {}
    found = []
    for operation in OPERATIONS if family == "remote_filing" else OPERATIONS[:1]:
        start = implied if operation == "新办" else {**implied, "operation": operation}
        found += [(start, path) for path in paths(load(), guide, family, item, start)]
    return tuple(found)


@each_route
def test_it_ends_after_few_questions_each_asked_once(route: Route) -> None:
    for _, path in every_path(route):
        assert len(path.facts) == len(path.answers) <= MOST_QUESTIONS


@each_route
def test_who_answers_everything_gets_a_list_without_conditions(route: Route) -> None:
    for _, path in every_path(route):
        if UNKNOWN not in path.facts.values() and not path.outcome.unsure:
            assert path.outcome.status != "conditional"
            assert all(line.remaining is None or line.other_case for line in path.outcome.lines)


@each_route
def test_every_line_has_its_clause_and_every_open_one_a_condition_that_can_still_change(
    route: Route, kb: KnowledgeBase
) -> None:
    for _, path in every_path(route):
        for line in path.outcome.lines:
            clause = line.rule.clause
            assert clause.text and clause.heading and clause.guide == route[0]
            assert kb.clause(clause.id) is clause
            assert line.remaining is None or essential(line.remaining)


@each_route
def test_every_question_says_which_clauses_depend_on_it(route: Route) -> None:
    silent = {answer.fact for _, path in every_path(route)
              for answer in path.answers if not answer.question.why}
    assert silent == set()


@each_route
def test_no_question_is_without_effect(route: Route, kb: KnowledgeBase) -> None:
    idle = {(question.fact.name, known.get("operation", "新办"))
            for question, known in questions(route) if not can_change(kb, route, known, question)}
    assert idle == set()


def questions(route: Route) -> Iterator[tuple[Question, dict[str, Value]]]:
    """Yield each question of a route once, with what is known when it is asked."""
    seen = set()
    for start, path in every_path(route):
        known = dict(start)
        for answer in path.answers:
            if repr(known) not in seen:
                seen.add(repr(known))
                yield answer.question, dict(known)
            known[answer.fact] = answer.value


def can_change(kb: KnowledgeBase, route: Route, known: Facts, question: Question) -> bool:
    """Tell whether two completions that differ in the asked fact alone end differently."""
    fact = question.fact
    others = sorted(open_facts(kb, route, known) - {fact.name})
    said = {name: value for name, value in known.items() if value != UNKNOWN}
    for rest in product(*(certain(kb.facts[name]) for name in others)):
        world = {**said, **dict(zip(others, rest, strict=True))}
        ends = {seen(end(kb, route, {**world, fact.name: value})) for value in certain(fact)}
        if len(ends) > 1:
            return True
    return False


def end(kb: KnowledgeBase, route: Route, facts: Facts) -> Outcome:
    guide, family, item = route
    return assess(kb, guide, family, facts, item)


def open_facts(kb: KnowledgeBase, route: Route, known: Facts) -> set[str]:
    """Return the facts not known that any condition of the route mentions."""
    guide, family, item = route
    items = [kb.item(guide, item)] if item else kb.items(guide, family)
    used = {atom.fact for i in items if i for c in (i.applies_when, *conditions_of(i))
            for atom in atoms(c)}
    return {name for name in used
            if known.get(name, UNKNOWN) == UNKNOWN and not kb.facts[name].default}


def certain(fact: Fact) -> tuple[Value, ...]:
    """Return every answer to a fact but "don't know"."""
    return tuple(v for v in answers_to(Question(fact, fact.options, ())) if v != UNKNOWN)


def seen(outcome: Outcome | str) -> Any:
    """Return what a person would see of an outcome, reasons aside."""
    if isinstance(outcome, str):
        return outcome
    lines = tuple((line.rule.kind, line.rule.text, line.remaining, line.other_case, line.dropped)
                  for line in outcome.lines)
    canonical = outcome.canonical and outcome.canonical.id
    return (outcome.status, outcome.item and outcome.item.id, canonical, outcome.unsure, lines)


@each_route
def test_the_order_in_which_facts_are_told_does_not_matter(
    route: Route, kb: KnowledgeBase
) -> None:
    for start, path in every_path(route):
        for order in permutations(path.facts) if len(path.facts) < 4 else [reversed(path.facts)]:
            told = {name: path.facts[name] for name in order}
            assert end(kb, route, {**told, **start}) == path.outcome


@each_route
def test_two_facts_told_before_being_asked_lead_where_the_questions_lead(
    route: Route, kb: KnowledgeBase
) -> None:
    for start, path in every_path(route):
        for first, second in permutations(path.facts, 2):
            early = {**start, second: path.facts[second], first: path.facts[first]}
            assert seen(follow(kb, route, early, path.facts)) == seen(path.outcome)


def follow(
    kb: KnowledgeBase, route: Route, known: Facts, answers: Mapping[str, Value]
) -> Outcome | str:
    """Answer what is asked until the end; return the name of a fact that has no answer."""
    guide, family, item = route
    known = dict(known)
    while isinstance(decision := decide(kb, guide, family, known, item), Question):
        name = decision.fact.name
        if name not in answers:
            return name
        known[name] = answers[name]
    return decision


@each_route
def test_changing_an_answer_ends_as_a_fresh_start_would(route: Route, kb: KnowledgeBase) -> None:
    for start, path in complete(route):
        for answer in path.answers:
            for value in certain(answer.question.fact):
                if value != answer.value:
                    answers = {**path.facts, answer.fact: value}
                    changed = follow(kb, route, {**start, **answers}, answers)
                    assert seen(changed) == seen(follow(kb, route, start, answers))


def complete(route: Route) -> list[tuple[dict[str, Value], Path]]:
    """Return the paths of those who know every answer."""
    return [(s, path) for s, path in every_path(route) if UNKNOWN not in path.facts.values()]


@each_route
def test_facts_that_change_nothing_are_not_given_as_reasons(
    route: Route, kb: KnowledgeBase
) -> None:
    idle = set()
    for start, path in complete(route):
        for name in kb.facts.keys() - path.facts.keys() - start.keys() - {"operation"}:
            for value in certain(kb.facts[name]):
                told = end(kb, route, {**start, **path.facts, name: value})
                if seen(told) == seen(path.outcome) and told.reasons != path.outcome.reasons:
                    idle.add(name)
    assert idle == set()


def ways(guide: str) -> Iterator[Outcome]:
    """Yield where people end who do not name an item."""
    for family in FAMILIES:
        for _, path in every_path((guide, family, "")):
            yield path.outcome


@pytest.mark.parametrize("guide", GUIDES)
def test_every_item_is_reached_by_what_people_say_of_themselves(
    guide: str, kb: KnowledgeBase
) -> None:
    items = {item.id for family in FAMILIES for item in kb.items(guide, family)}
    assert {outcome.item.id for outcome in ways(guide) if outcome.item} == items


@pytest.mark.parametrize("guide", GUIDES)
def test_every_line_holds_on_some_path(guide: str, kb: KnowledgeBase) -> None:
    lines = {(item.id, rule.kind, rule.text) for item in kb.guide(guide).items.values()
             for rule in item.rules}
    reached = {(outcome.item.id, line.rule.kind, line.rule.text) for outcome in ways(guide)
               if outcome.item for line in outcome.lines if line.remaining is None}
    assert lines - reached == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_every_bar_and_every_part_that_can_be_dropped_is_reached(
    guide: str, kb: KnowledgeBase
) -> None:
    barred = {reason.clause.id for outcome in ways(guide) for reason in outcome.failed}
    dropped = {(o.item.id, part) for o in ways(guide) if o.item for line in o.lines
               for part in line.dropped}
    for item in kb.guide(guide).items.values():
        assert {item.clauses[bar.clause].id for bar in item.data.barred} <= barred
        assert {(item.id, p) for rule in item.rules for p in rule.part_conditions} <= dropped


@each_route
def test_an_end_without_an_item_still_says_what_or_why(route: Route) -> None:
    for _, path in every_path(route):
        outcome = path.outcome
        if outcome.status == "not_in_guide":
            assert outcome.canonical
        if outcome.status == "not_applicable" and outcome.item:
            assert outcome.failed
        if outcome.status == "conditional" and outcome.item is None:
            assert len(outcome.instead) > 1


def test_what_naming_the_item_implies_is_not_asked(kb: KnowledgeBase) -> None:
    found = list(paths(kb, "meizhou", "reimbursement", "inpatient_reimbursement"))
    assert not [path for path in found if "care_type" in path.facts]


def test_options_already_known_stay_known(kb: KnowledgeBase) -> None:
    facts = {"care_type": "门诊", "circumstances": {"急诊": True}}
    found = list(paths(kb, "guangdong", "reimbursement", facts=facts))
    texts = [{line.rule.text for line in path.outcome.lines if line.remaining is None}
             for path in found]
    assert len(found) > 1 and all("急诊诊断证明" in shown for shown in texts)


def test_every_subset_of_several_options_is_an_answer(kb: KnowledgeBase) -> None:
    fact = kb.facts["circumstances"]
    found = answers_to(Question(fact, fact.options, ()))
    assert len(found) == 2 ** len(fact.options) + 1 and UNKNOWN in found
