"""The tables of the log database, and how an entry lies in them.

What is asked about has a column; the rest of an entry is JSON beside it (``more``, ``data``).
Times are texts in UTC with milliseconds, which sort as they are on every database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

SCHEMA_VERSION = 1
"""Counts up with every change of these tables; :mod:`bot.journal.database` brings older ones up."""

metadata = sa.MetaData()

turn = sa.Table(
    "turn", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("conversation", sa.Text, nullable=False, index=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("at", sa.Text, nullable=False, index=True),
    *(sa.Column(name, sa.Text, nullable=False) for name in (
        "channel", "region", "family", "item", "status", "missing_topic",
        "model_version", "knowledge_version")),
    sa.Column("milliseconds", sa.Float, nullable=False),
    sa.Column("feedback", sa.Text),
    sa.Column("more", sa.JSON, nullable=False),
)

event = sa.Table(
    "event", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("conversation", sa.Text, nullable=False, index=True),
    sa.Column("at", sa.Text, nullable=False, index=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("turn", sa.Text, index=True),
    sa.Column("data", sa.JSON, nullable=False),
)

forgotten = sa.Table(
    "forgotten", metadata,
    sa.Column("conversation_sha256", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
)

schema = sa.Table("log_schema", metadata, sa.Column("version", sa.Integer, primary_key=True))

_NAMES = ("channel", "region", "family", "item", "missing_topic", "model_version",
          "knowledge_version")
_IN_COLUMNS = {"kind", "id", "conversation", "seq", "at", "milliseconds", *_NAMES}


def moment(at: datetime) -> str:
    """Return a time as the tables hold it."""
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds")


def row_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry as a row of its table.

    Raises:
        KeyError, TypeError, ValueError: the entry lacks something or holds something else.
    """
    common = {"id": _text(entry["id"]), "conversation": _text(entry["conversation"]),
              "at": moment(datetime.fromisoformat(entry["at"]))}
    if entry["kind"] == "event":
        return {**common, "type": _text(entry["type"]), "data": dict(entry["data"]),
                "turn": _text(entry["data"].get("turn", "")) or None}
    return {
        **common, "seq": int(entry["seq"]), "milliseconds": float(entry["milliseconds"]),
        **{name: _text(entry[name]) for name in _NAMES},
        "status": _text(entry["outcome"]["status"]),
        "more": {key: value for key, value in entry.items() if key not in _IN_COLUMNS},
    }


def turn_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry of a turn from its row, with its feedback (None, ``good`` or ``bad``)."""
    columns = {key: value for key, value in row.items() if key not in ("more", "status")}
    return {"kind": "turn", **columns, **row["more"]}


def event_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry of an event from its row."""
    return {"kind": "event", **{key: value for key, value in row.items() if key != "turn"}}


def _text(value: str) -> str:
    # PostgreSQL refuses the character, and with it the whole batch, for ever.
    return value.replace("\0", "")


__all__ = [
    "SCHEMA_VERSION", "event", "event_of", "forgotten", "metadata", "moment", "row_of", "schema",
    "turn", "turn_of",
]
