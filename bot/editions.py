"""Clauses of every version of the knowledge that was ever in service.

An answer names the version it was given under. So that its clauses stay readable after a new
edition is loaded, each version's clauses are kept in a file of their own.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from knowledge.errors import UnknownId
from knowledge.store import Clause, KnowledgeBase

_VERSION = re.compile(r"^[0-9a-f]{12}$")


class Editions:
    """The clauses of this and of earlier versions.

    Args:
        kb: the knowledge base in service.
        folder: where the clauses of each version are kept; made where missing.
    """

    def __init__(self, kb: KnowledgeBase, folder: Path) -> None:
        self._kb, self._folder = kb, folder

    def keep(self) -> None:
        """Write the clauses of the version in service, unless that was done before."""
        path = self._path(self._kb.version)
        if path.is_file():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        clauses = (c for guide in self._kb.guides.values() for c in guide.clauses.values())
        table = {clause.id: _shown(self._kb, clause) for clause in clauses}
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(gzip.compress(json.dumps(table, ensure_ascii=False).encode()))
        unfinished.replace(path)

    def clause(self, version: str, clause: str) -> Mapping[str, str]:
        """Return a clause of a version: guide, edition, region, item, heading, text.

        Raises:
            UnknownId: no such clause, or no such version was ever in service here.
        """
        if version == self._kb.version:
            return _shown(self._kb, self._kb.clause(clause))
        path = self._path(version)
        if not _VERSION.match(version) or not path.is_file():
            raise UnknownId("version", version)
        try:
            return _kept(path)[clause]
        except KeyError:
            raise UnknownId("clause", clause) from None

    def _path(self, version: str) -> Path:
        return self._folder / f"{version}.json.gz"


@lru_cache(maxsize=2)
def _kept(path: Path) -> Mapping[str, Mapping[str, str]]:
    return json.loads(gzip.decompress(path.read_bytes()))


def _shown(kb: KnowledgeBase, clause: Clause) -> dict[str, str]:
    guide = kb.guide(clause.guide)
    item = guide.items.get(clause.item)
    return {
        "guide": guide.data.title, "edition": guide.data.edition, "region": guide.data.region,
        "item": item.name if item else "", "heading": clause.heading, "text": clause.printed,
    }


__all__ = ["Editions"]
