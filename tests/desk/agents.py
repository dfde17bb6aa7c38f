"""Those who sit at desks, frame by frame, and citizens who write to them."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import aiohttp

from bot.staff.accounts import Accounts
from bot.staff.audit import Audit
from bot.staff.database import StaffDatabase
from bot.staff.roles import Role
from bot.staff.sessions import Sessions
from connectors.signed_in import COOKIE

PATIENCE = 20.0
PASSWORD = "a sentence that nobody guesses"
STAFF = {"8001": Role.AGENT, "8002": Role.AGENT, "8003": Role.AGENT, "8100": Role.LEAD,
         "7001": Role.TRAINER, "9001": Role.ADMIN}


class Office:
    """The staff of a server.

    Args:
        folder: its state folder.
    """

    def __init__(self, folder: Path) -> None:
        self.database = StaffDatabase(f"sqlite:///{folder / 'staff.db'}")
        self.accounts = Accounts(self.database, b"of the tests")
        self.sessions, self.audit = Sessions(self.database), Audit(self.database)

    async def hire(self) -> None:
        """Add the accounts of :data:`STAFF`, unless they are there."""
        there = {account.id for account in await self.accounts.all()}
        for number, role in STAFF.items():
            if number not in there:
                await self.accounts.add(number, role, PASSWORD, number)

    async def cookie(self, number: str) -> dict[str, str]:
        """Sign somebody in; return the cookie's header."""
        return {"Cookie": f"{COOKIE}={(await self.sessions.begin(number)).token}"}

    async def noted(self, number: str, target: str) -> list[str]:
        """Return what the audit log says that somebody did with something, the first first."""
        page = await self.audit.page(account=number)
        return [entry["action"] for entry in reversed(page) if entry["target"] == target]


class Desk:
    """What the page of an agent does.

    ``lists`` and ``panel`` are the last that came, ``scripts`` the messages by conversation,
    ``signed_out`` and ``closed`` whether and of which conversation that was told.
    """

    def __init__(self, session: aiohttp.ClientSession, server, cookie: dict[str, str]) -> None:
        self.session, self.server, self.cookie = session, server, cookie
        self.lists, self.panel, self.scripts = {}, {}, {}
        self.closed, self.signed_out, self.welcome, self.socket = [], False, {}, None

    async def sit(self) -> Desk:
        """Connect and say hello."""
        address = self.server.url.replace("http", "ws") + "/desk/ws"
        self.socket = await self.session.ws_connect(address, headers=self.cookie)
        await self.send(type="hello")
        await self.until(lambda frame: frame["type"] == "welcome")
        return self

    async def send(self, **frame) -> None:
        """Send one frame."""
        await self.socket.send_str(json.dumps(frame))

    async def next(self) -> dict:
        """Return the next frame, taken note of."""
        frame = json.loads((await self.socket.receive(timeout=PATIENCE)).data)
        kind = frame["type"]
        if kind == "transcript":
            self.scripts.setdefault(frame["conversation"], []).extend(frame["messages"])
        elif kind == "closed":
            self.closed.append(frame["conversation"])
        elif kind == "signed_out":
            self.signed_out = True
        elif kind in ("lists", "panel", "welcome"):
            setattr(self, kind, frame.get("panel", frame))
        return frame

    async def until(self, condition: Callable[[dict], object]) -> dict:
        """Return the first frame of which a condition holds."""
        deadline = time.monotonic() + PATIENCE
        while True:
            frame = await self.next()
            if condition(frame):
                return frame
            assert time.monotonic() < deadline, "it did not come"

    async def sees(self, condition: Callable[[Desk], object]) -> None:
        """Wait until what the page has been shown fulfils a condition."""
        deadline = time.monotonic() + PATIENCE
        while not condition(self):
            await self.next()
            assert time.monotonic() < deadline, "it was not shown"

    async def do(self, act: str, conversation: str, **fields) -> dict:
        """Do something; return its ack or error."""
        frame = {"type": "do", "id": uuid.uuid4().hex, "act": act,
                 "conversation": conversation, **fields}
        await self.send(**frame)
        return await self.until(
            lambda answer: answer["type"] in ("ack", "error") and answer["id"] == frame["id"])

    async def open(self, conversation: str, after: int = 0) -> dict:
        """Open a conversation; return its panel.

        Raises:
            PermissionError: it is refused; tells why.
        """
        self.scripts[conversation] = []
        await self.send(type="open", id="opening", conversation=conversation, after=after)
        answer = await self.until(lambda frame: frame["type"] in ("panel", "error"))
        if answer["type"] == "error":
            raise PermissionError(answer["text"])
        return answer["panel"]

    def seqs(self, conversation: str) -> list[int]:
        """Return the numbers of the messages that were shown."""
        return [message["seq"] for message in self.scripts[conversation]]

    def listed(self, name: str) -> list[str]:
        """Return the conversations of a list."""
        return [row["conversation"] for row in self.lists.get(name, ())]


__all__ = ["PASSWORD", "PATIENCE", "STAFF", "Desk", "Office"]
