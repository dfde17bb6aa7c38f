"""What a store of conversations keeps, in a file and in Redis: the same tests for both."""

from __future__ import annotations

import asyncio
import sqlite3
import time

import pytest
from writing import message, write

from bot.store import Change, Conflict, Delivery, Record
from bot.store.sqlite import SqliteStore

CARD = {"type": "answer", "sections": [], "title": "一\n二 🙂", "item": None, "n": 1.5}


async def bodies(store, now, lease=60.0, limit=10):
    """Claim what is due and return the bodies by conversation."""
    return {d.conversation: d.body["n"] for d in await store.claim(now, lease, limit)}


async def queued(store, conversation, *numbers, **more):
    await write(store, conversation, deliveries=[{"n": number} for number in numbers], **more)


class TestRecordsAndMessages:
    async def test_of_an_unknown_conversation_there_is_nothing(self, store):
        assert await store.load("x") == Record(0, {}, 0)
        assert await store.since("x", 0) == await store.newest("x", 5) == []
        assert await store.exchange("x", "id") == []

    async def test_what_was_written_is_read_as_it_was(self, store):
        data = {"slots": {"facts": {"retired": "已退休"}, "none": [], "empty": {}}, "loop": None}
        said = [message(1, "看病\n怎么报 🙂", client_id="a"),
                message(2, "", author="bot", card=CARD, reply_to=1)]
        await store.commit("c", Change(0, data, said))
        assert await store.load("c") == Record(1, data, 2)
        assert await store.since("c", 0) == said

    async def test_messages_are_numbered_within_their_conversation(self, store):
        await write(store, "a", "一", "二")
        await write(store, "b", "三")
        await write(store, "a", "四")
        assert [(m.seq, m.text) for m in await store.since("a", 0)] == [
            (1, "一"), (2, "二"), (3, "四")]
        assert [(m.seq, m.text) for m in await store.since("b", 0)] == [(1, "三")]

    async def test_messages_are_read_on_from_a_number_and_back_from_the_end(self, store):
        await write(store, "c", *map(str, range(1, 13)))
        assert [m.seq for m in await store.since("c", 9)] == [10, 11, 12]
        assert await store.since("c", 12) == await store.since("c", 99) == []
        assert [m.seq for m in await store.newest("c", 3)] == [12, 11, 10]
        assert len(await store.newest("c", 99)) == 12
        assert await store.newest("c", 0) == []

    async def test_a_message_is_found_by_the_senders_id_with_what_answers_it(self, store):
        await write(store, "c", messages=[
            message(1, client_id="a"), message(2, author="bot", reply_to=1), message(3)])
        await write(store, "c", messages=[
            message(4, client_id="b"), message(5, author="bot", reply_to=4),
            message(6, author="bot", reply_to=1)])
        assert [m.seq for m in await store.exchange("c", "a")] == [1, 2, 6]
        assert [m.seq for m in await store.exchange("c", "b")] == [4, 5]
        assert await store.exchange("other", "a") == []


