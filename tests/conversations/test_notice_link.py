"""The way from an answer to its 一次性告知单."""

from __future__ import annotations

import pytest

from bot import clock
from bot.notice.notices import PREFIX, notices

pytestmark = pytest.mark.asyncio


def sheet_behind(card: dict):
    return notices().open(card["link"]["href"].removeprefix(PREFIX), clock.today())


async def answered(conversation, *messages: str) -> dict:
    for message in messages:
        await conversation.say(message)
    return conversation.cards[-1]


async def test_the_answer_for_one_case_leads_to_its_sheet(conversation):
    card = await answered(conversation, "我妈跟我住东莞，医保在梅州兴宁，异地看病怎么备案",
                          "没迁", "一年多了", "没有")
    sheet = sheet_behind(card)
    assert sheet.name == card["item"] and sheet.place == "梅州市兴宁市"
    firm = [line.text for line in sheet.part("materials").firm]
    assert firm == conversation.lines("materials") and "《个人承诺书》" in firm


async def test_the_answer_to_one_question_leads_to_the_whole_sheet(conversation):
    card = await answered(conversation, "江门住院费用报销要多久")
    assert sheet_behind(card).part("materials") and not conversation.lines("materials")


async def test_the_same_case_of_two_people_is_one_sheet(new_conversation):
    one, other = new_conversation(), new_conversation()
    first = await answered(one, "湖北门诊费用报销要带什么")
    second = await answered(other, "湖北门诊费用报销多久办好")
    assert first["link"] == second["link"]


@pytest.mark.parametrize("message", [
    "养老金怎么领", "梅州退休待遇核定要带什么", "兴宁医保窗口在哪里，电话多少", "异地备案怎么办"])
async def test_what_names_no_item_has_no_sheet(conversation, message):
    await conversation.say(message)
    assert not any(card.get("link") for card in conversation.cards)


async def test_a_channel_of_text_alone_is_told_the_address_once_it_is_known(
        new_conversation, monkeypatch):
    conversation = new_conversation()
    assert PREFIX not in await conversation.say("湖北住院费用报销要多久")
    monkeypatch.setenv("YIBAO_ADDRESS", "https://yibao.example/")
    text = await new_conversation().say("湖北住院费用报销要多久")
    assert f"（可打印）：https://yibao.example{PREFIX}" in text
