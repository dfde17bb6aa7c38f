"""Locks by name within one process: first come, first served, and gone when nobody wants them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LocalLocks:
    """Locks by name, of this process only."""

    def __init__(self) -> None:
        self._locks: defaultdict[str, _Lock] = defaultdict(_Lock)

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """Hold the lock of a name."""
        held = self._locks[name]
        held.wanted += 1
        try:
            async with held.lock:
                yield
        finally:
            held.wanted -= 1
            if not held.wanted:
                self._locks.pop(name, None)


class _Lock:
    """A lock and how many want it, so that it goes when nobody does."""

    def __init__(self) -> None:
        self.lock, self.wanted = asyncio.Lock(), 0


__all__ = ["LocalLocks"]