class TestOneWriterAtATime:
    async def test_of_two_from_the_same_record_one_is_written(self, store):
        await write(store, "c", "一")
        seen = await store.load("c")
        late = Change(seen.revision, {"by": 2}, [message(2, "后")], [{"n": 2}], 5.0, 5.0)
        await store.commit("c", Change(seen.revision, {"by": 1}, [message(2, "先")]))
        with pytest.raises(Conflict):
            await store.commit("c", late)
        assert await store.load("c") == Record(2, {"by": 1}, 2)
        assert [m.text for m in await store.since("c", 1)] == ["先"]
        assert await store.claim(9, 1, 9) == await store.waiting() == await store.woken(9, 1) == []

    async def test_an_outdated_change_is_refused_although_it_says_nothing(self, store):
        await write(store, "c", data={"n": 1})
        await write(store, "c", data={"n": 2})
        for revision in (0, 1, 3):
            with pytest.raises(Conflict):
                await store.commit("c", Change(revision, {"n": 9}, deliveries=[{"n": 1}]))
        assert await store.load("c") == Record(2, {"n": 2}, 0)
        assert await store.claim(9.0, 1, 9) == []

    async def test_of_two_who_begin_a_conversation_one_is_written(self, store):
        results = await asyncio.gather(
            *(store.commit("c", Change(0, {"by": n}, [message(1, str(n))])) for n in range(8)),
            return_exceptions=True)
        assert [type(result) for result in results].count(Conflict) == 7
        assert len(await store.since("c", 0)) == 1

    @pytest.mark.parametrize("doubled", [message(2, client_id="a"), message(1, client_id="b")],
                             ids=["the sender's id", "the number"])
    async def test_what_is_taken_refuses_the_whole_change(self, store, doubled):
        await write(store, "c", messages=[message(1, client_id="a")], data={"n": 1})
        with pytest.raises(Conflict):
            await store.commit("c", Change(1, {"n": 2}, [doubled], [{"n": 1}], 5.0))
        assert await store.load("c") == Record(1, {"n": 1}, 1)
        assert await store.claim(9, 1, 9) == await store.waiting() == []

    async def test_two_messages_of_one_change_cannot_share_an_id(self, store):
        with pytest.raises(Conflict):
            await write(store, "c", messages=[message(1, client_id="a"), message(2, client_id="a")])
        assert await store.load("c") == Record()

    async def test_two_conversations_may_use_the_same_id(self, store):
        for conversation in ("a", "b"):
            await write(store, conversation, messages=[message(1, conversation, client_id="x")])
        assert [m.text for m in await store.exchange("b", "x")] == ["b"]

    async def test_a_conversation_is_held_by_one_at_a_time_in_the_order_of_asking(self, store):
        order = []

        async def hold(number):
            async with store.lock("c"):
                order.append(number)
                await asyncio.sleep(0)
                assert order[-1] == number

        await asyncio.gather(*map(hold, range(6)))
        assert order == list(range(6))

    async def test_another_conversation_does_not_wait(self, store):
        async with store.lock("a"):
            async with store.lock("b"):
                assert True

    async def test_a_turn_that_fails_gives_the_conversation_back(self, store):
        with pytest.raises(ZeroDivisionError):
            async with store.lock("c"):
                1 / 0  # noqa: B018
        async with store.lock("c"):
            assert True

    async def test_counting_under_the_lock_loses_nothing(self, store):
        async def count():
            async with store.lock("c"):
                record = await store.load("c")
                await asyncio.sleep(0)
                more = {"n": record.data.get("n", 0) + 1}
                await store.commit("c", Change(record.revision, more))

        await asyncio.gather(*(count() for _ in range(20)))
        assert (await store.load("c")).data == {"n": 20}


class TestWaitingForAPerson:
    async def test_the_longest_waiting_comes_first(self, store):
        for conversation, since in {"b": 20.5, "c": 30.0, "a": 10.0}.items():
            await write(store, conversation, waiting_since=since)
        assert await store.waiting() == ["a", "b", "c"]

    async def test_who_does_not_wait_any_more_leaves_the_queue_and_others_keep_their_place(
        self, store
    ):
        for conversation, since in {"a": 1.0, "b": 2.0, "c": 3.0}.items():
            await write(store, conversation, waiting_since=since)
        await write(store, "a")
        await write(store, "c", "还在吗", waiting_since=3.0)
        assert await store.waiting() == ["b", "c"]


class TestWhomAPersonHas:
    async def test_they_are_listed_with_who_has_them_until_nobody_has(self, store):
        for conversation, agent in {"b": "8002", "a": "8001", "c": "8001", "d": ""}.items():
            await write(store, conversation, agent=agent)
        assert await store.held() == [("a", "8001"), ("b", "8002"), ("c", "8001")]
        await write(store, "a", agent="8002")
        await write(store, "b", "再见")
        assert await store.held() == [("a", "8002"), ("c", "8001")]

    async def test_a_change_that_is_refused_gives_it_to_nobody(self, store):
        await write(store, "c", agent="8001")
        with pytest.raises(Conflict):
            await store.commit("c", Change(0, {}, agent="8002"))
        assert await store.held() == [("c", "8001")]


