"""The journal as this installation is set up, for the server and for commands."""

from __future__ import annotations

from bot.journal.journal import Journal
from bot.paths import state_folder
from bot.settings import Settings


def open_journal(settings: Settings) -> Journal:
    """Return the journal; nothing is connected to yet."""
    return Journal(state_folder(), settings.log_address, settings.keep_log_days)


__all__ = ["open_journal"]
