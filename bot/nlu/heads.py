"""A small classifier with several heads over the same character n-grams.

Characters, not words: on Chinese service questions character n-grams carry nearly all that can
be learnt from a few thousand utterances. Heads: intent; item; facets (several may hold);
missing topic. Stored as JSON and NumPy arrays, never as pickle.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.nlu.normalise import normalise

CERTAIN, VERBATIM_LENGTH = 0.98, 8


@dataclass(frozen=True)
class Example:
    """One labelled utterance; ``item``, ``facets``, ``topic``, ``category`` may be empty."""

    text: str
    intent: str
    item: str = ""
    facets: tuple[str, ...] = ()
    topic: str = ""
    category: str = ""


@dataclass(frozen=True)
class Head:
    """Linear scores for ``labels``: weights of shape (features, labels), bias (labels,).

    ``exclusive`` heads share probability one among their labels; the others judge each label
    for itself.
    """

    labels: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    exclusive: bool

    def probabilities(self, features: csr_matrix) -> dict[str, float]:
        """Return the probability of each label for one row of features."""
        # A message has some hundred features: picking their rows beats a sparse product.
        weighted = features.data @ self.weights[features.indices]
        scores = 1 / (1 + np.exp(-(weighted + self.bias)))
        if self.exclusive:
            scores = scores / scores.sum()
        return dict(zip(self.labels, scores.tolist()))


class Heads:
    """The trained classifier: one vectoriser, several :class:`Head`.

    ``verbatim`` are short utterances that are labelled as a whole (取消, 转人工): n-grams of two
    or three characters alone leave too much doubt about them.
    """

    def __init__(
        self, vectoriser: TfidfVectorizer, heads: Mapping[str, Head], verbatim: Mapping[str, str]
    ) -> None:
        self._vectoriser, self._heads = vectoriser, dict(heads)
        self._verbatim = dict(verbatim)

    def predict(self, text: str) -> dict[str, dict[str, float]]:
        """Return ``{head: {label: probability}}`` for one message."""
        plain = normalise(text)
        features = self._vectoriser.transform([plain])
        scores = {name: head.probabilities(features) for name, head in self._heads.items()}
        if plain in self._verbatim:
            scores["intent"] = _certain(scores["intent"], self._verbatim[plain])
        return scores

    def save(self, folder: Path) -> None:
        """Write ``heads.json`` and ``heads.npz`` into ``folder``."""
        arrays = {"idf": self._vectoriser.idf_}
        labels = {}
        for name, head in self._heads.items():
            arrays[f"{name}.weights"] = head.weights.astype(np.float32)
            arrays[f"{name}.bias"] = head.bias
            labels[name] = {"labels": head.labels, "exclusive": head.exclusive}
        terms = sorted(self._vectoriser.vocabulary_, key=self._vectoriser.vocabulary_.get)
        described = {"terms": terms, "heads": labels, "verbatim": self._verbatim}
        text = json.dumps(described, ensure_ascii=False)
        (folder / "heads.json").write_text(text, encoding="utf-8")
        np.savez_compressed(folder / "heads.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> Heads:
        """Read what :meth:`save` wrote."""
        described = json.loads((folder / "heads.json").read_text(encoding="utf-8"))
        with np.load(folder / "heads.npz", allow_pickle=False) as arrays:
            vectoriser = _vectoriser({t: i for i, t in enumerate(described["terms"])})
            vectoriser.idf_ = arrays["idf"]
            heads = {
                name: Head(tuple(head["labels"]), arrays[f"{name}.weights"],
                           arrays[f"{name}.bias"], head["exclusive"])
                for name, head in described["heads"].items()
            }
        return cls(vectoriser, heads, described["verbatim"])


def _certain(scores: Mapping[str, float], label: str) -> dict[str, float]:
    rest = (1 - CERTAIN) / max(len(scores) - 1, 1)
    return {name: CERTAIN if name == label else rest for name in scores}


def train(examples: Sequence[Example]) -> Heads:
    """Fit all heads on ``examples``; takes about a second for two thousand utterances."""
    vectoriser = _vectoriser()
    features = vectoriser.fit_transform([normalise(e.text) for e in examples])
    served = [i for i, e in enumerate(examples) if e.item]
    outside = [i for i, e in enumerate(examples) if e.category]
    heads = {
        "intent": _exclusive(features, [e.intent for e in examples]),
        "item": _exclusive(features[served], [examples[i].item for i in served]),
        "category": _exclusive(features[outside], [examples[i].category for i in outside]),
        "facets": _several(features[served], [examples[i].facets for i in served]),
        "topic": _several(
            features[served], [(examples[i].topic,) if examples[i].topic else () for i in served]
        ),
    }
    return Heads(vectoriser, heads, _verbatim(examples))


def _verbatim(examples: Sequence[Example]) -> dict[str, str]:
    """Return the short utterances that have one and the same intent wherever they stand."""
    intents: dict[str, set[str]] = {}
    for example in examples:
        intents.setdefault(normalise(example.text), set()).add(example.intent)
    return {text: next(iter(found)) for text, found in intents.items()
            if len(text) <= VERBATIM_LENGTH and len(found) == 1}


def _vectoriser(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char", ngram_range=(1, 4), min_df=2 if vocabulary is None else 1,
        sublinear_tf=True, lowercase=False, vocabulary=vocabulary,
    )


def _fit(features: csr_matrix, labels: Sequence) -> LogisticRegression:
    return LogisticRegression(C=20, solver="liblinear", class_weight="balanced").fit(
        features, labels
    )


def _exclusive(features: csr_matrix, labels: Sequence[str]) -> Head:
    model = _fit(features, labels)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return Head(tuple(model.classes_), np.ascontiguousarray(weights.T), bias, True)


def _several(features: csr_matrix, labels: Sequence[tuple[str, ...]]) -> Head:
    names = sorted({name for row in labels for name in row})
    fitted = [_fit(features, [name in row for row in labels]) for name in names]
    weights = np.ascontiguousarray(np.vstack([m.coef_ for m in fitted]).T)
    return Head(tuple(names), weights, np.concatenate([m.intercept_ for m in fitted]), False)


__all__ = ["Example", "Head", "Heads", "train"]
