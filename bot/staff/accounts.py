"""Accounts of staff: who may sign in, with what role, and how they prove it.

What changes an account notes it in the audit log and ends its sessions in the same transaction, so
that no process goes on letting in whoever has lost a right.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot import metrics
from bot.errors import BadInput
from bot.privacy import mask
from bot.staff.attempts import Attempts
from bot.staff.audit import note_in
from bot.staff.database import StaffDatabase
from bot.staff.passwords import Passwords
from bot.staff.presence import leave_in
from bot.staff.roles import Role
from bot.staff.rows import (
    LONGEST_ID,
    SHORTEST_ID,
    Account,
    account,
    account_of,
    change,
    find,
    found,
    is_id,
    keep_an_administrator,
)
from bot.staff.times import text_in
from bot.wording import say


class Accounts:
    """The accounts. ``by`` is always the id of who does it, for the audit log.

    Args:
        database: of the staff.
        key: :func:`bot.secrets.installation_key`.
        passwords: hashes and verifies.
    """

    def __init__(
        self, database: StaffDatabase, key: bytes, passwords: Passwords | None = None
    ) -> None:
        self._run, self._attempts = database.run, Attempts(key)
        self._passwords = passwords or Passwords()

    async def add(self, id: str, role: Role, password: str, by: str) -> Account:
        """Add an account; unless ``by`` itself, its owner has to choose another password.

        Raises:
            BadInput: 422, the id or the password is not accepted; 409, there is one of this id,
                capitals or not.
            DatabaseDown: nothing was added.
        """
        _check_id(id)
        values = {"id": id, "role": role.value, "active": True, "added_at": text_in(0),
                  **await self._new_password(id, password, by)}

        def act(db: Connection) -> Account:
            alike = sa.select(account.c.id).where(sa.func.lower(account.c.id) == id.lower())
            if db.execute(alike).first():
                raise BadInput(say("account_exists", id=id), "id", 409)
            db.execute(sa.insert(account).values(values))
            note_in(db, by, "account_added", id, {"role": role.value})
            return account_of(values)

        return await self._run(act)

    async def get(self, id: str) -> Account | None:
        """Return an account, or None."""
        row = await self._run(lambda db: find(db, id))
        return account_of(row) if row else None

    async def all(self) -> list[Account]:
        """Return every account by id, those that cannot be signed in to as well."""
        def act(db: Connection) -> list[Account]:
            rows = db.execute(sa.select(account).order_by(account.c.id)).mappings().all()
            locked = self._attempts.locked(db, [row["id"] for row in rows])
            return [account_of(row, row["id"] in locked) for row in rows]

        return await self._run(act)

    async def set_role(self, id: str, role: Role, by: str) -> None:
        """Give an account another role, and end its sessions.

        Raises:
            BadInput: 404, there is none; 409, it is the last administrator.
        """
        def act(db: Connection) -> None:
            row = found(db, id)
            if row["role"] == role.value:
                return
            keep_an_administrator(db, id)
            change(db, id, role=role.value)
            leave_in(db, id)
            note_in(db, by, "role_changed", id, {"from": row["role"], "to": role.value})

        await self._run(act)

    async def set_password(self, id: str, password: str, by: str) -> None:
        """Give somebody a password that they have to change, and end their sessions.

        Raises:
            BadInput: 404, there is no such account; 409, it is one's own, see
                :meth:`change_password`; 422, the password is not accepted.
        """
        if by == id:
            raise BadInput(say("own_password"), "id", 409)
        changed = await self._new_password(id, password, by)

        def act(db: Connection) -> None:
            found(db, id)
            change(db, id, **changed)
            self._attempts.clear(db, id)
            note_in(db, by, "password_set", id)

        await self._run(act)

    async def change_password(self, id: str, old: str, new: str) -> None:
        """Change one's own password; ends all one's sessions.

        Raises:
            BadInput: 403, ``old`` is not the password (counted like a failure to sign in); 429,
                the account is locked; 422, ``new`` is not accepted or is the old one.
        """
        proved = await self._prove(id, old)
        if proved and old == new:
            raise BadInput(say("same_password"), "new", 422)
        changed = await self._new_password(id, new, id) if proved else {}

        def act(db: Connection) -> None:
            if not _still(find(db, id), proved):
                raise BadInput(say("wrong_old_password"), "old", 403)
            change(db, id, **changed)
            note_in(db, id, "password_changed", id)

        await self._run(act)

    async def deactivate(self, id: str, by: str) -> None:
        """Let nobody sign in to an account any more, and end its sessions.

        Raises:
            BadInput: 404, there is none; 409, it is the last administrator.
        """
        def act(db: Connection) -> None:
            found(db, id)
            keep_an_administrator(db, id)
            change(db, id, active=False)
            leave_in(db, id)
            note_in(db, by, "deactivated", id)

        await self._run(act)

    async def activate(self, id: str, by: str) -> None:
        """Let an account be signed in to again.

        Raises:
            BadInput: 404; there is none.
        """
        def act(db: Connection) -> None:
            found(db, id)
            change(db, id, active=True)
            note_in(db, by, "activated", id)

        await self._run(act)

    async def unlock(self, id: str, by: str) -> None:
        """Let an account be signed in to at once though there were too many failures.

        Raises:
            BadInput: 404; there is none.
        """
        def act(db: Connection) -> None:
            found(db, id)
            self._attempts.clear(db, id)
            note_in(db, by, "unlocked", id)

        await self._run(act)

    async def check(self, id: str, password: str) -> Account:
        """Return the account that somebody proves to be theirs.

        It takes the same effort, and says the same, whether the password is wrong, the account is
        not active or there is none.

        Raises:
            BadInput: 401, it is not proved; 429, the name is locked; 503, too many try.
            DatabaseDown: it cannot be told.
        """
        proved = await self._prove(id, password)

        def act(db: Connection) -> Account:
            row = find(db, id)
            if row is None or not _still(row, proved):
                metrics.refused("sign_in")
                raise BadInput(say("sign_in_refused"), status=401)
            note_in(db, id, "signed_in")
            return account_of(row)

        return await self._run(act)

    async def forget_attempts(self) -> int:
        """Forget the failures of names that nobody has tried for a day; return how many names."""
        return await self._run(self._attempts.expire)

    async def _prove(self, id: str, password: str) -> str | None:
        """Count an attempt, and return the hash that a password fits; None if it does not."""
        kept = await self._run(lambda db: self._begin(db, id))
        right = await self._passwords.verify(kept, password)
        if kept is None or not right:
            await self._run(lambda db: self._failed(db, id, known=kept is not None))
            return None
        renewed = await self._passwords.renewed(kept, password)
        await self._run(lambda db: self._succeeded(db, id, kept, renewed))
        return renewed or kept

    def _begin(self, db: Connection, id: str) -> str | None:
        """Count an attempt, and return the hash that the password has to fit."""
        self._attempts.begin(db, id)
        row = find(db, id)
        return row["password"] if row and row["active"] else None

    def _failed(self, db: Connection, id: str, known: bool) -> None:
        self._attempts.fail(db, id)
        if known:
            note_in(db, id, "sign_in_refused")

    def _succeeded(self, db: Connection, id: str, kept: str, renewed: str | None) -> None:
        self._attempts.clear(db, id)
        if renewed:
            same = sa.and_(account.c.id == id, account.c.password == kept)
            db.execute(sa.update(account).where(same).values(password=renewed))

    async def _new_password(self, id: str, password: str, by: str) -> dict[str, Any]:
        await self._passwords.check_rules(id, password)
        return {"password": await self._passwords.hash(password), "must_change": by != id}


def _check_id(id: str) -> None:
    if not is_id(id) or mask(id).kinds:
        sentence = say("bad_account_id", least=SHORTEST_ID, most=LONGEST_ID)
        raise BadInput(sentence, "id", 422)


def _still(row: Mapping[str, Any] | None, proved: str | None) -> bool:
    """Tell whether an account is as it was when somebody proved that it is theirs."""
    return bool(row and row["active"] and proved and row["password"] == proved)


__all__ = ["Account", "Accounts"]
