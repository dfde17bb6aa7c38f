"""The platform's side of the connector: a receiver of call-backs, and a signed client."""

from __future__ import annotations

import asyncio
import json
import re
import time
import uuid

import aiohttp
import pytest
from aiohttp import web
from jsonschema import Draft4Validator, RefResolver
from served import Server
from services import free_port
from yarl import URL

from bot.training import train
from connectors.hotline12345 import signing
from connectors.hotline12345.contract import document

PREFIX = "/api/hotline12345/v1"
KEYS = {"platform": "k" * 40, "before": "b" * 40}


async def until(condition, seconds: float = 15.0) -> None:
    """Wait until a condition holds; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.02)


class Receiver:
    """The platform's end of call-backs, which can be told what to answer.

    Attributes:
        got: the bodies that came and were answered by 2xx, in order.
        tries: every body that came.
        status: what is answered.
    """

    def __init__(self, port: int = 0) -> None:
        self.got, self.tries, self.requests = [], [], []
        self.status, self.delay, self.runner = 200, 0.0, None
        self.port = port

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/replies?from=yibao"

    async def start(self) -> None:
        """Listen, on the same port as before."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._take)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self.runner.addresses[0][1]

    async def stop(self) -> None:
        """Listen no longer: connections are refused."""
        await self.runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        raw = await request.read()
        body = json.loads(raw or b"null")
        self.requests.append((request.method, request.path_qs, dict(request.headers), raw))
        self.tries.append(body)
        status = self.status(body) if callable(self.status) else self.status
        await asyncio.sleep(self.delay)
        if 200 <= status < 300:
            self.got.append(body)
        location = {"Location": f"http://127.0.0.1:{self.port}/elsewhere"}
        return web.Response(status=status, headers=location if 300 <= status < 400 else None)


@pytest.fixture
async def receiver():
    """A receiver of call-backs, listening."""
    one = Receiver()
    await one.start()
    yield one
    await one.stop()


def keeps_to_the_contract(method: str, path: str, status: int, told: object) -> None:
    """Check an answer of the server with the schema that the contract has for it."""
    template = re.sub("(?<=/sessions/)[^/?]+", "{session_id}", path.partition("?")[0])
    answer = document()["paths"][template][method.lower()]["responses"][str(status)]
    if "$ref" in answer:
        answer = document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    validator_of(answer["content"]["application/json"]["schema"]).validate(told)


def validator_of(schema: dict) -> Draft4Validator:
    """Return a validator of a schema of the contract."""
    return Draft4Validator(schema, resolver=RefResolver.from_schema(document()))


class Platform:
    """The platform: signs what it sends, numbers it, and keeps what it was told.

    Args:
        url: where the assistant listens.
        session: an aiohttp session.
        keys: its keys by id; the first signs.
    """

    def __init__(self, url: str, session, keys=KEYS) -> None:
        self.url, self.http, self.keys = url, session, keys
        self.id, self.seq = uuid.uuid4().hex, 0

    async def call(self, method: str, path: str, body=None, headers=None, key: str = ""):
        """Send a signed request; return status and decoded answer."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
        keys = {key: self.keys[key]} if key else self.keys
        sent = {"Content-Type": "application/json", **signing.signed(keys, method, path, raw),
                **(headers or {})}
        async with self.http.request(method, URL(self.url + path, encoded=True), data=raw or None,
                                     headers=sent) as response:
            told = await response.json()
            keeps_to_the_contract(method, path, response.status, told)
            return response.status, told

    async def open(self, cards=True, reply_by="response", **more):
        """Open the session."""
        return await self.call("POST", f"{PREFIX}/sessions", {
            "session_id": self.id, "capabilities": {"cards": cards}, "reply_by": reply_by, **more})

    def message(self, text=None, seq: int | None = None, **more) -> dict:
        """Return a message with the next number."""
        self.seq = self.seq + 1 if seq is None else self.seq
        number = self.seq if seq is None else seq
        content = {"text": text} if text else {}
        return {"message_id": f"m-{number}", "seq": number, **content, **more}

    async def send(self, body: dict):
        """Send a message or an event."""
        kind = "events" if "event_id" in body else "messages"
        return await self.call("POST", f"{PREFIX}/sessions/{self.id}/{kind}", body)

    async def say(self, text=None, **more) -> dict:
        """Send the citizen's next message; return what came of it."""
        status, told = await self.send(self.message(text, **more))
        assert status in (200, 202), told
        return told

    def happening(self, kind: str, seq: int | None = None, **more) -> dict:
        """Return an event with the next number."""
        self.seq = self.seq + 1 if seq is None else self.seq
        number = self.seq if seq is None else seq
        return {"event_id": f"e-{number}", "seq": number, "type": kind, **more}

    async def event(self, kind: str, **more) -> dict:
        """Send the next event; return what came of it."""
        status, told = await self.send(self.happening(kind, **more))
        assert status in (200, 202), told
        return told

    async def read(self, after: int = 0):
        """Return the session's state."""
        return await self.call("GET", f"{PREFIX}/sessions/{self.id}?after={after}")


@pytest.fixture
async def http():
    """An HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


PER_MINUTE = 20
"""Requests that one address may send to the server below."""

GAP = 3.0
"""Seconds that the server below waits for a missing message."""


def settings_for_a_platform(port: int, gap: float = GAP) -> dict[str, str]:
    """Return what attaches a platform to a server; call-backs go to a port of ours."""
    keys = ",".join(f"{name}:{secret}" for name, secret in KEYS.items())
    return {"YIBAO_HOTLINE_GAP_SECONDS": str(gap), "YIBAO_HOTLINE_KEYS": keys,
            "YIBAO_SESSION_PER_MINUTE": "100000", "YIBAO_HOTLINE_CALLBACK": f"http://127.0.0.1:{port}/replies?from=yibao"}


def server_for_a_platform(folder, gap: float = GAP) -> Server:
    """Return a server, not started yet, to which a platform is attached; it posts to our port."""
    train()
    port = free_port()
    running = Server(folder, **settings_for_a_platform(port, gap), YIBAO_PROXIES="1",
                     YIBAO_ADDRESS_PER_MINUTE=str(PER_MINUTE))
    running.callback_port = port
    return running


@pytest.fixture(scope="session")
def hotline_server(tmp_path_factory):
    """A running server to which a platform is attached."""
    running = server_for_a_platform(tmp_path_factory.mktemp("hotline"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def new_platform(hotline_server, http):
    """Begins sessions of a platform on the server."""
    return lambda **more: Platform(hotline_server.url, http, **more)


@pytest.fixture
async def platform(new_platform):
    """A platform with a session that shows cards and is answered in the response."""
    one = new_platform()
    status, told = await one.open()
    assert status == 201, told
    return one


@pytest.fixture
async def callbacks(hotline_server):
    """The receiver of the server's call-backs, listening."""
    one = Receiver(hotline_server.callback_port)
    await one.start()
    yield one
    await one.stop()
