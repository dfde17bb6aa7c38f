"""Search over names, everyday names and clauses: ranked, and tolerant of how people type.

Everything is compared by sound (:mod:`knowledge.sounds`): pinyin, traditional characters and
characters of the same sound match as they are. Other slips cost only the pairs of sounds they
touch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
from rapidfuzz import fuzz

from knowledge.base import Clause, Item, KnowledgeBase
from knowledge.model import SECTION_TITLES
from knowledge.names import Name, names_of
from knowledge.postings import Postings
from knowledge.sounds import initials, settings, simplified, sounds, typed

_CANDIDATES = 60
"""How many texts with shared sounds are compared closely."""
_LEAST_ITEM, _LEAST_CLAUSE = 0.45, 0.5
"""Scores below which a hit is left out."""
_BY_SOUND = 0.9
"""What sounding alike counts beside being written alike."""
_NEAR_BEST = 0.6
"""Share of the best item's score that others need to come before clauses."""


@dataclass(frozen=True)
class Hit:
    """An item or a clause that matches.

    ``item`` is a canonical id ('' for a clause of the guide as a whole), ``guide`` the guide's id
    ('' for an item across guides), ``file`` the id of the guide's own item. ``text`` is the name
    or wording that matched, ``spans`` where in it (``[start, end)``), ``score`` 0 to 1.
    """

    item: str
    guide: str
    file: str
    text: str
    score: float
    clause: Clause | None = None
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class _Heard:
    """A text simplified, its sounds as letters of their own, and the pairs of sounds in it."""

    text: str
    by_sound: str
    pairs: frozenset[int]


@lru_cache(maxsize=4096)
def _as_written(text: str) -> _Heard:
    return _heard(simplified(text), [s for s, _, _ in sounds(text)])


def _as_typed(query: str) -> _Heard:
    text = _telling(simplified(query))
    return _heard(text, typed(text))


def _heard(text: str, heard: Sequence[int]) -> _Heard:
    return _Heard(text, "".join(map(chr, heard)), frozenset(Postings.pairs(heard)))


@lru_cache(maxsize=1)
def _fillers() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, settings()["fillers"])))


def _telling(query: str) -> str:
    """Return a query without words for asking, short forms written out."""
    left = _fillers().sub("", query).strip() or query
    for short, whole in settings()["short_forms"].items():
        if whole not in left:
            left = left.replace(short, whole)
    return left


