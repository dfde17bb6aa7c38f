"""Our end of call-backs: checks who sends them, and takes each once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from examples.hotline12345.signing import Key


class Receiver:
    """Listens for call-backs.

    Args:
        port: of loopback.
        key: the key that the assistant signs with.
        take: is given each delivery, once.

    Attributes:
        refused: how many came that were not signed.
        doubles: how many came again.
    """

    def __init__(self, port: int, key: Key, take: Callable[[Mapping[str, Any]], None]) -> None:
        self._port, self._key, self._take = port, key, take
        self._seen: set[str] = set()
        self.refused = self.doubles = 0
        app = web.Application()
        app.router.add_post("/{path:.*}", self._receive)
        self._runner = web.AppRunner(app)

    async def listen(self, after: float) -> None:
        """Listen from some seconds on; until then connections are refused."""
        await asyncio.sleep(after)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def close(self) -> None:
        """Listen no longer."""
        await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self._key.accepts("POST", request.raw_path, request.headers, body):
            self.refused += 1
            return web.Response(status=401)
        delivery = json.loads(body)
        if delivery["delivery_id"] in self._seen:
            self.doubles += 1
        else:
            self._seen.add(delivery["delivery_id"])
            self._take(delivery)
        return web.Response(status=204)
