"""Redis away for a while: said soon, nothing lost that was written, and no restart needed."""

from __future__ import annotations

import asyncio
import logging
import signal
import time

import pytest
from redis.exceptions import ReadOnlyError, ResponseError
from services import free_port
from writing import message, write

from bot.errors import SetupError
from bot.settings import Settings
from bot.store import Change, Conflict, StoreDown
from bot.store.opening import open_store
from bot.store.redis import RedisStore
from bot.store.sqlite import SqliteStore

FAR = 10.0
"""Seconds; nobody is left waiting longer for the news that the store is away."""


@pytest.fixture
async def store(own_redis):
    """A store whose Redis may be killed."""
    opened = RedisStore(own_redis.url, lock_seconds=0.3)
    yield opened
    await opened.close()


async def lock(store):
    async with store.lock("c"):
        pass


OPERATIONS = {
    "load": lambda s: s.load("c"),
    "commit": lambda s: s.commit("c", Change(1, {}, [message(2)])),
    "lock": lock,
    "since": lambda s: s.since("c", 0),
    "newest": lambda s: s.newest("c", 1),
    "exchange": lambda s: s.exchange("c", "a"),
    "forget": lambda s: s.forget("c"),
    "expire": lambda s: s.expire(1.0),
    "waiting": lambda s: s.waiting(),
    "woken": lambda s: s.woken(1.0, 1),
    "claim": lambda s: s.claim(1.0, 1, 1),
    "once": lambda s: s.once("k", 1),
}


async def test_what_was_written_before_it_was_killed_is_there_and_all_goes_on(store, own_redis):
    await write(store, "c", messages=[message(1, client_id="a")], data={"n": 1},
                waiting_since=2.0, wake_at=3.0, deliveries=[{"n": 1}])
    own_redis.kill()
    for name, operation in OPERATIONS.items():
        with pytest.raises(StoreDown):
            await asyncio.wait_for(operation(store), FAR)
            pytest.fail(f"{name} did not say that Redis is away")
    await asyncio.to_thread(own_redis.start)
    assert (await store.load("c")).data == {"n": 1}
    assert [m.client_id for m in await store.exchange("c", "a")] == ["a"]
    assert await store.waiting() == ["c"]
    assert await store.woken(9.0, 1) == ["c"]
    assert [d.body for d in await store.claim(9.0, 1, 1)] == [{"n": 1}]
    await write(store, "c", "还在")
    assert (await store.load("c")).last_seq == 2


@pytest.mark.parametrize("first", ["load", "commit", "lock"])
async def test_whatever_comes_first_after_a_quiet_restart_works(store, own_redis, first):
    """Connections of before are dead: that is found out before anything is sent on them."""
    await write(store, "c", messages=[message(1, client_id="a")])
    own_redis.kill()
    await asyncio.to_thread(own_redis.start)
    await OPERATIONS[first](store)


async def test_it_is_said_while_redis_is_silent_too(store, own_redis):
    await write(store, "c", "一")
    own_redis.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(StoreDown):
            await asyncio.wait_for(store.load("c"), FAR)
    finally:
        own_redis.process.send_signal(signal.SIGCONT)
    assert (await store.load("c")).last_seq == 1


async def test_every_turn_that_was_acknowledged_while_it_was_killed_is_there_once(
    store, own_redis
):
    """A sender who repeats what was not acknowledged, by the id of his message."""
    acknowledged = []

    async def say(number):
        while number not in acknowledged:
            try:
                if not await store.exchange("c", f"id-{number}"):
                    record = await store.load("c")
                    said = message(record.last_seq + 1, str(number), client_id=f"id-{number}")
                    await store.commit("c", Change(record.revision, {"last": number}, [said]))
                acknowledged.append(number)
            except StoreDown:
                await asyncio.sleep(0.01)

    async def citizen():
        for number in range(300):
            await say(number)

    talking = asyncio.create_task(citizen())
    for reached in (60, 160):
        while len(acknowledged) < reached:
            await asyncio.sleep(0)
        own_redis.kill()
        await asyncio.to_thread(own_redis.start)
    await talking
    assert [m.text for m in await store.since("c", 0)] == [str(n) for n in range(300)]


async def test_who_dies_while_holding_a_conversation_holds_it_for_a_moment_only(own_redis):
    died, lives = (RedisStore(own_redis.url, lock_seconds=0.3) for _ in range(2))
    await died.lock("c").__aenter__()
    await asyncio.wait_for(lock(lives), FAR)
    for store in (died, lives):
        await store.close()


