"""Who of the staff is there, as their open pages tell again and again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import INSERT
from bot.errors import BadInput
from bot.staff.database import StaffDatabase, metadata
from bot.staff.times import text_in
from bot.wording import say

STATUSES = ("online", "busy", "away")

SEEN_WITHIN = 45.0
"""Seconds without a sign of somebody's page after which they are absent."""

presence = sa.Table(
    "staff_presence", metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("seen_at", sa.Text, nullable=False),
)


class Presence:
    """Who is there, over all processes and machines.

    Args:
        database: of the staff.
    """

    def __init__(self, database: StaffDatabase) -> None:
        self._database = database

    async def set(self, account_id: str, status: str) -> None:
        """Note what somebody says of themselves, and that they are there.

        Raises:
            BadInput: ``status`` is not one of :data:`STATUSES`.
            DatabaseDown: it was not noted.
        """
        if status not in STATUSES:
            raise BadInput(say("bad_frame"), "status")
        await self._note(account_id, status, {"status": status})

    async def beat(self, account_id: str) -> None:
        """Note that somebody is there still; online where nothing was said before.

        Raises:
            DatabaseDown: it was not noted.
        """
        await self._note(account_id, "online", {})

    async def all(self, within: float = SEEN_WITHIN) -> dict[str, str]:
        """Return the status of everybody who is there, by account.

        Args:
            within: seconds since a page of theirs was last heard of.

        Raises:
            DatabaseDown: it cannot be read.
        """
        chosen = sa.select(presence).where(presence.c.seen_at >= text_in(-within))
        rows = await self._database.run(lambda db: db.execute(chosen).mappings().all())
        return {row["account"]: row["status"] for row in rows}

    async def _note(self, account_id: str, status: str, changed: dict[str, Any]) -> None:
        at = text_in(0)
        row = {"account": account_id, "status": status, "seen_at": at}

        def act(db: Connection) -> None:
            db.execute(INSERT[db.dialect.name](presence).values(row).on_conflict_do_update(
                index_elements=["account"], set_={"seen_at": at, **changed}))

        await self._database.run(act)


def leave_in(db: Connection, account_id: str) -> None:
    """Let somebody be absent at once, within a transaction of others."""
    db.execute(sa.delete(presence).where(presence.c.account == account_id))


__all__ = ["SEEN_WITHIN", "STATUSES", "Presence", "leave_in"]
