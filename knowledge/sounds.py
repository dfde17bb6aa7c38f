"""How writing sounds: each Chinese character becomes its syllable, without tone.

Texts are compared by sound, so that pinyin, traditional characters and characters that were
typed for others of the same sound all match. Sounds are small numbers from 1; 0 is silence
(punctuation, white space), which does not separate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from opencc import OpenCC
from pypinyin import lazy_pinyin

from knowledge.store import read_yaml
from knowledge.text import plain

_LATIN = re.compile(r"[a-z]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_LONGEST_SYLLABLE = 6
_TOO_MANY_STRAY = 0.34
"""Share of letters outside syllables from which a word is no pinyin."""


@lru_cache(maxsize=1)
def settings() -> dict[str, Any]:
    """Return ``search.yml``."""
    return read_yaml(Path(__file__).parent / "search.yml")


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Return ``text`` in half width, lower case and simplified characters."""
    return _simplifier().convert(plain(text)).lower()


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    return frozenset(settings()["syllables"].split())


@lru_cache(maxsize=1)
def _numbers() -> dict[str, int]:
    heard = sorted({_heard_as(syllable) for syllable in _syllables()})
    return {name: n for n, name in enumerate([*_LETTERS, *(h for h in heard if len(h) > 1)], 1)}


def sound_count() -> int:
    """Return how many sounds there are, silence included."""
    return len(_numbers()) + 1


def _heard_as(syllable: str) -> str:
    """Return the syllable that stands for all that are easily confused with it."""
    for start, heard in settings()["alike_at_start"].items():
        if syllable.startswith(start):
            syllable = heard + syllable[len(start):]
            break
    for end, heard in settings()["alike_at_end"].items():
        if syllable.endswith(end):
            return syllable[: -len(end)] + heard
    return syllable


@cache
def sound(character: str) -> int:
    """Return the sound of a single character; 0 where it has none."""
    numbers, form = _numbers(), plain(character).lower()
    if len(form) != 1 or form in _LETTERS:
        return numbers.get(form, 0)
    reading = settings()["readings"].get(form) or lazy_pinyin(form, v_to_u=False)[0]
    return numbers.get(_heard_as(reading), 0)


def sounds(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield ``(sound, start, end)`` for whatever sounds in ``text``, as it stands there."""
    for n, character in enumerate(text):
        heard = sound(character)
        if heard:
            yield heard, n, n + 1


def typed(text: str) -> list[int]:
    """Return the sounds of what a person typed (:func:`simplified`), pinyin read as syllables."""
    heard, last = [], 0
    for word in _LATIN.finditer(text):
        heard += [s for s, _, _ in sounds(text[last : word.start()])]
        heard += [_numbers()[_heard_as(s)] for s in _spelt(word.group())]
        last = word.end()
    return heard + [s for s, _, _ in sounds(text[last:])]


def initials(heard: list[int]) -> str:
    """Return the first letters of sounds: what a hurried person types for a name."""
    names = list(_numbers())
    return "".join(names[s - 1][0] for s in heard)


@lru_cache(maxsize=1024)
def _spelt(word: str) -> tuple[str, ...]:
    """Return the syllables of a word of pinyin, else its letters."""
    best: list[tuple[int, int, tuple[str, ...]]] = [(0, 0, ())]
    for end in range(1, len(word) + 1):
        stray, count, before = best[end - 1]
        options = [(stray + 1, count + 1, (*before, word[end - 1]))]
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            if word[start:end] in _syllables():
                stray, count, before = best[start]
                options.append((stray, count + 1, (*before, word[start:end])))
        best.append(min(options))
    stray, _, spelt = best[-1]
    return spelt if stray <= _TOO_MANY_STRAY * len(word) else tuple(word)


__all__ = ["initials", "settings", "simplified", "sound", "sound_count", "sounds", "typed"]
