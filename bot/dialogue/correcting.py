"""Taking back an answer: 不对，户口已经迁了; 选错了."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.context import Context
from bot.free_speech import named_options
from bot.understanding import Understanding
from bot.wording import phrases
from knowledge.store import KnowledgeBase
from knowledge.vocabulary import fires

_LONGEST = 12
"""Characters up to which a message that only says 选错了 takes back the last answer."""


def correction(
    kb: KnowledgeBase, context: Context, reading: Understanding
) -> Mapping[str, Any] | None:
    """Return the earlier answer that a message corrects, ``{"fact", "value"}``, or None.

    The latest answer comes first whose question the rest of the message answers otherwise; a
    message that states facts by itself corrects these and no others.
    """
    told = _told(context, ("answered", "said", "agent"))
    if not corrects(reading) or reading.item_named:
        return None
    rest = _without(phrases()["corrects"], reading.plain)
    for name in reversed([n for n in told if n in reading.facts] or told):
        fact = kb.facts[name]
        named = named_options(rest, fact.options) if not fact.multiple else []
        if len(named) == 1 and named[0] != context.known[name]:
            return {"fact": name, "value": named[0]}
    return None


def corrects(reading: Understanding) -> bool:
    """Tell whether a message begins by taking something back."""
    return reading.choice is None and fires(phrases()["corrects"], reading.plain)


def takes_back(reading: Understanding) -> bool:
    """Tell whether a message only says that the last answer was wrong (选错了, 上一题)."""
    tells = reading.facts or reading.insured or reading.item_named or reading.asks
    short = reading.choice is None and len(reading.plain) <= _LONGEST
    return short and not tells and fires(phrases()["takes_back"], reading.plain)


def without_last_answer(context: Context) -> Context | None:
    """Return the context without the last answer, and what else it told; None without any."""
    answered = _told(context, ("answered",))
    if not answered:
        return None
    last = context.facts[answered[-1]]
    facts = {name: fact for name, fact in context.facts.items()
             if (fact["turn"], fact["source"]) != (last["turn"], last["source"])}
    return replace(context, facts=facts, misses=0)


def _told(context: Context, sources: tuple[str, ...]) -> list[str]:
    """Return the facts that came from the person, in the order in which they were told."""
    names = [n for n, fact in context.facts.items() if fact["source"] in sources]
    return sorted(names, key=lambda name: context.facts[name]["turn"])


def _without(words: list[str], text: str) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, " ")
    return text.strip(" ,，。.!！、")


__all__ = ["correction", "corrects", "takes_back", "without_last_answer"]
