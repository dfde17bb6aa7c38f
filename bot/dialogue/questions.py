"""The form: asking for the place and for facts, and reading the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.choosing import chosen
from bot.dialogue.context import (
    PLACE,
    SURE_OF_ANOTHER,
    Context,
    Turn,
    rerouted,
    without_contradicted_item,
)
from bot.dialogue.correcting import correction
from bot.dialogue.counting import with_days
from bot.dialogue.dates import DATE, DateQuestion, ask_date, date_question, read_date, take_date
from bot.dialogue.leads import said_before_asking
from bot.dialogue.pressing import NONE, pressed_answer
from bot.dialogue.undecided import can_answer
from bot.dialogue.whose import goes_instead, only_another_person, place_question
from bot.free_speech import named_options, phrases_of, reply_to
from bot.lines import quoted
from bot.messages import Choice, Reason, notice, question
from bot.stated_place import place_answered
from bot.understanding import Understanding
from bot.wording import say, wording
from knowledge.catalog import Fact, Option
from knowledge.engine import UNKNOWN, Question, decide
from knowledge.store import KnowledgeBase
from knowledge.two_places import FROM

COMMANDS = frozenset({"转人工", "取消", "重来", "重复", "为什么问", "帮助", "感谢", "再见"})
"""Intents that are never an answer to the open question."""

COMMAND_CONFIDENCE = 0.5
REPEAT, QUESTION_CONFIDENCE = "重复", 0.75
"""A question (要不要写什么说明) has to be read as 重复 with more confidence than 再说一遍."""

MANY_MISSES = 2
PAUSE = 3 * 3600.0
"""Seconds of silence after which somebody is told where the conversation was."""


def pending(kb: KnowledgeBase, context: Context) -> Question | DateQuestion | str:
    """Return what is to be asked next: :data:`PLACE`, a fact, a day, or ''."""
    if not context.family:
        return ""
    if not context.region:
        return "" if context.place else PLACE  # a place without a guide is known, not asked again
    if not kb.items(context.region, context.family):
        return ""
    if (context.direct or context.counting) and can_answer(kb, context):
        return date_question(kb, context)
    decision = decide(kb, context.region, context.family, context.known, context.item)
    return decision if isinstance(decision, Question) else ""


def ask(kb: KnowledgeBase, context: Context, now: float = 0.0) -> Turn:
    """Ask what is pending; the context remembers what was asked and which buttons are open.

    Who comes back after a while is told first where the conversation was, and who asked for
    something by name what no question changes of it.

    Args:
        now: the time, in seconds since the epoch.
    """
    next_question = pending(kb, context)
    if not next_question:
        return Turn(replace(context, asked=""))
    turn = _ask(kb, next_question, context)
    before = [notice(_where_we_were(kb, context))] if _is_back(context, now) else []
    if isinstance(next_question, Question) and context.direct:
        before += map(notice, said_before_asking(kb, context))
        turn = replace(turn, context=replace(turn.context, direct=False))
    return Turn(replace(turn.context, asked_at=now), (*before, *turn.replies))


def _ask(kb: KnowledgeBase, asked: Question | DateQuestion | str, context: Context) -> Turn:
    if isinstance(asked, Question):
        return _ask_fact(kb, asked, context)
    if isinstance(asked, DateQuestion):
        return ask_date(kb, asked, context, why_lines(asked), _ways_out(context))
    return _ask_place(kb, context)


def _is_back(context: Context, now: float) -> bool:
    """Tell whether the last question was put so long ago that it may be forgotten."""
    return bool(context.asked and context.asked_at) and now - context.asked_at > PAUSE


def _where_we_were(kb: KnowledgeBase, context: Context) -> str:
    place = kb.guide(context.region).data.region if context.region else ""
    return say("where_we_were", place=place, name=kb.family(context.family).name)


def _ask_place(kb: KnowledgeBase, context: Context) -> Turn:
    own = kb.canonical(context.item).region_role if context.item else ""
    role = "" if own == FROM else kb.family(context.family).region_role
    text = place_question(context, role)
    if context.asked == PLACE and context.misses:
        text = say("ask_place_again")
    choices = tuple(Choice(name, {"do": "place", "place": name})
                    for name in wording()["place_options"])
    reply = question(text, choices, others=_ways_out(context))
    return Turn(replace(context, asked=PLACE).offering(reply.choices), (reply,))


def _ways_out(context: Context) -> tuple[Choice, ...]:
    """Return what is offered to who was not understood time and again, or told of no use."""
    if context.misses >= MANY_MISSES:
        return person_offered("misses"), Choice(say("another_matter"), {"do": "cancel"})
    return (person_offered("limits"),) if context.limits else ()


def person_offered(reason: Reason) -> Choice:
    """Return the button that asks for a person."""
    return Choice(say("to_person"), {"do": "to_person", "reason": reason})


def _ask_fact(kb: KnowledgeBase, asked: Question, context: Context) -> Turn:
    fact = asked.fact
    choices = [_answer_choice(fact, option.label, option.value) for option in asked.options]
    others = [_answer_choice(fact, say("unknown"), UNKNOWN)]
    if fact.multiple:
        others.insert(0, _answer_choice(fact, say("none_of_these"), NONE))
    others += _ways_out(context)
    text = fact.asked_of(context.who)
    if context.asked == fact.name and context.misses:
        text = f"{say('not_understood')}\n{text}"
    title = say("question_title", region=kb.guide(context.region).data.region,
                name=kb.family(context.family).name)
    reply = question(text, choices, fact.multiple, others, title, why_lines(asked))
    return Turn(replace(context, asked=fact.name).offering(reply.choices), (reply,))


def _answer_choice(fact: Fact, label: str, value: str) -> Choice:
    return Choice(label, {"do": "answer", "fact": fact.name, "value": value})


def why_lines(asked: Question | DateQuestion) -> str:
    """Return the clauses on which a question bears, a line each, each with its heading."""
    return "\n".join(dict.fromkeys(
        f"· {quoted(clause)}" for clause in asked.why))


def read_reply(
    kb: KnowledgeBase, context: Context, reading: Understanding
) -> Mapping[str, Any] | None:
    """Return what a message answers to the open question, or None where it is no answer.

    The result is ``{"place": …}``, ``{"fact": name, "value": …}`` or that of
    :func:`~bot.dialogue.dates.read_date`. Commands and questions in
    between are no answers, even where they contain words of one.
    """
    if context.asked == DATE:
        return read_date(kb, context, reading)
    ids = chosen(context, reading)
    if ids:
        return pressed_answer(kb, context, ids)
    if context.asked == PLACE:
        return None if _changes_matter(context, reading) else _place_in(reading)
    asked = pending(kb, context)
    if is_command(reading) and not _is_an_option(asked, reading):
        return None
    if reading.asks or not isinstance(asked, Question) or asked.fact.name != context.asked:
        return None
    if _names_another_item(kb, context, reading) or only_another_person(
            asked, context, reading):
        return None
    return (correction(kb, context, reading) or goes_instead(asked, context, reading)
            or _answer_to(kb, asked, reading) or _only_those_said(asked, reading)
            or _answers_another(kb, context, reading))


def _names_another_item(kb: KnowledgeBase, context: Context, reading: Understanding) -> bool:
    """Tell whether a message names an item that is no answer to the open question."""
    if not reading.item_named or reading.item == context.item:
        return False
    implied = kb.canonical(reading.item).implies
    contradicts = any(context.known.get(name, value) != value for name, value in implied.items())
    return contradicts or context.asked not in implied


def _place_in(reading: Understanding) -> Mapping[str, Any] | None:
    place = place_answered(reading.text)
    return {"place": place} if place and place["guide"] else None


def _changes_matter(context: Context, reading: Understanding) -> bool:
    """Tell whether a reply to where somebody is insured asks about another matter."""
    other = bool(reading.family) and reading.family != context.family
    return other and (reading.item_named or reading.confidence >= SURE_OF_ANOTHER)


def _is_an_option(asked: Question | str, reading: Understanding) -> bool:
    """Tell whether a message is, word for word, an answer to the open question (本人)."""
    return isinstance(asked, Question) and any(
        _is_word_for_word(option, reading) for option in asked.options)


def names_an_option(kb: KnowledgeBase, reading: Understanding) -> bool:
    """Tell whether a message is, word for word, an option of some question."""
    return any(_is_word_for_word(option, reading)
               for fact in kb.facts.values() for option in fact.options)


def _is_word_for_word(option: Option, reading: Understanding) -> bool:
    return reading.plain.removeprefix("我") in (option.value, option.label, *option.short)


def _answer_to(
    kb: KnowledgeBase, asked: Question, reading: Understanding
) -> Mapping[str, Any] | None:
    """Return what a message answers to a question; not knowing leaves what was said before."""
    others = (fact for fact in kb.facts.values() if fact.name != asked.fact.name)
    elsewhere = tuple(phrases_of(others, reading.facts))
    value = reply_to(reading.plain, asked.fact, asked.options, elsewhere)
    if value == UNKNOWN and asked.fact.multiple:
        value = {option.value: UNKNOWN for option in asked.options}
    return None if value is None else {"fact": asked.fact.name, "value": value}


def _only_those_said(asked: Question, reading: Understanding) -> Mapping[str, Any] | None:
    """Take an option said again to mean: that one, and none of those asked about."""
    if not asked.fact.multiple or asked.fact.name not in reading.facts:
        return None
    rest = {option.value: False for option in asked.options}
    return {"fact": asked.fact.name, "value": {**rest, **reading.facts[asked.fact.name]}}


def early_reply(
    kb: KnowledgeBase, context: Context, reading: Understanding
) -> Mapping[str, Any] | None:
    """Return what a bare reply answers although nothing was asked: what would be asked next."""
    if context.asked or reading.asks or reading.facts or reading.insured or not context.region:
        return None
    question = pending(kb, replace(context, direct=False))
    if isinstance(question, Question) and goes_instead(question, context, reading):
        return goes_instead(question, context, reading)
    named = isinstance(question, Question) and named_options(reading.plain, question.options)
    if named and (not is_command(reading) or _is_an_option(question, reading)):
        return _answer_to(kb, question, reading)
    return _answers_another(kb, context, reading)


def _answers_another(
    kb: KnowledgeBase, context: Context, reading: Understanding
) -> Mapping[str, Any] | None:
    """Take a reply that only fits another question (身份证 for 出示的证件), given early."""
    fitting = [
        {"fact": fact.name, "value": option.value}
        for fact in kb.facts.values() if not fact.multiple and fact.name not in context.facts
        for option in fact.options if _is_word_for_word(option, reading)
    ]
    return fitting[0] if len(fitting) == 1 else None


def is_command(reading: Understanding) -> bool:
    """Tell whether a message is certainly a command to the assistant."""
    wanted = QUESTION_CONFIDENCE if reading.intent == REPEAT and reading.asks else (
        COMMAND_CONFIDENCE)
    return reading.intent in COMMANDS and reading.confidence >= wanted


def take_reply(
    kb: KnowledgeBase, context: Context, reply: Mapping[str, Any], reading: Understanding
) -> Context:
    """Return the context with an answer entered, and what else the message states."""
    context = replace(context.with_person(kb, reading), misses=0, limits=0,
                      turn=context.turn + 1)
    context = with_days(context, reading)
    if "date" in reply:
        return take_date(context.with_facts(reading.facts, "said"), reply)
    if "place" in reply:
        context = context.with_place(reply["place"]).with_facts(reading.facts, "said")
        asks = bool(reading.said_facets)
        return replace(context, facets=reading.facets, direct=True) if asks else context
    others = {k: v for k, v in reading.facts.items() if k not in (*context.facts, reply["fact"])}
    told = {reply["fact"]: reply["value"], **others}
    context = rerouted(kb, context, told).with_facts(told, "answered")
    return _with_nearer_place(without_contradicted_item(kb, context), reading)


def _with_nearer_place(context: Context, reading: Understanding) -> Context:
    """Take a county of the same guide, said in passing, as the nearer place of insurance."""
    said = reading.insured
    if said and said["guide"] == context.region and said["level"] == "county":
        return context.with_place(said)
    return context


__all__ = [
    "MANY_MISSES", "ask", "early_reply", "is_command", "names_an_option", "pending",
    "person_offered", "read_reply", "take_reply", "why_lines",
]
