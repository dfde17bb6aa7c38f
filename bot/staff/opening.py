"""The staff side of an installation, as its settings say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.learning.labels.labels import Labels
from bot.orders.orders import Orders
from bot.secrets import installation_key, number_keys
from bot.settings import Settings
from bot.staff.accounts import Accounts
from bot.staff.audit import Audit
from bot.staff.canned import CannedReplies
from bot.staff.database import StaffDatabase
from bot.staff.numbers import Numbers
from bot.staff.passwords import Passwords
from bot.staff.presence import Presence
from bot.staff.sessions import Sessions

T = TypeVar("T")


@dataclass(frozen=True)
class Staff:
    """Everything about those who work here."""

    database: StaffDatabase
    accounts: Accounts
    sessions: Sessions
    audit: Audit
    presence: Presence
    canned: CannedReplies
    orders: Orders
    numbers: Numbers
    labels: Labels
    settings: Settings

    async def forget_old(self) -> None:
        """Delete what is over: sessions, old failures to sign in, the oldest of the audit log,
        work orders, call-back numbers.

        Raises:
            DatabaseDown: not all of it is deleted.
        """
        await self.sessions.expire()
        await self.accounts.forget_attempts()
        await self.audit.expire(self.settings.keep_audit_days)
        await self.orders.expire(self.settings.keep_log_days)
        await self.numbers.expire()

    async def forget(self, conversation: str) -> list[tuple[str, int]]:
        """Delete what is kept of a conversation: work orders, call-back number, labels.

        Returns:
            Where something can have been, in Chinese, and how much of it was deleted.

        Raises:
            DatabaseDown: not all of it is deleted.
        """
        return [("工单", await self.orders.forget(conversation)),
                ("回电号码", await self.numbers.forget(conversation)),
                ("标注", await self.labels.forget(conversation))]

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
        Audit(database), Presence(database), CannedReplies(database), Orders(database),
        Numbers(database, number_keys(settings), settings.keep_numbers_days),
        Labels(database), settings)


def with_staff(act: Callable[[Staff], Awaitable[T]]) -> T:
    """Return what comes of an act on the staff side of this installation; for commands.

    Raises:
        SetupError: as for :func:`open_staff`.
    """
    async def acting() -> T:
        staff = open_staff(Settings.from_environment())
        try:
            return await act(staff)
        finally:
            await staff.close()

    return asyncio.run(acting())


__all__ = ["Staff", "open_staff", "with_staff"]
