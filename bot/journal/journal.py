"""The journal as the rest of the bot uses it: append, run beside the server, forget."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.journal.database import Database
from bot.journal.shipping import Shipper
from bot.journal.spool import Spool


class Journal:
    """The log of turns and events, from this machine's spool to the log database.

    Args:
        folder: the state folder; the spool lies in its ``spool``.
        database_url: SQLAlchemy address of the log database.
        keep_days: days for which entries are kept.

    Raises:
        SetupError: the address is not one of SQLite or PostgreSQL.
    """

    def __init__(self, folder: Path, database_url: str, keep_days: int = 180) -> None:
        self.spool, self.database = Spool(folder / "spool"), Database(database_url)
        self.shipper = Shipper(self.spool, self.database, keep_days)

    def append(self, entry: Mapping[str, Any]) -> None:
        """Write an entry before its reply is sent.

        Raises:
            StoreDown: it could not be written; the turn is not to be answered.
        """
        self.spool.append(entry)

    async def start(self) -> None:
        """Begin to ship in the background."""
        await self.shipper.start()

    async def stop(self) -> None:
        """Ship what is left, for a few seconds at most, and close the database."""
        await self.shipper.stop()
        self.database.close()

    def forget(self, conversation: str) -> tuple[int, int]:
        """Delete a conversation, also what other machines have still to ship.

        Blocks while another process ships.

        Returns:
            How many entries were deleted from the spool and from the database.

        Raises:
            DatabaseDown: the database still holds it.
        """
        with self.spool.held(wait=True):
            waiting = self.spool.forget(conversation)
            return waiting, self.database.forget(conversation, datetime.now(timezone.utc))


__all__ = ["Journal"]
