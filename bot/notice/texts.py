"""The wording of the 一次性告知单, read from ``bot/data/notice.yml``."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.paths import PROJECT
from knowledge.store import read_yaml


@lru_cache(maxsize=1)
def texts() -> dict[str, Any]:
    """Return everything in ``notice.yml`` by key."""
    return read_yaml(PROJECT / "bot" / "data" / "notice.yml")


def text(key: str, **values: Any) -> str:
    """Return the wording ``key`` with ``values`` filled in."""
    return str(texts()[key]).format(**values)


__all__ = ["text", "texts"]
