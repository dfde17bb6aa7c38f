"""Phrases people use: things asked about by name, topics no guide holds, other departments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain

from pydantic import BaseModel, Extra, Field

from knowledge.store import ROOT, Item, Rule, read_yaml
from knowledge.text import squeeze


class _Row(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True


class Mention(_Row):
    """A thing people ask about by name; see the header of ``mentions.yml``."""

    label: str
    asked: tuple[str, ...]
    found: tuple[str, ...] = ()
    kind: str = ""

    def stands_in(self, item: Item) -> bool:
        """Tell whether the item's clauses mention the thing."""
        return any(map(self.is_about, item.rules))

    def is_about(self, rule: Rule) -> bool:
        """Tell whether a line is of the kind asked for, or its clause mentions the thing."""
        return rule.kind == self.kind if self.kind else self.stands_in_clause(rule.clause.text)

    def stands_in_clause(self, wording: str) -> bool:
        """Tell whether a clause mentions the thing."""
        return any(squeeze(phrase) in squeeze(wording) for phrase in self.found)


class Facet(_Row):
    """What is asked about an item, and the words for it; see the header of ``facets.yml``."""

    facet: str
    everyday: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Nearest(_Row):
    """A facet that a guide does hold near a missing topic."""

    facet: str
    item: str = ""
    guides: tuple[str, ...] = ()


class Topic(_Row):
    """Something people ask for that no guide holds; see the header of ``not_in_guide.yml``."""

    id: str
    topic: str
    everyday: tuple[str, ...]
    unless: tuple[str, ...] = ()
    alone: bool = False
    say: str
    nearest: tuple[Nearest, ...] = ()
    ask: str


class Referral(_Row):
    """Who answers what lies outside; see the header of ``referrals.yml``."""

    id: str
    category: str
    name: str
    phone: str = ""
    what_for: str = ""
    say: str = ""
    source: str = Field("", description="the authority that made the number public")
    sure: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


def _rows(shape: type, name: str) -> tuple:
    return tuple(shape.parse_obj(row) for row in read_yaml(ROOT / name))


@lru_cache(maxsize=1)
def mentions() -> tuple[Mention, ...]:
    """Return the things people ask about by name."""
    return _rows(Mention, "mentions.yml")


@lru_cache(maxsize=1)
def facets() -> tuple[Facet, ...]:
    """Return what is asked about items, with the words for it."""
    return _rows(Facet, "facets.yml")


@lru_cache(maxsize=1)
def topics() -> tuple[Topic, ...]:
    """Return the topics that no guide holds, in order of precedence."""
    return _rows(Topic, "not_in_guide.yml")


@lru_cache(maxsize=1)
def referrals() -> tuple[Referral, ...]:
    """Return who answers what lies outside, in order of preference within a category."""
    return _rows(Referral, "referrals.yml")


def asked_mentions(text: str) -> tuple[Mention, ...]:
    """Return the things a normalised message asks about by name."""
    return tuple(m for m in mentions() if fires(m.asked, text))


def asked_facets(text: str) -> tuple[str, ...]:
    """Return the facets that a normalised message asks about in so many words."""
    return tuple(f.facet for f in facets()
                 if fires(f.everyday, text) and not fires(f.unless, text))


def topic_in(text: str, name: str = "") -> Topic | None:
    """Return the first missing topic whose phrases stand in a normalised message.

    Args:
        name: the item that the message names; phrases that are part of it (缴费基数 of
            缴费基数申报) tell no topic.
    """
    for topic in topics():
        if not fires(topic.everyday, text) or fires(topic.unless, text):
            continue
        if not name or fires([p for p in topic.everyday if not fires((p,), name)], text):
            return topic
    return None


