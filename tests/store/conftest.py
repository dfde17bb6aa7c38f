"""What the tests of the stores share: both of them, and how to write into them."""

from __future__ import annotations

import pytest

from bot.store.redis import RedisStore
from bot.store.sqlite import SqliteStore


@pytest.fixture(params=["SQLite", "Redis"])
def new_store(request, tmp_path):
    """Opens the store; a second time, as a process does that has been started again."""
    if request.param == "SQLite":
        return lambda: SqliteStore(tmp_path / "var" / "conversations.db")
    server = request.getfixturevalue("redis_server")
    server.client.flushall()
    return lambda: RedisStore(server.url)


@pytest.fixture
async def store(new_store):
    """An empty store."""
    opened = new_store()
    yield opened
    await opened.close()
