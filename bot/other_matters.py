"""What a message says, in so many words, that is no question about a guide's item.

Whose business it is (``knowledge/referrals.yml``), and what it asks that no guide holds
(``knowledge/not_in_guide.yml``). The trained heads judge whole messages; these words decide where
a message is short, near to 医保, or says two things at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.wording import phrases
from knowledge.vocabulary import (
    Referral,
    Topic,
    asked_facets,
    facets_beside,
    fires,
    referral_in,
    topic_in,
    topic_named,
)

DISTRESS, EMERGENCY, INJECTION, ABUSE = "困境情绪", "急症", "注入攻击", "辱骂"
REFUSED = frozenset({"违法", "威胁", "他人信息"})
"""Matters that are refused whatever else a message says."""
UNTOLD = "不明"
"""The category of what is not ours and fits none of the others."""

NEEDS_A_PERSON = frozenset({DISTRESS, EMERGENCY})
"""Matters in which a person is named at once, with numbers to press."""

MAY_STAND_BESIDE = frozenset({*NEEDS_A_PERSON, INJECTION, ABUSE})
"""Matters beside which a question about an item is answered all the same."""

_MATERIALS = "办理材料"
UNNAMED_TOPIC = "其他"
TOPIC_THRESHOLD = 0.6
"""Probability from which what no guide holds is called by its name."""

_CLAUSE = re.compile(r"[，,。.；;？?！!、\s]|另外|还有|以及|并且")


def speaks_of_ours(plain: str) -> bool:
    """Tell whether a normalised message names 医保 or something only 医保 deals with."""
    return fires(phrases()["ours"], plain)


def whose_business(plain: str, text: str, ours: bool) -> Referral | None:
    """Return who deals with what a message says, by its words.

    Args:
        plain: the normalised message.
        text: the message as it came: markup and code stand only there.
        ours: whether it names an item of the guides or speaks of 医保.
    """
    return referral_in(plain, ours) or referral_in(text, ours)


def stands_beside(row: Referral, named: bool, likely: bool, asks: bool) -> bool:
    """Tell whether a message asks about an item beside what ``row`` is for.

    Args:
        row: who deals with what its words say.
        named: whether it names an item.
        likely: whether it is about 医保 and most likely about some item.
        asks: whether it is put as a question.
    """
    about_item = named or likely and row.category in (EMERGENCY, ABUSE)
    return asks and about_item and row.category in MAY_STAND_BESIDE


def topic_beside(plain: str, name: str) -> Topic | None:
    """Return the topic that one clause asks about while another asks what guides do hold."""
    clauses = [clause for clause in _CLAUSE.split(plain) if clause]
    topics = [topic_in(clause, name) for clause in clauses]
    rest = [c for c, topic in zip(clauses, topics, strict=True) if topic is None]
    first = next(filter(None, topics), None)
    if first and any(map(_asks_for_a_facet, rest)):
        return first
    whole = topic_in(plain, name) if len(clauses) == 1 else None
    return whole if whole and _MATERIALS in asked_facets(plain) else None


def _asks_for_a_facet(clause: str) -> bool:
    return bool(asked_facets(clause)) and _asks(clause)


def _asks(clause: str) -> bool:
    return fires((*phrases()["asks"], *phrases()["asks_in_a_clause"]), clause)


def beside_topic(topic: str, plain: str, name: str, facets: tuple[str, ...]) -> tuple[str, ...]:
    """Return the facets asked about beside a missing topic, which guides hold as well.

    Args:
        topic: the missing topic's label.
        plain: the normalised message; what it tells without asking counts for nothing.
        name: the item that the message names.
        facets: what the whole message asks about.
    """
    known = topic_named(topic)
    if known is None or known.alone:
        return facets if known and topic_beside(plain, name) else ()
    return facets_beside(known, plain, "。".join(filter(_asks, _CLAUSE.split(plain))))


def missing_topic(
    plain: str, said: str, scores: Mapping[str, float], silent: bool, name: str
) -> tuple[str, bool]:
    """Return the missing topic asked about ('' for none), and whether that is sure.

    Args:
        plain: the normalised message.
        said: the topic that its words tell, '' for none.
        scores: what the trained head takes each topic for; empty where only words may tell.
        silent: whether it is likely that no guide holds what is asked.
        name: the item that the message names; words that belong to it tell no topic.
    """
    beside = topic_beside(plain, name)
    if beside or said:
        return (beside.topic if beside else said), True
    label = max(scores, key=lambda topic: scores[topic], default=UNNAMED_TOPIC)
    topic = topic_named(label)
    likely = silent and label != UNNAMED_TOPIC and scores[label] >= TOPIC_THRESHOLD
    if topic and likely and not fires(topic.unless, plain):
        return label, True
    return (UNNAMED_TOPIC if silent else ""), False


__all__ = [
    "DISTRESS", "EMERGENCY", "MAY_STAND_BESIDE", "NEEDS_A_PERSON", "REFUSED", "UNTOLD",
    "beside_topic", "missing_topic", "speaks_of_ours", "stands_beside", "topic_beside",
    "whose_business",
]
