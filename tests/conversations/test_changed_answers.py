"""Who changes an answer after the checklist gets what a fresh start would have given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from bot.dialogue import Context, conclude, consult, pending
from bot.nlu.normalise import normalise
from bot.understanding import Understanding
from knowledge.catalog import Option
from knowledge.conditions import Value
from knowledge.engine import UNKNOWN, Outcome, Question, assess
from knowledge.paths import Path, paths, seen
from knowledge.store import load

KB = load()
FAMILIES = [(guide, family.id) for guide, family in product(KB.guides, KB.families)
            if KB.items(guide, family.id)]


@pytest.mark.parametrize("guide,family", FAMILIES, ids=map("-".join, FAMILIES))
def test_a_changed_answer_gives_what_a_fresh_start_would(guide, family):
    different = []
    for path in paths(KB, guide, family):
        if UNKNOWN in path.facts.values():
            continue
        ended = conclude(KB, start(guide, family, path.facts)).context
        for fact, option, value in changes(path):
            answers = {**path.facts, fact: value}
            changed = consult(KB, ended, told(family, fact, option)).context
            if seen(finish(changed, answers)) != seen(finish(start(guide, family, {}), answers)):
                different.append((path.facts, fact, option.value))
    assert different == []


def start(guide: str, family: str, facts: dict[str, Value]) -> Context:
    """Return a conversation about a family in which these answers were given."""
    place = {"guide": guide, "name": KB.guide(guide).data.region, "code": "", "fallback": False,
             "level": "city", "ambiguous": False, "readings": ()}
    return Context(region=guide, place=place, family=family).with_facts(facts, "answered")


def changes(path: Path) -> Iterator[tuple[str, Option, Value]]:
    """Yield (fact, option, the answer with it) for all that was answered otherwise."""
    for answer in path.answers:
        held = answer.value
        for option in answer.question.options:
            if isinstance(held, str) and held != option.value:
                yield answer.fact, option, option.value
            elif not isinstance(held, str) and not held[option.value]:
                yield answer.fact, option, {**held, option.value: True}


def told(family: str, fact: str, option: Option) -> Understanding:
    """Return the reading of a message that says an option instead of what was said before."""
    text = f"不对，是{option.label}"
    value = {option.value: True} if KB.facts[fact].multiple else option.value
    return Understanding(text=text, plain=normalise(text), intent=KB.family(family).intent,
                         family=family, facts={fact: value})


def finish(context: Context, answers: dict[str, Value]) -> Outcome:
    """Answer what is still asked, as before where it was answered; return the outcome."""
    context = replace(context, direct=False)
    while isinstance(asked := pending(KB, context), Question):
        name = asked.fact.name
        value = answers.get(name, asked.options[0].value)
        if asked.fact.multiple and isinstance(value, str):
            value = {option.value: False for option in asked.options}
        context = context.with_facts({name: value}, "answered")
    return assess(KB, context.region, context.family, context.known, context.item)
