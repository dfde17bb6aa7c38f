"""Lock-out: after some failures in a row nobody signs in under a name for a while.

A name that no account has is locked just the same, so that being locked tells nothing. Names are
kept as ones that cannot be turned back: somebody may have typed a password there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import INSERT
from bot.errors import BadInput
from bot.secrets import keyed_name
from bot.staff.database import metadata
from bot.staff.times import DAY, seconds_until, text_in
from bot.wording import say

MOST_FAILURES = 5
"""Failures in a row before a name is locked."""

FIRST_LOCK, LONGEST_LOCK = 15 * 60.0, 4 * 3600.0
"""Seconds that the first lock takes, each further one twice as long, and the longest: somebody
who knows the numbers of agents must not be able to shut them out for days."""

FORGOTTEN_AFTER = DAY
"""Seconds without an attempt after which earlier failures count no more."""

attempt = sa.Table(
    "staff_attempt", metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False, index=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locks", sa.Integer, nullable=False),
    sa.Column("locked_until", sa.Text, nullable=False),
)


class Attempts:
    """The attempts to sign in, by name; acts within transactions of others.

    Args:
        key: :func:`bot.secrets.installation_key`; the same on all machines.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def begin(self, db: Connection, account: str) -> None:
        """Count an attempt as failed before it is known: of many at once few are tried.

        Raises:
            BadInput: 429; the name is locked, and it was not counted.
        """
        name = self._name(account)
        fresh = {"name": name, "at": text_in(0), "failures": 0, "locks": 0, "locked_until": ""}
        db.execute(INSERT[db.dialect.name](attempt).on_conflict_do_nothing(), fresh)
        chosen = sa.select(attempt).where(attempt.c.name == name).with_for_update()
        row = db.execute(chosen).mappings().one()
        if row["locked_until"] > text_in(0):
            _refuse(row["locked_until"])
        kept = fresh if row["at"] < text_in(-FORGOTTEN_AFTER) else row
        db.execute(sa.update(attempt).where(attempt.c.name == name).values(
            at=text_in(0), **_one_more(kept)))

    def fail(self, db: Connection, account: str) -> None:
        """Note when an attempt failed; counted it is already."""
        db.execute(sa.update(attempt).where(attempt.c.name == self._name(account))
                   .values(at=text_in(0)))

    def clear(self, db: Connection, account: str) -> None:
        """Forget the failures of a name: it signed in, or was unlocked."""
        db.execute(sa.delete(attempt).where(attempt.c.name == self._name(account)))

    def locked(self, db: Connection, accounts: Iterable[str]) -> set[str]:
        """Return which of some names are locked."""
        names = {self._name(account): account for account in accounts}
        chosen = sa.select(attempt.c.name).where(attempt.c.locked_until > text_in(0))
        return {names[name] for name in db.execute(chosen).scalars() if name in names}

    def expire(self, db: Connection) -> int:
        """Forget names that nobody has tried for a day; return how many."""
        old = sa.delete(attempt).where(attempt.c.at < text_in(-FORGOTTEN_AFTER))
        return int(db.execute(old).rowcount)

    def _name(self, account: str) -> str:
        return keyed_name(self._key, "sign-in", account)


def _one_more(row: Mapping[str, Any]) -> dict[str, Any]:
    if row["failures"] + 1 < MOST_FAILURES:
        return {"failures": row["failures"] + 1, "locks": row["locks"], "locked_until": ""}
    seconds = min(FIRST_LOCK * 2 ** min(row["locks"], 10), LONGEST_LOCK)
    return {"failures": 0, "locks": row["locks"] + 1, "locked_until": text_in(seconds)}


def _refuse(until: str) -> NoReturn:
    minutes = max(1, math.ceil(seconds_until(until) / 60))
    raise BadInput(say("sign_in_locked", minutes=minutes), status=429)


__all__ = [
    "FIRST_LOCK", "FORGOTTEN_AFTER", "LONGEST_LOCK", "MOST_FAILURES", "Attempts", "attempt",
]
