"""What a desk shows, by the knowledge base that is served.

A conversation that cannot be told (what it knows is of an edition that is gone) is shown without
what it knows: it must not take the others off the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from bot import operation
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
    return _told(record, lambda told: panel(load(), conversation, told, messages, agent))


def row_of(conversation: str, record: Record, last: StoredMessage | None) -> dict[str, Any]:
    """Return the row of a conversation; see :func:`bot.desk.rows.row`."""
    return _told(record, lambda told: row(load(), conversation, told, last))


def _told(record: Record, make: Callable[[Record], dict[str, Any]]) -> dict[str, Any]:
    try:
        return make(record)
    except Exception as error:
        operation.failed("desk", error)
        return make(replace(record, data={**record.data, "slots": {}, "suggested": None}))


__all__ = ["choices", "found", "panel_of", "row_of"]
