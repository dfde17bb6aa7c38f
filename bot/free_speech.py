"""Facts and answers in people's own words, by the phrases of ``knowledge/facts/``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.wording import phrases
from knowledge.catalog import Fact, Option
from knowledge.conditions import Value
from knowledge.engine import UNKNOWN
from knowledge.vocabulary import affirmed, fires, longest, without

_FIGURES = "零一二三四五六七八九"
_ONE = rf"(?:第|选|选项)?\s*([0-9]{{1,2}}|[{_FIGURES}])\s*(?:个|项|号|种|条)?"
_BETWEEN = r"[\s、,，;；.和跟同与及还有]+"
_NUMBERS = re.compile(rf"^(?:我|就|都)?(?:选|要|是)?{_ONE}(?:{_BETWEEN}{_ONE})*[吧啊呀。.!！]?$")
_LONGEST_REPLY = 24
_LONGEST_SWEEP = 8
"""Characters up to which a reply may speak of all options at once (都没有, 都有)."""


def facts_in(text: str, facts: Iterable[Fact], own: str | None = None) -> dict[str, Any]:
    """Return the facts a normalised message states in passing.

    Facts of the person are looked for in ``own``: what the message tells of whom it is for.

    Single-valued facts get one value, or none where the phrases point to several; multi-valued
    ones get ``{option: True}`` for each option stated.
    """
    found: dict[str, Any] = {}
    for fact in facts:
        value = _stated(text if own is None or not fact.of_person else own, fact)
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
    return affirmed(option.not_if, text)


def reply_to(
    text: str, fact: Fact, offered: Sequence[Option], elsewhere: Sequence[str] = ()
) -> Value | None:
    """Return what a reply to the question about ``fact`` answers, or None where it does not.

    Understood are labels, the phrases of the fact, short replies, all and none of several
    options, and "don't know" (:data:`knowledge.engine.UNKNOWN`).

    Args:
        text: the normalised reply.
        fact: the fact that was asked about.
        offered: the options that were shown, in order.
        elsewhere: phrases that tell another fact: yes and no in them answer nothing (the 没 of
            户口没迁).
    """
    chosen = named_options(text, offered, elsewhere)
    if fact.multiple:
        return _several(text, chosen, offered)
    if len(chosen) == 1:
        return chosen[0]
    return UNKNOWN if not chosen and says_unknown(text) else None


def phrases_of(facts: Iterable[Fact], stated: Mapping[str, Any]) -> Iterator[str]:
    """Yield the phrases by which options that a message states can be told.

    Args:
        facts: the vocabulary.
        stated: as :func:`facts_in` gives it.
    """
    for fact in facts:
        value = stated.get(fact.name)
        values = value if isinstance(value, Mapping) else (value,)
        yield from (p for o in fact.options if o.value in values for p in o.everyday)


def says_unknown(text: str) -> bool:
    """Tell whether a reply says that the person does not know."""
    return len(text) <= _LONGEST_REPLY and fires(phrases()["dont_know"], text)


def _several(text: str, chosen: Sequence[str], offered: Sequence[Option]) -> Value | None:
    if chosen:
        return {option.value: option.value in chosen for option in offered}
    if says_unknown(text):
        return UNKNOWN
    if len(text) > _LONGEST_SWEEP:
        return None
    if fires(phrases()["none"], text):
        return {option.value: False for option in offered}
    if fires(phrases()["all"], text):
        return {option.value: True for option in offered}
    return None


def numbers_in(text: str) -> tuple[int, ...]:
    """Return the numbers that a message consists of (2, 第二个, 1、3); empty where it says more."""
    if not _NUMBERS.match(text):
        return ()
    figures = re.findall(rf"[0-9]+|[{_FIGURES}]", text)
    return tuple(int(f) if f.isdigit() else _FIGURES.index(f) for f in figures)


def named_options(
    text: str, offered: Sequence[Option], elsewhere: Sequence[str] = ()
) -> list[str]:
    """Return the options that a normalised reply names by label, phrase or short reply.

    A bare yes or no is not looked for within the phrases ``elsewhere``.
    """
    stated = {o.value: longest((*o.everyday, o.label, o.value), text)
              for o in offered if not _ruled_out(o, text)}
    if len(text) <= _LONGEST_REPLY:
        rest = without(elsewhere, text) if elsewhere else text
        for option in offered:
            if not _ruled_out(option, text):
                stated[option.value] = max(
                    stated.get(option.value, 0), _short_reply(option, text, rest))
    best = max(stated.values(), default=0)
    return [value for value, length in stated.items() if best and length == best]


def _short_reply(option: Option, text: str, rest: str) -> int:
    """Return the length of an option's longest short reply; a bare yes or no counts in ``rest``."""
    bare = [word for word in option.short if word in phrases()["bare"]]
    told = [word for word in option.short if word not in bare]
    return max(longest(told, text), longest(bare, rest))


__all__ = ["facts_in", "named_options", "numbers_in", "phrases_of", "reply_to", "says_unknown"]
