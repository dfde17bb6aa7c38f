"""What the server does now and then: old conversations go, and so do people who wait no longer."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Container
from contextlib import suppress
from functools import partial

from bot import metrics
from bot.errors import YibaoError
from bot.journal.journal import Journal
from bot.staff.times import DAY
from bot.store import Store, StoredMessage
from bot.switchboard import Switchboard, Talk

QUARTER_MINUTE, MINUTE, HOUR = 15.0, 60.0, 3600.0
WAITS_AT_MOST = DAY
"""Seconds after which nobody is waited for any more: whoever asked is long gone."""

GONE_FOR = 5 * MINUTE
"""Seconds without a sign of an agent's page after which their conversations are given up."""

Present = Callable[[float], Awaitable[Container[str]]]
"""Returns who was there within so many seconds."""

_log = logging.getLogger(__name__)


class Repeated:
    """A task of the server that is done now and then, also after it has failed.

    Args:
        act: what is done.
        seconds: how long to wait in between.
    """

    def __init__(self, act: Callable[[], Awaitable[object]], seconds: float) -> None:
        self._act, self._seconds = act, seconds
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; the first time is at once."""
        self._ending = asyncio.Event()
        self._task = asyncio.ensure_future(self._run())

    async def stop(self) -> None:
        """End, what is being done finished: Redis' client may swallow a cancellation."""
        if self._task:
            self._ending.set()
            await self._task

    async def _run(self) -> None:
        while not self._ending.is_set():
            try:
                await self._act()
            except YibaoError as error:
                _log.warning("housekeeping: %s", type(error).__name__)
            except Exception:
                _log.exception("housekeeping failed")
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._ending.wait(), self._seconds)


class Closing:
    """Something of the server that has only to be closed at its end."""

    def __init__(self, close: Callable[[], Awaitable[None]]) -> None:
        self._close = close

    async def start(self) -> None:
        """Nothing: it is open."""

    async def stop(self) -> None:
        """Close it."""
        await self._close()


async def forget_old(store: Store, keep_days: int) -> int:
    """Delete conversations in which nothing was said for so many days; return how many."""
    return await store.expire(time.time() - keep_days * DAY)


async def tell_figures(store: Store, journal: Journal) -> None:
    """Tell Prometheus what waits: people, messages to be posted, entries of the log."""
    metrics.spooled(journal.spool.bytes_waiting)
    metrics.waiting(len(await store.waiting()))
    metrics.pending(await store.undelivered())


async def give_up_waiting(switchboard: Switchboard) -> int:
    """Take those who have waited too long out of the queue; return how many."""
    gone = 0
    for conversation in await switchboard.store.waiting():
        gone += await switchboard.exchange(conversation, _give_up)
    return gone


async def _give_up(talk: Talk) -> bool:
    waiting = talk.waiting
    if not waiting or time.time() - waiting["since"] < WAITS_AT_MOST:
        return False
    await talk.stop_waiting()
    return True


async def give_up_agents(switchboard: Switchboard, present: Present) -> int:
    """Put conversations back into the queue whose agents at our desk are gone; return how many.

    Args:
        switchboard: puts the citizens through.
        present: tells who is there.
    """
    held = await switchboard.store.held()
    there = await present(GONE_FOR) if held else {}
    freed = 0
    for conversation, agent in held:
        if agent not in there:
            freed += bool(await switchboard.exchange(conversation, partial(_abandon, agent)))
    return freed


async def _abandon(agent: str, talk: Talk) -> list[StoredMessage]:
    return talk.abandon(agent)


__all__ = [
    "GONE_FOR", "HOUR", "MINUTE", "QUARTER_MINUTE", "WAITS_AT_MOST", "Closing", "Present",
    "Repeated", "forget_old", "give_up_agents", "give_up_waiting", "tell_figures",
]
