"""What the words of a message tell by the vocabularies, before anything learnt is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.free_speech import facts_in
from bot.item_names import named_item
from bot.nlu.wordings import Wordings
from bot.other_matters import speaks_of_ours, whose_business
from bot.people import People, people_in
from knowledge.store import KnowledgeBase, load
from knowledge.vocabulary import Referral, asked_facets, topic_in


@dataclass(frozen=True)
class Observed:
    """What stands in a message.

    ``plain`` is the normalised ``text``. ``name`` is what it calls an item, ``item`` the canonical
    item so called ('' where it names none). ``facets`` are asked about in so many words, ``topic``
    is the missing topic that words tell ('' for none), ``referral`` who deals with what it says.
    ``facts`` are ``{fact: value}``, ``{option: True}`` for multi-valued ones.
    """

    text: str
    plain: str
    people: People
    name: str
    item: str
    facets: tuple[str, ...]
    topic: str
    referral: Referral | None
    ours: bool
    facts: Mapping[str, Any]


def observe(text: str, plain: str, wordings: Wordings | None = None) -> Observed:
    """Return what the words of a message tell.

    Args:
        text: the message as the citizen wrote it.
        plain: the same, normalised.
        wordings: of facts, learnt in training; they count where nothing else tells the fact.
    """
    kb: KnowledgeBase = load()
    people = people_in(plain)
    name, item = named_item(kb, plain)
    topic, ours = topic_in(plain, name), speaks_of_ours(plain)
    learnt = wordings.facts_in(plain, people.own) if wordings else {}
    return Observed(
        text=text, plain=plain, people=people, name=name, item=item,
        facets=asked_facets(plain), topic=topic.topic if topic else "",
        referral=whose_business(plain, text, bool(item) or ours), ours=ours,
        facts={**learnt, **people.facts, **facts_in(plain, kb.facts.values(), people.own)},
    )


def cues(observed: Observed) -> tuple[str, ...]:
    """Return what the trained heads are told of a message beside its characters.

    Each names a vocabulary and an entry of it: ``topic:补缴``, ``fact:enrollee=居民``. Phrases of
    one meaning share a cue, so what is learnt of one holds for all.
    """
    return tuple(_cues(observed))


def _cues(observed: Observed) -> Iterator[str]:
    if observed.topic:
        yield f"topic:{observed.topic}"
    if observed.referral:
        yield f"referral:{observed.referral.category}"
    if observed.item:
        yield f"item:{observed.item}"
        yield f"family:{load().family_of(observed.item).id}"
    yield from (f"facet:{facet}" for facet in observed.facets)
    if observed.ours:
        yield "ours"
    for name, value in observed.facts.items():
        yield from (f"fact:{name}={v}" for v in (value if isinstance(value, dict) else [value]))


__all__ = ["Observed", "cues", "observe"]
