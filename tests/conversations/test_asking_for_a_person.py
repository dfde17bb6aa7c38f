"""Asking for a person: why one is wanted, that all goes on until one comes, and no nagging."""

from __future__ import annotations

import pytest

from bot.dialogue import Context
from bot.store import StoredMessage

pytestmark = pytest.mark.asyncio

OPENING = "我妈跟我住东莞，医保在梅州，异地看病怎么备案"
NOISE = ("啦啦啦", "嘿嘿嘿", "哈哈哈")


def reasons(conversation) -> list[str]:
    """Return the reasons of the last replies for which a person is wanted."""
    return [card["reason"] for card in conversation.cards if card.get("reason")]


def labels(conversation) -> list[str]:
    return [choice["label"] for choice in conversation.choices]


def context(conversation) -> Context:
    return Context.from_slots(conversation.state["slots"])


@pytest.fixture
async def in_form(conversation):
    """A conversation with the form open, asking about the household."""
    await conversation.say(OPENING)
    assert "户口" in conversation.text
    return conversation


@pytest.mark.parametrize("text", ["转人工", "我要找人工客服", "帮我转人工"])
async def test_who_asks_for_a_person_gets_the_numbers_and_the_reason_is_said(conversation, text):
    await conversation.say(text)
    assert reasons(conversation) == ["asked"]
    assert {"12345", "12393"} <= {c["phone"] for c in conversation.cards[0]["contacts"]}


async def test_the_open_question_stays_open_and_is_answered_after_it(in_form):
    await in_form.say("没迁")
    asked = in_form.messages[-1]["text"]
    await in_form.say("转人工")
    assert reasons(in_form) == ["asked"] and in_form.messages[-1]["text"] == asked
    await in_form.say("一年多了")
    assert "半年" not in in_form.text and "没听明白" not in in_form.text
    assert context(in_form).known["household_moved"] == "未迁入"


async def test_after_an_answer_its_buttons_stay_open(conversation):
    await conversation.say("梅州住院费用报销要什么材料")
    first = conversation.choices[0]["id"]
    await conversation.say("转人工")
    assert reasons(conversation) == ["asked"]
    assert "失效" not in await conversation.press_ids(first)


async def test_distress_wants_a_person_and_is_not_followed_by_a_question(in_form):
    await in_form.say("我真的不想活了")
    assert reasons(in_form) == ["distress"] and in_form.cards[-1]["type"] == "handoff"


async def test_distress_beside_a_question_wants_a_person_and_is_answered(conversation):
    await conversation.say("梅州住院费用报销要带什么，我活不下去了")
    assert reasons(conversation) == ["distress"] and conversation.lines("materials")


@pytest.mark.parametrize("text", [
    "公积金怎么取", "养老金怎么领", "孩子昏迷了怎么办", "江门医保局的电话是多少"])
async def test_the_number_of_others_is_no_wish_for_a_person_of_ours(conversation, text):
    await conversation.say(text)
    assert reasons(conversation) == []


async def test_two_misses_in_a_row_in_the_form_want_a_person_once(in_form):
    wanted = []
    for message in NOISE:
        await in_form.say(message)
        wanted.append(reasons(in_form))
        assert "户口" in in_form.messages[-1]["text"]
    assert wanted == [[], ["misses"], []]
    await in_form.say("没迁")
    assert "半年" in in_form.text and reasons(in_form) == []


async def test_a_message_that_was_understood_ends_the_row_of_misses(in_form):
    for message in (NOISE[0], "网上能办吗？", NOISE[1]):
        await in_form.say(message)
        assert reasons(in_form) == []
    assert context(in_form).misses == 1


async def test_thanks_in_between_neither_help_nor_count(in_form):
    for message in (NOISE[0], "谢谢"):
        await in_form.say(message)
        assert reasons(in_form) == []
    await in_form.say(NOISE[1])
    assert reasons(in_form) == ["misses"]


async def test_two_misses_in_a_row_outside_a_form_want_a_person_once(conversation):
    wanted = []
    for message in ("啊啊啊", "asdfgh", "嘟嘟嘟"):
        await conversation.say(message)
        wanted.append(reasons(conversation))
        assert "请问您具体要办哪一件事" in conversation.text and conversation.choices
    assert wanted == [[], ["misses"], []]
    await conversation.say("梅州门诊费用报销要多久")
    assert "20个工作日" in conversation.text and context(conversation).misses == 0


async def test_a_place_alone_is_no_miss(conversation):
    for place in ("我在梅州", "我在江门", "我在湖北"):
        await conversation.say(place)
        assert reasons(conversation) == [] and context(conversation).misses == 0


