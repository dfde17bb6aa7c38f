"""Items that a message calls by their name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from bot.nlu.normalise import normalise
from bot.wording import phrases
from knowledge.store import KnowledgeBase
from knowledge.vocabulary import fires

_FURTHEST = 12
"""Characters between two names up to which they may stand side by side."""


def named_item(kb: KnowledgeBase, text: str) -> tuple[str, str]:
    """Return the longest name of an item in a normalised message and the item; '' for none."""
    names = _item_names(kb)
    found = [name for name in names
             if (fires((name,), text) if "…" in name else name in text)]
    longest = max(found, key=len, default="")
    return longest, names.get(longest, "")


def calls_family(kb: KnowledgeBase, text: str, family: str) -> bool:
    """Tell whether a normalised message calls a family by its name: it leaves open which item."""
    return any(name in text for name in _own_names(kb).get(family, ()))


@lru_cache(maxsize=1)
def _own_names(kb: KnowledgeBase) -> dict[str, tuple[str, ...]]:
    """Return the normalised names of the families of several items, by id."""
    return {family.id: tuple(map(normalise, (family.name, family.label, family.intent)))
            for family in kb.families if len(family.items) > 1}


def joined_matters(kb: KnowledgeBase, text: str) -> tuple[dict[str, str], ...]:
    """Return the matters that a normalised message names side by side, in its order.

    Each is ``{"family", "item"}``, the item '' where only the family is named. Empty where fewer
    than two are joined (异地备案和零星报销): a name in a subordinate clause is no second matter.
    """
    found = sorted(_matters_in(text, _matter_names(kb)))
    joined = [found[0]] if found else []
    for matter in found[1:]:
        between = text[joined[-1][1]:matter[0]]
        if len(between) <= _FURTHEST and fires(phrases()["joins"], between):
            joined.append(matter)
    matters = [{"family": family, "item": item} for _, _, family, item in joined]
    unlike = [m for n, m in enumerate(matters) if not any(_overlaps(m, o) for o in matters[:n])]
    return tuple(unlike) if len(unlike) > 1 else ()


def _overlaps(one: dict[str, str], other: dict[str, str]) -> bool:
    """Tell whether two matters are the same, or one is the family of the other."""
    same_family = one["family"] == other["family"]
    return same_family and (one["item"] == other["item"] or not one["item"] or not other["item"])


def _matters_in(
    text: str, names: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[int, int, str, str]]:
    """Yield (start, end, family, item) of the names in a text, longer ones before parts of them."""
    taken: set[int] = set()
    for name in sorted((n for n in names if n in text), key=len, reverse=True):
        start = text.index(name)
        span = set(range(start, start + len(name)))
        if not span & taken:
            taken |= span
            yield (start, start + len(name), *names[name])


@lru_cache(maxsize=1)
def _matter_names(kb: KnowledgeBase) -> dict[str, tuple[str, str]]:
    """Return family and item by the names of both; names with a gap are left out."""
    families = {normalise(name): (family.id, "") for family in kb.families
                for name in (family.name, family.intent, *phrases()["families"].get(family.id, ()))}
    items = {name: (kb.family_of(item).id, item) for name, item in _item_names(kb).items()
             if "…" not in name}
    return {**families, **items}


@lru_cache(maxsize=1)
def _item_names(kb: KnowledgeBase) -> dict[str, str]:
    """Return canonical item ids by their normalised names in catalog and guides."""
    return {
        "…".join(map(normalise, name.split("…"))): item.id
        for family in kb.families
        for item in family.items
        for name in (item.label, *item.names, *_guide_names(kb, item.id))
    }


def _guide_names(kb: KnowledgeBase, item: str) -> tuple[str, ...]:
    """Return what the guides call an item that they list as such, not among finer ones."""
    own = (kb.item(guide, item) for guide in kb.guides)
    return tuple(i.name for i in own if i and i.canonical[0] == item and "/" not in i.name)


__all__ = ["calls_family", "joined_matters", "named_item"]
