"""Every way through an item: all answers a person can give, each to its end.

Serves the checks of the rules, and whatever is drawn from them. Pure: only asks the engine.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from knowledge.conditions import Facts, Value
from knowledge.engine import UNKNOWN, Outcome, Question, decide
from knowledge.store import KnowledgeBase


@dataclass(frozen=True)
class Answer:
    """A question and one of the answers to it; :data:`UNKNOWN` is an answer too."""

    question: Question
    value: Value

    @property
    def fact(self) -> str:
        """The name of the fact that was asked."""
        return self.question.fact.name


@dataclass(frozen=True)
class Path:
    """The answers given, in order, and the outcome they lead to."""

    answers: tuple[Answer, ...]
    outcome: Outcome

    @property
    def facts(self) -> dict[str, Value]:
        """The answers as facts by name."""
        return {answer.fact: answer.value for answer in self.answers}


def paths(
    kb: KnowledgeBase, guide: str, family: str, item: str = "", facts: Facts | None = None
) -> Iterator[Path]:
    """Yield every path from the first question to an outcome, depth first.

    Args:
        kb: the knowledge base.
        guide: guide id, e.g. ``meizhou``.
        family: family id, intent or label.
        item: canonical item id where the person named one; what the name implies is known then.
        facts: what is known before the first question.

    Raises:
        UnknownId: guide, family or item are not in the knowledge base.
    """
    implied = kb.canonical(item).implies if item else {}
    yield from _onward(kb, (guide, family, item), {**implied, **(facts or {})}, ())


def _onward(
    kb: KnowledgeBase, place: tuple[str, str, str], facts: Facts, answers: tuple[Answer, ...]
) -> Iterator[Path]:
    guide, family, item = place
    decision = decide(kb, guide, family, facts, item)
    if isinstance(decision, Outcome):
        yield Path(answers, decision)
        return
    name = decision.fact.name
    for value in answers_to(decision):
        known = {**facts, name: _merged(facts.get(name), value, decision)}
        yield from _onward(kb, place, known, (*answers, Answer(decision, value)))


def answers_to(question: Question) -> tuple[Value, ...]:
    """Return every answer to a question: its options, or all subsets of them, and "don't know"."""
    values = [option.value for option in question.options]
    if not question.fact.multiple:
        return (*values, UNKNOWN)
    subsets = product((True, False), repeat=len(values))
    return (*(dict(zip(values, chosen, strict=True)) for chosen in subsets), UNKNOWN)


def _merged(before: Value | None, value: Value, question: Question) -> Value:
    """Options of a multi-valued fact that are already known stay known."""
    if not isinstance(before, Mapping):
        return value
    rest = value if isinstance(value, Mapping) else {o.value: value for o in question.options}
    return {**before, **rest}


@dataclass(frozen=True)
class Figures:
    """How long the ways through a family are, for people who do not name the item.

    ``ways`` counts all of them, ``longest`` the questions on the longest; ``questions`` has for
    each outcome of those who know every answer the questions on the longest way to it.
    """

    ways: int
    longest: int
    questions: tuple[int, ...]


def figures(kb: KnowledgeBase, guide: str, family: str) -> Figures:
    """Return how many questions it takes; raise :class:`UnknownId` like :func:`paths`."""
    every = list(paths(kb, guide, family))
    needed: dict[Hashable, int] = {}
    for path in every:
        if UNKNOWN not in path.facts.values():
            end = seen(path.outcome)
            needed[end] = max(needed.get(end, 0), len(path.answers))
    return Figures(len(every), max(len(path.answers) for path in every), tuple(needed.values()))


def seen(outcome: Outcome) -> Hashable:
    """Return what a person sees of an outcome, so that outcomes that look alike are equal."""
    lines = tuple((line.rule.kind, line.rule.text, line.remaining, line.other_case, line.dropped)
                  for line in outcome.lines)
    canonical = outcome.canonical and outcome.canonical.id
    # Who is ruled out before it is asked which item was meant is told of the whole family.
    item = outcome.item.id if outcome.item and outcome.status != "not_applicable" else ""
    return (outcome.status, item, canonical, outcome.unsure, lines)


__all__ = ["Answer", "Figures", "Path", "answers_to", "figures", "paths", "seen"]
