"""The journal as this installation is set up, for the server and for commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.journal.database import Database
from bot.journal.journal import Journal
from bot.paths import state_folder
from bot.settings import Settings


def open_journal(settings: Settings) -> Journal:
    """Return the journal; nothing is connected to yet."""
    return Journal(state_folder(), settings.log_address, settings.keep_log_days)


@contextmanager
def shipped_log(settings: Settings) -> Iterator[Database]:
    """Lend the log database to a command, with what waited in this machine's spool.

    Raises:
        DatabaseDown: it cannot be used.
    """
    journal = open_journal(settings)
    try:
        journal.shipper.ship(wait=True)
        yield journal.database
    finally:
        journal.database.close()


__all__ = ["open_journal", "shipped_log"]
