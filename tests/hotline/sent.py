"""A session of the platform in the process of the tests, over a switchboard."""

from __future__ import annotations

import asyncio
import itertools

from bot.store import StoredMessage
from connectors.hotline12345.order import Arrival
from connectors.hotline12345.session import Outcome, Session

GAP = 5.0
QUESTION = "湖北转诊备案要什么材料"
_numbers = itertools.count(1)


class Sent:
    """A session, sent to without a web.

    Args:
        switchboard: over the store of the test.
        reply_by: ``response`` or ``callback``.
    """

    def __init__(self, switchboard, reply_by: str = "response") -> None:
        self.switchboard, self.now = switchboard, 1000.0
        self.conversation = f"h-{next(_numbers)}"
        self.request = {"session_id": "s-1", "capabilities": {"cards": True}, "reply_by": reply_by}

    def _session(self, talk) -> Session:
        session = Session(talk, GAP)
        session._now = self.now
        return session

    async def open(self):
        async def act(talk):
            return self._session(talk).open(self.request, None)
        assert await self.switchboard.exchange(self.conversation, act)
        return self

    async def receive(self, seq: int, content: dict, arrival_id: str = "") -> Outcome:
        arrival = Arrival(arrival_id or f"a-{seq}", seq, content)
        return await self.switchboard.exchange(
            self.conversation, lambda talk: self._session(talk).receive(arrival))

    async def say(self, seq: int, text: str = QUESTION) -> Outcome:
        return await self.receive(seq, {"text": text, "shown": text})

    async def event(self, seq: int, kind: str, **more) -> Outcome:
        return await self.receive(seq, {"type": kind, **more})

    async def wait(self) -> None:
        """Let the gap pass, as the background task does."""
        self.now += GAP
        await self.switchboard.exchange(
            self.conversation, lambda talk: self._session(talk).wake())

    async def transcript(self) -> list[tuple[str, str | None]]:
        """Return author and client's id of every message."""
        messages = await self.switchboard.store.since(self.conversation, 0)
        return [(m.author, m.client_id) for m in messages]

    async def state(self) -> dict:
        return await self.switchboard.exchange(
            self.conversation, lambda talk: self._session(talk).state())

    async def at_desk(self, name: str, *arguments, **more) -> list[StoredMessage]:
        """Do something at our own desk; return the messages it brought about."""
        async def act(talk):
            done = getattr(talk, name)(*arguments, **more)
            return await done if asyncio.iscoroutine(done) else done
        return await self.switchboard.exchange(self.conversation, act)
