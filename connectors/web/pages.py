"""The citizens' pages that are open in this process, and what each has been shown."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import defaultdict
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sanic.request import Request

from bot.handover.standing import standing
from bot.staff.numbers import Numbers
from bot.store import Record, Store, StoredMessage, StoreDown
from bot.switchboard import BOT
from connectors.line import Line
from connectors.web.callback import offered

CHANNEL = "web"
"""The channel's name."""


def conversation_of(token: str) -> str:
    """Return under which id the conversation of a page is kept.

    Agents, the log and the audit log name it by this id, which opens nothing: the token cannot be
    made from it, and only the citizen's page has the token.
    """
    return "w-" + hashlib.sha256(token.encode()).hexdigest()[:32]


class Page(Line):
    """One open page: its conversation ('' before hello), and what it has been shown of it.

    ``token`` is what the page keeps; it opens the conversation.

    Args:
        socket: its WebSocket.
        request: what opened it.
    """

    def __init__(self, socket: Any, request: Request) -> None:
        super().__init__(socket, request)
        self.begin("", 0)

    def begin(self, token: str, last: int) -> None:
        """Go to a conversation; ``last`` is the number of the last message the page has of it."""
        self.token, self.last = token, last
        self.conversation = conversation_of(token) if token else ""
        self.welcomed = self.missed = False
        self.control: Mapping[str, Any] | None = None

    def show(self, message: StoredMessage) -> None:
        """Send a message unless the page has it."""
        if message.seq > self.last:
            self.last = message.seq
            self.send(type="message", message=message.as_dict())

    def show_control(self, control: Mapping[str, Any]) -> None:
        """Send who has the conversation unless the page knows."""
        if self.welcomed and control != self.control:
            self.control = control
            self.send(type="control", **control)


class Pages:
    """All open pages of this process, by conversation.

    Args:
        store: where the messages are that a page has missed.
        numbers: call-back numbers that citizens leave.
    """

    def __init__(self, store: Store, numbers: Numbers) -> None:
        self._store, self._numbers = store, numbers
        self._open: defaultdict[str, set[Page]] = defaultdict(set)
        self._checking = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def welcome(self, page: Page, asked: str, after: int) -> None:
        """Join a page to a conversation, and send what was said in it.

        Args:
            page: the page; it leaves the conversation it was in.
            asked: its token; '' and an unknown one give a new one.
            after: number of the last message that the page has of it.

        Raises:
            StoreDown: the page is in no conversation then.
        """
        self.leave(page)
        record = await self._store.load(conversation_of(asked)) if asked else Record()
        page.begin(*((asked, after) if record.revision else (secrets.token_urlsafe(18), 0)))
        # From here on the page hears of every message; those before are in the history.
        self._open[page.conversation].add(page)
        try:
            history = await self._store.since(page.conversation, page.last)
        except StoreDown:
            self.leave(page)
            raise
        self._greet(page, history, record.data.get("ratings", {}))
        await self._or_close([page], self.show_control(page.conversation))

    def _greet(
        self, page: Page, history: Sequence[StoredMessage], ratings: Mapping[str, str]
    ) -> None:
        page.last = history[-1].seq if history else page.last
        page.send(type="welcome", conversation=page.token, seq=page.last,
                  history=[message.as_dict() for message in history], ratings=ratings)
        page.welcomed = True
        if page.missed:
            self._later([page], self._catch_up(page))

    def leave(self, page: Page) -> None:
        """Forget a page that is closed or goes to another conversation."""
        pages = self._open.get(page.conversation, set())
        pages.discard(page)
        if not pages:
            self._open.pop(page.conversation, None)
        page.begin("", 0)

    async def on_event(self, event: Mapping[str, Any]) -> None:
        """Show what happened in a conversation, wherever it did (an event of the hub)."""
        conversation = event["conversation"]
        if event["type"] == "messages":
            self._tell_of(conversation, event["upto"])
        elif event["type"] == "typing":
            self._tell(conversation, type="typing", on=True, agent=event["agent"])
        elif event["type"] == "control":
            self._later(self._pages(conversation), self.show_control(conversation))
        elif event["type"] == "gone":
            for page in self._pages(conversation):
                page.close()

    def show(self, conversation: str, messages: Sequence[StoredMessage]) -> None:
        """Send messages to every page of a conversation that has not got them yet, in order."""
        for page in self._pages(conversation) if messages else ():
            if not page.welcomed:
                page.missed = True
            elif messages[0].seq > page.last + 1:
                self._later([page], self._catch_up(page))
            else:
                for message in messages:
                    page.show(message)

    def _tell_of(self, conversation: str, upto: int) -> None:
        """Let every page of a conversation have its messages, up to a number at least."""
        for page in self._pages(conversation):
            if not page.welcomed:
                page.missed = True
            else:
                self._later([page], self._catch_up(page, upto))

    async def _catch_up(self, page: Page, upto: int | None = None) -> None:
        """Send a page what it has not got; nothing where it has all up to a number."""
        if upto is not None and page.last >= upto:
            return
        conversation = page.conversation
        messages = await self._store.since(conversation, page.last)
        if page.conversation == conversation:
            for message in messages:
                page.show(message)

    async def show_control(self, conversation: str) -> None:
        """Tell every page of a conversation who has it, and where it stands in the queue.

        Raises:
            StoreDown: it cannot be told.
        """
        # One at a time: what is read last is shown last.
        async with self._checking:
            if not self._pages(conversation):
                return
            control = await self._control(conversation)
            for page in self._pages(conversation):
                page.show_control(control)

    async def _control(self, conversation: str) -> Mapping[str, Any]:
        data = (await self._store.load(conversation)).data
        queue = await self._store.waiting() if data.get("waiting") else []
        waits = conversation in queue
        return {"holder": data.get("holder", BOT), "agent": data.get("agent", ""),
                "waiting": standing(queue.index(conversation) + 1)[1] if waits else None,
                "callback": offered(data, self._numbers)}

    async def refresh_waiting(self) -> None:
        """Tell those who wait for a person how far the queue has moved.

        Raises:
            StoreDown: it cannot be told.
        """
        for conversation, pages in tuple(self._open.items()):
            if any(page.control and page.control["waiting"] for page in pages):
                await self.show_control(conversation)

    @contextmanager
    def typing(self, conversation: str) -> Iterator[None]:
        """Show every page of a conversation that an answer is on its way."""
        self._tell(conversation, type="typing", on=True)
        try:
            yield
        finally:
            self._tell(conversation, type="typing", on=False)

    def _tell(self, conversation: str, **frame: Any) -> None:
        for page in self._pages(conversation):
            page.send(**frame)

    def _pages(self, conversation: str) -> tuple[Page, ...]:
        return tuple(self._open.get(conversation, ()))

    def _later(self, pages: Sequence[Page], work: Coroutine[Any, Any, None]) -> None:
        """Do what may take time without holding up whoever tells of events."""
        task = asyncio.ensure_future(self._or_close(pages, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _or_close(self, pages: Sequence[Page], work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except StoreDown:
            for page in pages:
                page.close()


__all__ = ["CHANNEL", "Page", "Pages", "conversation_of"]
