"""The agents' desk: from a citizen's message to the suggestions on the agent's screen."""

from __future__ import annotations

import asyncio
import itertools
import json
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.load import texts
from benchmarks.report import Figure, spread
from benchmarks.server import Server, running
from bot.errors import SetupError
from bot.staff.accounts import Accounts
from bot.staff.database import StaffDatabase
from bot.staff.roles import Role
from bot.staff.sessions import Sessions
from connectors.signed_in import COOKIE
from connectors.web.pages import conversation_of

OPEN, WAITING, AGENTS = 20, 50, 5
"""Conversations that are open at desks, further ones that wait, and agents who share the desks."""

AT_MOST_MS = 200
"""Milliseconds that nineteen of twenty messages may take."""

PAUSE_SECONDS = 0.1
"""Between two messages of all citizens together: each writes every other second."""

_FIRST = "我妈跟我住东莞，医保在梅州，异地看病怎么备案"
_PATIENCE = 30.0


class _Socket:
    """One page's WebSocket, read all the time.

    Args:
        socket: the connection.
        noticed: is told every frame.
    """

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, noticed: Callable[[Mapping], None]
    ) -> None:
        self._socket, self._noticed = socket, noticed
        self._waited: dict[str, asyncio.Future] = {}
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            frame = json.loads(message.data)
            self._noticed(frame)
            for kind in (frame["type"], frame.get("id")):
                waited = self._waited.pop(kind, None)
                if waited and not waited.done():
                    waited.set_result(frame)

    async def ask(self, answer: str, **frame: Any) -> dict[str, Any]:
        """Send a frame; return the first one of a type, or with an id, that comes after it."""
        waited = self._waited[answer] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(json.dumps(frame))
        found = await asyncio.wait_for(waited, _PATIENCE)
        if found["type"] == "error":
            raise SetupError(found["text"])
        return found

    async def do(self, kind: str = "do", **fields: Any) -> None:
        """Send a frame that is answered by its id."""
        frame_id = uuid.uuid4().hex
        await self.ask(frame_id, type=kind, id=frame_id, **fields)


class _Served:
    """A conversation: the citizen's page, the agent's desk, and when the last panel came."""

    citizen: _Socket
    desk: _Socket
    conversation = ""

    def __init__(self) -> None:
        self._seen, self._came = 0, asyncio.Event()

    def noticed(self, frame: Mapping[str, Any]) -> None:
        """Look out for suggestions to a new message."""
        if frame["type"] == "panel" and frame["panel"]["suggestions"]["seq"] > self._seen:
            self._seen = frame["panel"]["suggestions"]["seq"]
            self._came.set()

    async def exchange(self, text: str) -> float:
        """Let the citizen say something; return the milliseconds until suggestions are shown."""
        self._came.clear()
        started = time.perf_counter()
        saying = asyncio.ensure_future(self.citizen.do("say", text=text))
        await asyncio.wait_for(self._came.wait(), _PATIENCE)
        took = 1000 * (time.perf_counter() - started)
        await saying
        return took


def desk_figures(seconds: float, most: int, tell: Callable[[str], None]) -> Iterator[Figure]:
    """Yield how long it takes from a message to its suggestions.

    Args:
        seconds: how long it is measured at most.
        most: messages after which it ends earlier.
        tell: is told what is being measured.
    """
    latencies, cpu_ms, memory = asyncio.run(_measured(seconds, most, tell))
    group = f"坐席工作台，{OPEN} 个会话打开，{WAITING} 个排队"
    yield Figure(group, "条数", len(latencies), "条")
    yield from spread(group, "市民发出到建议答复显示", latencies, at_most=AT_MOST_MS)
    yield Figure(group, "服务器每条占用 CPU", cpu_ms, "毫秒")
    yield Figure(group, "内存", memory, "MB")


async def _measured(
    seconds: float, most: int, tell: Callable[[str], None]
) -> tuple[list[float], float, float]:
    """Return milliseconds of each message, the server's processor time of each, and its memory."""
    with tempfile.TemporaryDirectory(prefix="yibao-benchmark-") as folder:
        tell("坐席工作台，启动")
        async with running(Path(folder)) as server, aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                cookie_jar=aiohttp.DummyCookieJar()) as session:
            served = await _seated(server, session, Path(folder))
            tell("坐席工作台，市民发消息")
            await _talk(served, seconds / 3, OPEN)  # warms up
            before = server.cpu_seconds
            latencies = await _talk(served, seconds, most)
            cpu_ms = 1000 * (server.cpu_seconds - before) / len(latencies)
            return latencies, cpu_ms, server.memory_mb


async def _talk(served: Sequence[_Served], seconds: float, most: int) -> list[float]:
    """Let the citizens write in turn, whether or not those before them have been answered."""
    end, said, turns = time.monotonic() + seconds, itertools.cycle(texts()), []
    for one in itertools.islice(itertools.cycle(served), most):
        if time.monotonic() >= end:
            break
        if len(turns) >= OPEN:
            await turns[-OPEN]  # this citizen's last one
        turns.append(asyncio.ensure_future(one.exchange(next(said))))
        await asyncio.sleep(PAUSE_SECONDS)
    return list(await asyncio.gather(*turns))


async def _seated(
    server: Server, session: aiohttp.ClientSession, folder: Path
) -> list[_Served]:
    """Return conversations that agents have open, with others in the queue."""
    cookies = await _cookies(folder)
    for _ in range(WAITING):
        await _asked_for_person(server, session, lambda frame: None)
    served = []
    for cookie in itertools.islice(itertools.cycle(cookies), OPEN):
        one = _Served()
        one.citizen, one.conversation = await _asked_for_person(server, session, one.noticed)
        address = server.url.replace("http", "ws") + "/desk/ws"
        one.desk = _Socket(await session.ws_connect(address, headers=cookie), one.noticed)
        await one.desk.ask("welcome", type="hello")
        await one.desk.do(act="take", conversation=one.conversation)
        await one.desk.ask("panel", type="open", conversation=one.conversation, after=0)
        served.append(one)
    return served


async def _asked_for_person(
    server: Server, session: aiohttp.ClientSession, noticed: Callable[[Mapping], None]
) -> tuple[_Socket, str]:
    """Open a citizen's page who asks something, then for a person; return its conversation."""
    address = server.url.replace("http", "ws") + "/chat/ws"
    page = _Socket(await session.ws_connect(address), noticed)
    welcome = await page.ask("welcome", type="hello", conversation=None, after=0)
    await page.do("say", text=_FIRST)
    await page.do("person")
    return page, conversation_of(str(welcome["conversation"]))


async def _cookies(folder: Path) -> list[dict[str, str]]:
    """Add agents; return what each page of theirs sends."""
    database = StaffDatabase(f"sqlite:///{folder / 'staff.db'}")
    accounts, sessions, cookies = Accounts(database, b"benchmark"), Sessions(database), []
    for number in range(8001, 8001 + AGENTS):
        await accounts.add(str(number), Role.AGENT, uuid.uuid4().hex, str(number))
        token = (await sessions.begin(str(number))).token
        cookies.append({"Cookie": f"{COOKIE}={token}"})
    database.close()
    return cookies


__all__ = ["AT_MOST_MS", "desk_figures"]
