"""From the spool to the log database, in the background of the server."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from itertools import islice

from bot.errors import YibaoError
from bot.journal.database import Database
from bot.journal.spool import Spool, entries_of

_log = logging.getLogger(__name__)
_BATCH = 500
_LONGEST_PAUSE, _RETENTION_EVERY = 30.0, 3600.0
_AT_THE_END = 3.0
"""Seconds for what is left when the server stops; what does not arrive stays in the spool."""


class Shipper:
    """Ships what waits about once a second, and deletes what has been kept long enough.

    The database may be away: the spool grows meanwhile, and attempts become rarer.

    Args:
        spool: of this machine. Any number of processes may ship it; one does at a time.
        database: where entries go.
        keep_days: days after which an entry is deleted.
        pause: seconds between looks at the spool.

    ``shipped`` counts the entries that this process has shipped; ``last_error`` is why the last
    attempt failed, '' if it did not.
    """

    def __init__(
        self, spool: Spool, database: Database, keep_days: int, pause: float = 1.0
    ) -> None:
        self.shipped, self.last_error = 0, ""
        self._spool, self._database = spool, database
        self._keep, self._pause = timedelta(days=keep_days), pause
        self._failures = 0
        self._expire_at = self._stop_at = 0.0
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to ship in the background."""
        self._ending = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ship what is left, for a few seconds at most, and end."""
        if self._task:
            self._stop_at = time.monotonic() + _AT_THE_END
            self._ending.set()
            await self._task
            self._task = None

    def ship(self, wait: bool = False) -> int:
        """Ship what waits; return how many entries.

        Args:
            wait: wait for another process that is shipping, instead of leaving it to that one.

        Raises:
            DatabaseDown: the rest stays in the spool.
        """
        with self._spool.held(wait) as held:
            before = self.shipped
            for _ in range(2 if held else 0):  # what an earlier attempt left, then what is new
                self._ship_file()
            return self.shipped - before

    def _ship_file(self) -> None:
        path = self._spool.take()
        if path is None:
            return
        entries = entries_of(path)
        while batch := list(islice(entries, _BATCH)):
            if self._stop_at and time.monotonic() > self._stop_at:
                return
            self._database.add(batch)
            self.shipped += len(batch)
        path.unlink()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._ending.is_set():
            await loop.run_in_executor(None, self._look)
            pause = min(self._pause * 2 ** self._failures, max(_LONGEST_PAUSE, self._pause))
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)
        await loop.run_in_executor(None, self._look)

    def _look(self) -> None:
        try:
            if self._spool.bytes_waiting:
                self.ship()
            if time.monotonic() >= self._expire_at:
                self._database.expire(datetime.now(timezone.utc) - self._keep)
                self._expire_at = time.monotonic() + _RETENTION_EVERY
            self._failures, self.last_error = 0, ""
        except (YibaoError, OSError) as error:
            self._failed(str(error))
        except Exception as error:  # whatever it is: the next attempt has to come
            self._failed(type(error).__name__)

    def _failed(self, why: str) -> None:
        self._failures, self.last_error = min(self._failures + 1, 10), why
        _log.warning("the log waits in the spool: %s", why)


__all__ = ["Shipper"]