class TestLastChanged:
    async def test_the_newest_come_first_page_by_page(self, store):
        for conversation in ("a", "b", "c", "a"):
            await until_the_clock_moves()
            await write(store, conversation, "在吗")
        page = await store.recent(2)
        assert [conversation for conversation, _ in page] == ["a", "c"]
        assert time.time() - 60 < page[1][1] < page[0][1] <= time.time()
        assert [conversation for conversation, _ in await store.recent(9, page[1][1])] == ["b"]
        assert await store.recent(9, 1.0) == []


class TestWaking:
    async def test_a_conversation_wakes_when_its_time_has_come_and_once_in_a_lease(self, store):
        await write(store, "a", wake_at=10.0)
        await write(store, "b", wake_at=20.0)
        assert await store.woken(9.9, 5) == []
        assert await store.woken(10.0, 5) == ["a"]
        assert await store.woken(14.9, 5) == []
        assert await store.woken(15.0, 9) == ["a"]
        assert sorted(await store.woken(30.0, 5)) == ["a", "b"]

    async def test_the_next_change_decides_anew(self, store):
        await write(store, "a", wake_at=10.0)
        await write(store, "a")
        assert await store.woken(99.0, 5) == []

    async def test_two_who_look_at_once_do_not_both_get_it(self, store):
        await write(store, "a", wake_at=1.0)
        found = await asyncio.gather(*(store.woken(5.0, 60) for _ in range(5)))
        assert sorted(found) == [[], [], [], [], ["a"]]


class TestDeliveries:
    async def test_only_the_first_of_a_conversation_is_handed_out_and_in_order(self, store):
        await queued(store, "a", 1, 2)
        await queued(store, "b", 7)
        await queued(store, "a", 3)
        assert await store.undelivered() == 2
        seen = []
        for _ in range(3):
            for delivery in await store.claim(100.0, 60, 10):
                seen.append((delivery.conversation, delivery.body["n"], delivery.attempts))
                await store.delivered(delivery)
        assert sorted(seen) == [("a", 1, 1), ("a", 2, 1), ("a", 3, 1), ("b", 7, 1)]
        assert [n for c, n, _ in seen if c == "a"] == [1, 2, 3]
        assert await store.claim(1e12, 60, 10) == [] and await store.undelivered() == 0

    async def test_it_comes_again_when_the_lease_is_over_and_counts_its_attempts(self, store):
        await queued(store, "a", 1, 2)
        first, = await store.claim(100.0, 10, 5)
        assert await store.claim(109.9, 10, 5) == []
        again, = await store.claim(110.0, 10, 5)
        assert (again.id, again.attempts) == (first.id, 2)
        assert again.body == first.body == {"n": 1}

    async def test_one_that_waits_keeps_those_behind_it_waiting_and_nobody_else(self, store):
        await queued(store, "a", 1)
        await queued(store, "b", 5)
        first = next(d for d in await store.claim(100.0, 10, 5) if d.conversation == "a")
        await store.postpone(first, 500.0)
        await queued(store, "a", 2)
        assert await bodies(store, 499.9) == {"b": 5}
        assert await bodies(store, 500.0) == {"a": 1}

    async def test_the_next_is_due_at_once(self, store):
        await queued(store, "a", 1, 2)
        first, = await store.claim(100.0, 60, 5)
        await store.delivered(first)
        assert await bodies(store, 100.0) == {"a": 2}

    async def test_two_who_look_at_once_do_not_both_get_it(self, store):
        for number in range(6):
            await queued(store, f"c{number}", number)
        shares = await asyncio.gather(*(store.claim(100.0, 60, 2) for _ in range(4)))
        assert sorted(d.body["n"] for share in shares for d in share) == list(range(6))
        assert [len(share) for share in shares] == [2, 2, 2, 0]

    async def test_who_comes_back_late_drops_nothing_that_is_not_his(self, store):
        await queued(store, "a", 1)
        slow, = await store.claim(100.0, 10, 5)
        quick, = await store.claim(110.0, 10, 5)
        await store.delivered(quick)
        await queued(store, "a", 2)
        await store.delivered(slow)
        await store.postpone(slow, 9999.0)
        assert await bodies(store, 120.0) == {"a": 2}

    async def test_a_body_is_handed_out_as_it_was(self, store):
        await write(store, "a", deliveries=[CARD])
        claimed, = await store.claim(100.0, 60, 5)
        assert claimed == Delivery("a", claimed.id, CARD, 1)


