"""The words of the knowledge base that messages are segmented by and entities are told from.

Items, materials, channels and facts: each phrase with what it stands for. Everything is taken
from the knowledge base as it is; nothing is listed here a second time. Places are no list of words
(医保定点 does not name 保定): they are told by ``knowledge.place_names``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.nlu.normalise import normalise
from knowledge.base import KnowledgeBase, Rule
from knowledge.model import Part
from knowledge.vocabulary import Mention, fires, mentions

ITEM, MATERIAL, CHANNEL, FACT = "ITEM", "MATERIAL", "CHANNEL", "FACT"
"""Labels, in the order in which they claim a phrase that several have."""

_GAP = "…"
_LONGEST = 14
_TITLE = re.compile(r"《([^《》]+)》")
_WORD = re.compile(rf"[0-9a-z一-鿿（）()]{{2,{_LONGEST}}}")
_BETWEEN_CHANNELS = re.compile(r"[：:，,、；;。“”\"（）()]|等|及|或")
_IS_CHANNEL = re.compile(
    "(办理|方式|平台|网厅|app|小程序|公众号|服务网|粤省事|一体机|大厅|服务点|服务站)$")


class Term(NamedTuple):
    """A normalised phrase, the kind of thing it names, and which one (an id or a name).

    ``official`` phrases are words of their own; everyday ones are told from the words they are
    made of.
    """

    phrase: str
    label: str
    id: str
    official: bool = False


@lru_cache(maxsize=2)
def terms_of(kb: KnowledgeBase) -> tuple[Term, ...]:
    """Return the terms of a knowledge base, each phrase once, sorted."""
    found: dict[str, Term] = {}
    for phrase, label, id, official in _all(kb):
        plain = normalise(phrase)
        if _GAP not in plain and _WORD.fullmatch(plain):
            found.setdefault(plain, Term(plain, label, id, official))
    return tuple(sorted(found.values()))


def _all(kb: KnowledgeBase) -> Iterator[Term]:
    yield from _items(kb)
    materials, channels = _clauses(kb, "materials"), _clauses(kb, "channels")
    asked = _asked(materials, channels)
    yield from (Term(name, MATERIAL, name, True) for rule in materials for name in _papers(rule))
    yield from (term for term in asked if term.label == MATERIAL)
    yield from (Term(name, CHANNEL, name, True) for rule in channels for name in _ways(rule))
    yield from (term for term in asked if term.label == CHANNEL)
    for fact in kb.facts.values():
        for option in fact.options:
            yield from (Term(p, FACT, f"{fact.name}={option.value}") for p in option.everyday)


def _items(kb: KnowledgeBase) -> Iterator[Term]:
    for family in kb.families:
        yield from (Term(name, ITEM, family.id, True) for name in (family.name, family.label))
        for item in family.items:
            own = (kb.item(guide, item.id) for guide in kb.guides)
            called = (i.name for i in own if i and i.canonical[0] == item.id)
            yield from (Term(name, ITEM, item.id, True) for name in (item.label, *called))
            yield from (Term(name, ITEM, item.id) for name in (*item.names, *item.everyday))


def _clauses(kb: KnowledgeBase, kind: str) -> list[Rule]:
    return [rule for guide in kb.guides.values() for item in guide.items.values()
            for rule in item.of_kind(kind)]


def _asked(materials: Sequence[Rule], channels: Sequence[Rule]) -> list[Term]:
    """What people ask about by name: a material or a channel, by the clauses it stands in."""
    of_materials, of_channels = _shares(materials), _shares(channels)
    return [
        Term(phrase, MATERIAL if of_materials[m] > of_channels[m] else CHANNEL, m.label)
        for m in mentions() if of_materials[m] != of_channels[m] for phrase in m.asked
    ]


def _shares(rules: Sequence[Rule]) -> Counter[Mention]:
    """Of how many of the clauses each thing is mentioned in, as a share of all."""
    clauses = {rule.clause.text for rule in rules}
    shares: Counter[Mention] = Counter()
    for clause in clauses:
        shares.update({m: 1 / len(clauses) for m in mentions() if fires(m.found, clause)})
    return shares


def _papers(rule: Rule) -> Iterator[str]:
    """The names of the papers in a line: of its parts, titles of forms, or its whole wording."""
    yield from _names(rule.line.parts)
    yield from _TITLE.findall(rule.text)
    yield rule.text


def _names(part: Part | None) -> Iterator[str]:
    if part:
        yield part.name
        for child in part.children:
            yield from _names(child)


def _ways(rule: Rule) -> Iterator[str]:
    pieces = _BETWEEN_CHANNELS.split(normalise(rule.text))
    return (piece for piece in pieces if _IS_CHANNEL.search(piece))


__all__ = ["CHANNEL", "FACT", "ITEM", "MATERIAL", "Term", "terms_of"]
