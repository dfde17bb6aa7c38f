"""An inverted index over pairs of neighbouring sounds, held in a few arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from knowledge.sounds import sound, sound_count

_END = "\n"
_SATURATION, _LENGTH_SHARE = 1.2, 0.6
"""The usual parameters of BM25: how soon repetition stops to count, how much length does."""


class Postings:
    """Ranks texts by the pairs of sounds that they share with a query (BM25).

    Building is array work throughout: 60,000 clauses take about half a second.

    Args:
        texts: what to look in; a text is known by its place in the sequence.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts)
        heard, owner = _heard(texts)
        same = owner[1:] == owner[:-1]
        pairs = (heard[:-1] * sound_count() + heard[1:])[same]
        owners = owner[:-1][same]
        keys, counts = np.unique(pairs * max(self.size, 1) + owners, return_counts=True)
        self._owners = (keys % max(self.size, 1)).astype(np.int32)
        features = keys // max(self.size, 1)
        self._starts = np.searchsorted(features, np.arange(sound_count() ** 2 + 1))
        self._weights = self._bm25(counts, np.bincount(owners, minlength=self.size))

    def _bm25(self, counts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        shares = lengths / max(lengths.mean(), 1) if self.size else lengths
        norms = 1 - _LENGTH_SHARE + _LENGTH_SHARE * shares[self._owners]
        frequencies = np.diff(self._starts)
        self._rarity = np.log1p((self.size - frequencies + 0.5) / (frequencies + 0.5))
        saturated = counts * (_SATURATION + 1) / (counts + _SATURATION * norms)
        return (saturated * np.repeat(self._rarity, frequencies)).astype(np.float32)

    def scores(self, query: Sequence[int]) -> np.ndarray:
        """Return one score per text, float64, 0 where nothing is shared.

        Args:
            query: sounds, as of :func:`knowledge.sounds.typed`.
        """
        slices = [slice(self._starts[p], self._starts[p + 1]) for p in self.pairs(query)]
        if not slices:
            return np.zeros(self.size)
        owners = np.concatenate([self._owners[s] for s in slices])
        weights = np.concatenate([self._weights[s] for s in slices])
        return np.bincount(owners, weights, minlength=self.size)

    def rarity(self, pairs: Iterable[int]) -> float:
        """Return how telling some pairs of sounds are together: the sum of their rarity."""
        return float(self._rarity[list(pairs)].sum())

    @staticmethod
    def pairs(query: Sequence[int]) -> list[int]:
        """Return the distinct pairs of neighbouring sounds of a query."""
        return list({a * sound_count() + b: None for a, b in zip(query, query[1:])})


def _heard(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return all sounds of all texts in a row, and for each the text it belongs to."""
    codes = np.frombuffer(_END.join(texts).encode("utf-32-le"), dtype=np.uint32)
    owner = np.cumsum(codes == ord(_END))
    table = np.zeros(int(codes.max(initial=0)) + 1, dtype=np.int64)
    for code in np.flatnonzero(np.bincount(codes)):
        table[code] = sound(chr(code))
    heard = table[codes]
    return heard[heard > 0], owner[heard > 0]


__all__ = ["Postings"]
