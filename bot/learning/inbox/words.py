"""The words and weights of the inbox (``data/inbox.yml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bot.paths import PROJECT
from knowledge.store import read_yaml


@lru_cache(maxsize=1)
def inbox_words() -> Mapping[str, Any]:
    """Return everything in ``inbox.yml`` by key."""
    return read_yaml(PROJECT / "bot" / "data" / "inbox.yml")


def signal(kind: str, form: str = "", **values: Any) -> dict[str, str]:
    """Return a signal, ``{"kind", "text"}``.

    Args:
        kind: its key in ``inbox.yml``.
        form: which of its texts, where it has several.
        values: what is filled in.
    """
    text = inbox_words()["signals"][kind]["text"]
    return {"kind": kind, "text": (text[form] if form else text).format(**values)}


def weight_of(kind: str) -> float:
    """Return how much a signal counts beside the others."""
    return float(inbox_words()["signals"][kind]["weight"])


__all__ = ["inbox_words", "signal", "weight_of"]
