"""What the console shows of the log: groups of messages that are worth a label."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any, Protocol

from bot.journal.database import Database
from bot.learning.inbox.grouping import Group, groups_of, in_order, narrowed
from bot.learning.inbox.messages import Message, messages_of
from bot.nlu.normalise import normalise

MOST_DAYS, MOST_FOUND = 180, 2000
"""How far back one may look, and how many texts of a search are put into groups."""

_LONG, _REST = 0.5, 20
"""Seconds from which reading the log takes long; what was read serves so many times as long before
the log is looked at again, so that citizens are not kept waiting by who reads it."""


class _Labels(Protocol):
    async def known(self, keys: Sequence[str]) -> set[str]:
        """Return those of the keys whose texts have been labelled."""


@dataclass(frozen=True)
class _Read:
    """The messages of a period: the log's state then, how long it holds, groups with a signal."""

    state: Any
    until: float
    messages: Sequence[Message]
    groups: Sequence[Group]


class Inbox:
    """The inbox.

    Args:
        database: the log database; only read.
        labels: what has been labelled.
    """

    def __init__(self, database: Database, labels: _Labels) -> None:
        self._database, self._labels = database, labels
        self._kept: dict[int, _Read] = {}
        self._reading = asyncio.Lock()

    async def page(
        self, days: int = 30, signal: str = "", query: str = "", region: str = "",
        limit: int = 50,
    ) -> dict[str, Any]:
        """Return the groups that teach most, without what has been labelled.

        Args:
            days: how far back to look.
            signal: only messages with this signal; '' for those with any.
            query: only messages with these words, then also those without a signal.
            region: only messages of this guide's region.
            limit: groups at most.

        Returns:
            ``{"groups": [Group, …], "total": groups in all, "messages": texts in all}``.

        Raises:
            DatabaseDown: the log database is away.
        """
        read = await self._read(max(1, min(days, MOST_DAYS)))
        groups = await asyncio.to_thread(_searched, read, query) if query else read.groups
        known = await self._labels.known([m["key"] for g in groups for m in g["messages"]])

        def keep(message: Message) -> bool:
            return (message["key"] not in known and region in ("", message["region"])
                    and (not signal or any(s["kind"] == signal for s in message["signals"])))

        left = in_order(group for group in (narrowed(g, keep) for g in groups) if group)
        return {"groups": left[:limit], "total": len(left),
                "messages": sum(len(group["messages"]) for group in left)}

    async def _read(self, days: int) -> _Read:
        since = datetime.now(timezone.utc) - timedelta(days=days)
        async with self._reading:
            kept = self._kept.get(days)
            if not kept or time.monotonic() > kept.until:
                kept = await asyncio.to_thread(_read, self._database, since, kept)
                self._kept = {days: kept}
            return kept


def _read(database: Database, since: datetime, kept: _Read | None) -> _Read:
    begun, state = time.monotonic(), database.state(since)
    if kept and kept.state == state:
        return kept
    messages = messages_of(database.entries(since=since))
    groups = groups_of([m for m in messages if m["signals"]])
    now = time.monotonic()
    took = now - begun
    return _Read(state, now + (_REST * took if took > _LONG else 0), messages, groups)


def _searched(read: _Read, query: str) -> list[Group]:
    words = normalise(query).split()
    found = (m for m in read.messages if all(word in normalise(m["text"]) for word in words))
    return groups_of(list(islice(found, MOST_FOUND)))


__all__ = ["MOST_DAYS", "MOST_FOUND", "Inbox"]
