"""The platform's side of the connector: a receiver of call-backs, and a signed client."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from aiohttp import web

KEYS = {"platform": "k" * 40}


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

    def __init__(self) -> None:
        self.got, self.tries, self.requests = [], [], []
        self.status, self.delay, self.runner = 200, 0.0, None
        self.port = 0

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
