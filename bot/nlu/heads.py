"""A small classifier with several heads over the same features.

Heads: intent; item; facets (several may hold); missing topic; whether any is missing; category of
what is outside. Linear, fitted by scikit-learn's liblinear, stored as JSON and NumPy arrays, never
as pickle.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.nlu import features
from bot.nlu.examples import SILENT, Example
from bot.nlu.features import Features, Parts

CERTAIN, VERBATIM_LENGTH = 0.98, 8
_STRENGTH = 20
"""scikit-learn's C, chosen by cross-validation (docs/nlu.md)."""

_SHARPNESS = 1.2
"""Power of the scores that calibrates shared probabilities, by cross-validation (docs/nlu.md)."""


@dataclass(frozen=True)
class Head:
    """Linear scores for ``labels``: weights of shape (features, labels), bias (labels,).

    ``exclusive`` heads share probability one among their labels, sharpened so that it says how
    often they are right; the others judge each label for itself.
    """

    labels: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    exclusive: bool

    def probabilities(self, row: csr_matrix) -> dict[str, float]:
        """Return the probability of each label for one row of features."""
        # A message has some hundred features: picking their rows beats a sparse product.
        weighted = row.data @ self.weights[row.indices]
        scores = 1 / (1 + np.exp(-(weighted + self.bias)))
        if self.exclusive:
            scores = scores**_SHARPNESS
            scores = scores / scores.sum()
        return dict(zip(self.labels, scores.tolist()))


class Heads:
    """The trained classifier: the features, several :class:`Head`.

    ``verbatim`` are short utterances that are labelled as a whole (取消, 转人工): n-grams of two
    or three characters alone leave too much doubt about them.
    """

    def __init__(
        self, features: Features, heads: Mapping[str, Head], verbatim: Mapping[str, str]
    ) -> None:
        self._features, self._heads = features, dict(heads)
        self._verbatim = dict(verbatim)

    def predict(self, message: Parts) -> dict[str, dict[str, float]]:
        """Return ``{head: {label: probability}}`` for one message."""
        row = self._features([message])
        scores = {name: head.probabilities(row) for name, head in self._heads.items()}
        if message.plain in self._verbatim:
            scores["intent"] = _certain(scores["intent"], self._verbatim[message.plain])
        return scores

    def reasons(self, message: Parts, head: str, label: str) -> list[tuple[str, float]]:
        """Return what in a message spoke for a label, and how much, the weightiest first.

        What speaks against it has a negative weight; ``head`` is the name of one.
        """
        row, found = self._features([message]), self._heads[head]
        weights = row.data * found.weights[row.indices, found.labels.index(label)]
        names = self._features.names()
        told = ((names[i], float(w)) for i, w in zip(row.indices, weights, strict=True))
        return sorted(told, key=lambda pair: -abs(pair[1]))

    def save(self, folder: Path) -> None:
        """Write ``heads.json`` and ``heads.npz`` into ``folder``."""
        arrays = {f"{block}.idf": idf.astype(np.float32)
                  for block, idf in self._features.frequencies().items()}
        labels = {}
        for name, head in self._heads.items():
            # Half precision halves the model; no reading changes by it.
            arrays[f"{name}.weights"] = head.weights.astype(np.float16)
            arrays[f"{name}.bias"] = head.bias
            labels[name] = {"labels": head.labels, "exclusive": head.exclusive}
        described = {"terms": self._features.described(), "heads": labels,
                     "verbatim": self._verbatim}
        text = json.dumps(described, ensure_ascii=False)
        (folder / "heads.json").write_text(text, encoding="utf-8")
        np.savez_compressed(folder / "heads.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> Heads:
        """Read what :meth:`save` wrote."""
        described = json.loads((folder / "heads.json").read_text(encoding="utf-8"))
        with np.load(folder / "heads.npz", allow_pickle=False) as arrays:
            frequencies = {block: arrays[f"{block}.idf"] for block in described["terms"]}
            heads = {
                name: Head(tuple(head["labels"]), arrays[f"{name}.weights"].astype(np.float32),
                           arrays[f"{name}.bias"], head["exclusive"])
                for name, head in described["heads"].items()
            }
        return cls(Features.load(described["terms"], frequencies), heads, described["verbatim"])


def _certain(scores: Mapping[str, float], label: str) -> dict[str, float]:
    rest = (1 - CERTAIN) / max(len(scores) - 1, 1)
    return {name: CERTAIN if name == label else rest for name in scores}


def train(examples: Sequence[Example], messages: Sequence[Parts]) -> Heads:
    """Fit all heads; takes some ten seconds for ten thousand utterances.

    Args:
        examples: labelled utterances.
        messages: the same, as they are counted.
    """
    learnt = features.learn(messages)
    rows = learnt(messages)
    served = [i for i, e in enumerate(examples) if e.item]
    outside = [i for i, e in enumerate(examples) if e.category]
    topics = [(examples[i].topic,) if examples[i].topic else () for i in served]
    heads = {
        "intent": _exclusive(rows, [e.intent for e in examples], 0.5),
        "item": _exclusive(rows[served], [examples[i].item for i in served], 1.0),
        "category": _exclusive(rows[outside], [examples[i].category for i in outside], 1.0),
        "facets": _several(rows[served], [examples[i].facets for i in served]),
        "topic": _several(rows[served], topics),
        "silent": _several(rows[served], [(SILENT,) if topic else () for topic in topics]),
    }
    return Heads(learnt, heads, _verbatim(examples, messages))


def _verbatim(examples: Sequence[Example], messages: Sequence[Parts]) -> dict[str, str]:
    """Return the short utterances that have one and the same intent wherever they stand."""
    intents: dict[str, set[str]] = {}
    for example, message in zip(examples, messages, strict=True):
        intents.setdefault(message.plain, set()).add(example.intent)
    return {text: next(iter(found)) for text, found in intents.items()
            if len(text) <= VERBATIM_LENGTH and len(found) == 1}


def _fit(
    rows: csr_matrix, labels: Sequence, weights: Mapping[str, float] | None = None
) -> LogisticRegression:
    model = LogisticRegression(C=_STRENGTH, solver="liblinear", class_weight=weights)
    return model.fit(rows, labels)


def _exclusive(rows: csr_matrix, labels: Sequence[str], levelled: float) -> Head:
    """Fit a head; ``levelled`` tells how far rare labels are weighed up: 0 not, 1 to be equal."""
    counts = Counter(labels)
    mean = len(labels) / len(counts)
    model = _fit(rows, labels, {label: (mean / n) ** levelled for label, n in counts.items()})
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return Head(tuple(model.classes_), np.ascontiguousarray(weights.T), bias, True)


def _several(rows: csr_matrix, labels: Sequence[tuple[str, ...]]) -> Head:
    names = sorted({name for row in labels for name in row})
    fitted = [_fit(rows, [name in row for row in labels]) for name in names]
    weights = np.ascontiguousarray(np.vstack([m.coef_ for m in fitted]).T)
    return Head(tuple(names), weights, np.concatenate([m.intercept_ for m in fitted]), False)


__all__ = ["Head", "Heads", "train"]
