"""What is known of a conversation, in words, for the people who see it beside the transcript."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from bot.dialogue.context import Context
from bot.dialogue.questions import ask, pending
from bot.paths import PROJECT
from bot.stated_dates import day_words
from bot.store import StoredMessage
from bot.wording import say
from knowledge.catalog import Fact
from knowledge.conditions import Value
from knowledge.engine import UNKNOWN, Question, assess
from knowledge.store import KnowledgeBase, read_yaml

_BRACKETS = re.compile("（[^（）]*）")


@lru_cache(maxsize=1)
def handover_texts() -> Mapping[str, Mapping[str, str]]:
    """Return the words of ``handover.yml``."""
    return read_yaml(PROJECT / "bot" / "data" / "handover.yml")


def reason_in_words(reason: str) -> str:
    """Return why a person is wanted; ``none`` where nobody asked for one."""
    return handover_texts()["reasons"][reason]


def answered(messages: Sequence[StoredMessage]) -> dict[str, str]:
    """Return the status of the last answer that was given, and in words; ``none`` for none."""
    answers = (m.card["status"] for m in reversed(messages)
               if m.author == "bot" and m.card and m.card["type"] == "answer")
    status = next(answers, "none")
    return {"status": status, "text": handover_texts()["answered"][status]}


def region_of(kb: KnowledgeBase, context: Context) -> dict[str, str] | None:
    """Return whose guide answers, with its title; None where none does, or not yet."""
    if not context.region:
        return None
    data = kb.guide(context.region).data
    return {"id": context.region, "name": data.region, "guide": data.title}


def family_of(kb: KnowledgeBase, context: Context) -> dict[str, str] | None:
    """Return the family that the conversation is about, if it is known."""
    if not context.family:
        return None
    return {"id": context.family, "name": kb.family(context.family).name}


def item_of(kb: KnowledgeBase, context: Context) -> dict[str, str] | None:
    """Return the item, with its name in the person's own guide ('' where that has none)."""
    if not context.item:
        return None
    found = assess(kb, context.region, context.family, context.known, context.item).item \
        if context.region else None
    return {"id": context.item, "name": kb.canonical(context.item).label,
            "title": found.name if found else ""}


def item_title(kb: KnowledgeBase, context: Context) -> str:
    """Return what the item is called, also one that only the facts lead to; '' for none."""
    item = item_of(kb, context)
    if item or not context.region or not context.family:
        return (item["title"] or item["name"]) if item else ""
    led = assess(kb, context.region, context.family, context.known)
    return led.item.name if led.item and led.status != "not_applicable" else ""


def matter_title(kb: KnowledgeBase, context: Context) -> str:
    """Return what the matter in hand is called: its item, else its family; '' for none."""
    family = family_of(kb, context)
    return item_title(kb, context) or (family["name"] if family else "")


def facts_told(kb: KnowledgeBase, context: Context) -> Iterator[dict[str, str]]:
    """Yield what the person told; what only follows from the item's name is left out."""
    for name, told in context.facts.items():
        if told["source"] != "item":
            fact = kb.facts[name]
            yield {"name": name, "label": fact.label, "value": value_in_words(fact, told["value"])}


def value_in_words(fact: Fact, value: Value) -> str:
    """Return what is known of a fact as its buttons say it; of several options those that hold."""
    if not isinstance(value, Mapping):
        return say("unknown") if value == UNKNOWN else fact.option(value).label
    held = [fact.option(option).label for option, holds in value.items() if holds is True]
    unknown = UNKNOWN in value.values()
    return "、".join(held) or say("unknown" if unknown else "none_of_these")


def fact_in_words(fact: Mapping[str, str]) -> str:
    """Return a fact without what an option explains in brackets: that is for who is asked."""
    return _BRACKETS.sub("", f"{fact['label']}：{fact['value']}")


def days_stated(context: Context) -> Iterator[dict[str, str]]:
    """Yield the days that were stated; ``until`` is later where a span of days was."""
    for key, day in context.dates.items():
        if day:
            yield {"name": day_words().starts[key].name, "value": day["value"],
                   "until": day["until"]}


def questions_left(kb: KnowledgeBase, context: Context) -> list[Question]:
    """Return what would be asked, in order, of who knows none of it."""
    return list(_asked_on(kb, replace(context, direct=False, counting="")))


def open_question(
    kb: KnowledgeBase, context: Context, left: Sequence[Question]
) -> dict[str, Any]:
    """Return the question that is open ('' for none), and what else would be asked after it.

    Args:
        left: :func:`questions_left` of the context.
    """
    asked = pending(kb, context)
    now = asked.fact.name if isinstance(asked, Question) else ""
    text = _question(kb, context) if context.asked else ""
    then = [q.fact.label for q in left if not text or q.fact.name != now]
    return {"asked": text, "then": then}


def _question(kb: KnowledgeBase, context: Context) -> str:
    """Return the open question as it was put, without what is said before it is put again."""
    replies = ask(kb, replace(context, asked="", misses=0, direct=False)).replies
    return str(replies[-1].card["text"]) if replies else ""


def _asked_on(kb: KnowledgeBase, context: Context) -> Iterator[Question]:
    asked = pending(kb, context)
    while isinstance(asked, Question):
        yield asked
        unknown: Value = UNKNOWN
        if asked.fact.multiple:
            unknown = {option.value: UNKNOWN for option in asked.options}
        context = context.with_facts({asked.fact.name: unknown}, "answered")
        asked = pending(kb, context)


__all__ = [
    "answered", "days_stated", "fact_in_words", "facts_told", "family_of", "handover_texts",
    "item_of", "item_title", "matter_title", "open_question", "questions_left",
    "reason_in_words", "region_of", "value_in_words",
]
