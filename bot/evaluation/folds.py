"""Training utterances as questions to be scored, and their split into folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from bot.evaluation.labels import outside_label
from bot.evaluation.nearness import groups
from bot.evaluation.predict import IN_SCOPE, OUT_OF_SCOPE, PARTLY, UNCLEAR
from bot.evaluation.rows import Row
from bot.nlu.examples import Example
from bot.nlu.normalise import normalise
from bot.understanding import OUTSIDE
from knowledge.store import load

FOLDS = 5
_SEED = 0
_N_GRAMS, _ALIKE = (2, 3), 0.6
"""Utterances above this similarity stay on the same side of every split."""

_VAGUE = "含糊求助"


@dataclass(frozen=True)
class Fold:
    """Indices of the utterances that are learnt from, and of those that are then read."""

    learnt: np.ndarray
    read: np.ndarray


def folds(examples: Sequence[Example], share: float = 1.0) -> list[Fold]:
    """Return the folds; every utterance is read once, and nothing like it was learnt from.

    Args:
        examples: all utterances.
        share: of the groups of near doubles that are learnt from, so many are kept (0 to 1);
            the smaller shares are parts of the greater ones.
    """
    near = groups([normalise(e.text) for e in examples], _N_GRAMS, _ALIKE)
    split = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=_SEED)
    order = np.random.default_rng(_SEED).permutation(near.max() + 1)
    kept = order[near] < share * len(order)
    return [Fold(learnt[kept[learnt]], read)
            for learnt, read in split.split(near, [e.intent for e in examples], near)]


def row_of(example: Example) -> Row | None:
    """Return an utterance as a labelled question; None for small talk, which has no measure.

    Places are not labelled in training utterances, so a matter counts as ``partly`` for its
    topic only.
    """
    family = load().by_intent.get(example.intent)
    if family:
        scope = PARTLY if example.topic else IN_SCOPE
        return Row(text=example.text, family=family.label, item=example.item or None,
                   facets=example.facets, scope=scope)
    if example.intent == OUTSIDE:
        return Row(text=example.text, family=outside_label(example.category), item="",
                   scope=OUT_OF_SCOPE)
    return Row(text=example.text, scope=UNCLEAR) if example.intent == _VAGUE else None


__all__ = ["FOLDS", "Fold", "folds", "row_of"]
