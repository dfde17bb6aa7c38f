"""A contradiction found in the guides, named so that it can be explained."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from knowledge.base import Item


@dataclass(frozen=True)
class Finding:
    """Something contradictory: a stable id that holds what differs, the guide, and a sentence.

    Where a guide says something else than it did, the id is another one, and what was explained
    is open again.
    """

    id: str
    guide: str
    text: str

    @classmethod
    def of(cls, item: Item, rule: str, text: str) -> Finding:
        """Return a finding about one item."""
        return cls(f"{item.guide}/{item.id}/{rule}", item.guide, f"{item.name}：{text}")

    @classmethod
    def about(cls, guide: str, rule: str, text: str) -> Finding:
        """Return a finding whose text is too long for an id: the id holds its checksum."""
        return cls(f"{guide}/{rule}#{zlib.crc32(text.encode()):08x}", guide, text)


__all__ = ["Finding"]