async def test_one_answer_that_there_is_nothing_offers_a_person(conversation):
    await conversation.say("北京门诊费用报销要带什么")
    assert reasons(conversation) == [] and labels(conversation) == ["转人工"]
    await conversation.press("转人工")
    assert reasons(conversation) == ["limits"]


@pytest.mark.parametrize("text", [
    "梅州住院报销比例是多少", "梅州退休待遇核定要带什么", "湖北家庭共济怎么绑定",
    "住院报销比例是多少", "成都住院费用报销要带什么"])
async def test_a_person_is_offered_whatever_there_is_nothing_on(conversation, text):
    await conversation.say(text)
    assert labels(conversation)[-1] == "转人工" and reasons(conversation) == []
    assert f"{len(labels(conversation))}. 转人工" in conversation.text
    assert await conversation.say(str(len(labels(conversation))))
    assert reasons(conversation) == ["limits"]


@pytest.mark.parametrize("messages", [
    ["北京门诊费用报销要带什么", "那上海呢", "成都呢"],
    ["梅州住院报销比例是多少", "那起付线呢", "封顶线呢"],
    ["梅州退休待遇核定要带什么", "梅州家庭共济怎么绑定", "北京住院怎么报销"]])
async def test_two_answers_in_a_row_that_there_is_nothing_want_a_person_once(
        conversation, messages):
    wanted = []
    for message in messages:
        await conversation.say(message)
        wanted.append(reasons(conversation))
    assert wanted == [[], ["limits"], []]


async def test_the_same_asked_again_in_vain_counts_too(conversation):
    await conversation.say("梅州住院报销比例是多少")
    await conversation.say("到底报多少比例")
    assert reasons(conversation) == ["limits"]


async def test_an_answer_in_between_ends_the_row(conversation):
    for message in ("梅州住院报销比例是多少", "要带什么材料", "那起付线呢"):
        await conversation.say(message)
        assert reasons(conversation) == []
    assert context(conversation).limits == 1


async def test_an_answer_to_the_rest_of_a_question_is_none_that_there_is_nothing(conversation):
    await conversation.say("梅州住院费用报销要带什么，能报多少")
    assert conversation.lines("materials") and context(conversation).limits == 0


async def test_in_the_form_a_person_is_offered_beside_the_question(conversation):
    await conversation.say("我在梅州医保，门诊自己垫了钱想报销")
    asked = conversation.cards[-1]["text"]
    await conversation.say("那报销比例是多少")
    assert conversation.cards[-1]["text"] == asked and labels(conversation)[-1] == "转人工"
    await conversation.press("转人工")
    assert reasons(conversation) == ["limits"] and conversation.cards[-1]["text"] == asked


async def test_who_asked_for_a_person_is_not_told_again_that_it_was_not_understood(in_form):
    await in_form.say(NOISE[0])
    await in_form.say("转人工")
    assert reasons(in_form) == ["asked"] and "没听明白" not in in_form.text


async def test_what_the_assistant_cannot_place_at_all_is_a_limit_too(conversation):
    await conversation.say("我家水管爆了找谁")
    assert "我答不准" in conversation.text and labels(conversation) == ["转人工"]


async def test_yes_after_it_does_not_take_the_button_for_an_offer_of_more(conversation):
    await conversation.say("梅州住院报销比例是多少")
    assert "转人工" not in await conversation.say("好的")


async def through_a_person(conversation) -> list[StoredMessage]:
    """Let a person join and leave; return what is said when the bot is back."""
    async def visit(talk) -> list[StoredMessage]:
        talk.join("0815")
        return talk.leave()
    return await conversation.switchboard.exchange(conversation.sender, visit)


async def test_after_a_person_the_form_goes_on_where_it_was(in_form):
    await in_form.say("没迁")
    await in_form.say("转人工")
    asked = in_form.cards[-1]["text"]
    note, question = await through_a_person(in_form)
    assert "接着刚才的问题" in note.text and question.card["text"] == asked
    await in_form.press_ids(question.card["choices"][0]["id"])
    assert "失效" not in in_form.text and context(in_form).known["stay_length"]


async def test_after_a_person_the_bot_is_back_where_nothing_was_asked(conversation):
    await conversation.say("梅州住院费用报销要什么材料")
    await conversation.say("转人工")
    said = await through_a_person(conversation)
    assert len(said) == 1 and "还是我来" in said[0].text
    assert "20个工作日" in await conversation.say("要多久？")
