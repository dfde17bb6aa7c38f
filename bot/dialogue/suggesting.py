"""Answers for an agent to send: for one matter, without buttons, sheets or questions of a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.dialogue.answers import (
    asked_facets,
    item_leads,
    lines_without_item,
    missing_topic,
    renderer_for,
    topic_notice,
    with_reasons_told,
)
from bot.dialogue.candidates import candidates, told
from bot.dialogue.consult import is_elsewhere
from bot.dialogue.context import Context, Turn
from bot.dialogue.going_on import AGENCY, GENERAL_FACETS, no_such_family
from bot.dialogue.leads import place_leads
from bot.dialogue.outside import who_answers, with_care
from bot.dialogue.whose import place_question
from bot.messages import Reply, notice
from bot.refusals import refusal
from bot.understanding import Understanding
from bot.wording import say
from knowledge.engine import assess
from knowledge.store import KnowledgeBase

LEAST = 0.02
"""Probability below which nothing is suggested: rather less than three than any."""


def suggestions(
    kb: KnowledgeBase, context: Context, reading: Understanding, limit: int
) -> list[dict[str, Any]]:
    """Return up to ``limit`` answers to a message, the likeliest first.

    See :func:`bot.suggest.suggest` for what each holds.
    """
    after = told(kb, context, reading)
    found = [(p, family, item) for family, item, p in candidates(kb, context, after, reading)
             if p >= LEAST]
    made = [_of_matter(kb, after, reading, family, item, p) for p, family, item in found[:limit]]
    if is_elsewhere(context, reading):
        made.append(_elsewhere(reading))
    return sorted(made, key=lambda one: -one["confidence"])[:limit]


def _elsewhere(reading: Understanding) -> dict[str, Any]:
    """Return the sentence that says whose business a message is."""
    return _suggested(notice(who_answers(reading)[0].say), reading.confidence)


def _of_matter(
    kb: KnowledgeBase, context: Context, reading: Understanding, family: str, item: str,
    confidence: float,
) -> dict[str, Any]:
    asked = context.about(kb, family, item)
    replies = _answer(kb, asked, reading)
    cared = with_care(asked, reading, Turn(asked, tuple(replies))).replies
    title = kb.canonical(item).label if item else kb.family(family).name
    return _suggested(replies[-1], confidence, cared, {
        "family": family, "item": item, "title": title,
        "facet": "、".join(asked_facets(asked))})


def _answer(kb: KnowledgeBase, context: Context, reading: Understanding) -> list[Reply]:
    """Return the answer, after what has to be said of a topic that no guide holds."""
    topic = reading.topic if context.family == reading.family else ""
    if topic and not reading.beside_topic:
        return list(missing_topic(kb, context, topic).replies)
    first = [topic_notice(topic)] if topic else []
    return [*first, answer_so_far(kb, context)]


def answer_so_far(kb: KnowledgeBase, context: Context) -> Reply:
    """Return the answer on the matter in hand by what is known now: nothing is asked for it.

    Lines that depend on what is not known say so; without a guide no rule of any is given.
    """
    return _by_guide(kb, context) if context.region else _without_guide(kb, context)


def _without_guide(kb: KnowledgeBase, context: Context) -> Reply:
    """Say that no guide serves the place, or ask for it where it is not known."""
    if context.place:
        return notice(say("not_covered", place=context.place["name"]))
    title = kb.canonical(context.item).label if context.item else kb.family(context.family).name
    own = kb.canonical(context.item).region_role if context.item else ""
    asked = place_question(context, own or kb.family(context.family).region_role)
    return notice(say("suggest_place", item=title, question=asked))


def _by_guide(kb: KnowledgeBase, context: Context) -> Reply:
    if not kb.items(context.region, context.family):
        return notice(no_such_family(kb, context).replies[0].card["text"])
    data, renderer = kb.guide(context.region).data, renderer_for(kb, context)
    if context.item == AGENCY and (data.offices or data.contacts):
        return renderer.contacts(tuple(place_leads(kb, context)))
    outcome = assess(kb, context.region, context.family, context.known, context.item)
    if outcome.item is None:
        return renderer.statement(
            outcome, lines_without_item(kb, context, outcome), outcome.failed, ())
    if outcome.status == "not_applicable":
        lines = [*refusal(kb, outcome), say("ask_elsewhere")]
        return renderer.statement(outcome, lines, outcome.failed, ())
    whole = not set(context.facets) - GENERAL_FACETS
    leads = [*place_leads(kb, context), *item_leads(kb, context, outcome, whole)]
    outcome = with_reasons_told(context, outcome)
    return renderer.answer(outcome, () if whole else asked_facets(context), leads)


def _suggested(
    reply: Reply, confidence: float, replies: Iterable[Reply] = (),
    matter: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return a suggestion: what the card says of itself, in the matter's name."""
    card = reply.card
    text = "\n".join(dict.fromkeys(r.text for r in (*replies, reply)))
    named = matter or {"family": "", "item": "", "title": "", "facet": ""}
    return {
        "text": text, "confidence": round(confidence, 3), "region": card.get("region", ""),
        "guide": card.get("guide", ""), **named,
        "title": card.get("title") or named["title"], "citations": _citations(card),
    }


def _citations(card: Any) -> list[dict[str, str]]:
    """Return each clause that a card quotes, once, in the card's order."""
    lines = [line for section in card.get("sections", ()) for line in section["lines"]]
    found = {line["citation_id"]: line for line in lines}
    return [{"id": clause, "heading": line["heading"], "text": line["text"]}
            for clause, line in found.items()]


__all__ = ["answer_so_far", "suggestions"]
