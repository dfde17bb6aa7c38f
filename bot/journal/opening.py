"""The store and the journal as this installation is set up, for commands beside the server."""

from __future__ import annotations

import os

from bot.journal.journal import Journal
from bot.paths import state_folder
from bot.store import Store
from bot.store.sqlite import SqliteStore


def log_address() -> str:
    """Return the SQLAlchemy address of the log database."""
    return os.environ.get("YIBAO_LOG_DATABASE") or f"sqlite:///{state_folder() / 'log.db'}"


def open_journal() -> Journal:
    """Return the journal; nothing is connected to yet."""
    return Journal(state_folder(), log_address())


def open_store() -> Store:
    """Return the store of conversations."""
    return SqliteStore(state_folder() / "conversations.db")


__all__ = ["log_address", "open_journal", "open_store"]
