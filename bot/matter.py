"""Which matter a message is about: a family of items, an item by its name, or somebody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.item_names import joined_matters, named_item
from bot.other_matters import UNTOLD, speaks_of_ours, stands_beside, whose_business
from bot.wording import phrases
from knowledge.catalog import Family
from knowledge.conditions import evaluate
from knowledge.store import KnowledgeBase
from knowledge.vocabulary import Referral, asked_facets, fires, topic_in

OUTSIDE = "范围外"
CATEGORY_THRESHOLD = 0.2
"""Below it one of some thirty categories is a guess."""

SURE_OF_INTENT = 0.7
"""Confidence below which words that tell a missing topic, or an emergency, outweigh the intent."""

SAYS_LITTLE = frozenset({"含糊求助", "无意义", "不满"})
"""Intents that a missing topic outweighs in any case."""

LIKELY = 0.05
"""Below this confidence facts alone make no family likely."""

SURE_OF_GENERAL = 0.8
"""Below this confidence a general family gives way to a special one that the facts describe."""

DOUBT = 0.42
"""Below this confidence a new matter is not acted on: the likeliest are offered to choose from."""


@dataclass(frozen=True)
class Matter:
    """What a message is about; ``name`` is what it calls the ``item``, '' where it names none."""

    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    family: str
    name: str
    item: str
    also: tuple[Mapping[str, str], ...]
    referral: Referral | None


def matter_of(
    kb: KnowledgeBase, plain: str, text: str, scores: Mapping[str, float],
    facts: Mapping[str, Any],
) -> Matter:
    """Return the matter of a message: by its words where they tell, else by the trained head.

    Args:
        plain: the normalised message.
        text: the message as it was written.
        scores: ``{intent: probability}``.
        facts: what the message states.
    """
    ranking = ranked(scores)
    name, named = named_item(kb, plain)
    referral = whose_business(plain, text, bool(named))
    likeliest = _likeliest(kb, ranking, facts)
    intent, confidence = _by_words(kb, plain, name, referral, likeliest, ranking)
    if referral and intent == OUTSIDE:
        ranking.sort(key=lambda pair: pair[0] != OUTSIDE)
        return Matter(intent, confidence, tuple(ranking[:5]), "", "", "", (), referral)
    family = next((f.id for f in kb.families if f.intent == intent), "")
    matters = joined_matters(kb, plain)
    if matters:
        family, named, confidence = matters[0]["family"], matters[0]["item"], 1.0
    return Matter(intent, confidence, tuple(ranking[:5]), family, name, named, matters[1:],
                   referral)


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


def _by_words(
    kb: KnowledgeBase, plain: str, name: str, referral: Referral | None,
    likeliest: tuple[str, float], ranking: list[tuple[str, float]],
) -> tuple[str, float]:
    """Return intent and confidence where the words of a message outweigh the likeliest."""
    intent, confidence = likeliest
    if referral:
        beside = _is_beside(kb, referral, plain, bool(name), likeliest)
        return likeliest if beside else (OUTSIDE, 1.0)
    uncertain = confidence < SURE_OF_INTENT or intent in SAYS_LITTLE
    if uncertain and topic_in(plain, name):
        return _of_a_family(kb, ranking[:5], plain) or likeliest
    return likeliest


def _is_beside(
    kb: KnowledgeBase, referral: Referral, plain: str, named: bool, likeliest: tuple[str, float]
) -> bool:
    """Tell whether a message asks about an item, whatever else it says that is not ours."""
    intent, confidence = likeliest
    sure = confidence >= SURE_OF_INTENT and any(f.intent == intent for f in kb.families)
    asks = fires(phrases()["asks"], plain) or bool(asked_facets(plain))
    return stands_beside(referral, named, sure and speaks_of_ours(plain), asks)


def _of_a_family(
    kb: KnowledgeBase, ranking: list[tuple[str, float]], plain: str
) -> tuple[str, float] | None:
    """Return the likeliest family's intent where a message on 医保 asks what no guide holds."""
    intents = {family.intent for family in kb.families}
    likeliest = next(((i, p) for i, p in ranking if i in intents), None)
    if likeliest is None or not speaks_of_ours(plain):
        return None
    return likeliest[0], max(likeliest[1], DOUBT)


def _likeliest(
    kb: KnowledgeBase, ranking: list[tuple[str, float]], facts: Mapping[str, Any]
) -> tuple[str, float]:
    """Return intent and confidence; in doubt, the likely family whose item the facts describe."""
    intent, confidence = ranking[0]
    likely = {i: f for i, c in ranking[:3] for f in kb.families if f.intent == i and c >= LIKELY}
    described = [f for f in likely.values() if _describe(facts, f)]
    if confidence < DOUBT and described:
        return described[0].intent, DOUBT
    better = _better_described(likely.get(intent), described)
    if confidence < SURE_OF_GENERAL and better:
        return better.intent, max(DOUBT, dict(ranking)[better.intent])
    return ranking[0]


def _better_described(top: Family | None, described: Sequence[Family]) -> Family | None:
    """Return the special family that the facts describe, or the general one if they only do that.

    Births paid in hospital are births; a stay in hospital of which no birth is told is not.
    """
    if top is None:
        return None
    special = [family for family in described if family.id in top.gives_way]
    general = [family for family in described if top.id in family.gives_way]
    return next(iter(special), None) or (
        next(iter(general), None) if top not in described else None)


def _describe(facts: Mapping[str, Any], family: Family) -> bool:
    return any(i.typical_when and evaluate(i.typical_when, facts) for i in family.items)


__all__ = ["DOUBT", "OUTSIDE", "Matter", "category_of", "matter_of", "ranked"]
