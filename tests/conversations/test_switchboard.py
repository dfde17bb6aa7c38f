"""Between the bot and a person: queue, takeover in the middle of a form, and back."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import BadInput
from bot.switchboard import PERSON, Said

FORM = "梅州看门急诊自己垫的钱怎么报"


@pytest.fixture
def act(switchboard, conversation):
    """Does something in the conversation; returns the messages it brought about."""
    async def act(name: str, *arguments):
        async def once(talk):
            done = getattr(talk, name)(*arguments)
            return await done if asyncio.iscoroutine(done) else done
        return await switchboard.exchange(conversation.sender, once)
    return act


async def in_the_form(conversation) -> str:
    await conversation.say(FORM)
    assert conversation.cards[-1]["type"] == "question"
    return conversation.messages[-1]["text"]


async def test_who_asks_for_a_person_is_told_their_place_and_the_bot_goes_on(conversation) -> None:
    question = await in_the_form(conversation)
    await conversation.say("转人工")
    handoff = next(card for card in conversation.cards if card["type"] == "handoff")
    assert handoff["reason"] == "asked" and handoff["queue"]["place"] >= 1
    assert f"第{handoff['queue']['place']}位" in conversation.text
    assert conversation.state["waiting"]["reason"] == "asked"
    await conversation.say("再说一遍")
    assert question in conversation.text


async def test_asking_again_keeps_the_place(conversation) -> None:
    await conversation.say("转人工")
    since = conversation.state["waiting"]["since"]
    await conversation.say("转人工")
    assert conversation.state["waiting"]["since"] == since and "还在排队" in conversation.text


async def test_places_follow_the_order_of_asking(switchboard, new_conversation) -> None:
    before, first, second = len(await switchboard.store.waiting()), *(
        new_conversation(), new_conversation())
    await first.say("转人工")
    await second.say("转人工")
    assert f"第{before + 1}位" in first.text and f"第{before + 2}位" in second.text
    await first.say("不用人工了")
    assert await switchboard.store.waiting() == [
        c for c in await switchboard.store.waiting() if c != first.sender]
    await second.say("转人工")
    assert f"第{before + 1}位" in second.text


async def test_while_a_person_has_the_conversation_the_bot_is_silent(conversation, act) -> None:
    await in_the_form(conversation)
    await act("join", "1024")
    assert await conversation.say("没有急诊") == ""
    assert conversation.state["holder"] == PERSON and not conversation.state["waiting"]


async def test_a_person_who_leaves_gives_the_form_back_where_it_was(conversation, act) -> None:
    question = await in_the_form(conversation)
    slots = conversation.state["slots"]
    await act("join", "1024")
    await conversation.say("我想问问你")
    await act("agent_says", "您请说", "a1")
    told = await act("leave")
    assert [m.author for m in told] == ["system", "bot"] and told[-1].text == question
    pressed = next(c["id"] for c in told[-1].card["others"] if c["label"] == "都不是")
    await conversation.press_ids(pressed)
    assert conversation.state["slots"]["facts"] != slots["facts"]
    assert "按钮" not in conversation.text


async def test_a_persons_message_that_came_twice_is_stored_once(conversation, act) -> None:
    await conversation.say("你好")
    await act("join", "1024")
    first = await act("agent_says", "您好", "a1")
    assert await act("agent_says", "您好", "a1") == first


async def test_nobody_speaks_as_a_person_who_has_not_joined(conversation, act) -> None:
    await conversation.say("你好")
    with pytest.raises(BadInput):
        await act("agent_says", "您好", "a1")


async def test_an_unhappy_rating_sends_for_a_person(switchboard, conversation, act) -> None:
    await conversation.say("梅州门诊费用报销要带什么")
    rated = (await switchboard.store.newest(conversation.sender, 1))[0]
    assert await act("rate", rated.seq, "good") == []
    told = await act("rate", rated.seq, "bad")
    assert told[-1].card["reason"] == "rating" and told[-1].card["queue"]["place"] >= 1
    assert await act("rate", rated.seq, "bad") == []


async def test_what_the_citizen_said_cannot_be_rated(conversation, act) -> None:
    await conversation.say("你好")
    with pytest.raises(BadInput):
        await act("rate", 1, "good")


async def test_the_summary_tells_a_person_what_is_known_and_what_is_open(conversation, act) -> None:
    await conversation.say("我妈退休了，医保在梅州，跟我住东莞，怎么备案")
    summary = await act("handover")
    assert summary["region"]["name"] == "梅州市" and summary["facts"] and summary["open"]
    assert "梅州" in summary["text"]


async def test_a_turn_that_fails_is_one_honest_sentence_and_sends_for_a_person(
    switchboard, conversation, monkeypatch
) -> None:
    await in_the_form(conversation)
    slots = conversation.state["slots"]

    async def broken(*arguments):
        raise RuntimeError("13812345678")
    monkeypatch.setattr(switchboard.assistant, "answer", broken)
    await conversation.say("没有急诊")
    assert "没能处理好" in conversation.text
    assert conversation.state["waiting"]["reason"] == "failed"
    assert conversation.state["slots"] == slots


async def test_a_message_that_comes_again_gets_the_answer_it_got(switchboard, conversation) -> None:
    said = Said(FORM, FORM, "same", "rest")
    first = await switchboard.exchange(conversation.sender, lambda talk: talk.say(said))
    again = await switchboard.exchange(conversation.sender, lambda talk: talk.say(said))
    assert again == first
