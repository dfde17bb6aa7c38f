"""Conversations on disk: what the bot knows of each, and what was said, masked.

One SQLite file under ``var/``, in write-ahead mode: a turn costs one small commit, and a killed
process loses nothing that was committed. The tracker is stored as its state, not as its history,
so that a turn costs the same at the hundredth message as at the first.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

_SCHEMA = """
create table if not exists state (
    conversation text primary key, state text not null, changed real not null);
create table if not exists message (
    conversation text not null, seq integer not null, at text not null, author text not null,
    text text not null, card text, client_id text, primary key (conversation, seq));
create unique index if not exists message_by_client on message (conversation, client_id)
    where client_id is not null;
"""


@dataclass(frozen=True)
class StoredMessage:
    """One message of a transcript; ``seq`` counts from 1 within the conversation."""

    seq: int
    at: str
    author: str
    text: str
    card: Any = None
    client_id: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the message as channels send it."""
        return dict(vars(self))


class Conversations:
    """The store of conversations.

    Args:
        path: the SQLite file; made with its folder where missing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.executescript(_SCHEMA)
        self._db.execute("pragma optimize")

    def state(self, conversation: str) -> dict[str, Any] | None:
        """Return the stored state of a conversation, or None where there is none."""
        row = self._db.execute(
            "select state from state where conversation = ?", (conversation,)).fetchone()
        return json.loads(row[0]) if row else None

    def keep_state(self, conversation: str, state: dict[str, Any]) -> None:
        """Store the state of a conversation."""
        self._db.execute(
            "insert into state values (?, ?, ?) on conflict (conversation) do update "
            "set state = excluded.state, changed = excluded.changed",
            (conversation, json.dumps(state, ensure_ascii=False), time.time()))

    def forget(self, conversation: str) -> None:
        """Delete everything that is kept of a conversation."""
        for table in ("state", "message"):
            self._db.execute(f"delete from {table} where conversation = ?", (conversation,))

    def conversations(self) -> Iterable[str]:
        """Return the ids of all conversations with a state."""
        return [row[0] for row in self._db.execute("select conversation from state")]

    def answered(self) -> Iterable[tuple[str, str]]:
        """Return (item, knowledge version) of every answer ever given about an item."""
        return self._db.execute(
            "select json_extract(card, '$.item'), json_extract(card, '$.knowledge_version') "
            "from message where json_extract(card, '$.type') = 'answer' "
            "and json_extract(card, '$.item') <> ''").fetchall()

    def exists(self, conversation: str) -> bool:
        """Tell whether anything was ever said in a conversation."""
        row = self._db.execute(
            "select 1 from message where conversation = ? limit 1", (conversation,)).fetchone()
        return row is not None

    def add(
        self, conversation: str, author: str, text: str, card: Any = None,
        client_id: str | None = None,
    ) -> StoredMessage:
        """Store a message and return it with its number.

        A ``client_id`` that was stored before gives the message stored then.
        """
        known = client_id and self._by_client(conversation, client_id)
        if known:
            return known
        at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        packed = json.dumps(card, ensure_ascii=False) if card is not None else None
        seq = self._db.execute(
            "insert into message select ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ? "
            "from message where conversation = ? returning seq",
            (conversation, at, author, text, packed, client_id, conversation)).fetchone()[0]
        return StoredMessage(seq, at, author, text, card, client_id)

    def since(self, conversation: str, seq: int) -> list[StoredMessage]:
        """Return the messages after number ``seq``, in order."""
        rows = self._db.execute(
            "select seq, at, author, text, card, client_id from message "
            "where conversation = ? and seq > ? order by seq", (conversation, seq))
        return [_message(row) for row in rows]

    def newest(self, conversation: str, count: int) -> list[StoredMessage]:
        """Return the last ``count`` messages, newest first."""
        rows = self._db.execute(
            "select seq, at, author, text, card, client_id from message "
            "where conversation = ? order by seq desc limit ?", (conversation, count))
        return [_message(row) for row in rows]

    def last(self, conversation: str) -> StoredMessage | None:
        """Return the last message of a conversation, or None."""
        return next(iter(self.newest(conversation, 1)), None)

    def _by_client(self, conversation: str, client_id: str) -> StoredMessage | None:
        row = self._db.execute(
            "select seq, at, author, text, card, client_id from message "
            "where conversation = ? and client_id = ?", (conversation, client_id)).fetchone()
        return _message(row) if row else None

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _message(row: tuple) -> StoredMessage:
    seq, at, author, text, card, client_id = row
    return StoredMessage(seq, at, author, text, json.loads(card) if card else None, client_id)


__all__ = ["Conversations", "StoredMessage"]
