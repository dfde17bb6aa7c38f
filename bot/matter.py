"""Which matter a message is about: a family of items, an item by its name, or somebody else's.

The trained head decides; it has been told what the vocabularies know (:func:`bot.observed.cues`).
Words overrule it only where they say what may not be missed (distress, an emergency), name an item
of a family that the head holds possible, or tell whose business it is where the head is in doubt.
How the thresholds were chosen stands in docs/nlu.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.item_names import joined_matters
from bot.observed import Observed
from bot.other_matters import MAY_STAND_BESIDE, REFUSED, UNTOLD, stands_beside
from bot.wording import phrases
from knowledge.store import KnowledgeBase
from knowledge.vocabulary import Referral, fires

OUTSIDE = "范围外"
CATEGORY_THRESHOLD = 0.35
"""Below it one of some thirty categories is a guess."""

POSSIBLY_OUTSIDE, SURELY_OURS = 0.15, 0.8
"""Probability of the outside from which words that tell whose business it is are believed, and
confidence from which they are not, nor those that tell a missing topic."""

OUTSIDE_FROM, WEAKLY = 0.25, 0.6
"""Probability of the outside from which a message is taken for none of ours, and confidence in a
family up to which that holds; the families that are likely are offered with the refusal."""

POSSIBLE_FAMILY = 0.2
"""Probability of a family from which the name of one of its items is believed."""

SURE_OF_INTENT = 0.7
"""Confidence in a family from which an emergency or abuse stands beside a question about it."""

WORDLESS = "无意义"
"""The intent of a message without a single word (😅)."""

SAYS_LITTLE = frozenset({"含糊求助", WORDLESS, "不满"})
"""Intents that a missing topic outweighs in any case."""

DOUBT = 0.42
"""Below this confidence a new matter is not acted on: the likeliest are offered to choose from."""


@dataclass(frozen=True)
class Matter:
    """What a message is about; ``item`` is the one that it names, '' for none."""

    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    family: str
    item: str
    also: tuple[Mapping[str, str], ...]
    referral: Referral | None


def matter_of(kb: KnowledgeBase, observed: Observed, scores: Mapping[str, float]) -> Matter:
    """Return the matter of a message.

    Args:
        observed: what the words of the message tell.
        scores: ``{intent: probability}``.
    """
    ranking, referral = ranked(scores), observed.referral
    if not referral and not any(sign.isalnum() for sign in observed.plain):
        return Matter(WORDLESS, 1.0, ((WORDLESS, 1.0),), "", "", (), None)
    if referral and _is_elsewhere(kb, observed, scores):
        return _outside(ranking, referral, 1.0)
    intent, confidence = _likeliest(kb, observed, ranking)
    item = observed.item if observed.item and _is_meant(kb, observed, intent, scores) else ""
    if item:
        intent = kb.family_of(item).intent
        confidence = max(confidence, scores.get(intent, 0.0))
    if intent == OUTSIDE:
        return _outside(ranking, referral, confidence)
    family = kb.by_intent[intent].id if intent in kb.by_intent else ""
    several = joined_matters(kb, observed.plain)
    if several:
        family, item = several[0]["family"], several[0]["item"]
    return Matter(intent, confidence, tuple(ranking[:5]), family, item, several[1:], referral)


def category_of(matter: Matter, scores: Mapping[str, float]) -> str:
    """Return what is not ours in a message: by its words, else by its head where that tells."""
    if matter.referral:
        return matter.referral.category
    if matter.intent != OUTSIDE:
        return ""
    label, score = ranked(scores)[0]
    return label if score >= CATEGORY_THRESHOLD else UNTOLD


def ranked(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return labels with their probabilities, the likeliest first."""
    return sorted(scores.items(), key=lambda pair: -pair[1])


def _outside(
    ranking: list[tuple[str, float]], referral: Referral | None, confidence: float
) -> Matter:
    ranking.sort(key=lambda pair: pair[0] != OUTSIDE)
    return Matter(OUTSIDE, confidence, tuple(ranking[:5]), "", "", (), referral)


def _is_meant(
    kb: KnowledgeBase, observed: Observed, intent: str, scores: Mapping[str, float]
) -> bool:
    """Tell whether the item that a message names is what it is about."""
    named = kb.family_of(observed.item).intent
    near = kb.by_intent[intent].near if intent in kb.by_intent else ()
    return (intent == named or scores.get(named, 0.0) >= POSSIBLE_FAMILY
            or observed.item in near)


def _is_elsewhere(kb: KnowledgeBase, observed: Observed, scores: Mapping[str, float]) -> bool:
    """Tell whether the words that say whose business a message is are to be believed."""
    intent, confidence = ranked(scores)[0]
    sure = confidence >= SURE_OF_INTENT and intent in kb.by_intent
    if observed.referral.category in MAY_STAND_BESIDE:
        asks = fires(phrases()["asks"], observed.plain) or bool(observed.facets)
        return not stands_beside(
            observed.referral, bool(observed.item), sure and observed.ours, asks)
    if observed.referral.category in REFUSED or intent in SAYS_LITTLE:
        return True
    possible = confidence < SURELY_OURS and scores.get(OUTSIDE, 0.0) >= POSSIBLY_OUTSIDE
    return possible or intent == OUTSIDE


def _likeliest(
    kb: KnowledgeBase, observed: Observed, ranking: list[tuple[str, float]]
) -> tuple[str, float]:
    """Return the likeliest intent; a family's where a message on 医保 asks what no guide holds."""
    intent, confidence = ranking[0]
    outside = dict(ranking).get(OUTSIDE, 0.0)
    says_little = intent in SAYS_LITTLE or confidence < SURELY_OURS
    if not (observed.topic and observed.ours and says_little):
        doubtful = intent in kb.by_intent and confidence < WEAKLY and outside >= OUTSIDE_FROM
        return (OUTSIDE, outside) if doubtful and not observed.facts else ranking[0]
    return next(((i, max(p, DOUBT)) for i, p in ranking[:5] if i in kb.by_intent),
                ranking[0])


__all__ = ["DOUBT", "OUTSIDE", "Matter", "category_of", "matter_of", "ranked"]
