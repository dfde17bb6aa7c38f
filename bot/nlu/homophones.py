"""Characters typed for others of the same sound (抱销 for 报销), put right before reading.

A character is suspected where it makes hardly a known pair with its neighbours; it gives way to
one of the same sound that makes well-known pairs with them. Pairs are known from the training
utterances and the knowledge base; what stands in jieba's dictionary of common words is never
suspected.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import jieba

from knowledge.sounds import sound

_EDGE = "^"
_COMMON_WORD = 5
"""Occurrences in jieba's corpus from which a word is common."""

_KNOWN_CHARACTER, _KNOWN_PAIR, _FAMILIAR_PAIR = 3, 3, 12
"""Occurrences from which a character is offered, a pair is known, and a pair clears suspicion."""

_SLIP = 1
"""Occurrences up to which a pair may be a slip that stands in the field's texts as well."""

_OUTWEIGHS = 5
"""Times that the pairs of another character have to be more frequent."""


class Homophones:
    """Corrects characters by their sound.

    Args:
        pairs: occurrences of each pair of neighbouring characters in the field's texts.
        common: pairs within common words.
    """

    def __init__(self, pairs: Mapping[str, int], common: Iterable[str]) -> None:
        self._pairs, self._common = Counter(pairs), frozenset(common)
        self._alike = by_sound(_characters(self._pairs), _KNOWN_CHARACTER)

    def corrected(self, plain: str) -> str:
        """Return a normalised text, as long as it was, with characters that fit."""
        signs = [_EDGE, *plain, _EDGE]
        for n in range(1, len(signs) - 1):
            if _is_character(signs[n]) and self._is_suspect(*signs[n - 1 : n + 2]):
                signs[n] = self._fitting(*signs[n - 1 : n + 2])
        return "".join(signs[1:-1])

    def _is_suspect(self, before: str, sign: str, after: str) -> bool:
        pairs = (before + sign, sign + after)
        known = sorted(self._pairs[pair] for pair in pairs)
        return not any(p in self._common for p in pairs) and (
            known[0] <= _SLIP and known[1] < _FAMILIAR_PAIR)

    def _fitting(self, before: str, sign: str, after: str) -> str:
        """Return the character of the same sound that fits best, or ``sign`` itself."""
        present = self._pairs[before + sign] + self._pairs[sign + after]
        best = (0, sign)
        for other in self._alike.get(sound(sign), ()):
            left, right = self._pairs[before + other], self._pairs[other + after]
            fits = min(left, right) >= 1 and max(left, right) >= _KNOWN_PAIR
            if fits and left + right >= _OUTWEIGHS * (present + 1):
                best = max(best, (min(left, right, _KNOWN_PAIR) * 100 + left + right, other))
        return best[1]

    def save(self, path: Path) -> None:
        """Write what is known to a JSON file."""
        known = {"pairs": self._pairs, "common": "".join(sorted(self._common))}
        path.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Homophones:
        """Read what :meth:`save` wrote."""
        known = json.loads(path.read_text(encoding="utf-8"))
        common = known["common"]
        return cls(known["pairs"], (common[n : n + 2] for n in range(0, len(common), 2)))


def learn(texts: Iterable[str]) -> Homophones:
    """Return what corrects texts like these (normalised)."""
    pairs: Counter[str] = Counter()
    for text in texts:
        pairs.update(map("".join, pairwise((_EDGE, *text, _EDGE))))
    return Homophones(pairs, _common_pairs())


def _common_pairs() -> set[str]:
    """Return the pairs within the common words of jieba's dictionary."""
    with jieba.dt.get_dict_file() as file:
        entries = (line.decode("utf-8").split() for line in file)
        words = [word for word, count, *_ in entries if int(count) >= _COMMON_WORD]
    return {a + b for word in words for a, b in pairwise(word)
            if _is_character(a) and _is_character(b)}


def _characters(pairs: Mapping[str, int]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for pair, count in pairs.items():
        counts[pair[1]] += count
    return counts


def by_sound(counts: Mapping[str, int], least: int) -> Mapping[int, Sequence[str]]:
    """Return the Chinese characters among ``counts`` by their sound, in order.

    Args:
        counts: occurrences of characters.
        least: occurrences from which a character is taken.
    """
    alike: dict[int, list[str]] = defaultdict(list)
    for character, count in sorted(counts.items()):
        if _is_character(character) and count >= least:
            alike[sound(character)].append(character)
    return alike


def _is_character(sign: str) -> bool:
    return "一" <= sign <= "鿿"


__all__ = ["Homophones", "by_sound", "learn"]
