"""The hub, in memory and in Redis: who is told what, and what an outage does to it."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest

from bot.store import StoreDown
from bot.store.connecting import connect
from connectors import hub as hubs
from connectors.hub import MemoryHub, RedisHub


class Listener:
    """Somebody who writes down what he is told."""

    def __init__(self, hub) -> None:
        self.events: list[dict] = []
        self.leave = hub.subscribe(self.hear)

    async def hear(self, event) -> None:
        self.events.append(event)

    @property
    def numbers(self) -> list[int]:
        return [event["n"] for event in self.events]

    async def heard(self, *numbers: int) -> None:
        """Wait until these, and only these, were told in this order."""
        deadline = time.monotonic() + 10
        while len(self.events) < len(numbers):
            assert time.monotonic() < deadline, self.numbers
            await asyncio.sleep(0.005)
        assert self.numbers == list(numbers)


def event(number: int, conversation: str = "c", **more) -> dict:
    return {"type": "messages", "conversation": conversation, "n": number, **more}


@contextlib.asynccontextmanager
async def over(server):
    """A hub of one process on this Redis."""
    client = connect(server.url)
    hub = RedisHub(client)
    yield hub
    await hub.stop()
    await client.close()


@pytest.fixture(params=["memory", "Redis"])
async def hub(request):
    """A hub that has not been started."""
    if request.param == "memory":
        made = MemoryHub()
        yield made
        await made.stop()
        return
    server = request.getfixturevalue("redis_server")
    server.client.flushall()
    async with over(server) as made:
        yield made


async def publish(hub, *numbers) -> None:
    for number in numbers:
        await hub.publish(event(number))


class TestEveryHub:
    async def test_everybody_hears_everything_in_order_the_publisher_too(self, hub):
        listeners = [Listener(hub), Listener(hub)]
        await hub.start()
        await publish(hub, *range(50))
        for listener in listeners:
            await listener.heard(*range(50))

    async def test_an_event_arrives_as_it_was(self, hub):
        listener = Listener(hub)
        await hub.start()
        sent = event(1, "会话", messages=[{"text": "你好\n🙂", "card": None, "seq": 2}], open=True)
        await hub.publish(sent)
        await listener.heard(1)
        assert listener.events == [sent]

    async def test_who_changes_an_event_changes_it_for_himself(self, hub):
        async def change(told):
            told["n"] = 99

        hub.subscribe(change)
        listener = Listener(hub)
        await hub.start()
        await publish(hub, 1)
        await listener.heard(1)

    async def test_who_has_left_hears_nothing_more(self, hub):
        left, stays = Listener(hub), Listener(hub)
        await hub.start()
        await publish(hub, 1)
        await stays.heard(1)
        left.leave()
        await publish(hub, 2)
        await stays.heard(1, 2)
        assert left.numbers == [1]

    async def test_who_comes_later_hears_what_comes_later(self, hub):
        first = Listener(hub)
        await hub.start()
        await publish(hub, 1)
        await first.heard(1)
        late = Listener(hub)
        await publish(hub, 2)
        await late.heard(2)

    async def test_one_who_fails_is_logged_and_keeps_nothing_from_the_others(self, hub, caplog):
        async def fail(_):
            raise ZeroDivisionError

        hub.subscribe(fail)
        listener = Listener(hub)
        await hub.start()
        await publish(hub, 1, 2)
        await listener.heard(1, 2)
        assert "subscriber" in caplog.text

    async def test_one_that_was_never_started_closes(self, hub):
        await hub.stop()


class TestOneProcess:
    async def test_what_was_published_before_it_closes_is_still_told(self):
        hub = MemoryHub()
        listener = Listener(hub)
        await hub.start()
        await publish(hub, 1, 2, 3)
        await hub.stop()
        assert listener.numbers == [1, 2, 3]


class TestSeveralProcesses:
    async def test_each_hears_what_any_publishes(self, own_redis):
        async with over(own_redis) as one, over(own_redis) as other:
            listeners = [Listener(one), Listener(other)]
            await one.start()
            await other.start()
            await publish(one, 1)
            for listener in listeners:
                await listener.heard(1)
            await publish(other, 2)
            for listener in listeners:
                await listener.heard(1, 2)

    async def test_what_the_one_publishes_last_reaches_the_other(self, own_redis):
        async with over(own_redis) as other:
            listener = Listener(other)
            await other.start()
            async with over(own_redis) as one:
                await one.start()
                await publish(one, *range(20))
            await listener.heard(*range(20))

    async def test_who_starts_hears_nothing_of_the_past(self, own_redis):
        async with over(own_redis) as one, over(own_redis) as other:
            listener = Listener(one)
            await one.start()
            await publish(one, 0)
            await listener.heard(0)
            late = Listener(other)
            await other.start()
            await publish(one, 1)
            await late.heard(1)

    async def test_what_is_published_while_a_connection_is_cut_comes_after_it_is_back(
        self, own_redis, caplog
    ):
        async with over(own_redis) as here, over(own_redis) as there:
            listener = Listener(there)
            await here.start()
            await there.start()
            await publish(here, 0)
            await listener.heard(0)
            own_redis.client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            await publish(here, 1, 2, 3)
            await listener.heard(0, 1, 2, 3)
            assert "waits for Redis" in caplog.text  # the reader was cut off in between

    async def test_what_is_published_while_redis_is_away_comes_after_it_is_back(self, own_redis):
        async with over(own_redis) as one, over(own_redis) as other:
            listeners = [Listener(one), Listener(other)]
            await one.start()
            await other.start()
            await publish(one, 0)
            for listener in listeners:
                await listener.heard(0)
            own_redis.kill()
            await publish(one, 1, 2)
            await asyncio.to_thread(own_redis.start)
            await publish(one, 3)
            for listener in listeners:
                await listener.heard(0, 1, 2, 3)

    async def test_one_starts_while_redis_is_away(self, own_redis):
        own_redis.kill()
        async with over(own_redis) as hub:
            listener = Listener(hub)
            await hub.start()
            await publish(hub, 1)
            await asyncio.to_thread(own_redis.start)
            await listener.heard(1)

    async def test_closing_while_redis_is_away_ends_and_says_what_it_could_not_tell(
        self, own_redis, caplog, monkeypatch
    ):
        monkeypatch.setattr(hubs, "_CLOSING_SECONDS", 0.1)
        async with over(own_redis) as hub:
            await hub.start()
            own_redis.kill()
            await publish(hub, 1)
        assert "not all events were told" in caplog.text


class TestWhatIsHeld:
    async def test_nothing_of_a_forgotten_conversation(self, own_redis):
        async with over(own_redis) as hub:
            listener = Listener(hub)
            await hub.start()
            for number in range(6):
                await hub.publish(event(number, "gone" if number % 2 else "kept"))
            await listener.heard(*range(6))
            await hub.forget("gone")
            held = str(own_redis.client.xrange(hubs.STREAM))
            assert "kept" in held and "gone" not in held
            await publish(hub, 6)
            await listener.heard(*range(7))
            own_redis.kill()
            with pytest.raises(StoreDown):
                await hub.forget("kept")

    async def test_no_more_than_a_number_and_no_longer_than_some_minutes(
        self, own_redis, monkeypatch
    ):
        monkeypatch.setattr(hubs, "LONGEST", 100)
        async with over(own_redis) as hub:
            await hub.start()
            await publish(hub, *range(400))
        assert 100 <= own_redis.client.xlen(hubs.STREAM) <= 300
        assert 0 < own_redis.client.ttl(hubs.STREAM) <= hubs.KEPT_SECONDS

    async def test_what_is_old_goes_with_the_next_event(self, own_redis):
        own_redis.client.xadd(hubs.STREAM, {"event": "{}"}, id="1-1")
        async with over(own_redis) as hub:
            listener = Listener(hub)
            await hub.start()
            await publish(hub, 1)
            await listener.heard(1)
        assert len(own_redis.client.xrange(hubs.STREAM)) == 1
