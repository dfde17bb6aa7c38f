"""Which store an installation has: a file on its own, Redis where one is named."""

from __future__ import annotations

import logging

import redis

from bot.errors import SetupError
from bot.paths import state_folder
from bot.settings import Settings
from bot.store import Store
from bot.store.connecting import PATIENCE_SECONDS
from bot.store.redis import RedisStore
from bot.store.sqlite import SqliteStore

_log = logging.getLogger(__name__)


def open_store(settings: Settings) -> Store:
    """Return the store of conversations.

    Raises:
        SetupError: the address is none of Redis.
    """
    url = settings.redis_url
    if not url:
        return SqliteStore(state_folder() / "conversations.db")
    try:
        store = RedisStore(url, settings.keep_conversations_days)
    except ValueError as error:
        raise SetupError(f"YIBAO_REDIS_URL 不是 Redis 地址（{error}）："
                         "例如 redis://127.0.0.1:6379/0") from None
    _warn_unless_it_keeps(url)
    return store


def _warn_unless_it_keeps(url: str) -> None:
    """Warn where this Redis loses what it was told: on a restart, or when memory is short."""
    with redis.Redis.from_url(url, decode_responses=True, socket_timeout=PATIENCE_SECONDS,
                              socket_connect_timeout=PATIENCE_SECONDS) as client:
        try:
            state = {**client.info("persistence"), **client.info("memory")}
        except redis.RedisError as error:
            _log.warning("启动时连不上 Redis，会话暂不可用，恢复后自动继续：%s", error)
            return
    if not state.get("aof_enabled"):
        _log.warning("Redis 没有开启 appendonly：它重启后会丢失会话，请设置 appendonly yes")
    if state.get("maxmemory_policy", "noeviction") != "noeviction":
        _log.warning("Redis 内存不足时会删除会话：请设置 maxmemory-policy noeviction")


__all__ = ["open_store"]
