"""The connection to Redis that store and hub share, and what it means when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis
from redis.exceptions import ConnectionError, TimeoutError

from bot.store import StoreDown

PATIENCE_SECONDS = 2
"""How long one command may wait for the connection, and for its answer."""

OUT_OF_REACH = (ConnectionError, TimeoutError)
"""What Redis raises while it is gone, silent, or still loading its data."""


def connect(url: str) -> Redis:
    """Return a client of ``redis://[user:password@]host:port/number``; connects when first used.

    Commands are not repeated by themselves: of one that was cut off nobody knows whether it was
    carried out, and only its sender knows whether it may come twice.

    Raises:
        ValueError: the address is none of Redis.
    """
    return Redis.from_url(url, decode_responses=True, socket_connect_timeout=PATIENCE_SECONDS,
                          socket_timeout=PATIENCE_SECONDS)


@contextmanager
def reachable() -> Iterator[None]:
    """Turn errors of the connection into :class:`StoreDown`; errors of commands stay."""
    try:
        yield
    except OUT_OF_REACH as error:
        raise StoreDown(f"Redis: {error}") from error


__all__ = ["OUT_OF_REACH", "PATIENCE_SECONDS", "connect", "reachable"]
