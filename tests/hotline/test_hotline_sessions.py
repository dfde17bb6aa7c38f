"""Sessions of the platform over the store: what a crash leaves, and who has the conversation."""

from __future__ import annotations

import pytest
from talking import switchboard_over

from bot.errors import BadInput
from bot.store import Conflict, StoreDown
from tests.hotline.sent import GAP, Sent


@pytest.fixture
async def sent(assistant, tmp_path):
    """An open session over a store of its own."""
    return await Sent(switchboard_over(assistant, tmp_path / "c.db")).open()


# --- crashes --------------------------------------------------------------------------------------


async def test_a_worker_that_dies_before_it_has_written_leaves_nothing(sent, monkeypatch):
    async def dies(conversation, change):
        raise StoreDown("killed")

    with monkeypatch.context() as patch:
        patch.setattr(sent.switchboard.store, "commit", dies)
        with pytest.raises(StoreDown):
            await sent.say(1)
    assert await sent.transcript() == [] and (await sent.state())["next_seq"] == 1
    assert (await sent.say(1)).status == "answered"


async def test_a_worker_that_dies_after_it_has_written_has_answered_once(sent, monkeypatch):
    commit = sent.switchboard.store.commit

    async def dies(conversation, change):
        await commit(conversation, change)
        raise StoreDown("killed")

    with monkeypatch.context() as patch:
        patch.setattr(sent.switchboard.store, "commit", dies)
        with pytest.raises(StoreDown):
            await sent.say(1)
    told = await sent.transcript()
    assert told == [("citizen", "a-1"), ("bot", None)]
    outcome = await sent.say(1)
    assert (outcome.status, outcome.after, outcome.until) == ("answered", 0, 2)
    assert await sent.transcript() == told


async def test_a_turn_that_is_taken_again_leaves_its_replies_to_be_posted_once(
    assistant, tmp_path, monkeypatch
):
    sent = await Sent(switchboard_over(assistant, tmp_path / "c.db"), "callback").open()
    store = sent.switchboard.store
    commit, tries = store.commit, []

    async def changed_meanwhile(conversation, change):
        tries.append(change)
        if len(tries) == 1:
            raise Conflict(conversation)
        await commit(conversation, change)

    monkeypatch.setattr(store, "commit", changed_meanwhile)
    await sent.say(1)
    due = await store.claim(1e12, 1.0, 10)
    assert len(tries) == 2 and len(due) == 1
    assert due[0].body["replies"][0]["in_reply_to"] == "a-1"
    assert await sent.transcript() == [("citizen", "a-1"), ("bot", None)]


async def test_what_is_held_outlives_the_process(sent, assistant):
    assert (await sent.say(2)).status == "held"
    sent.switchboard = switchboard_over(assistant, sent.switchboard.store.path)
    assert await sent.switchboard.store.woken(sent.now + GAP - 0.1, 1.0) == []
    assert await sent.switchboard.store.woken(sent.now + GAP, 1.0) == [sent.conversation]
    await sent.wait()
    assert await sent.transcript() == [("citizen", "a-2"), ("bot", None)]
    assert await sent.switchboard.store.woken(1e12, 1.0) == []


# --- a gap that was given up ----------------------------------------------------------------------


async def test_replies_that_no_response_has_carried_come_with_the_next(sent):
    await sent.say(2)
    await sent.wait()
    outcome = await sent.say(3, "谢谢")
    assert (outcome.after, outcome.until) == (0, 4)
    again = await sent.say(3, "谢谢")
    assert (again.after, again.until) == (0, 4)


async def test_a_late_message_is_kept_and_not_answered_by_the_bot(sent):
    await sent.say(2)
    await sent.wait()
    outcome = await sent.say(1, "门诊费用报销要带什么")
    assert outcome.status == "late"
    assert (await sent.transcript())[2:] == [("citizen", "a-1"), ("system", None)]
    assert (await sent.say(1, "门诊费用报销要带什么")).status == "late"
    assert len(await sent.transcript()) == 4


async def test_who_joined_late_is_there_all_the_same(sent):
    await sent.say(2)
    await sent.wait()
    assert (await sent.event(1, "agent_joined", agent="A1")).status == "late"
    assert (await sent.say(3)).status == "with_person"


async def test_a_late_joining_does_not_bring_back_who_has_left(sent):
    await sent.event(2, "agent_left", agent="A1")
    await sent.wait()
    assert (await sent.event(1, "agent_joined", agent="A1")).facts["holder"] == "bot"
    assert (await sent.say(3)).status == "answered"


# --- who has the conversation ---------------------------------------------------------------------


async def test_who_speaks_is_there_though_nobody_said_that_they_joined(sent):
    outcome = await sent.event(1, "agent_message", agent="A1", text="您好")
    assert outcome.facts["holder"] == "person"
    assert (await sent.say(2)).status == "with_person"
    assert (await sent.event(3, "agent_left")).facts["holder"] == "bot"


async def test_what_an_agent_said_late_does_not_bring_them_back(sent):
    await sent.event(1, "agent_joined", agent="A1")
    await sent.event(3, "agent_left")
    await sent.wait()
    await sent.event(2, "agent_message", agent="A1", text="请带身份证")
    assert (await sent.state())["holder"] == "bot"
    assert ("agent", "a-2") in await sent.transcript()


async def test_events_and_messages_share_their_numbers(sent):
    assert (await sent.say(2)).status == "held"
    await sent.event(1, "agent_joined", agent="A1")
    assert await sent.transcript() == [("system", None), ("citizen", "a-2")]


async def test_the_end_lets_go_of_what_is_held_behind_it(sent):
    await sent.say(3)
    await sent.event(2, "closed")
    await sent.say(1)
    assert [author for author, _ in await sent.transcript()].count("citizen") == 1
    for seq in (3, 4):
        with pytest.raises(BadInput) as caught:
            await sent.say(seq)
        assert caught.value.status == 409
    assert (await sent.say(1)).status == "answered"


async def test_a_held_event_that_is_wrong_holds_up_nobody(sent):
    await sent.event(2, "rated", message_seq=99, rating="good")
    assert (await sent.say(1)).status == "answered"
    assert (await sent.state())["next_seq"] == 3
