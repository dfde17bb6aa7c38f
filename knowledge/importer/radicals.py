"""Real characters for radicals that only look like them, as PDFs hold them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from knowledge.store import read_yaml
from knowledge.text import plain

_FILE = Path(__file__).parent / "radicals.yml"


@lru_cache(maxsize=1)
def _table() -> Mapping[int, str]:
    return {ord(radical): real for radical, real in read_yaml(_FILE).items()}


def real_characters(text: str) -> str:
    """Return ``text`` with every radical or old form replaced by the character it stands for."""
    plainly = "".join(plain(c) if "\u2e80" <= c <= "\u2fdf" else c for c in text)
    return plainly.translate(_table())


__all__ = ["real_characters"]
