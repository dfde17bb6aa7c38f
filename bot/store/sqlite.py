"""The store in one SQLite file, for one process.

Write-ahead mode: a turn is one small commit, and a killed process loses nothing that was committed.
"""

from __future__ import annotations

import json
import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from typing import Any

from bot.store import Change, Conflict, Delivery, Record, StoredMessage
from bot.store.locks import LocalLocks

_SCHEMA = """
create table if not exists conversation (
    id text primary key, revision integer not null, data text not null, changed real not null,
    waiting_since real, wake_at real, agent text not null default '');
create index if not exists conversation_waiting on conversation (waiting_since)
    where waiting_since is not null;
create index if not exists conversation_wake on conversation (wake_at) where wake_at is not null;
create index if not exists conversation_held on conversation (id) where agent != '';
create index if not exists conversation_changed on conversation (changed);
create table if not exists message (
    conversation text not null, seq integer not null, at text not null, author text not null,
    text text not null, card text, client_id text, reply_to integer,
    primary key (conversation, seq));
create unique index if not exists message_by_client on message (conversation, client_id)
    where client_id is not null;
create table if not exists delivery (
    id integer primary key autoincrement, conversation text not null, body text not null,
    attempts integer not null default 0, due real not null default 0);
create index if not exists delivery_by_conversation on delivery (conversation);
create table if not exists seen (key text primary key, until real not null);
"""
_MESSAGE = "seq, at, author, text, card, client_id, reply_to"
_OF_A_CONVERSATION = ("message", "delivery")


