"""Real characters for radicals that only look like them, as PDFs hold them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from knowledge.importer.marks import readable
from knowledge.store import read_yaml

_FILE = Path(__file__).parent / "radicals.yml"


@lru_cache(maxsize=1)
def _table() -> Mapping[int, str]:
    return {ord(radical): real for radical, real in read_yaml(_FILE).items()}


def real_characters(text: str) -> str:
    """Return ``text`` with every radical or old form replaced by the character it stands for."""
    return readable(text).translate(_table())


__all__ = ["real_characters"]