class TestOnce:
    async def test_a_key_is_new_once(self, store):
        assert await store.once("nonce 1", 60) and await store.once("nonce 2", 60)
        assert not await store.once("nonce 1", 60)

    async def test_it_is_new_again_when_its_time_is_over(self, store):
        assert await store.once("x", 0.02)
        deadline = time.monotonic() + 5
        while not await store.once("x", 60):
            assert time.monotonic() < deadline

    async def test_of_many_who_ask_at_once_one_is_told_so(self, store):
        assert sum(await asyncio.gather(*(store.once("x", 60) for _ in range(10)))) == 1


class TestForgetting:
    async def full(self, store, conversation):
        await write(store, conversation, waiting_since=1.0, wake_at=1.0, deliveries=[{"n": 1}],
                    agent=f"8-{conversation}",
                    messages=[message(1, f"我是{conversation}", client_id=f"id-{conversation}")],
                    data={"hotline": {"session": conversation}})

    async def test_nothing_is_left_of_one_and_everything_of_the_others(
        self, store, request, tmp_path
    ):
        for conversation in ("forgotten", "kept"):
            await self.full(store, conversation)
        async with store.lock("forgotten"):
            await store.forget("forgotten")
        assert await store.load("forgotten") == Record()
        assert await store.waiting() == await store.woken(9.0, 1) == ["kept"]
        assert await store.held() == [("kept", "8-kept")]
        assert [conversation for conversation, _ in await store.recent(9)] == ["kept"]
        assert await bodies(store, 9.0) == {"kept": 1}
        assert len(await store.exchange("kept", "id-kept")) == 1
        await store.forget("unknown")
        left = everything(request, tmp_path)
        assert "kept" in left and "forgotten" not in left

    async def test_one_that_is_forgotten_in_the_middle_of_a_turn_is_not_half_there(self, store):
        await self.full(store, "c")
        seen = await store.load("c")
        await store.forget("c")
        with pytest.raises(Conflict):
            await store.commit("c", Change(seen.revision, {}, [message(2)]))
        assert await store.load("c") == Record()

    async def test_a_number_of_a_delivery_is_never_used_again(self, store):
        await self.full(store, "c")
        old, = await store.claim(100.0, 60, 5)
        await store.forget("c")
        await self.full(store, "c")
        await store.delivered(old)
        assert await bodies(store, 200.0) == {"c": 1}

    async def test_those_go_that_have_not_changed_for_long(self, store, request, tmp_path):
        await self.full(store, "old")
        await self.full(store, "new")
        await until_the_clock_moves()
        middle = time.time()
        await write(store, "new", "还在")
        assert await store.expire(middle) == 1
        assert await store.load("old") == Record()
        assert (await store.load("new")).last_seq == 2
        assert await store.expire(middle) == 0
        assert "old" not in everything(request, tmp_path)


async def until_the_clock_moves():
    before = time.time()
    while time.time() <= before:
        await asyncio.sleep(0)


def everything(request, folder) -> str:
    """Return all that is in the store behind its back: every key and value, every byte."""
    if "SQLite" in request.node.callspec.id:
        files = (folder / "var").glob("conversations.db*")
        return "".join(file.read_bytes().decode("utf-8", "replace") for file in files)
    client = request.getfixturevalue("redis_server").client
    readers = {"string": client.get, "hash": client.hgetall,
               "list": lambda key: client.lrange(key, 0, -1),
               "zset": lambda key: client.zrange(key, 0, -1)}
    return "".join(f"{key} {readers[client.type(key)](key)}\n" for key in client.scan_iter())


