"""Every path of every item of every guide, checked by what has to hold on each of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from itertools import permutations, product

import pytest

from knowledge.catalog import Fact
from knowledge.conditions import Facts, Value, atoms, essential
from knowledge.engine import UNKNOWN, DecidedLine, Outcome, Question, assess, decide
from knowledge.paths import Path, answers_to, paths
from knowledge.paths import seen as seen_of
from knowledge.store import KnowledgeBase, conditions_of, load

GUIDES = ("fujian", "guangdong", "hubei", "jiangmen", "meizhou")
MOST_QUESTIONS = 6

Route = tuple[str, str, str]
"""Guide, family, and the item where the person names one ('' to be routed by the facts)."""


def every_route() -> Iterator[Route]:
    """Yield each family of each guide, and each item that the guide has or stands in for."""
    for guide, family in product(GUIDES, load().families):
        yield guide, family.id, ""
        for item in family.items:
            if load().candidates(guide, item.id):
                yield guide, family.id, item.id


ROUTES = list(every_route())
each_route = pytest.mark.parametrize(
    "route", ROUTES, ids=["-".join(filter(None, route)) for route in ROUTES])


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@cache
def every_path(route: Route) -> tuple[tuple[dict[str, Value], Path], ...]:
    """Return (what is known at the start, path) for all paths of a route.

    What is assumed (新办, 新参保 …) is left unsaid, as people leave it, and said otherwise.
    """
    kb, (guide, family, item) = load(), route
    implied = dict(kb.canonical(item).implies) if item else {}
    otherwise = [{name: option.value} for name in sorted(used(kb, route)) if name not in implied
                 for option in kb.facts[name].options
                 if kb.facts[name].default not in ("", option.value)]
    starts = [{**implied, **said} for said in ({}, *otherwise)]
    return tuple((start, path) for start in starts
                 for path in paths(kb, guide, family, item, start))


def used(kb: KnowledgeBase, route: Route) -> set[str]:
    """Return the facts that any condition of the route mentions."""
    guide, family, item = route
    items = kb.candidates(guide, item) if item else kb.items(guide, family)
    return {atom.fact for i in items for c in (i.applies_when, *conditions_of(i))
            for atom in atoms(c)}


def beyond_asking(kb: KnowledgeBase, line: DecidedLine) -> bool:
    """Tell whether all that keeps a line open is what no guide says and nobody is asked."""
    return line.remaining is not None and all(
        kb.facts[atom.fact].unknowable for atom in atoms(line.remaining))


@each_route
def test_it_ends_after_few_questions_each_asked_once(route: Route) -> None:
    for _, path in every_path(route):
        assert len(path.facts) == len(path.answers) <= MOST_QUESTIONS


@each_route
def test_who_answers_everything_gets_a_list_without_conditions_but_those_nobody_can_tell(
    route: Route, kb: KnowledgeBase
) -> None:
    for _, path in complete(route):
        undecided = [line for line in path.outcome.lines if line.remaining and not line.other_case]
        assert all(beyond_asking(kb, line) for line in undecided)
        if not undecided and not path.outcome.unsure:
            assert path.outcome.status != "conditional"


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
    idle = {(question.fact.name, repr(known))
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
    return {name for name in used(kb, route)
            if known.get(name, UNKNOWN) == UNKNOWN and not kb.facts[name].default}


def certain(fact: Fact) -> tuple[Value, ...]:
    """Return every answer to a fact but "don't know"."""
    return tuple(v for v in answers_to(Question(fact, fact.options, ())) if v != UNKNOWN)


def seen(end: Outcome | str) -> Hashable:
    """Return what a person would see of an outcome, or the question that is left open."""
    return end if isinstance(end, str) else seen_of(end)


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
    anywhere = {name for guide in GUIDES for name in used(kb, (guide, route[1], ""))}
    sayable = {name for name in anywhere
               if not kb.facts[name].default and not kb.facts[name].unknowable}
    for start, path in complete(route):
        for name in sayable - path.facts.keys() - start.keys():
            for value in certain(kb.facts[name]):
                told = end(kb, route, {**start, **path.facts, name: value})
                if seen(told) == seen(path.outcome) and told.reasons != path.outcome.reasons:
                    idle.add(name)
    assert idle == set()


def ways(guide: str) -> Iterator[Outcome]:
    """Yield where people end who do not name an item."""
    for family in load().families:
        for _, path in every_path((guide, family.id, "")):
            yield path.outcome


@pytest.mark.parametrize("guide", GUIDES)
def test_every_item_is_reached_by_what_people_say_of_themselves(
    guide: str, kb: KnowledgeBase
) -> None:
    items = {item.id for family in kb.families
             for item in kb.items(guide, family.id)}
    assert {outcome.item.id for outcome in ways(guide) if outcome.item} == items


@pytest.mark.parametrize("guide", GUIDES)
def test_every_line_holds_on_some_path(guide: str, kb: KnowledgeBase) -> None:
    # A waiver is no line of its own: it shows in what it takes away (see test_engine).
    lines = {(item.id, rule.kind, rule.text) for item in kb.guide(guide).items.values()
             for rule in item.rules if rule.line.effect != "waive"}
    reached = {(outcome.item.id, line.rule.kind, line.rule.text) for outcome in ways(guide)
               if outcome.item for line in outcome.lines
               if line.remaining is None or beyond_asking(kb, line)}
    assert lines - reached == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_every_bar_and_every_part_that_can_be_dropped_is_reached(
    guide: str, kb: KnowledgeBase
) -> None:
    barred = {reason.clause.id for outcome in ways(guide) for reason in outcome.failed}
    unsure = {clause.id for outcome in ways(guide) for clause in outcome.unsure}
    dropped = {(o.item.id, part) for o in ways(guide) if o.item for line in o.lines
               for part in line.dropped}
    for item in kb.guide(guide).items.values():
        for bar in item.data.barred:
            askable = any(not kb.facts[atom.fact].unknowable for atom in atoms(bar.when))
            assert item.clauses[bar.clause].id in (barred if askable else unsure)
        assert {(item.id, p) for rule in item.rules for p in rule.part_conditions} <= dropped


@pytest.mark.parametrize("guide", GUIDES)
def test_every_waiver_takes_something_away_on_some_path(guide: str, kb: KnowledgeBase) -> None:
    waived = {(item.id, rule.line.target) for item in kb.guide(guide).items.values()
              for rule in item.rules if rule.line.effect == "waive"}
    there, gone = set(), set()
    for outcome in ways(guide):
        shown = {line.rule.line.id: line for line in outcome.lines}
        for item, target in waived:
            if outcome.item and outcome.item.id == item and outcome.lines:
                line, _, part = target.partition(".")
                there |= {(item, target)} if line in shown else set()
                # Where nobody is asked, the line stays with the waiver as its condition.
                kept = line in shown and not beyond_asking(kb, shown[line])
                gone |= set() if kept and part not in shown[line].dropped else {(item, target)}
    assert there >= waived and gone >= waived


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


@pytest.mark.parametrize("guide", GUIDES)
def test_an_item_that_the_guide_lacks_is_said_to_be_lacking_without_a_question(
    guide: str, kb: KnowledgeBase
) -> None:
    for family in kb.families:
        for item in family.items:
            if not kb.candidates(guide, item.id):
                (path,) = paths(kb, guide, family.id, item.id)
                assert (path.outcome.status, path.outcome.canonical) == ("not_in_guide", item)


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
