"""Answers about an item: leads before the clauses, and what is offered after them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot import clock
from bot.dialogue.context import Context, Turn
from bot.dialogue.counting import count_choices, count_leads, days_of
from bot.dialogue.leads import (
    mention_leads,
    mentioning,
    outcome_leads,
    place_leads,
    whole_lead,
)
from bot.dialogue.several import waiting_choices
from bot.facet_kinds import GENERAL
from bot.lines import quoted
from bot.messages import Choice, Reply, notice
from bot.notice.notices import notices
from bot.people import called
from bot.refusals import because, refusal
from bot.render import Renderer
from bot.wording import say, wording
from knowledge.engine import Outcome, Question, Reason, assess, decide
from knowledge.store import KnowledgeBase
from knowledge.vocabulary import Topic, topic_named

BY_THE_WAY = frozenset({"办理流程", "备注/特殊规定"})
MOST_OTHERS = 4


def asked_facets(context: Context) -> tuple[str, ...]:
    """Return the facets that were asked about in particular.

    Steps and special rules go with most questions, so they count only where they come first.
    """
    facets = tuple(facet for facet in context.facets if facet != GENERAL)
    return tuple(f for n, f in enumerate(facets) if n == 0 or f not in BY_THE_WAY)


def answer_item(
    kb: KnowledgeBase, context: Context, whole: bool = False, first: Sequence[str] = ()
) -> Turn:
    """Answer about the item the conversation is about, by what is known now.

    Args:
        whole: show the whole item, not the facets asked about.
        first: sentences to open with.
    """
    outcome = assess(kb, context.region, context.family, context.known, context.item)
    if outcome.item is None:
        return _without_item(kb, context, outcome)
    if outcome.status == "not_applicable":
        return _not_applicable(kb, context, outcome)
    facets = () if whole else asked_facets(context)
    entire = GENERAL in context.facets
    leads = [*place_leads(kb, context), *count_leads(context, outcome), *first,
             *item_leads(kb, context, outcome, whole)]
    choices = tuple(next_choices(kb, context, facets, outcome))
    outcome = with_reasons_told(context, outcome)
    context = replace(context, item=context.item or outcome.item.canonical[0])
    quoted = [rule.clause for rule in mentioning(context, outcome.item)]
    reply = renderer_for(kb, context).answer(
        outcome, facets, leads, choices, quoted, notice_for(context), entire)
    context = replace(context, direct=False, asked="", last=reply.text)
    return Turn(context.offering(choices), (reply,))


def item_leads(
    kb: KnowledgeBase, context: Context, outcome: Outcome, whole: bool
) -> Iterator[str]:
    """Say what the outcome's item is to what was asked: finer, mentioned by name, for whom."""
    assert outcome.item is not None
    yield from whole_lead(kb, context, outcome.item)
    yield from mention_leads(kb, context, outcome.item, outcome.item.name)
    yield from outcome_leads(kb, context, outcome, whole)


def with_reasons_told(context: Context, outcome: Outcome) -> Outcome:
    """Return the outcome with those reasons only that the person told, not the item's name."""
    told = tuple(r for r in outcome.reasons
                 if context.facts.get(r.fact, {}).get("source", "item") != "item")
    return replace(outcome, reasons=told)


def notice_for(context: Context) -> str:
    """Make the 一次性告知单 of the item for what is known now; return the path of its page."""
    place = context.place
    return notices().make(context.region, context.item, context.known, place.get("code", ""),
                          clock.today(), place.get("counter", ""), context.dates)


def has_question(kb: KnowledgeBase, context: Context) -> bool:
    """Tell whether more can be asked."""
    decision = decide(kb, context.region, context.family, context.known, context.item)
    return isinstance(decision, Question)


def next_choices(
    kb: KnowledgeBase, context: Context, facets: Sequence[str], outcome: Outcome
) -> Iterator[Choice]:
    """Yield what may come next: what waits, the form, other facets."""
    yield from waiting_choices(kb, context)
    if has_question(kb, context):
        yield Choice(say("start_form"), {"do": "start_form"})
    yield from count_choices(context, outcome)
    offered = wording()["more_facets" if facets else "after_whole"]
    for facet, label in [pair for pair in offered.items() if pair[0] not in facets][:3]:
        yield Choice(label, {"do": "facet", "facet": facet})


def _without_item(kb: KnowledgeBase, context: Context, outcome: Outcome) -> Turn:
    """Say which items may apply, that none does, or that the guide has no such item."""
    return _stated(kb, context, lines_without_item(kb, context, outcome), outcome, outcome.failed)


