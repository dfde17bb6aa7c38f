"""The log database: SQLite or PostgreSQL, by its SQLAlchemy address.

Everything blocks; the server calls it in a thread (:mod:`bot.journal.shipping`).
"""

from __future__ import annotations

import hashlib
import heapq
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import INSERT, DatabaseDown, SqlDatabase
from bot.errors import SetupError
from bot.journal.tables import (
    SCHEMA_VERSION,
    event,
    event_of,
    forgotten,
    metadata,
    moment,
    row_of,
    schema,
    turn,
    turn_of,
)

_log = logging.getLogger(__name__)
_LISTS = frozenset({"applies", "conditional", "not_applicable"})
"""The outcomes in which an item's lines were given."""


class Database(SqlDatabase):
    """The log database; connected to at its first use, not before.

    Args:
        url: SQLAlchemy address, ``sqlite:///…`` or ``postgresql://…``.

    Raises:
        SetupError: the address is of neither kind.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, metadata, "对话记录数据库", "YIBAO_LOG_DATABASE")

    def add(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Write entries in one transaction; of those with one id the newest, then the last, counts.

        Entries of a conversation that was forgotten after them are dropped, and so is, with a
        warning, what is no entry.

        Raises:
            DatabaseDown: nothing was written.
        """
        rows = [row for row in map(_row, entries) if row]
        with self.writing() as db:
            if db.dialect.name == "postgresql":
                # A deletion waits for us, or we for it: no row slips in behind its back.
                db.execute(sa.text("lock table forgotten in share mode"))
            rows = _not_forgotten(db, rows)
            turns = {row["id"]: row for row in rows if "seq" in row}
            events = {row["id"]: row for row in rows if "type" in row}
            _upsert(db, turn, turns.values())
            _upsert(db, event, events.values())
            rated = {row["turn"] for row in events.values() if row["type"] == "rated"}
            _set_feedback(db, {*turns, *filter(None, rated)})

    def forget(self, conversation: str, at: datetime) -> int:
        """Delete a conversation, and what of it up to ``at`` is still to arrive.

        Returns:
            How many turns and events were deleted.

        Raises:
            DatabaseDown: nothing was deleted.
        """
        known = {"conversation_sha256": _digest(conversation), "at": moment(at)}
        with self.writing() as db:
            _upsert(db, forgotten, [known])
            gone = sum(db.execute(sa.delete(table).where(
                table.c.conversation == conversation)).rowcount for table in (turn, event))
        self.clear_leftovers()
        return gone

    def expire(self, before: datetime) -> int:
        """Delete what is older than a time; return how many turns and events."""
        with self.writing() as db:
            gone = [db.execute(sa.delete(table).where(table.c.at < moment(before))).rowcount
                    for table in (forgotten, turn, event)]  # in the order in which `add` locks
        if any(gone):
            self.clear_leftovers()
        return sum(gone[1:])

    def entries(
        self, conversation: str = "", since: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield turns and events by time; of one conversation, or since a time, or all.

        Raises:
            DatabaseDown: while they are read.
        """
        with self.using() as engine, engine.connect() as turns, engine.connect() as events:
            found = (_rows(turns, turn, turn_of, conversation, since),
                     _rows(events, event, event_of, conversation, since))
            yield from heapq.merge(*found, key=lambda entry: entry["at"])

    def events(
        self, kinds: Iterable[str], since: datetime, until: datetime
    ) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
        """Yield (conversation, time, type, data) of events of some types by time.

        Args:
            kinds: the types.
            since, until: the end is not included.

        Raises:
            DatabaseDown: while they are read.
        """
        columns = (event.c.conversation, event.c.at, event.c.type, event.c.data)
        chosen = sa.select(*columns).where(
            event.c.at >= moment(since), event.c.at < moment(until),
            event.c.type.in_(sorted(kinds))).order_by(event.c.at, event.c.id)
        with self.using() as engine, engine.connect() as db:
            yield from map(tuple, db.execution_options(stream_results=True).execute(chosen))

    def state(self, since: datetime) -> tuple[Any, ...]:
        """Return what differs once something since a time was added, changed or deleted."""
        latest = [sa.select(sa.func.count(), sa.func.max(table.c.at)).select_from(table).where(
            table.c.at >= moment(since)) for table in (turn, event)]
        with self.using() as engine, engine.connect() as db:
            return tuple(value for chosen in latest for value in db.execute(chosen).one())

    def answered(self, region: str) -> list[tuple[str, str]]:
        """Return (name of the item, knowledge version) of every answer given by a guide."""
        item = turn.c.more[("outcome", "item")].as_string()
        chosen = sa.select(item, turn.c.knowledge_version).where(
            turn.c.region == region, turn.c.status.in_(_LISTS), item != "")
        with self.using() as engine, engine.connect() as db:
            return [(row[0], row[1]) for row in db.execute(chosen)]

    def check(self, db: Connection) -> None:
        """Refuse tables of a newer version.

        Raises:
            SetupError: they are.
        """
        found = db.execute(sa.select(sa.func.max(schema.c.version))).scalar()
        if found is None:
            _upsert(db, schema, [{"version": SCHEMA_VERSION}])
        elif found > SCHEMA_VERSION:
            raise SetupError(f"对话记录数据库是更新的版本建立的（{found}），请先升级本程序")


def _row(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        return row_of(entry)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        _log.warning("what is no entry is left out of the log: %s", type(error).__name__)
        return None


def _upsert(db: Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows; one that is there already gives way unless it is newer."""
    rows = list(rows)
    if not rows:
        return
    insert = INSERT[db.dialect.name](table)
    key = next(iter(table.primary_key.columns))
    changed = {name: insert.excluded[name] for name in rows[0] if name != key.name}
    clause = (insert.on_conflict_do_update(
        index_elements=[key], set_=changed, where=table.c.at <= insert.excluded.at)
        if changed else insert.on_conflict_do_nothing())
    db.execute(clause, rows)


def _not_forgotten(db: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    digests = {row["conversation"]: _digest(row["conversation"]) for row in rows}
    found = db.execute(sa.select(forgotten).where(
        forgotten.c.conversation_sha256.in_(set(digests.values()))))
    until = {row[0]: row[1] for row in found}
    return [row for row in rows if row["at"] > until.get(digests[row["conversation"]], "")]


def _set_feedback(db: Connection, turns: set[str]) -> None:
    """Give turns the last rating of them, whichever of the two arrived first."""
    last = (sa.select(event.c.data["rating"].as_string())
            .where(event.c.turn == turn.c.id, event.c.type == "rated")
            .order_by(event.c.at.desc()).limit(1).scalar_subquery())
    db.execute(sa.update(turn).where(turn.c.id.in_(turns)).values(feedback=last))


def _rows(
    db: Connection, table: sa.Table, entry_of: Any, conversation: str, since: datetime | None
) -> Iterator[dict[str, Any]]:
    chosen = sa.select(table).order_by(table.c.at, *([turn.c.seq] if table is turn else []))
    if conversation:
        chosen = chosen.where(table.c.conversation == conversation)
    if since:
        chosen = chosen.where(table.c.at >= moment(since))
    for row in db.execution_options(stream_results=True).execute(chosen).mappings():
        yield entry_of(row)


def _digest(conversation: str) -> str:
    return hashlib.sha256(conversation.encode("utf-8", "replace")).hexdigest()


__all__ = ["Database", "DatabaseDown"]
