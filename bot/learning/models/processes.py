"""Which model each process of this installation serves with, as they tell again and again."""

from __future__ import annotations

import os
import socket
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import INSERT
from bot.staff.database import StaffDatabase, metadata
from bot.staff.times import DAY, text_in

BEAT_SECONDS = 5.0
"""How often a process tells that it is there."""

SEEN_WITHIN = 4 * BEAT_SECONDS
"""Seconds without a sign after which a process is taken to be gone."""

model_process = sa.Table(
    "model_process", metadata,
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("since", sa.Text, nullable=False),
    sa.Column("seen", sa.Text, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
)
"""``since``: when the process began to serve with this version; ``problem``: why it does not
follow what is live, in Chinese, or ""."""


class ModelProcesses:
    """The processes of this installation, on all its machines.

    Args:
        database: of the staff.
    """

    def __init__(self, database: StaffDatabase) -> None:
        self._database = database

    async def beat(self, version: str, since: str, problem: str) -> None:
        """Tell what this process serves with; processes long gone are forgotten.

        Raises:
            DatabaseDown: it was not noted.
        """
        seen, host = text_in(0), socket.gethostname()
        told = {"host": host, "version": version, "since": since, "seen": seen, "problem": problem}

        def act(db: Connection) -> None:
            db.execute(sa.delete(model_process).where(model_process.c.seen < text_in(-DAY)))
            db.execute(INSERT[db.dialect.name](model_process).values(process=_own(), **told)
                       .on_conflict_do_update(index_elements=["process"], set_=told))

        await self._database.run(act)

    async def all(self) -> list[dict[str, Any]]:
        """Return the processes that are there.

        Returns:
            ``{"process", "host", "version", "since", "seen", "problem"}``, by name.

        Raises:
            DatabaseDown: it cannot be read.
        """
        chosen = (sa.select(model_process).order_by(model_process.c.process)
                  .where(model_process.c.seen >= text_in(-SEEN_WITHIN)))
        rows = await self._database.run(lambda db: db.execute(chosen).mappings().all())
        return [dict(row) for row in rows]

    async def leave(self) -> None:
        """Tell that this process ends.

        Raises:
            DatabaseDown: it was not noted.
        """
        await self._database.run(lambda db: db.execute(
            sa.delete(model_process).where(model_process.c.process == _own())))


def _own() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


__all__ = ["BEAT_SECONDS", "SEEN_WITHIN", "ModelProcesses", "model_process"]
