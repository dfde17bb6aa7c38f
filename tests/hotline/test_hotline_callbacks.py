"""Call-backs: in order, until they arrive, none twice, never elsewhere; on a real receiver."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta, timezone

import pytest

from bot.store import Change
from bot.store.redis import RedisStore
from bot.store.sqlite import SqliteStore
from connectors.hotline12345 import signing
from connectors.hotline12345.callbacks import Callbacks, Patience
from tests.hotline.conftest import KEYS, until

QUICK = Patience(timeout=0.5, lease=2.0, first=0.02, longest=0.1, keep=3600.0, tick=0.02)


def body(number: int, conversation: str = "h-1", age: float = 0.0) -> dict:
    at = datetime.now(timezone.utc) - timedelta(seconds=age)
    return {"delivery_id": f"{conversation}:{number}", "at": at.isoformat(), "replies": []}


@pytest.fixture(params=["SQLite", "Redis"])
async def store(request, tmp_path):
    """Where deliveries wait: in a file, and in Redis."""
    if request.param == "SQLite":
        opened = SqliteStore(tmp_path / "deliveries.db")
    else:
        server = request.getfixturevalue("redis_server")
        server.client.flushall()
        opened = RedisStore(server.url)
    yield opened
    await opened.close()


async def leave(store, *bodies: dict, conversation: str = "h-1") -> None:
    """Leave bodies to be posted, as a turn does."""
    record = await store.load(conversation)
    await store.commit(conversation, Change(record.revision, {"n": 1}, deliveries=bodies))


@pytest.fixture
async def posting(store, receiver):
    """Starts to post; ends all of it afterwards."""
    started = []

    async def start(patience: Patience = QUICK) -> Callbacks:
        callbacks = Callbacks(store, receiver.url, KEYS, patience)
        await callbacks.start()
        started.append(callbacks)
        return callbacks

    yield start
    for callbacks in started:
        await callbacks.stop()


def ids(bodies: list[dict]) -> list[str]:
    return [b["delivery_id"] for b in bodies]


async def test_what_is_left_arrives_signed_and_in_order(store, receiver, posting):
    await leave(store, *(body(n) for n in range(1, 6)))
    await posting()
    await until(lambda: len(receiver.got) == 5)
    assert ids(receiver.got) == [f"h-1:{n}" for n in range(1, 6)]
    method, target, headers, raw = receiver.requests[0]
    assert (method, target) == ("POST", "/replies?from=yibao")
    await signing.check(KEYS, store, method, target, headers, raw)
    assert headers["Content-Type"] == "application/json"


async def test_a_platform_that_is_down_gets_everything_once_it_is_back(store, receiver, posting):
    await receiver.stop()
    await posting()
    await leave(store, body(1), body(2))
    await leave(store, body(1, "h-2"), conversation="h-2")
    await asyncio.sleep(0.5)  # long enough for several refused connections
    await leave(store, body(3))
    await receiver.start()
    await until(lambda: len(receiver.got) == 4)
    assert [i for i in ids(receiver.got) if i[:3] == "h-1"] == ["h-1:1", "h-1:2", "h-1:3"]
    await asyncio.sleep(4 * QUICK.longest)
    assert len(receiver.tries) == 4, "something came twice"


@pytest.mark.parametrize("status", [301, 307, 400, 500])
async def test_anything_but_2xx_is_tried_again_and_a_redirect_is_not_followed(
    store, receiver, posting, status
):
    receiver.status = status
    await leave(store, body(1))
    await posting()
    await until(lambda: len(receiver.tries) >= 3)
    assert {target for _, target, _, _ in receiver.requests} == {"/replies?from=yibao"}
    receiver.status = 204
    await until(lambda: receiver.got)


async def test_each_try_is_signed_anew_for_the_platform_refuses_a_nonce_that_it_knows(
    store, receiver, posting
):
    receiver.status = 503
    await leave(store, body(1))
    await posting()
    await until(lambda: len(receiver.tries) >= 3)
    nonces = [headers[signing.NONCE] for _, _, headers, _ in receiver.requests]
    assert len(set(nonces)) == len(nonces)


async def test_an_answer_that_takes_too_long_counts_as_none(store, receiver, posting):
    receiver.delay = 1.0
    await leave(store, body(1), body(2))
    await posting(Patience(timeout=0.1, lease=2.0, first=0.02, longest=0.1, tick=0.02))
    await until(lambda: len(receiver.tries) >= 2)
    assert set(ids(receiver.tries)) == {"h-1:1"}, "the second overtook the first"
    receiver.delay = 0.0
    await until(lambda: "h-1:2" in ids(receiver.got))


async def test_one_conversation_in_trouble_holds_up_no_other(store, receiver, posting):
    receiver.status = lambda b: 500 if b["delivery_id"].startswith("h-1") else 200
    await leave(store, body(1))
    await posting()
    await until(lambda: receiver.tries)
    await leave(store, body(1, "h-2"), conversation="h-2")
    await until(lambda: ids(receiver.got) == ["h-2:1"])


async def test_several_processes_send_nothing_twice(store, receiver, posting):
    receiver.delay = 0.05
    for _ in range(3):
        await posting()
    for n in range(8):
        await leave(store, body(1, f"h-{n}"), body(2, f"h-{n}"), conversation=f"h-{n}")
    await until(lambda: len(receiver.got) == 16)
    await asyncio.sleep(4 * QUICK.tick)
    assert len(set(ids(receiver.tries))) == len(receiver.tries) == 16


async def test_what_a_killed_process_had_taken_is_sent_by_another(store, receiver, posting):
    await leave(store, body(1))
    await store.claim(time.time(), lease=0.3, limit=1)
    await posting()
    await until(lambda: ids(receiver.got) == ["h-1:1"])


async def test_after_a_day_it_is_given_up_and_those_behind_it_go_on(store, receiver, posting):
    receiver.status = lambda b: 500 if b["delivery_id"] == "h-1:1" else 200
    await leave(store, body(1, age=QUICK.keep + 1), body(2))
    await posting()
    await until(lambda: ids(receiver.got) == ["h-1:2"])
    assert ids(receiver.tries).count("h-1:1") == 1


def test_pauses_grow_to_the_longest_and_are_never_alike():
    patience = Patience()
    pauses = [[patience.pause(n) for _ in range(200)] for n in (1, 2, 5, 9, 10, 300)]
    longest = [1, 2, 16, 256, 300, 300]
    assert all(top / 2 <= min(p) and max(p) <= top for p, top in zip(pauses, longest))
    assert all(len(set(p)) > 150 for p in pauses)
    assert patience.keep >= 24 * 3600 and patience.lease > patience.timeout