class SqliteStore:
    """See :class:`bot.store.Store`.

    Args:
        path: the SQLite file; made with its folder where missing, brought up to date where it is
            one of an earlier version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)  # what SQLite makes beside it gets the same rights
        self._locks = LocalLocks()
        self._db = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.execute("pragma busy_timeout = 5000")
        self._db.execute("pragma secure_delete = on")
        _bring_up_to_date(self._db)
        self._db.executescript(_SCHEMA)

    async def close(self) -> None:
        """Close the file."""
        self._db.close()

    def lock(self, conversation: str) -> AbstractAsyncContextManager[None]:
        """Hold a conversation within this process."""
        return self._locks.hold(conversation)

    async def load(self, conversation: str) -> Record:
        """Return the record of a conversation."""
        row = self._db.execute(
            "select revision, data, (select coalesce(max(seq), 0) from message "
            "where conversation = c.id) from conversation c where id = ?",
            (conversation,)).fetchone()
        return Record(row[0], json.loads(row[1]), row[2]) if row else Record()

    async def commit(self, conversation: str, change: Change) -> None:
        """Write a change in one transaction."""
        try:
            with self._transaction():
                self._keep_record(conversation, change)
                self._db.executemany(
                    f"insert into message (conversation, {_MESSAGE}) "
                    "values (?, ?, ?, ?, ?, ?, ?, ?)",
                    [(conversation, *_row(message)) for message in change.messages])
                self._db.executemany(
                    "insert into delivery (conversation, body) values (?, ?)",
                    [(conversation, _packed(body)) for body in change.deliveries])
        except sqlite3.IntegrityError as error:  # a number or a client id is there already
            raise Conflict(conversation) from error

    def _keep_record(self, conversation: str, change: Change) -> None:
        new = (change.revision + 1, _packed(change.data), time.time(), change.waiting_since,
               change.wake_at, change.agent)
        if change.revision:
            done = self._db.execute(
                "update conversation set revision = ?, data = ?, changed = ?, waiting_since = ?, "
                "wake_at = ?, agent = ? where id = ? and revision = ?",
                (*new, conversation, change.revision))
        else:
            done = self._db.execute(
                "insert or ignore into conversation values (?, ?, ?, ?, ?, ?, ?)",
                (conversation, *new))
        if not done.rowcount:
            raise Conflict(conversation)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    async def since(self, conversation: str, seq: int) -> list[StoredMessage]:
        """Return the messages after number ``seq``, in order."""
        return self._messages("conversation = ? and seq > ? order by seq", conversation, seq)

    async def newest(self, conversation: str, count: int) -> list[StoredMessage]:
        """Return the last ``count`` messages, newest first."""
        return self._messages("conversation = ? order by seq desc limit ?", conversation, count)

    async def exchange(self, conversation: str, client_id: str) -> list[StoredMessage]:
        """Return the message stored with ``client_id`` and those that answer it."""
        asked = self._messages("conversation = ? and client_id = ?", conversation, client_id)
        return [m for first in asked for m in (first, *self._messages(
            "conversation = ? and reply_to = ? order by seq", conversation, first.seq))]

    def _messages(self, condition: str, *values: Any) -> list[StoredMessage]:
        rows = self._db.execute(f"select {_MESSAGE} from message where {condition}", values)
        return [_message(row) for row in rows]

    async def forget(self, conversation: str) -> None:
        """Delete everything that is kept of a conversation, from the file too."""
        with self._transaction():
            self._delete([conversation])
        self._empty_log()

    async def expire(self, before: float) -> int:
        """Delete conversations last changed before a time, and what was seen long ago."""
        with self._transaction():
            rows = self._db.execute("select id from conversation where changed < ?", (before,))
            old = [row[0] for row in rows]
            self._delete(old)
            self._db.execute("delete from seen where until < ?", (time.time(),))
        self._empty_log()
        return len(old)

    def _empty_log(self) -> None:
        """Move the write-ahead log into the file: what was deleted stood in it too."""
        self._db.execute("pragma wal_checkpoint(truncate)")

    def _delete(self, conversations: list[str]) -> None:
        ids = [(conversation,) for conversation in conversations]
        self._db.executemany("delete from conversation where id = ?", ids)
        for table in _OF_A_CONVERSATION:
            self._db.executemany(f"delete from {table} where conversation = ?", ids)

    async def waiting(self) -> list[str]:
        """Return the conversations that wait for a person, the longest waiting first."""
        rows = self._db.execute("select id from conversation where waiting_since is not null "
                                "order by waiting_since, id")
        return [row[0] for row in rows]

    async def held(self) -> list[tuple[str, str]]:
        """Return the conversations that a person has, with who has them."""
        return self._db.execute(
            "select id, agent from conversation where agent != '' order by id").fetchall()

    async def recent(self, count: int, before: float | None = None) -> list[tuple[str, float]]:
        """Return the conversations last changed, newest first."""
        return self._db.execute(
            "select id, changed from conversation where changed < ? "
            "order by changed desc, id desc limit ?",
            (math.inf if before is None else before, count)).fetchall()

    async def woken(self, now: float, lease: float) -> list[str]:
        """Return conversations whose time has come."""
        with self._transaction():
            rows = self._db.execute("update conversation set wake_at = ? where wake_at <= ? "
                                    "returning id", (now + lease, now)).fetchall()
        return [row[0] for row in rows]

    async def claim(self, now: float, lease: float, limit: int) -> list[Delivery]:
        """Return due deliveries, the first of each conversation."""
        with self._transaction():
            rows = self._db.execute(
                "update delivery set due = ?, attempts = attempts + 1 where id in ("
                "select id from (select min(id) as id, due from delivery group by conversation) "
                "where due <= ? order by due limit ?) returning conversation, id, body, attempts",
                (now + lease, now, limit)).fetchall()
        return [Delivery(row[0], row[1], json.loads(row[2]), row[3]) for row in rows]

    async def undelivered(self) -> int:
        """Return how many conversations have deliveries that have not arrived."""
        counted = self._db.execute("select count(distinct conversation) from delivery").fetchone()
        return int(counted[0])

    async def delivered(self, delivery: Delivery) -> None:
        """Drop a delivery that has arrived."""
        self._db.execute("delete from delivery where id = ?", (delivery.id,))

    async def postpone(self, delivery: Delivery, until: float) -> None:
        """Let a delivery wait until a time."""
        self._db.execute("update delivery set due = ? where id = ?", (until, delivery.id))

    async def once(self, key: str, seconds: float) -> bool:
        """Tell whether ``key`` is seen for the first time within ``seconds``."""
        now = time.time()
        done = self._db.execute(
            "insert into seen values (?, ?) on conflict (key) do update set until = excluded.until "
            "where until < ?", (key, now + seconds, now))
        return bool(done.rowcount)


def _bring_up_to_date(db: sqlite3.Connection) -> None:
    """Turn the tables of earlier versions into those of this one.

    Those of 0.4 and before had states and messages apart; up to 0.6 it was not listed which
    conversations a person has.
    """
    tables = {row[0] for row in db.execute("select name from sqlite_master where type = 'table'")}
    if "state" in tables:
        _take_over_states(db)
    columns = {row[1] for row in db.execute("pragma table_info (conversation)")}
    if columns and "agent" not in columns:
        db.executescript("""
            begin;
            alter table conversation add column agent text not null default '';
            update conversation set agent = coalesce(json_extract(data, '$.agent'), '');
            commit;""")


def _take_over_states(db: sqlite3.Connection) -> None:
    db.executescript(_SCHEMA.split(";")[0] + """;
        begin;
        insert or ignore into conversation
            select conversation, 1, state, changed, null, null, '' from state;
        insert or ignore into conversation
            select conversation, 1, '{}', unixepoch(max(at)), null, null, '' from message
            group by 1;
        alter table message add column reply_to integer;
        drop table state;
        commit;""")


def _row(message: StoredMessage) -> tuple[Any, ...]:
    card = _packed(message.card) if message.card is not None else None
    return (message.seq, message.at, message.author, message.text, card, message.client_id,
            message.reply_to)


def _message(row: tuple[Any, ...]) -> StoredMessage:
    seq, at, author, text, card, client_id, reply_to = row
    return StoredMessage(seq, at, author, text, json.loads(card) if card else None, client_id,
                         reply_to)


def _packed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


__all__ = ["SqliteStore"]
