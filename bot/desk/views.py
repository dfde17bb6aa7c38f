"""What a desk shows, by the knowledge base that is served."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.desk.matters import matters
from bot.desk.panel import panel
from bot.desk.rows import row
from bot.desk.searching import search
from bot.store import Record, StoredMessage
from knowledge.store import load


def choices() -> dict[str, Any]:
    """Return what may be chosen; see :func:`bot.desk.matters.matters`."""
    return matters(load())


def found(query: str, guide: str) -> list[dict[str, Any]]:
    """Return what is found; see :func:`bot.desk.searching.search`."""
    return search(load(), query, guide)


def panel_of(
    conversation: str, record: Record, messages: Sequence[StoredMessage], agent: str
) -> dict[str, Any]:
    """Return the panel of a conversation; see :func:`bot.desk.panel.panel`."""
    return panel(load(), conversation, record, messages, agent)


def row_of(conversation: str, record: Record, last: StoredMessage | None) -> dict[str, Any]:
    """Return the row of a conversation; see :func:`bot.desk.rows.row`."""
    return row(load(), conversation, record, last)


__all__ = ["choices", "found", "panel_of", "row_of"]
