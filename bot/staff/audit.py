"""Who of the staff saw and changed what, and who signed in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.privacy import mask
from bot.staff.database import StaffDatabase, metadata
from bot.staff.times import DAY, text_in
from knowledge.store import read_yaml

LONGEST_TARGET, LONGEST_VALUE, LONGEST_DETAIL = 128, 200, 2000
"""Characters of what was acted on, of a text in the details, and of all details as JSON."""

MOST_AT_ONCE = 500
"""Entries of a page."""

COMMAND_LINE = "(yibao)"
"""Stands for the account where somebody acted on the machine itself; no account is called so."""

_FILE = Path(__file__).parents[1] / "data" / "audit.yml"

audit = sa.Table(
    "staff_audit", metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Text, nullable=False, index=True),
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
)


class Audit:
    """The audit log: added to, read, and in time forgotten; never changed.

    Args:
        database: of the staff.
    """

    def __init__(self, database: StaffDatabase) -> None:
        self._database = database

    async def note(self, account_id: str, action: str, target: str = "", **detail: Any) -> None:
        """Note what somebody did.

        Args:
            account_id: who.
            action: one of ``data/audit.yml``.
            target: what it was done to: a conversation, an account, a work order.
            detail: more about it, JSON; texts are masked and cut.

        Raises:
            KeyError: the action is not known.
            DatabaseDown: it was not noted; whatever it was must not be done then.
        """
        await self._database.run(
            lambda db: note_in(db, account_id, action, target, detail))

    async def page(
        self, before: int | None = None, account: str = "", limit: int = 100
    ) -> list[dict[str, Any]]:
        """Return entries, the newest first.

        Args:
            before: id of the entry that the page before ended with.
            account: only what this one did, or was done to it.
            limit: how many at most, up to :data:`MOST_AT_ONCE`.

        Returns:
            ``{"id", "at", "account", "action", "action_text", "target", "detail"}``.

        Raises:
            DatabaseDown: it cannot be read.
        """
        chosen = sa.select(audit).order_by(audit.c.id.desc()).limit(min(limit, MOST_AT_ONCE))
        if before is not None:
            chosen = chosen.where(audit.c.id < before)
        if account := _plain(account):
            chosen = chosen.where(sa.or_(audit.c.account == account, audit.c.target == account))
        rows = await self._database.run(lambda db: db.execute(chosen).mappings().all())
        return [{**row, "action_text": actions()[row["action"]]} for row in rows]

    async def expire(self, keep_days: int) -> int:
        """Delete entries older than so many days; return how many.

        Raises:
            DatabaseDown: none were deleted.
        """
        old = sa.delete(audit).where(audit.c.at < text_in(-keep_days * DAY))
        return int(await self._database.run(lambda db: db.execute(old).rowcount))


def note_in(
    db: Connection, account_id: str, action: str, target: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Note something in the transaction that does it: both are kept, or neither is.

    Raises:
        KeyError: the action is not known.
    """
    if action not in actions():
        raise KeyError(action)
    db.execute(sa.insert(audit).values(
        at=text_in(0), account=account_id, action=action, target=_plain(target)[:LONGEST_TARGET],
        detail=_bounded(detail or {})))


@lru_cache(maxsize=1)
def actions() -> Mapping[str, str]:
    """Return what can be noted: names in Chinese by action."""
    return read_yaml(_FILE)


def _plain(text: str) -> str:
    return text.replace("\0", "")  # PostgreSQL refuses the character


def _bounded(detail: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: mask(value).text[:LONGEST_VALUE] if isinstance(value, str) else value
            for name, value in detail.items()}
    return kept if len(json.dumps(kept)) <= LONGEST_DETAIL else {"left_out": sorted(kept)[:20]}


__all__ = [
    "COMMAND_LINE", "LONGEST_DETAIL", "LONGEST_TARGET", "LONGEST_VALUE", "MOST_AT_ONCE", "Audit",
    "actions", "note_in",
]
