"""A process that serves follows what is live: another model takes the place of its own."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import Any

from bot import metrics
from bot.assistant import Assistant
from bot.database import DatabaseDown
from bot.errors import BadInput, DataError
from bot.housekeeping import Repeated
from bot.learning.models.models import Models
from bot.learning.models.processes import BEAT_SECONDS, ModelProcesses
from bot.learning.models.soundness import our_foundation
from bot.staff.times import text_in
from bot.wording import say

LOOK_SECONDS = 1.0
"""How often a process looks which model is live."""

TRY_AGAIN_SECONDS = 60.0
"""When a model that could not be loaded is tried once more, though nothing has changed."""

_log = logging.getLogger(__name__)


class FollowLive:
    """Keeps the assistant of this process at the live model, and tells what it serves with.

    Where the live model cannot be loaded the present one goes on.

    Args:
        assistant: of this process.
        models: of this installation.
        processes: where it is told.
    """

    def __init__(self, assistant: Assistant, models: Models, processes: ModelProcesses) -> None:
        self._assistant, self._models, self._processes = assistant, models, processes
        self._since, self._problem = "", ""
        self._failed: tuple[dict[str, Any], float] | None = None
        self._tasks = (Repeated(self.look, LOOK_SECONDS), Repeated(self.tell, BEAT_SECONDS))

    async def start(self) -> None:
        """Begin to look, and to tell."""
        self._since = text_in(0)
        await asyncio.to_thread(our_foundation)  # before another release is installed over ours
        for task in self._tasks:
            await task.start()

    async def stop(self) -> None:
        """End; a model that is being loaded is waited for."""
        for task in self._tasks:
            await task.stop()
        with suppress(DatabaseDown):
            await self._processes.leave()

    async def tell(self) -> None:
        """Tell what this process serves with, once it serves.

        Raises:
            DatabaseDown: it could not be told.
        """
        if self._assistant.agent is not None:
            metrics.serving_with(self._assistant.version)
            await self._processes.beat(self._assistant.version, self._since, self._problem)

    async def look(self) -> None:
        """Take the live model over, unless it is this process' own or failed just now.

        Raises:
            DatabaseDown: what was done could not be told.
        """
        if self._assistant.agent is None:
            return
        before = self._assistant.version, self._problem
        self._problem = await self._follow()
        if (self._assistant.version, self._problem) != before:
            await self.tell()

    async def _follow(self) -> str:
        """Return why the live model was not taken over, in Chinese, or ""."""
        try:
            live = await asyncio.to_thread(self._models.live)
        except (DataError, OSError):
            return say("model_live_unreadable")
        if live is None or live["version"] == self._assistant.version:
            return ""
        if self._failed and self._failed[0] == live and time.monotonic() < self._failed[1]:
            return self._problem
        problem = await self._take_over(live["version"])
        self._failed = (live, time.monotonic() + TRY_AGAIN_SECONDS) if problem else None
        return problem

    async def _take_over(self, version: str) -> str:
        before = self._assistant.version
        try:
            await asyncio.to_thread(self._models.verify, version)
            await self._assistant.swap(self._models.archive(version))
        except BadInput as error:
            return str(error)
        except Exception:
            _log.exception("the live model could not be loaded")
            return say("model_fails", version=version)
        self._since = text_in(0)
        _log.info("model %s instead of %s", version, before)
        return ""


__all__ = ["LOOK_SECONDS", "TRY_AGAIN_SECONDS", "FollowLive"]
