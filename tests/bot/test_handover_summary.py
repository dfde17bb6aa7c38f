"""What the person reads who takes a conversation over: made of conversations that were played."""

from __future__ import annotations

import json
from functools import lru_cache

import pytest
from jsonschema import Draft7Validator

from bot.handover.summary import summary
from bot.paths import PROJECT
from bot.store import StoredMessage
from knowledge.store import load

pytestmark = pytest.mark.asyncio

FORM = "我妈跟我住东莞，医保在梅州，异地看病怎么备案"
MOST_LINES, LONGEST_LINE = 10, 120


@lru_cache(maxsize=1)
def schema() -> Draft7Validator:
    path = PROJECT / "bot" / "handover" / "summary.schema.json"
    return Draft7Validator(json.loads(path.read_text(encoding="utf-8")))


@pytest.fixture
def told(conversation):
    """Plays a conversation; returns the summary, checked by its schema."""
    async def play(*messages: str, reason: str = "asked") -> dict:
        transcript: list[StoredMessage] = []
        for text in messages:
            await conversation.say(text)
            said = [("citizen", text, None), *(
                ("bot", m["text"], m["custom"]) for m in conversation.messages)]
            transcript += [StoredMessage(len(transcript) + n, "", *message)
                           for n, message in enumerate(said, start=1)]
        slots = conversation.state["slots"]
        made = json.loads(json.dumps(summary(load(), slots, reason, transcript)))
        schema().validate(made)
        assert made["text"].count("\n") < MOST_LINES
        return made
    return play


async def test_in_the_middle_of_a_form(told, conversation):
    made = await told(FORM, "没迁", "转人工")
    assert made["region"]["id"] == "meizhou" and made["place"] == "梅州市"
    assert made["asks_for"] == "母亲" and made["family"]["name"] == "异地就医备案"
    facts = {fact["label"]: fact["value"] for fact in made["facts"]}
    assert "没有迁" in facts.values()
    assert made["open"]["asked"] == conversation.cards[-1]["text"]
    assert made["open"]["then"] and not set(made["open"]["then"]) & set(facts)
    assert made["answered"]["status"] == "none"
    assert made["said"][-2:] == ["没迁", "转人工"]
    for told_in_text in ("要求转人工", "梅州市", "母亲", "没有迁", made["open"]["asked"]):
        assert told_in_text in made["text"]


async def test_the_open_question_is_told_without_what_was_said_before_it(told):
    made = await told(FORM, "啦啦啦", "嘿嘿嘿", reason="misses")
    assert made["open"]["asked"].startswith("您母亲的户口")
    assert made["reason"]["text"] in made["text"]


async def test_after_an_answer_it_says_what_was_answered_and_by_whose_guide(told):
    made = await told("湖北门诊费用报销要多久", "转人工")
    assert made["item"]["title"] == "门诊费用报销" and "湖北省" in made["region"]["guide"]
    assert made["answered"]["status"] in ("applies", "conditional")
    assert made["open"]["asked"] == "" and "正在问" not in made["text"]


async def test_where_there_is_no_guide_the_place_is_told(told):
    made = await told("北京门诊费用报销要带什么", "那上海呢", reason="limits")
    assert made["region"] is None and made["place"] == "上海市"
    assert made["answered"]["status"] == "none" and "上海市" in made["text"]


async def test_days_and_other_matters_that_were_stated(told):
    made = await told("梅州住院2026年3月1日出院，怎么报销？另外我妈异地备案怎么办", "转人工")
    assert {"name": "诊疗截止日期", "value": "2026-03-01", "until": "2026-03-01"} in made["days"]
    assert "2026-03-01" in made["text"] and len(made["waiting"]) == 1
    assert made["waiting"][0] in made["text"]


async def test_several_options_of_one_fact_are_told_together(told):
    made = await told("我在梅州医保，门诊自己垫了钱想报销", "1和3", "转人工")
    values = [fact["value"] for fact in made["facts"]]
    assert any("、" in value for value in values) and "不知道" not in " ".join(values)


async def test_who_only_asks_for_a_person_is_told_of_as_such(told):
    made = await told("转人工")
    assert made["region"] is None and made["family"] is None and made["item"] is None
    assert made["text"].splitlines() == ["转人工：要求转人工（还没有答复）", "市民最后说：转人工"]


async def test_a_conversation_that_has_not_begun_has_a_summary(told):
    made = summary(load(), {}, "failed", [])
    schema().validate(made)
    assert made["said"] == []


async def test_it_is_read_at_a_glance(told):
    made = await told(FORM, "没迁", "我还想说一件事，" + "很长" * 200, "转人工")
    assert "人住在外地" in made["text"] and "随子女" not in made["text"]
    assert max(map(len, made["text"].splitlines())) < LONGEST_LINE
