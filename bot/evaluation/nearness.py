"""How alike texts are: cosine of the sets of their character n-grams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer

_ROWS_AT_ONCE = 1000
"""So many rows are compared with all others at once, which bounds the memory it takes."""

_EDGE = "\u2402"


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


__all__ = ["groups", "near"]