class Index:
    """Finds items and clauses of a knowledge base; built once, then only read.

    Args:
        kb: the knowledge base; 60,000 clauses take about a second.
    """

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._names = names_of(kb)
        self._name_index = Postings([name.text for name in self._names])
        self._clauses: list[Clause] = []
        self._ranges: dict[str, slice] = {}
        for guide in kb.guides.values():
            start = len(self._clauses)
            self._clauses += (c for c in guide.clauses.values() if c.kind in SECTION_TITLES)
            self._ranges[guide.id] = slice(start, len(self._clauses))
        self._clause_index = Postings([clause.text for clause in self._clauses])

    def find(
        self, query: str, guide: str = "", kinds: Sequence[str] = ("item", "clause"),
        limit: int = 8,
    ) -> list[Hit]:
        """Return what matches, best first, items before clauses.

        Args:
            query: what a person typed: names, everyday words, pinyin, initials.
            guide: id of the guide to look in; '' for canonical items and the clauses of all.
            kinds: ``item``, ``clause`` or both.
            limit: how many hits at most.

        Raises:
            UnknownId: there is no such guide.
        """
        if guide:
            self._kb.guide(guide)
        asked = _as_typed(query)
        hits = self._items(asked, guide) if "item" in kinds else []
        if "clause" in kinds:
            hits = [hit for hit in hits if hit.score >= _NEAR_BEST * hits[0].score]
            hits += self._found_clauses(asked, guide)
        return hits[:limit]

    def _items(self, asked: _Heard, guide: str) -> list[Hit]:
        """Return one hit for each item: the best of its names."""
        best: dict[tuple[str, str], Hit] = {}
        for name in self._candidates(asked, guide):
            score = round(name.weight * self._likeness(asked, name.text), 3)
            for canonical, file in self._stands_for(name, guide):
                key = ("", file) if guide else (canonical, "")
                if score >= _LEAST_ITEM and (key not in best or score > best[key].score):
                    best[key] = Hit(canonical, guide, file, name.text, score,
                                    spans=_shared_spans(asked, name.text))
        return sorted(best.values(), key=lambda hit: -hit.score)

    def _stands_for(self, name: Name, guide: str) -> Iterator[tuple[str, str]]:
        """Yield (canonical id, the guide's own item) for what a name stands for there."""
        for canonical in name.canonical:
            file = name.files.get(guide, "")
            item = self._kb.item(guide, canonical) if guide and not file else None
            if not guide or file or item:
                yield canonical, item.id if item else file

    def _candidates(self, asked: _Heard, guide: str) -> list[Name]:
        scores = self._name_index.scores([ord(s) for s in asked.by_sound])
        order = np.argsort(-scores, kind="stable")[: np.count_nonzero(scores)]
        near = (self._names[n] for n in order if self._names[n].holds_in(guide))
        return list(islice(near, _CANDIDATES)) or [
            name for name in self._names
            if name.holds_in(guide) and asked.text and _abbreviates(asked, name)]

    def _likeness(self, asked: _Heard, name: str) -> float:
        """Return how much a name and a query are alike, 0 to 1, by sound and by writing."""
        called, rarity = _as_written(name), self._name_index.rarity
        shared = rarity(asked.pairs & called.pairs)
        if not shared:
            return 0.5 + 0.5 * len(asked.text) / len(called.by_sound)
        of_query, of_name = shared / rarity(asked.pairs), shared / rarity(called.pairs)
        overlap = 2 * of_query * of_name / (of_query + of_name)
        alike = max(fuzz.ratio(asked.text, called.text),
                    _BY_SOUND * fuzz.ratio(asked.by_sound, called.by_sound)) / 100
        return 0.3 * of_query + 0.3 * overlap + 0.4 * alike

    def _found_clauses(self, asked: _Heard, guide: str) -> list[Hit]:
        where = self._ranges[guide] if guide else slice(0, len(self._clauses))
        scores = self._clause_index.scores([ord(s) for s in asked.by_sound])[where]
        clauses = self._clauses[where]
        found = (self._clause_hit(asked, clauses[n]) for n in _best(scores))
        return sorted((h for h in found if h.score >= _LEAST_CLAUSE), key=lambda h: -h.score)

    def _clause_hit(self, asked: _Heard, clause: Clause) -> Hit:
        wording, rarity = _as_written(clause.text), self._clause_index.rarity
        covered = rarity(asked.pairs & wording.pairs) / rarity(asked.pairs)
        score = 0.7 * covered + 0.3 * fuzz.partial_ratio(asked.text, wording.text) / 100
        item = self._item_of(clause)
        canonical, file = (item.canonical[0], item.id) if item else ("", "")
        return Hit(canonical, clause.guide, file, clause.text, round(score, 3), clause,
                   _shared_spans(asked, clause.text))

    def _item_of(self, clause: Clause) -> Item | None:
        """Return the item that a clause belongs to; for a shared one the first that includes it."""
        items = self._kb.guide(clause.guide).items
        including = (item for item in items.values() if clause.item in item.data.includes)
        return items.get(clause.item) or next(including, None)


def _best(scores: np.ndarray) -> list[int]:
    """Return the places of the highest scores above 0, best first."""
    count = min(_CANDIDATES, int(np.count_nonzero(scores)))
    if not count:
        return []
    top = np.argpartition(-scores, count - 1)[:count]
    return [int(n) for n in top[np.argsort(-scores[top], kind="stable")]]


def _abbreviates(asked: _Heard, name: Name) -> bool:
    """Tell whether a query is part of a name: one character, or the initials of its syllables."""
    heard = [ord(s) for s in _as_written(name.text).by_sound]
    return asked.text in name.text or len(asked.text) > 1 and asked.text in initials(heard)


def _shared_spans(asked: _Heard, text: str) -> tuple[tuple[int, int], ...]:
    """Return the stretches of ``text`` whose sounds follow one another in the query too."""
    heard, spans = list(sounds(text)), []
    for (first, start, _), (second, _, end) in zip(heard, heard[1:]):
        if asked.pairs.isdisjoint(Postings.pairs((first, second))):
            continue
        if spans and spans[-1][1] >= start:
            start = spans.pop()[0]
        spans.append((start, end))
    return tuple(spans)


@lru_cache(maxsize=2)
def index_of(kb: KnowledgeBase) -> Index:
    """Return the index of a knowledge base, built once."""
    return Index(kb)


__all__ = ["Hit", "Index", "index_of"]
