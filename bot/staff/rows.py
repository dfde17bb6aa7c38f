"""The tables of accounts and sessions, and what is done to them within transactions of others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.errors import BadInput
from bot.staff.database import metadata
from bot.staff.roles import Role
from bot.wording import say

SHORTEST_ID, LONGEST_ID = 2, 32
"""Characters of the id of an account."""

_ID = re.compile(r"[A-Za-z0-9_-]+")

account = sa.Table(
    "staff_account", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("added_at", sa.Text, nullable=False),
)
"""``password``: its argon2 hash."""

session = sa.Table(
    "staff_session", metadata,
    sa.Column("token_sha256", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("began_at", sa.Text, nullable=False),
    sa.Column("seen_at", sa.Text, nullable=False),
)


@dataclass(frozen=True)
class Account:
    """An account as it is now.

    Args:
        id: 工号, never personal data.
        role: what its owner is.
        active: whether it can be signed in to.
        must_change: whether its owner has to choose a password first, as somebody else knows it.
        locked: whether it is locked after failures; told by lists only.
    """

    id: str
    role: Role
    active: bool
    must_change: bool
    locked: bool = False

    def may(self, permission: str) -> bool:
        """Tell whether its owner has a permission."""
        return self.active and permission in self.role.may


def account_of(row: Mapping[str, Any], locked: bool = False) -> Account:
    """Return the account that a row holds."""
    return Account(row["id"], Role(row["role"]), bool(row["active"]), bool(row["must_change"]),
                   locked)


def is_id(text: str) -> bool:
    """Tell whether a text could be the id of an account."""
    return bool(_ID.fullmatch(text)) and SHORTEST_ID <= len(text) <= LONGEST_ID


def find(db: Connection, id: str) -> Mapping[str, Any] | None:
    """Return the row of an account, or None; ``id`` may be any text."""
    if not is_id(id):
        return None
    found = db.execute(sa.select(account).where(account.c.id == id)).mappings().first()
    return dict(found) if found else None


def found(db: Connection, id: str) -> Mapping[str, Any]:
    """Return the row of an account.

    Raises:
        BadInput: 404; there is none.
    """
    row = find(db, id)
    if row is None:
        raise BadInput(say("no_account"), "id", 404)
    return row


def change(db: Connection, id: str, **values: Any) -> None:
    """Change an account, and end its sessions."""
    db.execute(sa.update(account).where(account.c.id == id).values(**values))
    db.execute(sa.delete(session).where(session.c.account == id))


def keep_an_administrator(db: Connection, id: str) -> None:
    """See to it that somebody is left who can add accounts, if this one can no more.

    Raises:
        BadInput: 409; it is the last active administrator.
    """
    # Of two who take each other's right away at once, the second waits here for the first.
    left = db.execute(
        sa.select(account.c.id).order_by(account.c.id).with_for_update()
        .where(account.c.role == Role.ADMIN.value, account.c.active)).scalars().all()
    if left == [id]:
        raise BadInput(say("last_administrator"), "id", 409)


__all__ = [
    "LONGEST_ID", "SHORTEST_ID", "Account", "account", "account_of", "change", "find", "found",
    "is_id", "keep_an_administrator", "session",
]
