"""What the heads count in a message: character n-grams, and the cues of its words.

Characters, not words: on Chinese service questions character n-grams carry nearly all that can be
learnt from a few thousand utterances. A cue (:func:`bot.observed.cues`) counts as much as the
vocabularies know: it tells what a phrase means that training has seen once or never.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

_WEIGHTS = {"signs": 1.0, "cues": 0.5}
"""The blocks of features, and what each counts beside the others (docs/nlu.md)."""


class Parts(NamedTuple):
    """A message as it is counted: its normalised text, and its cues."""

    plain: str
    cues: tuple[str, ...]


class Features:
    """Vectorises :class:`Parts`, one TF-IDF block for each kind of feature."""

    def __init__(self, blocks: Mapping[str, TfidfVectorizer]) -> None:
        self._blocks = dict(blocks)

    def __call__(self, messages: Sequence[Parts]) -> csr_matrix:
        """Return a row of features for each message."""
        rows = (self._blocks[name].transform([_counted(name, m) for m in messages]) * weight
                for name, weight in _WEIGHTS.items())
        return hstack(list(rows), format="csr")

    def described(self) -> dict[str, list[str]]:
        """Return the terms of each block, in the order of their columns."""
        return {name: block.get_feature_names_out().tolist()
                for name, block in self._blocks.items()}

    def names(self) -> list[str]:
        """Return the name of each column: n-grams as they stand, cues in brackets."""
        terms = self.described()
        return [*terms["signs"], *(f"［{cue}］" for cue in terms["cues"])]

    def frequencies(self) -> dict[str, np.ndarray]:
        """Return the inverse document frequencies of each block."""
        return {name: block.idf_ for name, block in self._blocks.items()}

    @classmethod
    def load(cls, terms: Mapping[str, Sequence[str]], frequencies: Mapping[str, Any]) -> Features:
        """Return what :meth:`described` and :meth:`frequencies` tell."""
        blocks = {}
        for name in _WEIGHTS:
            blocks[name] = _vectoriser(vocabulary={t: n for n, t in enumerate(terms[name])})
            blocks[name].idf_ = frequencies[name]
        return cls(blocks)


def learn(messages: Sequence[Parts]) -> Features:
    """Return the features of messages like these; what occurs once is left out."""
    return Features({name: _vectoriser(min_df=2).fit([_counted(name, m) for m in messages])
                     for name in _WEIGHTS})


_n_grams = CountVectorizer(analyzer="char", ngram_range=(1, 3), lowercase=False).build_analyzer()


def _counted(block: str, message: Parts) -> Sequence[str]:
    return _n_grams(message.plain) if block == "signs" else message.cues


def _vectoriser(**settings: Any) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=_as_it_is, sublinear_tf=True, **settings)


def _as_it_is(units: Sequence[str]) -> Sequence[str]:
    return units


__all__ = ["Features", "Parts", "learn"]
