"""One line of an answer in words: its official wording, its form, and its open condition."""

from __future__ import annotations

from collections.abc import Mapping

from bot.wording import say, wording
from knowledge.catalog import Fact
from knowledge.conditions import All, Any_, Condition, Has, Is, Not
from knowledge.model import Form, Part
from knowledge.outcome import DecidedLine
from knowledge.store import Clause

MOST_NAMED = 3
"""Options of one fact that a condition names one by one."""


def quoted(clause: Clause) -> str:
    """Return a clause in its own words, with its heading."""
    return clause.text + say("clause", heading=clause.heading)


def line_text(decided: DecidedLine) -> str:
    """Return the official wording, without the parts that another line stands in for."""
    parts = decided.rule.line.parts
    if not decided.dropped or parts is None:
        return decided.rule.text
    kept = [part for part in parts.children if part.id not in decided.dropped]
    return "、".join(part.text or part.name for part in kept)


def details(decided: DecidedLine, text: str) -> str:
    line = decided.rule.line
    form = line.form or Form()
    wanted = [
        (line.modality == "may_be_required", say("may_be_required"), "可要求"),
        (_lists_as_applicable(line.parts, decided.dropped), say("as_applicable"), "\n"),
        (form.original, say("original"), "原件"),
        (form.copies > 0, say("copies", copies=form.copies), "复印件"),
        (bool(form.stamp), say("stamp", stamp=form.stamp), "加盖"),
    ]
    return " · ".join(note for holds, note, said in wanted if holds and said not in text)


def _lists_as_applicable(part: Part | None, dropped: frozenset[str]) -> bool:
    if part is None or part.id in dropped and part.id:
        return False
    nested = any(_lists_as_applicable(child, dropped) for child in part.children)
    return bool(part.as_applicable) or nested


def condition_of(facts: Mapping[str, Fact], decided: DecidedLine) -> str:
    """Return in words what an open line depends on; '' where it holds."""
    line = decided.rule.line
    if decided.other_case and line.when_text:
        only = say("only") if line.effect == "replace_all" else ""
        return line.when_text + only
    if decided.remaining is not None:
        own_words = line.when_text if _is_a_rest(decided.remaining) else ""
        return say("if", condition=own_words or in_words(facts, decided.remaining))
    return line.when_text if line.when is None else ""


def _is_a_rest(condition: Condition) -> bool:
    """Tell whether a condition lists all that is left over; the guide says that better."""
    return isinstance(condition, Is) and len(condition.values) > MOST_NAMED


def in_words(facts: Mapping[str, Fact], condition: Condition) -> str:
    """Return a condition as the second half of a sentence that begins with 如."""
    if isinstance(condition, Is):
        options = [o for o in facts[condition.fact].options
                   if o.value in condition.values]
        return wording()["or"].join(o.condition for o in options)
    if isinstance(condition, Has):
        return facts[condition.fact].option(condition.option).condition
    if isinstance(condition, Not):
        return _negated(facts, condition.term)
    joint = wording()["and" if isinstance(condition, All) else "or"]
    return joint.join(in_words(facts, term) for term in condition.terms)


def _negated(facts: Mapping[str, Fact], term: Condition) -> str:
    if isinstance(term, Is):
        fact = facts[term.fact]
        others = frozenset(o.value for o in fact.options) - term.values
        if len(fact.options) == 2 and len(others) == 1:
            return in_words(facts, Is(term.fact, others))
    if isinstance(term, (All, Any_)):
        opposite = Any_ if isinstance(term, All) else All
        return in_words(facts, opposite(tuple(Not(t) for t in term.terms)))
    return wording()["not"] + in_words(facts, term)


__all__ = ["condition_of", "details", "in_words", "line_text"]