def facets_beside(topic: Topic, text: str, asked: str) -> tuple[str, ...]:
    """Return the facets asked about in other words than those that tell a missing topic.

    Args:
        topic: the missing topic.
        text: the normalised message; where no phrase of the topic stands in it, there are none.
        asked: those clauses of it that are questions.
    """
    if not fires(topic.everyday, text):
        return ()
    return asked_facets(without(topic.everyday, asked))


def phrases_known() -> tuple[str, ...]:
    """Return every phrase of the vocabularies of this module, without their gaps."""
    said = [phrase for mention in mentions() for phrase in mention.asked]
    said += [phrase for row in (*facets(), *topics()) for phrase in row.everyday]
    said += [phrase for row in referrals() for phrase in (*row.sure, *row.everyday)]
    return tuple(part for phrase in said for part in phrase.split("…"))


def topic_named(label: str) -> Topic | None:
    """Return the missing topic with this label, if there is one."""
    return next((t for t in topics() if t.topic == label), None)


def referral_for(category: str) -> tuple[Referral, ...]:
    """Return whom to name for an outside category; empty where the category is unknown."""
    return tuple(r for r in referrals() if r.category == category)


def referral_in(text: str, ours: bool) -> Referral | None:
    """Return whom the words of a normalised message point to, if to anybody.

    Args:
        ours: whether the message names an item or speaks of 医保; ``everyday`` phrases, which are
            common beside it, then point to nobody.
    """
    rows = [row for row in referrals() if not fires(row.unless, text)]
    sure = (row for row in rows if fires(row.sure, text))
    likely = (row for row in rows if not ours and fires(row.everyday, text))
    return next(chain(sure, likely), None)


def fires(phrases: Sequence[str], text: str) -> bool:
    """Tell whether one of ``phrases`` stands in ``text``; ``…`` is a gap of up to ten signs."""
    return bool(phrases) and _pattern(tuple(phrases)).search(_squeezed(text)) is not None


def without(phrases: Sequence[str], text: str) -> str:
    """Return ``text`` with every sign that belongs to one of ``phrases`` made a full stop."""
    squeezed = _squeezed(text)
    told = {n for phrase in phrases for match in _pattern((phrase,)).finditer(squeezed)
            for n in range(*match.span())}
    return "".join("。" if n in told else c for n, c in enumerate(squeezed))


# 没流产, 不是公务员; but 有没有 and 是不是 deny nothing.
_NOT_DENIED = r"(?<!没)(?<!未)(?<!冇)(?<!无)(?<!(?<!有)没有)(?<!(?<!是)不是)(?<!唔系)"


def affirmed(phrases: Sequence[str], text: str) -> bool:
    """Tell whether one of ``phrases`` stands in ``text`` without a negation just before it."""
    # Looking behind at every sign is slow; few phrases stand in a message at all.
    return fires(phrases, text) and _pattern(tuple(phrases), _NOT_DENIED).search(
        _squeezed(text)) is not None


def longest(phrases: Sequence[str], text: str) -> int:
    """Return the length of the longest affirmed phrase in ``text``; 0 where there is none."""
    if not affirmed(phrases, text):
        return 0
    return max(len(phrase) for phrase in phrases if affirmed((phrase,), text))


@lru_cache(maxsize=64)
def _squeezed(text: str) -> str:
    """Return the form in which phrases are looked for: hundreds of times in each message."""
    return squeeze(text).lower()


@cache
def _pattern(phrases: tuple[str, ...], before: str = "") -> re.Pattern[str]:
    parts = (
        ".{0,10}".join(map(re.escape, squeeze(phrase.replace("…", "\x00")).lower().split("\x00")))
        for phrase in phrases
    )
    return re.compile(f"{before}(?:{'|'.join(parts)})")


__all__ = [
    "Facet", "Mention", "Referral", "Topic", "affirmed", "asked_facets", "asked_mentions",
    "facets", "facets_beside", "fires", "longest", "mentions", "phrases_known", "referral_for",
    "referral_in", "referrals", "topic_in", "topic_named", "topics", "without",
]
