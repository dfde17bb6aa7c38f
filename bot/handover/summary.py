"""What the person who takes over a conversation has to know, and the same in a few lines.

Made of what the conversation knows and of its masked messages; ``summary.schema.json`` describes
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from bot.dialogue.context import Context
from bot.dialogue.several import matter_name
from bot.handover.known import (
    answered,
    days_stated,
    fact_in_words,
    facts_told,
    family_of,
    handover_texts,
    item_of,
    open_question,
    questions_left,
    reason_in_words,
    region_of,
)
from bot.messages import Reason
from bot.store import StoredMessage
from knowledge.store import KnowledgeBase

MOST_SAID, LONGEST_SAID = 3, 60
"""Messages of the citizen that are shown, and characters of each in the lines."""


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
        "reason": {"code": reason, "text": reason_in_words(reason)},
        "answered": answered(messages),
        "region": region_of(kb, context),
        "place": str(context.place.get("name", "")),
        "asks_for": context.asks_for,
        "family": family_of(kb, context),
        "item": item_of(kb, context),
        "facts": list(facts_told(kb, context)),
        "days": list(days_stated(context)),
        "open": open_question(kb, context, questions_left(kb, context)),
        "waiting": [matter_name(kb, matter) for matter in context.waiting],
        "said": [m.text for m in messages if m.author == "citizen"][-MOST_SAID:],
    }
    return {**told, "text": "\n".join(_lines(told))}


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    for name, content in in_words(told).items():
        if content:
            values = {name: content, "answered": told["answered"]["text"]}
            yield handover_texts()["lines"][name].format(**values)


def in_words(told: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands in each line of a summary, by the line's name; '' for nothing to say.

    Args:
        told: a summary.
    """
    region, family, item = told["region"], told["family"], told["item"]
    place = told["place"] or (region["name"] if region else "")
    matter = (item["title"] or item["name"]) if item else family["name"] if family else ""
    return {
        "reason": told["reason"]["text"],
        "place": place,
        "matter": matter,
        "asks_for": told["asks_for"],
        "facts": "；".join(map(fact_in_words, told["facts"])),
        "days": "；".join(map(_day_in_words, told["days"])),
        "asked": told["open"]["asked"],
        "then": "、".join(told["open"]["then"]),
        "waiting": "、".join(told["waiting"]),
        "said": " / ".join(text[:LONGEST_SAID] for text in told["said"]),
    }


def _day_in_words(day: Mapping[str, str]) -> str:
    span = dict.fromkeys((day["value"], day["until"]))
    return f"{day['name']} {'～'.join(span)}"


__all__ = ["MOST_SAID", "in_words", "summary"]
