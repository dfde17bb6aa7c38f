"""The names under which items are looked for: of the catalog, of everyday speech, of each guide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from knowledge.base import KnowledgeBase
from knowledge.catalog import CanonicalItem, Family

_OF_FAMILY = 0.8
"""What the name of a family counts for each of its items."""


@dataclass(frozen=True)
class Name:
    """A name, the canonical items it stands for, and what a match of it counts.

    ``files`` names the guides that use it, each with its own item; empty for names of the
    catalog, which hold everywhere.
    """

    text: str
    canonical: tuple[str, ...]
    weight: float = 1.0
    files: Mapping[str, str] = field(default_factory=dict)

    def holds_in(self, guide: str) -> bool:
        """Tell whether a guide uses the name; '' stands for any guide."""
        return not guide or not self.files or guide in self.files


def names_of(kb: KnowledgeBase) -> tuple[Name, ...]:
    """Return every name there is, each once, those of the catalog first."""
    return (*_of_catalog(kb.families), *_of_guides(kb))


def _of_catalog(families: tuple[Family, ...]) -> Iterator[Name]:
    for family in families:
        whole = tuple(item.id for item in family.items)
        for text in dict.fromkeys((family.name, family.label, family.intent)):
            yield Name(text, whole, _OF_FAMILY)
        for item in family.items:
            yield from (Name(text, (item.id,)) for text in _called(item))


def _called(item: CanonicalItem) -> tuple[str, ...]:
    return tuple(dict.fromkeys((item.label, *item.names, *item.everyday)))


def _of_guides(kb: KnowledgeBase) -> Iterator[Name]:
    files: dict[tuple[str, tuple[str, ...]], dict[str, str]] = {}
    for guide in kb.guides.values():
        for item in guide.items.values():
            files.setdefault((item.name, item.canonical), {})[guide.id] = item.id
    for (text, canonical), where in files.items():
        yield Name(text, canonical, files=where)


__all__ = ["Name", "names_of"]
