"""Replies posted to the platform: in order, again until they arrive, never elsewhere."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from bot.logs import logger
from bot.store import Delivery, Store, StoreDown
from connectors.hotline12345.signing import signed

_log = logger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long is waited for what; seconds.

    Attributes:
        timeout: for one post.
        lease: during which no other process posts the same; longer than ``timeout``.
        first: before the first repetition; doubled each time, with a jitter of up to a half.
        longest: between two repetitions.
        keep: after which a post is given up. What it says stays in the conversation's record.
        tick: between two looks for what is due.
    """

    timeout: float = 10.0
    lease: float = 30.0
    first: float = 1.0
    longest: float = 300.0
    keep: float = 86_400.0
    tick: float = 1.0

    def pause(self, attempts: int) -> float:
        """Return how long to wait after so many attempts."""
        whole = min(self.longest, self.first * 2 ** min(attempts - 1, 30))
        return whole * random.uniform(0.5, 1.0)


class Callbacks:
    """Posts what conversations have for their platform; one for each process.

    Args:
        store: where deliveries wait.
        address: where they are posted: from the settings, never from a request.
        keys: secrets by id; the first signs.
        patience: see :class:`Patience`.
    """

    MOST_AT_ONCE = 16

    def __init__(
        self, store: Store, address: str, keys: Mapping[str, str], patience: Patience
    ) -> None:
        self._store, self._address, self._keys = store, URL(address), keys
        self._patience, self._news = patience, asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    def look(self) -> None:
        """Look at once for what is due: something was just left to be posted."""
        self._news.set()

    async def start(self) -> None:
        """Begin to post."""
        self._task = asyncio.ensure_future(self._run())

    async def stop(self) -> None:
        """End. A post that is under way may have arrived: it comes again, with the same id."""
        self._stopped = True  # seen even where a library has swallowed the cancellation
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        timeout = ClientTimeout(total=self._patience.timeout)
        async with ClientSession(timeout=timeout) as session:
            while not self._stopped:
                self._news.clear()
                try:
                    busy = await self._round(session)
                except StoreDown:
                    busy = False
                except Exception:
                    _log.exception("posting to the platform failed")
                    busy = False
                if not busy:
                    with suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(self._news.wait(), self._patience.tick)

    async def _round(self, session: ClientSession) -> bool:
        """Post what is due; tell whether there may be more."""
        due = await self._store.claim(time.time(), self._patience.lease, self.MOST_AT_ONCE)
        await asyncio.gather(*(self._try(session, delivery) for delivery in due))
        return bool(due)

    async def _try(self, session: ClientSession, delivery: Delivery) -> None:
        problem = await self._post(session, delivery)
        if not problem:
            await self._store.delivered(delivery)
        elif _age(delivery) > self._patience.keep:
            _log.error("delivery given up", problem=problem, attempts=delivery.attempts)
            await self._store.delivered(delivery)
        else:
            _log.warning("not delivered", problem=problem, attempts=delivery.attempts)
            pause = self._patience.pause(delivery.attempts)
            await self._store.postpone(delivery, time.time() + pause)

    async def _post(self, session: ClientSession, delivery: Delivery) -> str:
        """Post once; return what went wrong, '' for nothing."""
        body = json.dumps(delivery.body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json",
                   **signed(self._keys, "POST", self._address.raw_path_qs, body)}
        try:
            async with session.post(self._address, data=body, headers=headers,
                                    allow_redirects=False) as response:
                return "" if 200 <= response.status < 300 else f"status {response.status}"
        except (ClientError, OSError, asyncio.TimeoutError) as error:
            return type(error).__name__


def _age(delivery: Delivery) -> float:
    """Return for how many seconds a delivery has been waiting."""
    since = datetime.fromisoformat(delivery.body["at"])
    return (datetime.now(timezone.utc) - since).total_seconds()


__all__ = ["Callbacks", "Patience"]
