"""The form: asking for the place and for facts, and reading the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.answers import can_answer
from bot.dialogue.context import PLACE, Context, Turn
from bot.free_speech import reply_to
from bot.messages import Choice, question
from bot.stated_place import place_answered
from bot.understanding import Understanding
from bot.wording import say, wording
from knowledge.catalog import Fact
from knowledge.engine import UNKNOWN, Question, decide
from knowledge.store import KnowledgeBase

COMMANDS = frozenset({"转人工", "取消", "重来", "重复", "为什么问", "帮助", "感谢", "再见"})
"""Intents that are never an answer to the open question."""

COMMAND_CONFIDENCE = 0.5
NONE = ""
"""The value of the choice that none of several options holds."""


def pending(kb: KnowledgeBase, context: Context) -> Question | str:
    """Return what is to be asked next: :data:`PLACE`, a question of the engine, or ''."""
    if not context.family:
        return ""
    if not context.region:
        return PLACE
    if not kb.items(context.region, context.family):
        return ""
    if context.direct and can_answer(kb, context):
        return ""
    decision = decide(kb, context.region, context.family, context.known, context.item)
    return decision if isinstance(decision, Question) else ""


def ask(kb: KnowledgeBase, context: Context) -> Turn:
    """Ask what is pending; the context remembers what was asked and which buttons are open."""
    next_question = pending(kb, context)
    if next_question == PLACE:
        return _ask_place(kb, context)
    if isinstance(next_question, Question):
        return _ask_fact(kb, next_question, context)
    return Turn(replace(context, asked=""))


def _ask_place(kb: KnowledgeBase, context: Context) -> Turn:
    role = kb.family(context.family).region_role
    text = wording()["ask_place_where"].get(role, say("ask_place"))
    if context.asked == PLACE and context.misses:
        text = say("ask_place_again")
    choices = tuple(Choice(name, {"do": "place", "place": name})
                    for name in wording()["place_options"])
    return Turn(replace(context, asked=PLACE).offering(choices), (question(text, choices),))


def _ask_fact(kb: KnowledgeBase, asked: Question, context: Context) -> Turn:
    fact = asked.fact
    choices = [_answer_choice(fact, option.label, option.value) for option in asked.options]
    others = [_answer_choice(fact, say("unknown"), UNKNOWN)]
    if fact.multiple:
        others.insert(0, _answer_choice(fact, say("none_of_these"), NONE))
    text = fact.question
    if context.asked == fact.name and context.misses:
        text = f"{say('not_understood')}\n{text}"
    title = say("question_title", region=kb.guide(context.region).data.region,
                name=kb.family(context.family).name)
    reply = question(text, choices, fact.multiple, others, title, why_lines(asked))
    return Turn(replace(context, asked=fact.name).offering(reply.choices), (reply,))


def _answer_choice(fact: Fact, label: str, value: str) -> Choice:
    return Choice(label, {"do": "answer", "fact": fact.name, "value": value})


def why_lines(asked: Question) -> str:
    """Return the clauses on which a question bears, a line each, each with its heading."""
    return "\n".join(dict.fromkeys(
        f"· {clause.text}{say('clause', heading=clause.heading)}" for clause in asked.why))


def read_reply(
    kb: KnowledgeBase, context: Context, reading: Understanding
) -> Mapping[str, Any] | None:
    """Return what a message answers to the open question, or None where it is no answer.

    The result is ``{"place": …}`` or ``{"fact": name, "value": …}``. Commands and questions in
    between are no answers, even where they contain words of one.
    """
    if reading.choice is not None:
        return _pressed(kb, context, reading.choice)
    if context.asked == PLACE:
        place = place_answered(reading.text)
        return {"place": place} if place and place["guide"] else None
    asked = pending(kb, context)
    if is_command(reading) and not _is_an_option(asked, reading):
        return None
    if reading.asks or not isinstance(asked, Question) or asked.fact.name != context.asked:
        return None
    return _answer_to(asked, reading) or _only_those_said(asked, reading) or _answers_another(
        kb, context, reading)


def _is_an_option(asked: Question | str, reading: Understanding) -> bool:
    """Tell whether a message is, word for word, an answer to the open question (本人)."""
    return isinstance(asked, Question) and any(
        reading.plain in (option.value, option.label, *option.short) for option in asked.options)


def _answer_to(asked: Question, reading: Understanding) -> Mapping[str, Any] | None:
    """Return what a message answers to a question; not knowing leaves what was said before."""
    value = reply_to(reading.plain, asked.fact, asked.options)
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
    if not isinstance(question, Question) or is_command(reading):
        return None
    return _answer_to(question, reading)


def _answers_another(
    kb: KnowledgeBase, context: Context, reading: Understanding
) -> Mapping[str, Any] | None:
    """Take a reply that only fits another question (身份证 for 出示的证件), given early."""
    fitting = [
        {"fact": fact.name, "value": option.value}
        for fact in kb.facts.values() if not fact.multiple and fact.name not in context.facts
        for option in fact.options
        if reading.plain in (option.value, option.label, *option.short)
    ]
    return fitting[0] if len(fitting) == 1 else None


def is_command(reading: Understanding) -> bool:
    """Tell whether a message is certainly a command to the assistant."""
    return reading.intent in COMMANDS and reading.confidence >= COMMAND_CONFIDENCE


def _pressed(
    kb: KnowledgeBase, context: Context, ids: tuple[str, ...]
) -> Mapping[str, Any] | None:
    """Return the answer of pressed buttons; None for stale ones and for other commands."""
    commands = [context.choices[i]["do"] for i in ids if i in context.choices]
    if not ids or len(commands) != len(ids):
        return None
    if commands[0]["do"] == "place":
        return {"place": place_answered(commands[0]["place"])}
    answers = commands[0]["do"] == "answer" and commands[0]["fact"] == context.asked
    return chosen_value(kb, context, commands) if answers else None


def take_reply(context: Context, reply: Mapping[str, Any], reading: Understanding) -> Context:
    """Return the context with an answer entered, and what else the message states."""
    context = replace(context, misses=0, turn=context.turn + 1)
    if "place" in reply:
        return context.with_place(reply["place"]).with_facts(reading.facts, "said")
    others = {k: v for k, v in reading.facts.items() if k not in (*context.facts, reply["fact"])}
    context = context.with_facts({reply["fact"]: reply["value"], **others}, "answered")
    return _with_nearer_place(context, reading)


def _with_nearer_place(context: Context, reading: Understanding) -> Context:
    """Take a county of the same guide, said in passing, as the nearer place of insurance."""
    said = reading.insured
    if said and said["guide"] == context.region and said["level"] == "county":
        return context.with_place(said)
    return context


def chosen_value(
    kb: KnowledgeBase, context: Context, commands: list[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Return the answer that pressed buttons of the open question stand for."""
    fact = kb.facts[commands[0]["fact"]]
    values = {command["value"] for command in commands}
    if not fact.multiple:
        return {"fact": fact.name, "value": commands[0]["value"]}
    unknown = UNKNOWN in values
    chosen = {v: UNKNOWN if unknown else v in values for v in _offered(context, fact)}
    return {"fact": fact.name, "value": chosen}


def _offered(context: Context, fact: Fact) -> list[str]:
    offered = (choice["do"] for choice in context.choices.values())
    return [do["value"] for do in offered
            if do.get("fact") == fact.name and do["value"] not in (NONE, UNKNOWN)]


__all__ = [
    "ask", "chosen_value", "early_reply", "is_command", "pending", "read_reply", "take_reply",
    "why_lines",
]
