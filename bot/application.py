"""Puts the server together: the bot, what keeps conversations, and the channels."""

from __future__ import annotations

from pathlib import Path

from sanic import Sanic

from bot.assistant import Assistant
from bot.paths import state_folder
from bot.server import create_app
from bot.settings import Settings
from bot.store.sqlite import SqliteStore
from bot.switchboard import Switchboard
from connectors.hub import MemoryHub
from connectors.rest import RestChat
from connectors.web.channel import WebChat
from connectors.web.pages import Pages


def application(model: Path, settings: Settings) -> Sanic:
    """Return the application.

    Args:
        model: path of the trained model.
        settings: what this installation has set.
    """
    assistant = Assistant(model)
    store = SqliteStore(state_folder() / "conversations.db")
    hub, pages = MemoryHub(), Pages(store)
    hub.subscribe(pages.on_event)
    switchboard = Switchboard(assistant, store, _Nothing(), hub.publish)
    channels = (WebChat(switchboard, pages), RestChat(switchboard))
    return create_app(assistant, [channel.blueprint() for channel in channels])


class _Nothing:
    def append(self, entry) -> None:
        """Stand in until the journal is there."""


__all__ = ["application"]
