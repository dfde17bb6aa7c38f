"""What the server does now and then: it ends with the server."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.housekeeping import HOUR, Repeated


async def test_it_ends_though_what_is_being_done_swallows_a_cancellation() -> None:
    begun = asyncio.Event()

    async def act() -> None:
        begun.set()
        with suppress(asyncio.CancelledError):  # as Redis' client does now and then
            await asyncio.sleep(0.05)

    repeated = Repeated(act, HOUR)
    await repeated.start()
    await begun.wait()
    ended, _ = await asyncio.wait([asyncio.ensure_future(repeated.stop())], timeout=5)
    assert ended