async def test_who_held_it_too_long_neither_writes_nor_takes_it_from_the_next(store, own_redis):
    other = RedisStore(own_redis.url)
    slow, holding = store.lock("c"), other.lock("c")
    await slow.__aenter__()
    seen = await store.load("c")
    await holding.__aenter__()  # once the lock has run out
    await write(other, "c", "另一个")
    with pytest.raises(Conflict):
        await store.commit("c", Change(seen.revision, {}, [message(1)]))
    await slow.__aexit__(None, None, None)
    assert own_redis.client.exists("yibao:lock:c")
    await holding.__aexit__(None, None, None)
    assert not own_redis.client.exists("yibao:lock:c")
    await other.close()


async def test_a_turn_that_was_written_counts_although_redis_goes_before_its_lock(
    store, own_redis
):
    async with store.lock("c"):
        await write(store, "c", "一")
        own_redis.kill()
    await asyncio.to_thread(own_redis.start)
    await asyncio.wait_for(lock(store), FAR)
    assert (await store.load("c")).last_seq == 1


async def test_two_processes_hold_one_conversation_in_turn(own_redis):
    stores = [RedisStore(own_redis.url) for _ in range(2)]

    async def count(store):
        async with store.lock("c"):
            record = await store.load("c")
            await asyncio.sleep(0.001)
            more = {"n": record.data.get("n", 0) + 1}
            await store.commit("c", Change(record.revision, more))

    await asyncio.gather(*(count(store) for store in stores * 5))
    assert (await stores[0].load("c")).data == {"n": 10}
    for store in stores:
        await store.close()


async def test_what_redis_refuses_is_not_called_an_outage(store, own_redis):
    own_redis.client.set("yibao:messages:c", "not a list")
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await store.since("c", 0)
    own_redis.client.replicaof("127.0.0.1", free_port())
    with pytest.raises(ReadOnlyError):
        await store.once("k", 1)


async def test_a_conversation_that_goes_on_while_old_ones_are_deleted_stays(
    store, own_redis, monkeypatch
):
    await write(store, "c", "一")
    before = time.time() + 0.001
    find = store.client.zrangebyscore

    async def find_and_be_overtaken(*asked):
        found = await find(*asked)
        while time.time() <= before:
            await asyncio.sleep(0)
        await write(store, "c", "还在")
        return found

    monkeypatch.setattr(store.client, "zrangebyscore", find_and_be_overtaken)
    assert await store.expire(before) == 0
    assert (await store.load("c")).last_seq == 2


async def test_everything_of_a_conversation_goes_by_itself_after_the_days_it_is_kept(own_redis):
    store = RedisStore(own_redis.url, keep_days=30)
    client = own_redis.client
    for turn in range(2):
        await write(store, "c", messages=[message(turn + 1, client_id=str(turn))],
                    deliveries=[{"n": turn}])
        keys = client.keys("yibao:*:c")
        assert len(keys) == 4
        for key in keys:
            assert 29 * 86_400 < client.ttl(key) <= 30 * 86_400
            client.expire(key, 5)  # the next change makes it whole again
    await write(store, "c", wake_at=1.0, waiting_since=1.0)
    client.delete(*client.keys("yibao:*:c"))
    assert await store.woken(9.0, 1) == await store.claim(9.0, 1, 9) == []
    assert await store.expire(time.time() + 1) == 1
    assert client.keys("*") == ["yibao:numbers"]
    await store.close()


class TestOpening:
    def test_without_an_address_it_is_a_file(self, tmp_path, monkeypatch):
        monkeypatch.setenv("YIBAO_VAR", str(tmp_path))
        assert isinstance(open_store(Settings()), SqliteStore)
        assert (tmp_path / "conversations.db").is_file()

    def test_an_address_of_something_else_is_named(self, tmp_path):
        with pytest.raises(SetupError, match="YIBAO_REDIS_URL"):
            open_store(Settings(redis_url="http://127.0.0.1"))

    def test_a_redis_that_keeps_what_it_is_told_is_fine(self, own_redis, tmp_path, caplog):
        with caplog.at_level(logging.WARNING):
            assert isinstance(open_store(Settings(redis_url=own_redis.url)), RedisStore)
        assert caplog.messages == []

    @pytest.mark.parametrize("setting, value", [
        ("appendonly", "no"), ("maxmemory-policy", "allkeys-lru")])
    def test_one_that_would_lose_it_is_warned_of(
        self, own_redis, tmp_path, caplog, setting, value
    ):
        own_redis.client.config_set(setting, value)
        open_store(Settings(redis_url=own_redis.url))
        warning, = caplog.messages
        assert setting in warning

    async def test_it_opens_while_redis_is_away_and_says_so(self, own_redis, tmp_path, caplog):
        own_redis.kill()
        store = open_store(Settings(redis_url=own_redis.url))
        assert "连不上 Redis" in caplog.text
        own_redis.start()
        assert (await store.load("c")).revision == 0
        await store.close()
