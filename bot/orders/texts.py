"""The words of work orders, read from ``bot/data/orders.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bot.paths import PROJECT
from knowledge.store import read_yaml


@lru_cache(maxsize=1)
def texts() -> dict[str, Any]:
    """Return everything in ``orders.yml`` by key."""
    return read_yaml(PROJECT / "bot" / "data" / "orders.yml")


def categories() -> list[str]:
    """Return the categories (类别) of work orders, as they are offered."""
    return list(texts()["categories"])


def lines(key: str, contents: Mapping[str, str]) -> str:
    """Return the lines that ``orders.yml`` has under ``key``, those with a content, in its order.

    Args:
        key: of a mapping of lines.
        contents: what stands in each line by its name; '' for a line that is left out.
    """
    return "\n".join(line.format(content=contents[name])
                     for name, line in texts()[key].items() if contents.get(name))


__all__ = ["categories", "lines", "texts"]
