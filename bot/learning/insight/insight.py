"""What the console shows of the log's figures, counted anew from time to time."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from bot.journal.database import Database
from bot.learning.insight.weeks import period
from knowledge.store import load

Figures = dict[str, Any]

_LEAST, _TIMES = 30.0, 20
"""Seconds for which a count serves at least, so that a page and its charts show the same; and for
how many times as long as it took, so that citizens are not kept waiting by who counts."""


@dataclass
class _Counted:
    """The figures of a period, until when they serve, and the charts drawn of them."""

    figures: Figures
    until: float
    charts: dict[str, bytes] = field(default_factory=dict)


class Insight:
    """The figures of the last weeks.

    Args:
        database: the log database; only read.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[datetime, _Counted] = {}
        self._counting = asyncio.Lock()

    async def figures(self, weeks: Any = None) -> Figures:
        """Return the figures (:func:`bot.learning.insight.figures.figures`).

        Args:
            weeks: how many, as :func:`bot.learning.insight.weeks.period` takes it.

        Raises:
            BadInput: no such number of weeks.
            DatabaseDown: the log cannot be read.
        """
        return (await self._counted(weeks)).figures

    async def chart(self, name: str, weeks: Any = None) -> bytes:
        """Return a chart as PNG.

        Args:
            name: one of ``charts`` in ``data/insight.yml``.
            weeks: as for :meth:`figures`.

        Raises:
            KeyError: there is no such chart.
            BadInput, DatabaseDown: as for :meth:`figures`.
            SetupError: there is no Chinese font.
        """
        counted = await self._counted(weeks)
        if name not in counted.charts:
            counted.charts[name] = await asyncio.to_thread(_drawn, name, counted.figures)
        return counted.charts[name]

    async def _counted(self, weeks: Any) -> _Counted:
        since, until = period(weeks, datetime.now(timezone.utc))
        async with self._counting:
            kept = self._kept.get(since)
            if not kept or time.monotonic() >= kept.until:
                begun = time.monotonic()
                found = await asyncio.to_thread(count, self._database, since, until)
                took = time.monotonic() - begun
                kept = _Counted(found, begun + took + max(_LEAST, _TIMES * took))
                self._kept = {since: kept}
            return kept


def count(database: Database, since: datetime, until: datetime) -> Figures:
    """Return the figures of a period; blocks while it reads.

    Raises:
        DatabaseDown: the log cannot be read.
    """
    from bot.learning.insight.figures import figures  # takes a while to load

    return figures(database.entries(since=since), since, until, load())


def _drawn(name: str, figures: Figures) -> bytes:
    from bot.learning.insight.charts import draw  # takes a while to load

    return draw(name, figures)


__all__ = ["Insight", "count"]