def lines_without_item(kb: KnowledgeBase, context: Context, outcome: Outcome) -> list[str]:
    """Say of an outcome without an item that several may apply, none does, or none is there."""
    if outcome.status == "conditional":
        return list(_several_may_apply(kb, outcome))
    guide, family = kb.guide(context.region), kb.family(context.family)
    items = kb.items(context.region, family.id)
    if outcome.status == "not_in_guide" and outcome.canonical:
        lines = [say("no_such_item", guide=guide.data.title, item=outcome.canonical.label)]
    elif outcome.failed:
        lines = [say("none_applies", guide=guide.data.title, family=family.name)]
        lines += because(kb, outcome.failed)
    else:
        lines = [say("none_listed", guide=guide.data.title, family=family.name)]
    if items:
        names = "、".join(item.name for item in items)
        lines.append(say("items_there_are", family=family.name, items=names))
    return [*lines, say("ask_elsewhere")]


def _several_may_apply(kb: KnowledgeBase, outcome: Outcome) -> Iterator[str]:
    """Name the items that may apply, each with the clause that says for whom it is."""
    yield say("several_may_apply", family=kb.family(outcome.family).name)
    for item in outcome.instead:
        clause = item.clauses[item.data.applies.clause] if item.data.applies else None
        said = quoted(clause) if clause else ""
        yield f"· {item.name}：{said}"


def _not_applicable(kb: KnowledgeBase, context: Context, outcome: Outcome) -> Turn:
    lines = [*refusal(kb, outcome), say("ask_elsewhere")]
    return _stated(kb, context, lines, outcome, outcome.failed)


def _stated(
    kb: KnowledgeBase, context: Context, lines: Sequence[str], outcome: Outcome,
    failed: Sequence[Reason],
) -> Turn:
    """Return an answer card that has only sentences, with what may be looked at instead."""
    others = outcome.instead or kb.items(context.region, context.family)[:MOST_OTHERS]
    choices = (*waiting_choices(kb, context), *(
        Choice(item.name, {"do": "item", "item": item.canonical[0]})
        for item in others if item is not outcome.item))
    reply = renderer_for(kb, context).statement(outcome, lines, failed, choices)
    context = replace(context, direct=False, asked="", last=reply.text)
    return Turn(context.offering(choices), (reply,))


def missing_topic(kb: KnowledgeBase, context: Context, label: str) -> Turn:
    """Say that no guide holds the topic, with the nearest clauses and where to ask."""
    topic = topic_named(label)
    text = _topic_text(topic)
    nearest = _nearest(kb, context, topic.nearest if topic else ())
    context = replace(context, direct=False, asked="")
    if nearest is None:
        context = replace(context, facets=_facets_near(topic) or context.facets)
        reply = notice(text, silent=True)
        return Turn(replace(context, last=reply.text).offering(()), (reply,))
    outcome, facet = nearest
    reply = renderer_for(kb, context).missing(outcome, label, facet, [text, say("topic_nearest")])
    return Turn(replace(context, last=reply.text).offering(()), (reply,))


def _facets_near(topic: Topic | None) -> tuple[str, ...]:
    """Return what is told instead of a topic once the place is known: 收费 is no premium."""
    return tuple(hint.facet for hint in (topic.nearest if topic else ()) if not hint.item)[:1]


def topic_notice(label: str) -> Reply:
    """Return the sentence that no guide holds the topic, and where to ask, on its own."""
    return notice(_topic_text(topic_named(label)))


def _topic_text(topic: Topic | None) -> str:
    return say("topic_general", say=topic.say, ask=topic.ask) if topic else say("ask_elsewhere")


def _nearest(kb: KnowledgeBase, context: Context, hints: Sequence) -> tuple[Outcome, str] | None:
    """Return the item and facet of the person's own guide that comes nearest to a topic."""
    if not context.region:
        return None
    for hint in hints:
        canonical = kb.canonical_by_label(hint.item) if hint.item else None
        item = canonical.id if canonical else context.item
        if hint.guides and context.region not in hint.guides or not item:
            continue
        if kb.item(context.region, item) is None:
            continue
        family = kb.family_of(item).id
        facts = {**context.known, **kb.canonical(item).implies}
        outcome = assess(kb, context.region, family, facts, item)
        if outcome.item and renderer_for(kb, context).holds(outcome, hint.facet):
            return outcome, hint.facet
    return None


def renderer_for(kb: KnowledgeBase, context: Context) -> Renderer:
    """Return the renderer for the guide and the place of a conversation."""
    place = context.place
    return Renderer(kb, context.region, place.get("code", ""), place.get("counter", ""),
                    called(context.asks_for), days_of(context))


__all__ = [
    "BY_THE_WAY", "answer_item", "asked_facets", "has_question", "item_leads",
    "lines_without_item", "missing_topic", "next_choices", "renderer_for", "topic_notice",
    "with_reasons_told",
]
