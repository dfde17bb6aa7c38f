"""What the person who takes over a conversation has to know, and the same in a few lines.

Made of what the conversation knows and of its masked messages; ``summary.schema.json`` describes
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal

from bot.dialogue.context import Context
from bot.dialogue.questions import ask, pending
from bot.dialogue.several import matter_name
from bot.messages import Reason
from bot.paths import PROJECT
from bot.stated_dates import day_words
from bot.store import StoredMessage
from bot.wording import say
from knowledge.catalog import Fact
from knowledge.conditions import Value
from knowledge.engine import UNKNOWN, Question, assess
from knowledge.store import KnowledgeBase, read_yaml

MOST_SAID, LONGEST_SAID = 3, 60
"""Messages of the citizen that are shown, and characters of each in the lines."""

_BRACKETS = re.compile("（[^（）]*）")


def summary(
    kb: KnowledgeBase, slots: Mapping[str, Any], reason: Reason | Literal["none"],
    messages: Sequence[StoredMessage],
) -> dict[str, Any]:
    """Return what is known of a conversation (JSON-ready), with ``text``: the same at a glance.

    Args:
        kb: the knowledge base.
        slots: of the conversation, as its record keeps them.
        reason: why a person is wanted; ``none`` where nobody asked and one comes all the same.
        messages: of the conversation, masked, in order; the last ones will do.
    """
    context = Context.from_slots(slots)
    told = {
        "reason": {"code": reason, "text": _texts()["reasons"][reason]},
        "answered": _answered(messages),
        "region": _region(kb, context),
        "place": str(context.place.get("name", "")),
        "asks_for": context.asks_for,
        "family": _family(kb, context),
        "item": _item(kb, context),
        "facts": list(_facts(kb, context)),
        "days": list(_days(context)),
        "open": _open(kb, context),
        "waiting": [matter_name(kb, matter) for matter in context.waiting],
        "said": [m.text for m in messages if m.author == "citizen"][-MOST_SAID:],
    }
    return {**told, "text": "\n".join(_lines(told))}


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, Mapping[str, str]]:
    return read_yaml(PROJECT / "bot" / "data" / "handover.yml")


def _answered(messages: Sequence[StoredMessage]) -> dict[str, str]:
    """Return the status of the last answer that was given, and in words; ``none`` for none."""
    answers = (m.card["status"] for m in reversed(messages)
               if m.author == "bot" and m.card and m.card["type"] == "answer")
    status = next(answers, "none")
    return {"status": status, "text": _texts()["answered"][status]}


def _region(kb: KnowledgeBase, context: Context) -> dict[str, str] | None:
    if not context.region:
        return None
    data = kb.guide(context.region).data
    return {"id": context.region, "name": data.region, "guide": data.title}


def _family(kb: KnowledgeBase, context: Context) -> dict[str, str] | None:
    if not context.family:
        return None
    return {"id": context.family, "name": kb.family(context.family).name}


def _item(kb: KnowledgeBase, context: Context) -> dict[str, str] | None:
    """Return the item, with its name in the person's own guide ('' where that has none)."""
    if not context.item:
        return None
    found = assess(kb, context.region, context.family, context.known, context.item).item \
        if context.region else None
    return {"id": context.item, "name": kb.canonical(context.item).label,
            "title": found.name if found else ""}


def _facts(kb: KnowledgeBase, context: Context) -> Iterator[dict[str, str]]:
    """Yield what the person told; what only follows from the item's name is left out."""
    for name, told in context.facts.items():
        if told["source"] != "item":
            fact = kb.facts[name]
            yield {"name": name, "label": fact.label, "value": _value(fact, told["value"])}


def _value(fact: Fact, value: Value) -> str:
    if not isinstance(value, Mapping):
        return say("unknown") if value == UNKNOWN else fact.option(value).label
    held = [fact.option(option).label for option, holds in value.items() if holds is True]
    unknown = UNKNOWN in value.values()
    return "、".join(held) or say("unknown" if unknown else "none_of_these")


def _days(context: Context) -> Iterator[dict[str, str]]:
    """Yield the days that were stated; ``until`` is later where a span of days was."""
    for key, day in context.dates.items():
        if day:
            yield {"name": day_words().starts[key].name, "value": day["value"],
                   "until": day["until"]}


def _open(kb: KnowledgeBase, context: Context) -> dict[str, Any]:
    """Return the question that is open ('' for none), and what else would be asked after it."""
    asked = pending(kb, context)
    then = list(_asked_on(kb, replace(context, direct=False, counting="")))
    now = isinstance(asked, Question) and asked.fact.label
    text = _question(kb, context) if context.asked else ""
    return {"asked": text, "then": [label for label in then if not text or label != now]}


def _question(kb: KnowledgeBase, context: Context) -> str:
    """Return the open question as it was put, without what is said before it is put again."""
    replies = ask(kb, replace(context, asked="", misses=0, direct=False)).replies
    return str(replies[-1].card["text"]) if replies else ""


def _asked_on(kb: KnowledgeBase, context: Context) -> Iterator[str]:
    """Yield the labels of what would be asked of who knows none of it."""
    asked = pending(kb, context)
    while isinstance(asked, Question):
        yield asked.fact.label
        unknown: Value = UNKNOWN
        if asked.fact.multiple:
            unknown = {option.value: UNKNOWN for option in asked.options}
        context = context.with_facts({asked.fact.name: unknown}, "answered")
        asked = pending(kb, context)


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    for name, content in _contents(told).items():
        if content:
            values = {name: content, "answered": told["answered"]["text"]}
            yield _texts()["lines"][name].format(**values)


def _contents(told: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands in each line, by the line's name; '' where there is nothing to say."""
    region, family, item = told["region"], told["family"], told["item"]
    place = told["place"] or (region["name"] if region else "")
    matter = (item["title"] or item["name"]) if item else family["name"] if family else ""
    return {
        "reason": told["reason"]["text"],
        "place": place,
        "matter": matter,
        "asks_for": told["asks_for"],
        "facts": "；".join(map(_fact_in_words, told["facts"])),
        "days": "；".join(map(_day_in_words, told["days"])),
        "asked": told["open"]["asked"],
        "then": "、".join(told["open"]["then"]),
        "waiting": "、".join(told["waiting"]),
        "said": " / ".join(text[:LONGEST_SAID] for text in told["said"]),
    }


def _fact_in_words(fact: Mapping[str, str]) -> str:
    """Return a fact without what an option explains in brackets: that is for who is asked."""
    return _BRACKETS.sub("", f"{fact['label']}：{fact['value']}")


def _day_in_words(day: Mapping[str, str]) -> str:
    span = dict.fromkeys((day["value"], day["until"]))
    return f"{day['name']} {'～'.join(span)}"


__all__ = ["MOST_SAID", "summary"]
