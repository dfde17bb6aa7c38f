"""The words of training runs, read from ``bot/data/training_runs.yml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.store import read_yaml

_FILE = Path(__file__).parents[2] / "data" / "training_runs.yml"


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Return everything in ``training_runs.yml`` by key."""
    return read_yaml(_FILE)


__all__ = ["words"]
