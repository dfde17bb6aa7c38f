"""为什么: on which clauses a question bears, and which facts and clauses decided an outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.dialogue.context import PLACE, Context, Turn
from bot.dialogue.dates import DateQuestion
from bot.dialogue.leads import guide_title
from bot.dialogue.questions import is_command, pending, why_lines
from bot.dialogue.small_talk import state
from bot.lines import quoted
from bot.understanding import Understanding
from bot.wording import phrases, say
from knowledge.engine import Outcome, Question, Reason, assess, told
from knowledge.reasons import applies_clause, deciding
from knowledge.store import Item, KnowledgeBase, Rule
from knowledge.text import squeeze
from knowledge.vocabulary import fires, mentions

WHY = "为什么问"
_LONGEST = 20
"""Characters up to which a 为什么 is about the conversation, not a matter of its own."""

_SHORTEST_THING = 2


def asks_why(context: Context, reading: Understanding) -> bool:
    """Tell whether a message asks for the reason of a question or of the last answer."""
    if reading.intent == WHY and is_command(reading):
        return True
    short = len(reading.plain) <= _LONGEST and not reading.item_named
    return bool(context.family) and short and fires(phrases()["asks_why"], reading.plain)


def explain(kb: KnowledgeBase, context: Context, reading: Understanding) -> Turn:
    """Give the clauses on which a thing, the open question, or the last answer rests."""
    if not context.family:
        return state(context, say("nothing_asked"))
    asked = pending(kb, context) if context.asked else ""
    if asked == PLACE or not context.region:
        return state(context, say("why_place"))
    about = _rules_about(kb, context, reading)
    if about:
        return _signed(kb, context, _on_a_thing(kb, context, about))
    if isinstance(asked, (Question, DateQuestion)):
        return _signed(kb, context, (say("why_asked"), why_lines(asked)))
    return _signed(kb, context, _on_an_outcome(kb, context))


def _signed(kb: KnowledgeBase, context: Context, lines: Iterable[str]) -> Turn:
    return state(context, "\n".join((*lines, say("why_source", guide=guide_title(kb, context)))))


def _rules_about(
    kb: KnowledgeBase, context: Context, reading: Understanding
) -> tuple[Item, tuple[Rule, ...]] | None:
    """Return the item of the conversation and its rules on the thing a message names, if any."""
    outcome = assess(kb, context.region, context.family, context.known, context.item)
    thing = _thing(reading.plain)
    named = [m for m in mentions() if m.label in reading.mentions]
    for item in [outcome.item] if outcome.item else outcome.instead:
        worded = [rule for rule in item.rules
                  if thing and thing in squeeze(rule.clause.text).lower()]
        rules = worded or [r for r in item.rules if any(m.is_about(r) for m in named)]
        if rules:
            return item, tuple(_with_stand_ins(item, rules))
    return None


def _thing(plain: str) -> str:
    """Return what is left of 为什么要居住证明 without the words of the question; '' for little."""
    thing = plain
    for word in (*phrases()["asks_why"], *phrases()["around_a_thing"]):
        thing = thing.replace(word, "")
    thing = squeeze(thing)
    return thing if len(thing) >= _SHORTEST_THING else ""


def _with_stand_ins(item: Item, rules: list[Rule]) -> Iterator[Rule]:
    """Yield the rules with those that stand in for them, and those they stand in for."""
    ids = {rule.line.id for rule in rules if rule.line.id}
    targets = {rule.line.target.split(".")[0] for rule in rules if rule.line.target}
    for rule in item.rules:
        target = rule.line.target.split(".")[0] if rule.line.target else ""
        if rule in rules or target in ids or rule.line.id and rule.line.id in targets:
            yield rule


def _on_a_thing(
    kb: KnowledgeBase, context: Context, about: tuple[Item, tuple[Rule, ...]]
) -> Iterator[str]:
    item, rules = about
    yield say("why_thing", item=item.name)
    yield from dict.fromkeys(f"· {quoted(rule.clause)}" for rule in rules)
    reasons = [r for rule in rules for r in deciding(rule, told(context.known))]
    if reasons:
        yield say("why_you_said", facts=said_facts(kb, _pairs(reasons)))


def _on_an_outcome(kb: KnowledgeBase, context: Context) -> Iterator[str]:
    """Yield which facts decided, each with its clause; where none did, for whom the item is."""
    outcome = assess(kb, context.region, context.family, context.known, context.item)
    item = outcome.item
    if outcome.failed:
        yield from _on_a_refusal(kb, outcome)
    elif item is None:
        yield from _on_no_item(kb, outcome)
    else:
        reasons = [reason for reason in outcome.reasons if reason.value]
        yield say("why_decided" if reasons else "why_audience", item=item.name)
        clauses = [applies_clause(item)] if not reasons else []
        yield from dict.fromkeys(f"· {quoted(clause)}" for clause in clauses)
        yield from _each(kb, reasons)


def _on_a_refusal(kb: KnowledgeBase, outcome: Outcome) -> Iterator[str]:
    name = outcome.item.name if outcome.item else kb.family(outcome.family).name
    yield say("why_not", item=name)
    yield from _each(kb, outcome.failed)
    if outcome.instead:
        yield say("why_instead")
        yield from _for_whom(outcome.instead)


def _on_no_item(kb: KnowledgeBase, outcome: Outcome) -> Iterator[str]:
    if outcome.status == "conditional":
        yield say("why_open", family=kb.family(outcome.family).name)
        yield from _for_whom(outcome.instead)
        return
    name = outcome.canonical.label if outcome.canonical else kb.family(outcome.family).name
    yield say("no_such_item", guide=kb.guide(outcome.guide).data.title, item=name)


def _each(kb: KnowledgeBase, reasons: Iterable[Reason]) -> Iterator[str]:
    yield from dict.fromkeys(
        say("why_reason", said=said_facts(kb, _pairs([reason])), clause=quoted(reason.clause))
        for reason in reasons)


def _for_whom(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        yield f"· {item.name}：{quoted(applies_clause(item))}"


def said_facts(kb: KnowledgeBase, facts: Iterable[tuple[str, str]]) -> str:
    """Return facts (name, value) in words, each once: 居住材料：提供不了；是否退休：已退休."""
    return "；".join(dict.fromkeys(
        say("reason", label=kb.facts[name].label,
            value=kb.facts[name].option(value).label if value else say("unknown"))
        for name, value in facts))


def _pairs(reasons: Iterable[Reason]) -> list[tuple[str, str]]:
    return [(reason.fact, reason.value) for reason in reasons]


__all__ = ["asks_why", "explain", "said_facts"]