class TestStartedAgain:
    async def test_everything_is_there(self, new_store):
        first = new_store()
        await write(first, "c", data={"slots": {"facts": {"retired": "已退休"}}}, wake_at=5.0,
                    messages=[message(1, "答复", author="bot", card=CARD, client_id="a")],
                    waiting_since=3.0, deliveries=[{"n": 1}, {"n": 2}], agent="8001")
        assert await first.once("nonce", 600)
        claimed, = await first.claim(100.0, 60, 1)
        await first.close()
        again = new_store()
        assert (await again.load("c")).data["slots"]["facts"] == {"retired": "已退休"}
        assert [m.card for m in await again.exchange("c", "a")] == [CARD]
        assert await again.waiting() == ["c"] and await again.held() == [("c", "8001")]
        assert await again.woken(6.0, 1) == ["c"]
        assert not await again.once("nonce", 600)
        assert await bodies(again, 159.0) == {}
        await again.delivered(claimed)
        assert await bodies(again, 159.0) == {"c": 2}
        await again.close()


OF_04 = """
create table state (conversation text primary key, state text not null, changed real not null);
create table message (
    conversation text not null, seq integer not null, at text not null, author text not null,
    text text not null, card text, client_id text, primary key (conversation, seq));
create unique index message_by_client on message (conversation, client_id)
    where client_id is not null;
insert into state values ('a', '{"slots": {"facts": {"retired": "已退休"}}, "loop": null}', 5.0);
insert into message values ('a', 1, '2026-03-01T08:00:00+00:00', 'citizen', '你好', null, 'x');
insert into message values
    ('a', 2, '2026-03-01T08:00:01+00:00', 'bot', '答复', '{"type": "notice"}', null);
insert into message values ('b', 1, '2026-03-01T08:00:00+00:00', 'citizen', '在吗', null, null);
"""


def opens_a_file_of(script, path):
    """Write a file of an earlier version; return what opens it."""
    with sqlite3.connect(path) as old:
        old.executescript(script)
    old.close()
    return lambda: SqliteStore(path)


class TestAFileOfVersion04:
    """Only the file has a past; it is brought up to date when it is opened, once."""

    @pytest.fixture
    def new_store(self, tmp_path):
        return opens_a_file_of(OF_04, tmp_path / "conversations.db")

    async def test_states_and_transcripts_are_there(self, new_store):
        for store in (new_store(), new_store()):
            record = await store.load("a")
            assert record.data["slots"]["facts"] == {"retired": "已退休"}
            assert record.last_seq == 2
            assert [(m.text, m.card) for m in await store.since("a", 0)] == [
                ("你好", None), ("答复", {"type": "notice"})]
            assert [m.seq for m in await store.exchange("a", "x")] == [1]
            assert (await store.load("b")).last_seq == 1
            await store.close()

    async def test_they_go_on_and_expire_by_when_they_were_last_changed(self, store):
        await write(store, "b", "还在吗", "在", data={"slots": {}})
        assert (await store.load("b")).last_seq == 3
        assert await store.expire(6.0) == 1
        assert await store.load("a") == Record()


OF_06 = """
create table conversation (
    id text primary key, revision integer not null, data text not null, changed real not null,
    waiting_since real, wake_at real);
insert into conversation values
    ('a', 3, '{"holder": "person", "agent": "A1024"}', 5.0, null, null),
    ('b', 1, '{"holder": "bot"}', 6.0, 4.0, null);
"""


class TestAFileOfVersion06:
    """Whom a person has was in the data of each conversation only."""

    @pytest.fixture
    def new_store(self, tmp_path):
        return opens_a_file_of(OF_06, tmp_path / "conversations.db")

    async def test_whom_a_person_has_is_listed(self, new_store):
        for store in (new_store(), new_store()):
            assert await store.held() == [("a", "A1024")] and await store.waiting() == ["b"]
            assert (await store.load("a")).revision == 3
            await store.close()
