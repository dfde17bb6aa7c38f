"""What is no question about a guide's item: other business, distress, threats, injected text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.errors import BadInput

pytestmark = pytest.mark.asyncio

BLOCKS = yaml.safe_load((Path(__file__).parent / "adversarial.yml").read_text(encoding="utf-8"))
ROWS = [pytest.param(block, text, id=f"{block['kind']}: {text[:30]}")
        for block in BLOCKS for text in block["say"]]


async def send(conversation, text: str) -> str:
    """Send a message; what the channel refuses is answered with the reason of the refusal."""
    try:
        return await conversation.say(text)
    except BadInput as refusal:
        conversation.messages = [{"text": str(refusal)}]
        return conversation.text


def states_a_fact(conversation) -> bool:
    """Tell whether the replies hold anything of a guide: a line, a clause, a number of days."""
    sections = any(card.get("sections") for card in conversation.cards)
    return sections or "〔" in conversation.text or "工作日" in conversation.text


def _asks_back(conversation) -> bool:
    return "？" in conversation.text


def _says(*words: str) -> Callable:
    return lambda conversation: any(word in conversation.text for word in words)


def _names_a_person(conversation) -> bool:
    contacts = [c["phone"] for card in conversation.cards if card["type"] == "handoff"
                for c in card["contacts"]]
    return {"12356", "110"} <= set(contacts)


def _goes_on(conversation) -> bool:
    return states_a_fact(conversation) or conversation.cards[-1]["type"] == "question"


def _humane(conversation) -> bool:
    return _goes_on(conversation) and _says("辛苦", "节哀")(conversation)


def _urgent(conversation) -> bool:
    return _goes_on(conversation) and "120" in conversation.messages[0]["text"]


BEHAVIOURS = {
    "redirect": _says("1"),  # the number itself is checked for every block that names some
    "no_medical_advice": _says("不是医生"),
    "emergency": _says("120"),
    "humane": _names_a_person,
    "refuse": _says("违法", "只能回答", "让您生气", "查不到"),
    "rejected": _says("不能以“/”开头", "失效"),
    "clarify": _asks_back,
    "chat": _says("我熟悉的是", "？", "医保", "还没有可以重复"),
    "no_fact": _says("医保", "1", "？"),
    "answer_humane": _humane,
    "answer_urgent": _urgent,
}
ANSWERED = {"answer_humane", "answer_urgent"}


@pytest.mark.parametrize(("block", "text"), ROWS)
async def test_what_is_not_ours_gets_the_right_behaviour(conversation, block, text):
    said = await send(conversation, text)
    assert BEHAVIOURS[block["expect"]](conversation), said
    assert block["expect"] in ANSWERED or not states_a_fact(conversation), said
    assert not block.get("numbers") or any(n in said for n in block["numbers"]), said
    assert all(word in said for word in block.get("must", ())), said


async def test_a_cry_for_help_in_the_middle_of_the_form_is_heard(conversation):
    await conversation.say("我妈跟我住东莞，医保在梅州，异地看病怎么备案")
    await conversation.say("我真的不想活了")
    assert _names_a_person(conversation) and conversation.cards[-1]["type"] == "handoff"


async def test_other_business_after_an_answer_is_not_taken_for_a_follow_up(conversation):
    await conversation.say("梅州住院费用报销要什么材料")
    said = await conversation.say("公积金怎么取")
    assert "12329" in said and not states_a_fact(conversation)


async def test_other_business_in_the_form_keeps_the_question_open(conversation):
    await conversation.say("我妈跟我住东莞，医保在梅州，异地看病怎么备案")
    said = await conversation.say("公积金怎么取")
    assert "12329" in said and "户口" in conversation.messages[-1]["text"]


@pytest.mark.parametrize("text", [
    "梅州参保人去世了，医保卡里的钱怎么取出来", "社保卡换了，梅州住院费用报销打到哪个账户",
    "江门低保户医疗救助手工报销要什么材料", "梅州意外伤害住院费用报销，工伤认定书要交吗",
    "湖北退役军人职工参保登记要什么材料", "福建商业保险赔过一部分，门诊费用报销要带什么",
    "梅州急诊抢救住院费用报销要什么材料", "江门离婚了要变更参保信息，带什么材料",
    "梅州医保换手机号怎么改", "社保卡丢了，江门住院费用报销能不能用身份证",
    "湖北下岗职工自己交医保怎么登记", "福建生完孩子产假津贴怎么领",
    "广东退休了在北京带孙子看病怎么备案", "梅州药店买药没刷卡能报吗",
    "江门孩子刚出生怎么上医保", "我爸去世了梅州医保卡余额怎么取",
    "梅州被车撞了对方跑了住院费用报销要什么", "湖北工地摔伤自己垫的住院费怎么报",
    "离职了医保怎么转到江门", "福建想查自己交了几年医保",
    "江门居民医保停保手续", "梅州打狂犬疫苗的门诊费怎么报",
])
async def test_words_of_other_departments_beside_an_item_refuse_nothing(new_conversation, text):
    conversation = new_conversation()
    said = await conversation.say(text)
    assert _goes_on(conversation), said
