"""The hub: what happens in conversations, told to whoever shows them.

An event is a JSON object with ``type`` (``messages``, ``typing``, ``control``, ``panel``,
``gone``) and ``conversation``; everybody gets every event, the publisher too, and picks what
concerns him. The hub tells, it does not keep: what has to last is in the store before it is told
here.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.store.connecting import connect, reachable

Event = dict[str, Any]
Callback = Callable[[Event], Awaitable[None]]
T = TypeVar("T")

_log = logging.getLogger(__name__)

STREAM = "yibao:events"
LONGEST = 10_000
"""About how many events the stream holds for those whose connection was cut."""
KEPT_SECONDS = 600
"""How long, at most: the hub is no archive."""
_BLOCK_MILLISECONDS = 1000
"""Less than the patience of a connection, or an idle stream would look like a dead Redis."""
_PAUSE_SECONDS = 0.2
_CLOSING_SECONDS = 2


class Hub(Protocol):
    """The hub of one process; :class:`MemoryHub` or :class:`RedisHub`."""

    async def start(self) -> None:
        """Begin to tell: everything that is published after this returns."""

    async def stop(self) -> None:
        """Send out what was published, trying for two seconds at most, and stop."""

    async def publish(self, event: Event) -> None:
        """Take an event; never waits and never fails because Redis is away.

        Events of one process stay in order. After an outage one may come twice.
        """

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Call ``callback`` with every event, one after the other; returns how to end that.

        A callback that takes long keeps the others waiting; one that fails is logged.
        """

    async def forget(self, conversation: str) -> None:
        """Delete the events of a conversation that are still held."""


class MemoryHub:
    """The hub within one process; see :class:`Hub`."""

    def __init__(self) -> None:
        self._callbacks: list[Callback] = []
        self._outbox: asyncio.Queue[str] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to tell."""
        self._tasks = [asyncio.create_task(self._pass_on())]

    async def stop(self) -> None:
        """Send out what was published, and stop."""
        try:
            if self._tasks:
                await asyncio.wait_for(self._outbox.join(), _CLOSING_SECONDS)
        except asyncio.TimeoutError:
            _log.warning("the hub closes, not all events were told")
        await _ended(self._tasks)
        self._tasks = []

    async def publish(self, event: Event) -> None:
        """Take an event."""
        self._outbox.put_nowait(json.dumps(event, ensure_ascii=False))

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Call ``callback`` with every event."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    async def forget(self, conversation: str) -> None:
        """Nothing is held in memory."""

    async def _pass_on(self) -> None:
        while True:
            events = [await self._outbox.get()]
            while not self._outbox.empty():
                events.append(self._outbox.get_nowait())
            await self._send(events)
            for _ in events:
                self._outbox.task_done()

    async def _send(self, events: list[str]) -> None:
        for packed in events:
            await self._tell(packed)

    async def _tell(self, packed: str) -> None:
        for callback in tuple(self._callbacks):
            try:
                await callback(json.loads(packed))
            except Exception:
                _log.exception("a subscriber of the hub failed")


class RedisHub(MemoryHub):
    """The hub over all processes of one Redis: a capped stream; see :class:`Hub`.

    Each process reads on from the last event that it has seen, so that what was published while
    its connection was cut comes afterwards.

    Args:
        client: from :func:`bot.store.connecting.connect`; closed with the process.
    """

    def __init__(self, client: Redis) -> None:
        super().__init__()
        self._client = client
        self._seen = "0-0"

    async def start(self) -> None:
        """Begin to tell what is published from now on."""
        self._seen = await self._newest()
        await super().start()
        self._tasks.append(asyncio.create_task(self._read()))

    async def forget(self, conversation: str) -> None:
        """Delete the events of a conversation from the stream.

        Raises:
            StoreDown: Redis cannot be reached.
        """
        with reachable():
            held = await self._client.xrange(STREAM)
            own = [number for number, fields in held
                   if json.loads(fields["event"]).get("conversation") == conversation]
            if own:
                await self._client.xdel(STREAM, *own)

    async def _newest(self) -> str:
        """Return the number of the last event; while Redis is away, one by this clock."""
        try:
            newest = await self._client.xrevrange(STREAM, count=1)
        except RedisError:
            return f"{_milliseconds()}-0"
        return newest[0][0] if newest else "0-0"

    async def _send(self, events: list[str]) -> None:
        await _until_done(lambda: self._add(events))

    async def _add(self, events: list[str]) -> None:
        async with self._client.pipeline(transaction=True) as pipeline:
            for packed in events:
                pipeline.xadd(STREAM, {"event": packed}, maxlen=LONGEST)
            oldest = _milliseconds() - KEPT_SECONDS * 1000
            pipeline.xtrim(STREAM, minid=oldest, approximate=False)
            pipeline.expire(STREAM, KEPT_SECONDS)
            await pipeline.execute()

    async def _read(self) -> None:
        while True:
            streams = await _until_done(lambda: self._client.xread(
                {STREAM: self._seen}, count=100, block=_BLOCK_MILLISECONDS))
            for _, entries in streams:
                for number, fields in entries:
                    self._seen = number
                    await self._tell(fields["event"])


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel until it works: a command to Redis that is just timing out swallows a cancellation."""
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=_PAUSE_SECONDS)


async def _until_done(act: Callable[[], Awaitable[T]]) -> T:
    """Try until Redis does it; say so in the log once, not at every attempt."""
    failures = 0
    while True:
        try:
            done = await act()
        except RedisError as error:
            if not failures:
                _log.warning("the hub waits for Redis: %s", error)
            failures += 1
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            if failures:
                _log.warning("the hub has Redis back")
            return done


def _milliseconds() -> int:
    return int(time.time() * 1000)


def open_hub(redis_url: str) -> Hub:
    """Return the hub over all processes of a Redis; without an address, that of this one."""
    return RedisHub(connect(redis_url)) if redis_url else MemoryHub()


__all__ = ["Callback", "Event", "Hub", "MemoryHub", "RedisHub", "open_hub"]
