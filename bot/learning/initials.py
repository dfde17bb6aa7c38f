"""The letters by which people find a name as they type: 异地就医备案 is ydjyba."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pypinyin import Style, lazy_pinyin


def initials_of(vocabulary: Mapping[str, Any]) -> dict[str, str]:
    """Return the first letters of the syllables of every name in a vocabulary, by name.

    Args:
        vocabulary: ``bot.learning.labels.vocabulary.vocabulary()``.
    """
    return {name: "".join(lazy_pinyin(name, Style.FIRST_LETTER, errors="ignore"))
            for name in _names(vocabulary)}


def _names(vocabulary: Mapping[str, Any]) -> Iterator[str]:
    for intent in vocabulary["intents"]:
        yield from (intent["name"], *intent["items"])
    for kind in ("facets", "topics", "categories"):
        yield from vocabulary[kind]
    yield from (fact["label"] for fact in vocabulary["facts"])


__all__ = ["initials_of"]
