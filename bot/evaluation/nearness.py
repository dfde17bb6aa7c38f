"""How alike texts are: cosine of the sets of their character n-grams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer

_ROWS_AT_ONCE = 1000
"""So many rows are compared with all others at once, which bounds the memory it takes."""

_EDGE = "\u2402"


class Neighbours:
    """Texts that others are compared with, one at a time, as :func:`near` compares.

    Args:
        texts: normalised texts.
        sizes: least and greatest length of the n-grams.
    """

    def __init__(self, texts: Sequence[str], sizes: tuple[int, int]) -> None:
        # n-grams that these texts have not count, too: hence no vocabulary of theirs
        self._vectoriser = HashingVectorizer(
            analyzer="char", ngram_range=sizes, binary=True, alternate_sign=False, lowercase=False)
        self._texts = self._rows(texts).T.tocsr() if texts else None

    def of(self, text: str, above: float) -> list[tuple[int, float]]:
        """Return the texts whose similarity is above a bound, the likest first: (index, it)."""
        if self._texts is None:
            return []
        alike = (self._rows([text]) @ self._texts).tocoo()
        found = [pair for pair in zip(alike.col.tolist(), alike.data.tolist()) if pair[1] > above]
        return sorted(found, key=lambda pair: -pair[1])

    def _rows(self, texts: Sequence[str]) -> csr_matrix:
        return self._vectoriser.transform([f"{_EDGE}{text}{_EDGE}" for text in texts])


def near(texts: Sequence[str], sizes: tuple[int, int], above: float) -> coo_matrix:
    """Return who is near to whom: the similarities above a bound, of shape (texts, texts).

    Args:
        texts: normalised texts; their edges count as a character.
        sizes: least and greatest length of the n-grams.
        above: the bound, 0 to 1; for sets of n-grams A and B the similarity is
            |A∩B| / √(|A|·|B|), which is never less than theirs by Jaccard.
    """
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=sizes, binary=True, use_idf=False,
                                 lowercase=False)
    rows = vectoriser.fit_transform([f"{_EDGE}{text}{_EDGE}" for text in texts])
    found = [np.concatenate(part) for part in zip(*_found(rows, above))]
    return coo_matrix((found[2], (found[0], found[1])), shape=(len(texts), len(texts)))


def _found(rows: csr_matrix, above: float) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield row, column and similarity of the pairs, both ways, none with itself."""
    others = rows.T.tocsr()
    for start in range(0, rows.shape[0], _ROWS_AT_ONCE):
        alike = (rows[start : start + _ROWS_AT_ONCE] @ others).tocoo()
        first = alike.row + start
        taken = (alike.data > above) & (first != alike.col)
        yield first[taken], alike.col[taken], alike.data[taken]


def groups(texts: Sequence[str], sizes: tuple[int, int], above: float) -> np.ndarray:
    """Return a group number for each text: who is near to one of a group belongs to it."""
    return connected_components(near(texts, sizes, above), directed=False)[1]


__all__ = ["Neighbours", "groups", "near"]
