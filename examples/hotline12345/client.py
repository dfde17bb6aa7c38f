"""Requests to the assistant: signed, and sent again until there is a result."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
from yarl import URL

from examples.hotline12345.signing import Key

PREFIX = "/api/hotline12345/v1"
PATIENCE = 120.0
"""Seconds in which there has to be a result."""


class Refused(Exception):
    """The assistant will not take a request, however often it is sent.

    Attributes:
        status: of the answer.
        field: what is wrong with it.
    """

    def __init__(self, status: int, answer: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {answer.get('error', '')}")
        self.status, self.field = status, answer.get("field", "")


class Client:
    """Sends requests to the assistant.

    Args:
        http: an HTTP session.
        url: where the assistant listens.
        key: the key that signs.
    """

    def __init__(self, http: aiohttp.ClientSession, url: str, key: Key) -> None:
        self._http, self._url, self._key = http, url.rstrip("/"), key

    async def post(self, path: str, item: Mapping[str, Any]) -> dict[str, Any]:
        """Post an item until there is a result; return it.

        Raises:
            Refused: sending it again would not help.
            TimeoutError: there is none for two minutes.
        """
        return await self._result("POST", path, json.dumps(item, ensure_ascii=False).encode())

    async def get(self, path: str) -> dict[str, Any]:
        """Return what is there; raises as :meth:`post`."""
        return await self._result("GET", path, b"")

    async def forge(self, path: str, item: Mapping[str, Any]) -> int:
        """Post an item with a signature that is not ours; return the status."""
        stranger = Key(self._key.name, self._key.secret[::-1])
        body = json.dumps(item, ensure_ascii=False).encode()
        return (await self._once("POST", path, body, stranger))[0]

    async def _result(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            pause = 1.0
            try:
                status, answer, pause = await self._once(method, path, body, self._key)
            except (aiohttp.ClientError, asyncio.TimeoutError):
                status, answer = 503, {}
            if status < 300:
                return answer
            if status < 500 and status != 429:
                raise Refused(status, answer)
            await asyncio.sleep(pause)
        raise TimeoutError(path)

    async def _once(
        self, method: str, path: str, body: bytes, key: Key
    ) -> tuple[int, dict[str, Any], float]:
        """Send once; return status, answer and how long to wait before the next time."""
        path = PREFIX + path
        headers = {"Content-Type": "application/json", **key.sign(method, path, body)}
        async with self._http.request(method, URL(self._url + path, encoded=True),
                                      data=body or None, headers=headers) as response:
            pause = float(response.headers.get("Retry-After", 1))
            return response.status, await response.json(), pause
