"""The desks that are open in this process, and what each has been shown of its conversation."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from sanic.request import Request

from bot.desk.views import panel_of
from bot.errors import BadInput
from bot.staff.accounts import Account
from bot.staff.numbers import Numbers
from bot.staff.sessions import Session
from bot.store import Record, Store, StoredMessage, StoreDown
from connectors.desk.rights import ALL, check_readable, has
from connectors.line import Line

LOOKED_AT = 20
"""Messages from which the panel is made."""


class Desk(Line):
    """One open desk: who sits at it, the conversation that is open ('' none), what it has of it.

    Args:
        socket: its WebSocket.
        request: what opened it.
        session: of the account that sits at it.
    """

    def __init__(self, socket: Any, request: Request, session: Session) -> None:
        super().__init__(socket, request)
        self.session, self.welcomed = session, False
        self.showing, self.stale, self.typed = asyncio.Lock(), False, 0.0
        self.begin("", 0)

    @property
    def account(self) -> Account:
        """Who sits at it."""
        return self.session.account

    def begin(self, conversation: str, last: int) -> None:
        """Go to a conversation; ``last`` is the number of the last message the page has of it."""
        self.conversation, self.last, self.revision = conversation, last, 0

    def show(self, messages: Sequence[StoredMessage]) -> None:
        """Send the messages that the page has not got; at an opening also where there are none."""
        new = [message.as_dict() for message in messages if message.seq > self.last]
        self.last = new[-1]["seq"] if new else self.last
        if new or not self.revision:
            self.send(type="transcript", conversation=self.conversation, messages=new,
                      upto=self.last)

    def may_type(self, seconds: float) -> bool:
        """Tell whether so many seconds have passed since this last told so, and note the time."""
        now = time.monotonic()
        passed = now - self.typed >= seconds
        self.typed = now if passed else self.typed
        return passed


class Desks:
    """All open desks of this process.

    Args:
        store: where messages and records are.
        numbers: call-back numbers; who serves a citizen sees that there is one.
    """

    def __init__(self, store: Store, numbers: Numbers) -> None:
        self._store, self._numbers = store, numbers
        self._tasks: set[asyncio.Task[None]] = set()
        self.open: set[Desk] = set()

    @property
    def welcomed(self) -> list[Desk]:
        """Those that have said hello."""
        return [desk for desk in self.open if desk.welcomed]

    def at(self, conversation: str) -> list[Desk]:
        """Return the desks at which a conversation is open."""
        return [desk for desk in self.open if desk.conversation == conversation]

    def look(self, conversation: str) -> None:
        """Let every desk at which a conversation is open show what is new in it."""
        for desk in self.at(conversation):
            if desk.stale:
                continue
            desk.stale = True
            task = asyncio.ensure_future(self._show_or_close(desk))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _show_or_close(self, desk: Desk) -> None:
        try:
            await self.show(desk)
        except StoreDown:
            desk.close()

    async def begin(self, desk: Desk, conversation: str, after: int) -> None:
        """Open a conversation at a desk that has its messages up to a number, and show the rest.

        Raises:
            StoreDown: it cannot be read.
        """
        async with desk.showing:  # nothing that was read for what was open before is shown now
            desk.begin(conversation, after)
        await self.show(desk)

    async def show(self, desk: Desk) -> None:
        """Send a desk what is new in the conversation that is open at it.

        One whose conversation is no longer for its eyes is told so; nothing is open at it then.

        Raises:
            StoreDown: it cannot be read.
        """
        async with desk.showing:
            desk.stale, conversation = False, desk.conversation
            if not conversation:
                return
            record = await self._store.load(conversation)
            try:
                check_readable(desk.account, record.data)
            except BadInput as error:
                desk.begin("", 0)
                desk.send(type="closed", conversation=conversation, text=str(error))
                return
            await self._show(desk, record)

    async def _show(self, desk: Desk, record: Record) -> None:
        conversation, first = desk.conversation, not desk.revision
        unseen = record.last_seq > desk.last
        messages = await self._store.since(conversation, desk.last) if unseen else []
        if desk.conversation != conversation:
            return
        if messages or first:
            desk.show(messages)
        if record.revision != desk.revision:
            desk.revision = record.revision
            desk.send(type="panel", panel=await self._panel(desk.account, conversation, record))

    async def _panel(
        self, account: Account, conversation: str, record: Record
    ) -> Mapping[str, Any]:
        recent = await self._store.newest(conversation, LOOKED_AT)
        shown = panel_of(conversation, record, recent[::-1], account.id)
        if record.data.get("callback") and (has(account, record.data) or account.may(ALL)):
            shown["number"] = await self._numbers.hint(conversation)
        return shown


__all__ = ["LOOKED_AT", "Desk", "Desks"]
