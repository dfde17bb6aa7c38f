"""Telling that somebody who waits for a person does not want to wait any more."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.paths import PROJECT
from knowledge.model import Shape
from knowledge.store import read_yaml

_CLAUSE_END = re.compile(r"[，,。.；;！!、~～…\s]+")


class _Words(Shape):
    """What ``data/stops_waiting.yml`` holds."""

    phrases: tuple[str, ...]
    around: tuple[str, ...]
    unless: tuple[str, ...]


def stops_waiting(plain_text: str) -> bool:
    """Tell whether a message ends the waiting for a person (不用人工了), and does nothing else.

    Args:
        plain_text: the message, normalised (:func:`bot.nlu.normalise.normalise`).
    """
    words = _words()
    if any(phrase in plain_text for phrase in words.unless):
        return False
    return any(_pattern().fullmatch(clause) for clause in _CLAUSE_END.split(plain_text))


@lru_cache(maxsize=1)
def _words() -> _Words:
    return _Words(**read_yaml(PROJECT / "bot" / "data" / "stops_waiting.yml"))


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    around, phrases = (_any(words) for words in (_words().around, _words().phrases))
    return re.compile(f"(?:{around})*(?:{phrases})(?:{around})*")


def _any(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, words))


__all__ = ["stops_waiting"]
