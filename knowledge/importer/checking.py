"""Trying a draft: it has to read as guide files, mirror its text, and hold what it says."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from knowledge.catalog import Fact
from knowledge.importer.drafting import FactsOf
from knowledge.importer.writing import write
from knowledge.mirror import Problem, walk
from knowledge.store import ROOT, KnowledgeBase, read, read_yaml
from knowledge.verify import check_references

_NOT_KNOWLEDGE = shutil.ignore_patterns("guides", "importer", "*.py", "__pycache__")


@contextmanager
def without_guides() -> Iterator[Path]:
    """Yield a copy of the knowledge without its guides; it is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "knowledge"
        shutil.copytree(ROOT, root, ignore=_NOT_KNOWLEDGE)
        (root / "guides").mkdir()
        yield root


def read_alone(guide: str, files: Mapping[str, str]) -> KnowledgeBase:
    """Read drafted files as a knowledge base of this one guide; raise :class:`DataError`."""
    with without_guides() as root:
        if files:
            write(root / "guides" / guide, files)
        return read(root)


def mirror_problems(kb: KnowledgeBase, guide: str, text: str) -> list[Problem]:
    """Compare drafted files with the text, character by character."""
    return walk(kb.guide(guide), text)[1]


def reference_problems(kb: KnowledgeBase) -> list[Problem]:
    """Return what does not follow from the clauses in drafted files."""
    return check_references(kb)


def known_facts() -> FactsOf:
    """Return for each canonical item the facts that its family asks about."""
    kb = read_alone("", {})
    with_family: dict[str, list[Fact]] = {}
    owners = _families_of_facts()
    for family in kb.families:
        for item in family.items:
            with_family[item.id] = [fact for name, fact in kb.facts.items()
                                    if owners.get(name) in (family.id, "shared")]
    return with_family


def _families_of_facts() -> dict[str, str]:
    return {row["name"]: path.stem for path in sorted((ROOT / "facts").glob("*.yml"))
            for row in read_yaml(path)}


__all__ = ["known_facts", "mirror_problems", "read_alone", "reference_problems",
           "without_guides"]
