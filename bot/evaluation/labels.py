"""The words of an evaluation, read from ``bot/data/labels.yml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.store import load, read_yaml

_FILE = Path(__file__).parent.parent / "data" / "labels.yml"


@lru_cache(maxsize=1)
def labels() -> dict[str, Any]:
    """Return everything in ``labels.yml`` by key."""
    return read_yaml(_FILE)


def outside_label(category: str) -> str:
    """Return the family label of a category of the intent 范围外."""
    other = labels()["other_outside"].format(category=category)
    return labels()["outside"].get(category, other)


def is_outside(family: str) -> bool:
    """Tell whether a family label is that of a matter which no guide holds."""
    return bool(family) and family not in {f.label for f in load().families}


__all__ = ["is_outside", "labels", "outside_label"]
