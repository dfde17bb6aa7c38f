"""The store and the journal as this installation is set up, for the server and for commands."""

from __future__ import annotations

from bot.journal.journal import Journal
from bot.paths import state_folder
from bot.settings import Settings
from bot.store import Store
from bot.store.sqlite import SqliteStore


def open_journal(settings: Settings) -> Journal:
    """Return the journal; nothing is connected to yet."""
    return Journal(state_folder(), settings.log_address, settings.keep_log_days)


def open_store(settings: Settings) -> Store:
    """Return the store of conversations."""
    return SqliteStore(state_folder() / "conversations.db")


__all__ = ["open_journal", "open_store"]
