"""A database by its SQLAlchemy address: SQLite in a file of its own, or PostgreSQL.

Everything blocks; the server calls it in a thread.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from bot.errors import SetupError, YibaoError

INSERT: Mapping[str, Callable[[sa.Table], Any]] = {
    "sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""Inserts that can be told what to do where a row is there already, by the dialect's name."""

_OPTIONS: Mapping[str, dict[str, Any]] = {
    "sqlite": {"timeout": 5, "check_same_thread": False},
    "postgresql": {"connect_timeout": 3, "options": "-c statement_timeout=60000",
                   "tcp_user_timeout": 10_000},
}


class DatabaseDown(YibaoError):
    """A database cannot be used right now; nothing was written."""


class SqlDatabase:
    """A database with our tables; connected to at its first use, not before.

    Args:
        url: SQLAlchemy address, ``sqlite:///…`` or ``postgresql://…``.
        tables: what it holds; made where they are missing.
        called: what staff call it.
        variable: the environment variable with its address.

    Raises:
        SetupError: the address is of neither kind.
    """

    def __init__(self, url: str, tables: sa.MetaData, called: str, variable: str) -> None:
        self._tables, self._called = tables, called
        try:
            self._url = make_url(url)
        except ArgumentError:
            self._url = None
        if self._url is None or self._url.get_backend_name() not in _OPTIONS:
            raise SetupError(
                f"{called}的地址（{variable}）应以 sqlite:/// 或 postgresql:// 开头")

    @property
    def name(self) -> str:
        """The address without its password."""
        return self._url.render_as_string(hide_password=True)

    @property
    def exists(self) -> bool:
        """Whether anything can have been written: False where the SQLite file is not there."""
        return self._file is None or self._file.is_file()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend a connection for one transaction.

        Raises:
            DatabaseDown: nothing was written.
        """
        with self.using() as engine, engine.begin() as db:
            yield db

    @contextmanager
    def using(self) -> Iterator[Engine]:
        """Lend the engine, its tables in place.

        Raises:
            DatabaseDown: it cannot be used.
        """
        try:
            yield self._ready
        except (SQLAlchemyError, OSError) as error:
            raise DatabaseDown(f"{self._called}用不了：{_reason(error)}") from error

    def clear_leftovers(self) -> None:
        """Take what was deleted out of SQLite's write-ahead file, too."""
        if self._file:
            with self.using() as engine, engine.connect() as db:
                db.execute(sa.text("pragma wal_checkpoint(truncate)"))

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def check(self, db: Connection) -> None:
        """Look at the tables once, in the transaction that made them; here nothing is looked at."""

    @cached_property
    def _ready(self) -> Engine:
        """The engine, once the tables are there."""
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.touch(0o600)
        with self._engine.begin() as db:
            self._tables.create_all(db)
            self.check(db)
        return self._engine

    @cached_property
    def _engine(self) -> Engine:
        engine = sa.create_engine(
            self._url, connect_args=_OPTIONS[self._url.get_backend_name()], pool_pre_ping=True,
            pool_size=2, poolclass=sa.pool.QueuePool, hide_parameters=True,
            json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")))
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _prepare_file)
            sa.event.listen(engine, "begin", _begin_writing)
        return engine

    @property
    def _file(self) -> Path | None:
        return Path(self._url.database or "") if self._url.get_backend_name() == "sqlite" else None


def _prepare_file(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says so
    for setting in ("journal_mode = wal", "synchronous = normal", "secure_delete = on",
                    "foreign_keys = on"):
        connection.execute(f"pragma {setting}")


def _begin_writing(db: Connection) -> None:
    db.exec_driver_sql("begin immediate")


def _reason(error: Exception) -> str:
    """Return an error's first line: the others may quote rows."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]


__all__ = ["INSERT", "DatabaseDown", "SqlDatabase"]
