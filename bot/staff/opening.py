"""The staff side of an installation, as its settings say."""

from __future__ import annotations

from dataclasses import dataclass

from bot.secrets import installation_key
from bot.settings import Settings
from bot.staff.accounts import Accounts
from bot.staff.audit import Audit
from bot.staff.canned import CannedReplies
from bot.staff.database import StaffDatabase
from bot.staff.passwords import Passwords
from bot.staff.presence import Presence
from bot.staff.sessions import Sessions


@dataclass(frozen=True)
class Staff:
    """Everything about those who work here."""

    database: StaffDatabase
    accounts: Accounts
    sessions: Sessions
    audit: Audit
    presence: Presence
    canned: CannedReplies

    async def forget_old(self, keep_audit_days: int) -> None:
        """Delete what is over: sessions, old failures to sign in, the oldest of the audit log.

        Args:
            keep_audit_days: how long entries of the audit log are kept.

        Raises:
            DatabaseDown: not all of it is deleted.
        """
        await self.sessions.expire()
        await self.accounts.forget_attempts()
        await self.audit.expire(keep_audit_days)

    async def close(self) -> None:
        """Close the connections to the database."""
        self.database.close()


def open_staff(settings: Settings, passwords: Passwords | None = None) -> Staff:
    """Return the staff side; nothing is connected to before it is used.

    Args:
        settings: of the installation.
        passwords: other than the usual ones; for tests.

    Raises:
        SetupError: the address of the database is of no kind we know, or the installation's key
            cannot be kept to its own user.
    """
    database = StaffDatabase(settings.staff_address)
    return Staff(
        database, Accounts(database, installation_key(), passwords), Sessions(database),
        Audit(database), Presence(database), CannedReplies(database))


__all__ = ["Staff", "open_staff"]
