"""The staff database; each module that keeps something in it adds its table to ``metadata``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ClauseElement

from bot.database import SqlDatabase

T = TypeVar("T")
Act = Callable[[Connection], T]
"""Reads and writes in one transaction; blocks."""

metadata = sa.MetaData()


class StaffDatabase(SqlDatabase):
    """The staff database.

    Args:
        url: SQLAlchemy address of SQLite or PostgreSQL.

    Raises:
        SetupError: the address is of neither kind.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, metadata, "工作人员数据库", "YIBAO_STAFF_DATABASE")

    async def run(self, act: Act[T]) -> T:
        """Do something in one transaction, in a thread; see :meth:`do`."""
        return await asyncio.get_running_loop().run_in_executor(None, partial(self.do, act))

    async def delete(self, table: sa.Table, which: ClauseElement) -> int:
        """Delete rows of a table, out of SQLite's write-ahead file, too; return how many.

        Where nothing was ever written there is nothing to delete, and nothing is made.

        Raises:
            DatabaseDown: they may be there still.
        """
        if not self.exists:
            return 0
        gone = int(await self.run(lambda db: db.execute(sa.delete(table).where(which)).rowcount))
        if gone:
            await asyncio.to_thread(self.clear_leftovers)
        return gone

    def do(self, act: Act[T]) -> T:
        """Do something in one transaction; whole or not at all.

        Raises:
            DatabaseDown: nothing was written.
        """
        with self.writing() as db:
            return act(db)


__all__ = ["Act", "StaffDatabase", "metadata"]
