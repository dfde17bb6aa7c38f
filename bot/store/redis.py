"""The store in Redis, for several processes.

Every change is one Lua script, so it is written whole or not at all. All keys begin with
``yibao:``; what belongs to a conversation carries its id at the end, and goes by itself when it was
not changed for as long as conversations are kept. Some scripts find out which keys they need: this
is for one Redis (with replicas, if wanted), not for a cluster.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from redis.asyncio.lock import Lock
from redis.commands.core import AsyncScript
from redis.exceptions import LockNotOwnedError

from bot.store import Change, Conflict, Delivery, Record, StoredMessage
from bot.store.connecting import OUT_OF_REACH, connect, reachable
from bot.store.locks import LocalLocks

_log = logging.getLogger(__name__)

_RECORD, _DELIVERIES = "yibao:record:", "yibao:deliveries:"
_MESSAGES, _CLIENTS, _LOCK = "yibao:messages:", "yibao:clients:", "yibao:lock:"
_WAITING, _WAKE, _DUE, _CHANGED = "yibao:waiting", "yibao:wake", "yibao:due", "yibao:changed"
_NUMBERS, _HELD = "yibao:numbers", "yibao:held"
_DAY = 86_400


class RedisStore:
    """See :class:`bot.store.Store`.

    Args:
        url: ``redis://[user:password@]host:port/number``.
        keep_days: how long a conversation is kept that does not change.
        lock_seconds: after how long a lock goes whose holder has died. It may go in the middle of
            a slow turn too: then the revision of the record decides whose turn is written.

    Raises:
        ValueError: the address is none of Redis.
    """

    def __init__(self, url: str, keep_days: int = 30, lock_seconds: float = 10) -> None:
        self.client = connect(url)
        self._keep_seconds, self._lock_seconds = keep_days * _DAY, lock_seconds
        self._queue_here = LocalLocks()
        self._scripts: dict[str, AsyncScript] = {}

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    @asynccontextmanager
    async def lock(self, conversation: str) -> AsyncIterator[None]:
        """Hold a conversation over all processes; in this one, first come, first served."""
        held = Lock(self.client, _LOCK + conversation, timeout=self._lock_seconds, sleep=0.01,
                    thread_local=False)
        async with self._queue_here.hold(conversation):
            with reachable():
                await held.acquire()
            try:
                yield
            finally:
                await _release(held)

    async def load(self, conversation: str) -> Record:
        """Return the record of a conversation."""
        with reachable():
            found = await self.client.hmget(_RECORD + conversation, "revision", "data", "last")
        revision, data, last = found
        return Record(int(revision), json.loads(data), int(last)) if revision else Record()

    async def commit(self, conversation: str, change: Change) -> None:
        """Write a change by one script."""
        messages = [part for message in change.messages
                    for part in (_packed(message.as_dict()), message.client_id or "")]
        first = change.messages[0].seq if change.messages else 0
        written = await self._run(
            "commit", [*_keys(conversation), _NUMBERS], conversation, change.revision,
            _packed(change.data), time.time(), self._keep_seconds, _or_none(change.waiting_since),
            _or_none(change.wake_at), change.agent, first, len(change.messages), *messages,
            *map(_packed, change.deliveries))
        if not written:
            raise Conflict(conversation)

    async def since(self, conversation: str, seq: int) -> list[StoredMessage]:
        """Return the messages after number ``seq``, in order."""
        with reachable():
            found = await self.client.lrange(_MESSAGES + conversation, max(seq, 0), -1)
        return [_message(packed) for packed in found]

    async def newest(self, conversation: str, count: int) -> list[StoredMessage]:
        """Return the last ``count`` messages, newest first."""
        if count < 1:  # in Redis, -0 is the beginning of the list
            return []
        with reachable():
            found = await self.client.lrange(_MESSAGES + conversation, -count, -1)
        return [_message(packed) for packed in reversed(found)]

    async def exchange(self, conversation: str, client_id: str) -> list[StoredMessage]:
        """Return the message stored with ``client_id`` and those that answer it."""
        with reachable():
            seq = await self.client.hget(_CLIENTS + conversation, client_id)
        if not seq:
            return []
        asked, *later = await self.since(conversation, int(seq) - 1)
        return [asked, *(message for message in later if message.reply_to == asked.seq)]

    async def forget(self, conversation: str) -> None:
        """Delete everything that is kept of a conversation."""
        await self._run("forget", _keys(conversation), conversation, "")

    async def expire(self, before: float) -> int:
        """Delete conversations last changed before a time."""
        with reachable():
            old = await self.client.zrangebyscore(_CHANGED, "-inf", f"({before!r}")
        return sum([await self._run("forget", _keys(conversation), conversation, before)
                    for conversation in old])

    async def waiting(self) -> list[str]:
        """Return the conversations that wait for a person, the longest waiting first."""
        with reachable():
            return await self.client.zrange(_WAITING, 0, -1)

    async def held(self) -> list[tuple[str, str]]:
        """Return the conversations that a person has, with who has them."""
        with reachable():
            return sorted((await self.client.hgetall(_HELD)).items())

    async def recent(self, count: int, before: float | None = None) -> list[tuple[str, float]]:
        """Return the conversations last changed, newest first."""
        newest = "+inf" if before is None else f"({before!r}"
        with reachable():
            return await self.client.zrevrangebyscore(
                _CHANGED, newest, "-inf", start=0, num=count, withscores=True)

    async def woken(self, now: float, lease: float) -> list[str]:
        """Return conversations whose time has come."""
        return await self._run("woken", [_WAKE], now, now + lease, _RECORD)

    async def claim(self, now: float, lease: float, limit: int) -> list[Delivery]:
        """Return due deliveries, the first of each conversation."""
        claimed = await self._run("claim", [_DUE], now, now + lease, limit, _DELIVERIES)
        return [Delivery(conversation, number, json.loads(body), attempts)
                for conversation, number, attempts, body in claimed]

    async def undelivered(self) -> int:
        """Return how many conversations have deliveries that have not arrived."""
        with reachable():
            return int(await self.client.zcard(_DUE))

    async def delivered(self, delivery: Delivery) -> None:
        """Drop a delivery that has arrived."""
        await self._settle(delivery, None)

    async def postpone(self, delivery: Delivery, until: float) -> None:
        """Let a delivery wait until a time."""
        await self._settle(delivery, until)

    async def _settle(self, delivery: Delivery, until: float | None) -> None:
        conversation = delivery.conversation
        await self._run("settle", [_DELIVERIES + conversation, _DUE], conversation, delivery.id,
                        _or_none(until))

    async def once(self, key: str, seconds: float) -> bool:
        """Tell whether ``key`` is seen for the first time within ``seconds``."""
        lasting = max(1, round(seconds * 1000))
        with reachable():
            return bool(await self.client.set(f"yibao:once:{key}", 1, nx=True, px=lasting))

    async def _run(self, name: str, keys: list[str], *values: Any) -> Any:
        """Run a script; one that Redis does not know (any more) is sent again."""
        if name not in self._scripts:
            text = Path(__file__).with_name(f"{name}.lua").read_text(encoding="utf-8")
            self._scripts[name] = self.client.register_script(text)
        with reachable():
            return await self._scripts[name](keys=keys, args=values)


async def _release(held: Lock) -> None:
    """Give a lock back. It goes by itself too, so that it fails is no failure of the turn."""
    try:
        await held.release()
    except (LockNotOwnedError, *OUT_OF_REACH) as error:
        _log.warning("a conversation was not released but has run out or will: %s", error)


def _keys(conversation: str) -> list[str]:
    """Return all keys with something of a conversation, in the order of the scripts."""
    own = [prefix + conversation for prefix in (_RECORD, _MESSAGES, _CLIENTS, _DELIVERIES)]
    return [*own, _WAITING, _WAKE, _DUE, _CHANGED, _HELD]


def _message(packed: str) -> StoredMessage:
    return StoredMessage(**json.loads(packed))


def _or_none(moment: float | None) -> float | str:
    return "" if moment is None else moment


def _packed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


__all__ = ["RedisStore"]
