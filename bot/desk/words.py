"""Words of the desk's rows and panel, from ``data/desk_panel.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bot.paths import PROJECT
from knowledge.store import read_yaml


@lru_cache(maxsize=1)
def desk_words() -> Mapping[str, Any]:
    """Return everything in ``desk_panel.yml`` by key."""
    return read_yaml(PROJECT / "bot" / "data" / "desk_panel.yml")


__all__ = ["desk_words"]
