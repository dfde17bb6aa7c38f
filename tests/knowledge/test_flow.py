"""A flow is what the engine asks: whoever follows it gets the same questions and the same lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from knowledge.conditions import Value
from knowledge.engine import UNKNOWN
from knowledge.flow import Ask, End, Flow, Lines, Shown, ends, flow, for_everybody
from knowledge.outcome import Outcome
from knowledge.paths import Path, paths
from knowledge.store import load

KB = load()
FAMILIES = [(guide, family.id) for guide, family in product(KB.guides, KB.families)
            if KB.items(guide, family.id)]
each_family = pytest.mark.parametrize("guide,family", FAMILIES, ids=map("-".join, FAMILIES))


def complete(guide: str, family: str) -> Iterator[Path]:
    """Yield the ways of those who know every answer."""
    return (p for p in paths(KB, guide, family) if UNKNOWN not in p.facts.values())


def follow(part: Flow, said: dict[str, Value], asked: set[str]) -> Iterator[End | Shown]:
    """Walk a flow by what is said; yield the end and its lines, and note what is asked."""
    if isinstance(part, Ask):
        asked.add(part.fact)
        taken = [branch for branch in part.branches if branch.follows(said[part.fact])]
        assert taken
        for branch in taken:
            yield from follow(branch.then, said, asked)
        return
    if isinstance(part, End):
        yield part
    lines = part.then if isinstance(part, End) else part
    yield from lines.lines
    for block in lines.blocks:
        yield from follow(block, said, asked)


def lines_of(outcome: Outcome) -> set[tuple]:
    """Return the lines that an outcome shows for this person's own case."""
    return {(line.rule.clause.id, line.rule.text, line.remaining, line.dropped)
            for line in outcome.lines if not line.other_case}


@each_family
def test_following_the_flow_leads_where_the_questions_lead(guide, family):
    graph = flow(KB, guide, family)
    for path in complete(guide, family):
        asked: set[str] = set()
        end, *lines = follow(graph, path.facts, asked)
        outcome = path.outcome
        assert asked == set(path.facts)
        assert end.item == (outcome.item.id if outcome.item else "")
        assert end.lacking == (outcome.canonical.id if outcome.canonical else "")
        if outcome.status in ("not_applicable", "not_in_guide"):
            assert end.status == outcome.status and not lines
            continue
        shown = [line.of(outcome.item) for line in lines]
        assert {(s.rule.clause.id, s.rule.text, s.remaining, s.dropped)
                for s in shown} == lines_of(outcome)


@each_family
def test_an_end_says_whether_it_may_be_refused(guide, family):
    graph = flow(KB, guide, family)
    for path in complete(guide, family):
        end = next(follow(graph, path.facts, set()))
        if path.outcome.unsure:
            assert end.status == "conditional"
            assert set(end.because) == {clause.id for clause in path.outcome.unsure}
        assert set(end.because) >= {reason.clause.id for reason in path.outcome.failed}


@each_family
def test_a_flow_stays_small_answers_that_lead_to_the_same_are_one(guide, family):
    for asked in questions(flow(KB, guide, family)):
        single = [branch.then for branch in asked.branches if branch.values]
        assert len(single) == len(set(single))
        assert asked.why and asked.branches


@each_family
def test_of_independent_questions_at_most_one_can_be_answered_by_yes_or_no(guide, family):
    # Several circumstances of that kind are to be one question of which several may be chosen.
    for lines in stops(flow(KB, guide, family)):
        facts = [KB.facts[block.fact] for block in lines.blocks]
        assert len([f for f in facts if not f.multiple and len(f.options) == 2]) <= 1


def stops(part: Flow) -> Iterator[Lines]:
    """Yield all that stands at the end of an answer, with the blocks that are asked from there."""
    if isinstance(part, Ask):
        for branch in part.branches:
            yield from stops(branch.then)
        return
    lines = part.then if isinstance(part, End) else part
    yield lines
    for block in lines.blocks:
        yield from stops(block)


def questions(part: Flow) -> Iterator[Ask]:
    """Yield every question of a flow."""
    if isinstance(part, Ask):
        yield part
        for branch in part.branches:
            yield from questions(branch.then)
    else:
        lines = part.then if isinstance(part, End) else part
        for block in lines.blocks:
            yield from questions(block)


def test_independent_circumstances_are_one_question_with_a_branch_for_each():
    graph = flow(KB, "meizhou", "reimbursement")
    assert isinstance(graph, Ask)
    outpatient = graph.branches[0].then
    circumstances, document = outpatient.then.blocks
    chosen = [branch.chosen for branch in circumstances.branches if branch.chosen]
    assert chosen == [("急诊",), ("意外伤害",), ("限制性药品",)]
    assert document.fact == "identity_document"
    injured = next(b.then for b in circumstances.branches if b.chosen == ("意外伤害",))
    assert isinstance(injured, Lines) and [b.fact for b in injured.blocks] == ["injury_kind"]


def test_what_everybody_gets_tells_nobody_apart():
    graph = flow(KB, "meizhou", "remote_filing")
    common = for_everybody(graph)
    item = KB.guide("meizhou").items["long_term_resident_filing"]
    texts = {line.of(item).rule.text for line in common[item.id]}
    assert texts and "《个人承诺书》" not in texts
    assert {end.item for end in ends(graph)} >= {item.id}
