"""Facts and answers in people's own words, by the phrases of ``knowledge/facts/``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.wording import phrases
from knowledge.catalog import Fact, Option
from knowledge.conditions import Value
from knowledge.engine import UNKNOWN
from knowledge.vocabulary import fires, longest

_NUMBER = re.compile(r"^(?:第|选|选项)?\s*([0-9]|[一二三四五六七八九])\s*(?:个|项|号|种)?[。.!]?$")
_FIGURES = "零一二三四五六七八九"
_LONGEST_REPLY = 24


def facts_in(text: str, facts: Iterable[Fact]) -> dict[str, Any]:
    """Return the facts a normalised message states in passing.

    Single-valued facts get one value, or none where the phrases point to several; multi-valued
    ones get ``{option: True}`` for each option stated.
    """
    found: dict[str, Any] = {}
    for fact in facts:
        value = _stated(text, fact)
        if value:
            found[fact.name] = value
    return found


def _stated(text: str, fact: Fact) -> Any:
    lengths = {o.value: longest(o.everyday, text) for o in fact.options if not _ruled_out(o, text)}
    stated = {value: length for value, length in lengths.items() if length}
    if fact.multiple:
        return dict.fromkeys(stated, True)
    best = max(stated.values(), default=0)
    values = [value for value, length in stated.items() if length == best]
    return values[0] if len(values) == 1 else None


def _ruled_out(option: Option, text: str) -> bool:
    return fires(option.not_if, text)


def reply_to(text: str, fact: Fact, offered: Sequence[Option]) -> Value | None:
    """Return what a reply to the question about ``fact`` answers, or None where it does not.

    Understood are option numbers, labels, the phrases of the fact, short replies, and
    "don't know" (:data:`knowledge.engine.UNKNOWN`).

    Args:
        text: the normalised reply.
        fact: the fact that was asked about.
        offered: the options that were shown, in order.
    """
    chosen = _by_number(text, offered) or _by_phrase(text, offered)
    if fact.multiple:
        return _several(text, chosen, offered)
    if len(chosen) == 1:
        return chosen[0]
    return UNKNOWN if not chosen and says_unknown(text) else None


def says_unknown(text: str) -> bool:
    """Tell whether a reply says that the person does not know."""
    return len(text) <= _LONGEST_REPLY and fires(phrases()["dont_know"], text)


def _several(text: str, chosen: Sequence[str], offered: Sequence[Option]) -> Value | None:
    if chosen:
        return {option.value: option.value in chosen for option in offered}
    if says_unknown(text):
        return UNKNOWN
    if len(text) <= 8 and fires(phrases()["none"], text):
        return {option.value: False for option in offered}
    return None


def _by_number(text: str, offered: Sequence[Option]) -> list[str]:
    match = _NUMBER.match(text)
    if not match:
        return []
    figure = match.group(1)
    index = (int(figure) if figure.isdigit() else _FIGURES.index(figure)) - 1
    return [offered[index].value] if 0 <= index < len(offered) else []


def _by_phrase(text: str, offered: Sequence[Option]) -> list[str]:
    stated = {o.value: longest((*o.everyday, o.label, o.value), text)
              for o in offered if not _ruled_out(o, text)}
    if len(text) <= _LONGEST_REPLY:
        for option in offered:
            if not _ruled_out(option, text):
                length = longest(option.short, text)
                stated[option.value] = max(stated.get(option.value, 0), length)
    best = max(stated.values(), default=0)
    return [value for value, length in stated.items() if best and length == best]


__all__ = ["facts_in", "reply_to", "says_unknown"]
