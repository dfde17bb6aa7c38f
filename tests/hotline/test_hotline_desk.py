"""Sessions of the platform that are served at our own desk: what the platform hears of it."""

from __future__ import annotations

import time

import pytest
from talking import switchboard_over

from bot.errors import BadInput
from bot.housekeeping import WAITS_AT_MOST, give_up_waiting
from connectors.hotline12345.callbacks import Callbacks
from connectors.hotline12345.channel import Hotline
from connectors.hotline12345.contract import document
from connectors.hotline12345.render import replies_of
from tests.hotline.conftest import KEYS, until, validator_of
from tests.hotline.sent import GAP, Sent
from tests.hotline.test_hotline_callbacks import QUICK

FORM = "梅州看门急诊自己垫的钱怎么报"


@pytest.fixture
def switchboard(assistant, tmp_path):
    """A switchboard over a store of its own."""
    return switchboard_over(assistant, tmp_path / "c.db")


@pytest.fixture
async def called_back(switchboard):
    """An open session whose replies are posted."""
    return await Sent(switchboard, "callback").open()


@pytest.fixture
async def sent(switchboard):
    """An open session that is answered in the response."""
    return await Sent(switchboard).open()


async def posted(session: Sent, now: float | None = None) -> list[dict]:
    """Let the background task look once; return the bodies that were left since the last time."""
    store = session.switchboard.store
    if await store.woken(now or time.time(), 30.0):
        await session.wait()
    bodies = []
    while due := await store.claim(1e12, 1.0, 1):
        bodies.append(due[0].body)
        await store.delivered(due[0])
        validator_of(document()["components"]["schemas"]["CallbackBody"]).validate(due[0].body)
    return bodies


def authors(bodies: list[dict]) -> list[str]:
    return [reply["author"] for body in bodies for reply in body["replies"]]


async def test_all_that_is_said_at_the_desk_is_posted_in_order_and_once(called_back) -> None:
    session, bodies = called_back, []
    await session.say(1, FORM)
    bodies += await posted(session)
    await session.at_desk("take", "8001")
    bodies += await posted(session)
    assert bodies[-1]["holder"] == "person" and bodies[-1]["agent"] == "8001"
    await session.at_desk("agent_says", "您好", "d1", agent="8001")
    await session.at_desk("agent_says", "请问是摔伤吗", "d2", agent="8001")
    bodies += await posted(session)
    assert bodies[-1]["replies"][0]["agent"] == "8001"
    await session.at_desk("transfer", "8001", "8002")
    assert (await session.say(2, "不是摔伤")).status == "with_person"
    bodies += await posted(session)
    await session.at_desk("give_back", "8002")
    bodies += await posted(session)
    assert authors(bodies) == ["bot", "system", "agent", "agent", "system", "system", "bot"]
    numbers = [reply["seq"] for body in bodies for reply in body["replies"]]
    assert numbers == sorted(set(numbers)) and bodies[-1]["holder"] == "bot"
    assert await posted(session) == []
    assert await session.switchboard.store.woken(1e12, 1.0) == []


async def test_it_reaches_the_platform_by_itself(called_back, receiver) -> None:
    switchboard = called_back.switchboard
    callbacks = Callbacks(switchboard.store, receiver.url, KEYS, QUICK)
    hotline = Hotline(switchboard, KEYS, b"k" * 32, GAP, callbacks)
    await callbacks.start()
    try:
        await called_back.say(1, FORM)
        await called_back.at_desk("take", "8001")
        await called_back.at_desk("agent_says", "您好", "d1", agent="8001")
        await hotline.wake()
        await until(lambda: authors(receiver.got) == ["bot", "system", "agent"])
    finally:
        await callbacks.stop()


async def test_who_is_answered_in_the_response_gets_it_with_the_next_one_and_by_asking(
    sent,
) -> None:
    await sent.say(1, FORM)
    await sent.at_desk("take", "8001")
    await sent.at_desk("agent_says", "您好", "d1", agent="8001")
    assert await sent.switchboard.store.woken(1e12, 1.0) == []
    outcome = await sent.say(2, "在的")
    messages = await sent.switchboard.store.since(sent.conversation, 0)
    with_it = [m for m in messages if outcome.after < m.seq <= outcome.until]
    assert [r["author"] for r in replies_of(with_it, True)] == ["system", "agent"]
    assert [r["author"] for r in replies_of(messages, True)] == ["bot", "system", "agent"]
    assert (await sent.state())["agent"] == "8001"


async def test_what_the_platforms_own_agents_say_is_not_sent_back(called_back) -> None:
    await called_back.event(1, "agent_joined", agent="A1")
    await called_back.event(2, "agent_message", agent="A1", text="您好")
    await called_back.event(3, "agent_left")
    assert await posted(called_back) == []


async def test_the_platforms_agents_cannot_join_what_the_desk_has(sent) -> None:
    await sent.say(1, FORM)
    await sent.at_desk("take", "8001")
    with pytest.raises(BadInput) as caught:
        await sent.event(2, "agent_joined", agent="A1")
    assert caught.value.status == 409 and "8001" in str(caught.value)
    await sent.event(2, "agent_message", agent="A1", text="我也在")
    await sent.event(3, "agent_left", agent="A1")
    assert (await sent.state())["agent"] == "8001"
    assert ("agent", "a-2") in await sent.transcript()
    await sent.at_desk("give_back", "8001")
    assert (await sent.event(4, "agent_joined", agent="A1")).facts["holder"] == "person"
    with pytest.raises(BadInput):
        await sent.at_desk("take", "8001")


async def test_the_desk_cannot_take_what_the_platform_has_closed(sent) -> None:
    await sent.say(1, FORM)
    await sent.at_desk("take", "8001")
    await sent.event(2, "closed")
    assert (await sent.state())["holder"] == "bot"
    with pytest.raises(BadInput) as caught:
        await sent.at_desk("take", "8001")
    assert caught.value.status == 409


async def test_who_was_waited_for_in_vain_is_told_through_the_platform_too(
    called_back, monkeypatch
) -> None:
    await called_back.say(1, "转人工")
    assert (await posted(called_back))[0]["handover"]["queue"]["place"] == 1
    later = time.time() + WAITS_AT_MOST + 1
    with monkeypatch.context() as patch:
        patch.setattr("bot.housekeeping.time.time", lambda: later)
        assert await give_up_waiting(called_back.switchboard) == 1
    (body,) = await posted(called_back, later)
    assert "不再排队" in body["replies"][0]["text"] and "handover" not in body


async def test_a_session_from_before_there_was_a_desk_goes_on_where_it_was(called_back) -> None:
    async def as_it_was(talk):
        del talk.own["posted"]

    await called_back.say(1, FORM)
    await posted(called_back)
    await called_back.switchboard.exchange(called_back.conversation, as_it_was)
    await called_back.at_desk("take", "8001")
    await called_back.say(2, "在吗")
    bodies = await posted(called_back)
    assert authors(bodies) == ["system"] and bodies[0]["agent"] == "8001"
