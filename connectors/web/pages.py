"""The citizens' pages that are open in this process, and what each has been shown."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sanic.request import Request
from websockets.exceptions import ConnectionClosed

from bot.store import Store, StoredMessage


class Page:
    """One open page: its socket, its conversation ('' before hello), the last message it has.

    ``request`` is what opened the socket.
    """

    def __init__(self, socket: Any, request: Request) -> None:
        self.socket, self.request = socket, request
        self.conversation, self.last = "", 0
        self.showing = asyncio.Lock()

    async def send(self, **frame: Any) -> None:
        """Send a frame."""
        await self.socket.send(json.dumps(frame, ensure_ascii=False))


class Pages:
    """All open pages of this process, by conversation.

    Args:
        store: where the messages are that a page has missed.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: defaultdict[str, set[Page]] = defaultdict(set)

    async def welcome(self, page: Page, conversation: str, start: int) -> None:
        """Join a page to a conversation ('' for a new one); send what came after ``start``."""
        self.leave(page)
        history = await self._store.since(conversation, start) if conversation else []
        page.conversation = conversation or secrets.token_urlsafe(18)
        page.last = history[-1].seq if history else start
        self._open[page.conversation].add(page)
        await page.send(type="welcome", conversation=page.conversation, seq=page.last,
                        history=[message.as_dict() for message in history])

    def leave(self, page: Page) -> None:
        """Forget a page that is closed or goes to another conversation."""
        pages = self._open[page.conversation]
        pages.discard(page)
        if not pages:
            del self._open[page.conversation]

    async def on_event(self, event: Mapping[str, Any]) -> None:
        """Show what happened in a conversation, wherever it did (an event of the hub)."""
        conversation = event["conversation"]
        if event["type"] == "messages" and conversation in self._open:
            await self.show(conversation, [StoredMessage(**m) for m in event["messages"]])

    async def show(self, conversation: str, messages: Sequence[StoredMessage]) -> None:
        """Send messages to every page of a conversation that has not got them yet, in order."""
        for page in tuple(self._open.get(conversation, ())):
            async with page.showing:
                await self._show(page, messages)

    async def _show(self, page: Page, messages: Sequence[StoredMessage]) -> None:
        if messages and messages[0].seq > page.last + 1:
            messages = await self._store.since(page.conversation, page.last)
        for message in messages:
            if message.seq > page.last:
                page.last = message.seq
                await self._tell(page, type="message", message=message.as_dict())

    @asynccontextmanager
    async def typing(self, conversation: str) -> AsyncIterator[None]:
        """Show every page of a conversation that an answer is on its way."""
        await self._tell_all(conversation, type="typing", on=True)
        try:
            yield
        finally:
            await self._tell_all(conversation, type="typing", on=False)

    async def _tell_all(self, conversation: str, **frame: Any) -> None:
        for page in tuple(self._open.get(conversation, ())):
            await self._tell(page, **frame)

    async def _tell(self, page: Page, **frame: Any) -> None:
        try:
            await page.send(**frame)
        except ConnectionClosed:
            self.leave(page)


__all__ = ["Page", "Pages"]
