"""Whether a new model may go live; pure, see ``docs/adr/0025``.

A model that breaks a conversation or a fact which the live one has right may not; nor one that
loses more of the fixed questions than the noise, on any main measure or in any one family.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scipy.stats import binomtest

from bot.learning.runs.words import words

BY_CHANCE = 0.05
"""How likely a loss may be by chance that still counts as one."""

MAIN = ("family", "item", "facet", "partly", "outside", "refused", "unclear")
"""The measures a model is held to: what training decides. The others follow from them, or from
vocabularies that no training changes."""

_NAMED = 3
"""Broken cases that are named one by one."""

Turned = tuple[int, int]
"""How many questions became right, and how many wrong."""


def p_worse(became_right: int, became_wrong: int) -> float:
    """Return how likely at least so many of the changes are for the worse by chance alone.

    The exact test of McNemar, one-sided: were both models equally good, each question that one has
    right and the other wrong would be like the toss of a coin.
    """
    changed = became_right + became_wrong
    return float(binomtest(became_wrong, changed, alternative="greater").pvalue) if changed else 1.0


def worse_measures(turned: Mapping[str, Turned]) -> set[str]:
    """Return the main measures that lost more than the noise, each tested for itself."""
    return {name for name in MAIN if name in turned and p_worse(*turned[name]) < BY_CHANCE}


def worse_families(turned: Mapping[str, Turned]) -> set[str]:
    """Return the families that lost more than the noise, tested together.

    Of so many families one may lose by chance alone, so each has to be surer, by as many as could
    be told apart from noise at all: where three questions changed, no outcome is unlikely enough
    (R. E. Tarone, "A modified Bonferroni method for discrete data", Biometrics 46, 1990).
    """
    least = [0.5 ** sum(changes) for changes in turned.values()]
    tests = next(k for k in range(1, len(least) + 2)
                 if sum(p < BY_CHANCE / k for p in least) <= k)
    return {name for name, changes in turned.items() if p_worse(*changes) < BY_CHANCE / tests}


def verdict(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``{"may_promote", "reasons"}``; the reasons are sentences in Chinese.

    Args:
        result: with ``candidate``, ``live``, ``questions``, ``conversations`` and ``facts`` as in
            ``result.json``.
    """
    told = words()["reasons"]
    if result["candidate"] == result["live"]:
        return {"may_promote": False, "reasons": [told["same"]]}
    reasons = [
        *_broken("conversation", [case["title"] for case in result["conversations"]["broken"]]),
        *_broken("fact", [case["ask"] for case in result["facts"]["broken"]]),
        *(told["measure"].format(**measure) for measure in result["questions"]["measures"]
          if measure["worse"]),
        *(told["family"].format(**family) for family in result["questions"]["families"]
          if family["worse"]),
    ]
    return {"may_promote": not reasons, "reasons": reasons}


def _broken(kind: str, titles: Sequence[str]) -> Iterable[str]:
    told = words()["reasons"]
    yield from (told[kind].format(title=title) for title in titles[:_NAMED])
    if len(titles) > _NAMED:
        yield told[f"more_{kind}s"].format(n=len(titles) - _NAMED)


__all__ = ["BY_CHANCE", "MAIN", "p_worse", "verdict", "worse_families", "worse_measures"]
