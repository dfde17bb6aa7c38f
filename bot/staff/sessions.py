"""Sessions of staff: who is signed in, by a random token of which only the digest is kept.

Every look at a session reads the account as it is now. A change of account, role or password
deletes its sessions (:func:`bot.staff.rows.change`), so that they end at once on every process.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.errors import BadInput
from bot.staff.database import StaffDatabase
from bot.staff.rows import Account, account, account_of, find, session
from bot.staff.times import text_in
from bot.wording import say

IDLE, LONGEST = 2 * 3600.0, 12 * 3600.0
"""Seconds without a sign of its owner after which a session ends, and that it lasts at most."""

NOTED_EVERY = 60.0
"""Seconds of use that go by before it is noted again."""

MOST_PER_ACCOUNT = 5
"""Sessions of one account; a further one ends the one that was used least lately."""

_BYTES = 32


@dataclass(frozen=True, repr=False)
class SessionSecrets:
    """What a browser is given when somebody signs in; kept nowhere else.

    Args:
        token: for the cookie.
        csrf: for the header of requests that change something.
    """

    token: str
    csrf: str


@dataclass(frozen=True)
class Session:
    """A session that holds now.

    Args:
        account: whose it is, as it is now.
        csrf: what requests that change something have to state; never in a log.
        expires: when it ends at the latest, epoch seconds.
        key: names it among all, for :meth:`Sessions.holding`; of no use to sign in.
    """

    account: Account
    csrf: str
    expires: float
    key: str

    def __repr__(self) -> str:
        return f"Session({self.account.id})"


class Sessions:
    """The sessions of all processes and machines.

    Args:
        database: of the staff.
    """

    def __init__(self, database: StaffDatabase) -> None:
        self._run = database.run

    async def begin(self, account_id: str) -> SessionSecrets:
        """Begin a session.

        Raises:
            BadInput: 401; the account is not active any more.
            DatabaseDown: none was begun.
        """
        token = secrets.token_urlsafe(_BYTES)
        row = {"token_sha256": _digest(token), "account": account_id, "began_at": text_in(0),
               "seen_at": text_in(0)}

        def act(db: Connection) -> None:
            known = find(db, account_id)
            if not known or not known["active"]:
                raise BadInput(say("sign_in_refused"), status=401)
            _make_room(db, account_id)
            db.execute(sa.insert(session).values(row))

        await self._run(act)
        return SessionSecrets(token, _csrf(token))

    async def find(self, token: str) -> Session | None:
        """Return the session of a token, and note that it is used; None where it does not hold.

        Raises:
            DatabaseDown: it cannot be told.
        """
        row = await self._run(lambda db: _used(db, _digest(token))) if token else None
        return _session(row, _csrf(token)) if row else None

    async def use(self, known: Session, by_hand: bool = True) -> Session:
        """Return a session as it is now: before every act of a WebSocket.

        Args:
            known: the session.
            by_hand: whether somebody does something, so that the session is used; not where a
                page says something by itself.

        Raises:
            BadInput: 401; it does not hold any more.
            DatabaseDown: it cannot be told.
        """
        row = await self._run(lambda db: _used(db, known.key, by_hand))
        if not row:
            raise BadInput(say("signed_out"), status=401)
        return _session(row, known.csrf)

    async def holding(self, keys: Collection[str]) -> set[str]:
        """Return which of the sessions with these keys hold; no sign that anybody uses them.

        Raises:
            DatabaseDown: it cannot be told.
        """
        chosen = sa.select(session.c.token_sha256).select_from(_both()).where(
            session.c.token_sha256.in_(sorted(keys)), *_holds())
        return set(await self._run(lambda db: db.execute(chosen).scalars().all()))

    async def end(self, token: str) -> None:
        """End the session of a token, if there is one."""
        gone = sa.delete(session).where(session.c.token_sha256 == _digest(token))
        await self._run(lambda db: db.execute(gone))

    async def expire(self) -> int:
        """Delete sessions that hold no more; return how many."""
        old = sa.delete(session).where(sa.or_(
            session.c.seen_at < text_in(-IDLE), session.c.began_at < text_in(-LONGEST)))
        return int(await self._run(lambda db: db.execute(old).rowcount))


def _used(db: Connection, key: str, by_hand: bool = True) -> Mapping[str, Any] | None:
    """Return session and account of a key in one row, and note the use; None if it is over."""
    chosen = sa.select(account, session).select_from(_both()).where(
        session.c.token_sha256 == key, *_holds())
    row = db.execute(chosen).mappings().first()
    if row and by_hand and row["seen_at"] < text_in(-NOTED_EVERY):
        db.execute(sa.update(session).where(session.c.token_sha256 == key)
                   .values(seen_at=text_in(0)))
    return dict(row) if row else None


def _both() -> sa.sql.Join:
    return session.join(account, session.c.account == account.c.id)


def _holds() -> tuple[Any, ...]:
    return (account.c.active, session.c.seen_at >= text_in(-IDLE),
            session.c.began_at >= text_in(-LONGEST))


def _session(row: Mapping[str, Any], csrf: str) -> Session:
    expires = datetime.fromisoformat(row["began_at"]).timestamp() + LONGEST
    return Session(account_of(row), csrf, expires, row["token_sha256"])


def _make_room(db: Connection, account_id: str) -> None:
    latest = (sa.select(session.c.token_sha256).where(session.c.account == account_id)
              .order_by(session.c.seen_at.desc()).limit(MOST_PER_ACCOUNT - 1))
    kept = db.execute(latest).scalars().all()
    db.execute(sa.delete(session).where(
        session.c.account == account_id, session.c.token_sha256.not_in(kept)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _csrf(token: str) -> str:
    """Return what belongs to a token and does not tell it: nothing more has to be kept."""
    return hmac.new(token.encode(errors="replace"), b"csrf", hashlib.sha256).hexdigest()


__all__ = [
    "IDLE", "LONGEST", "MOST_PER_ACCOUNT", "NOTED_EVERY", "Session", "SessionSecrets", "Sessions",
]
