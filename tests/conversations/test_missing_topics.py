"""What no guide holds: the topic is named, with the clause nearest to it and where to ask."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge.text import squeeze
from knowledge.vocabulary import topic_named, topics

pytestmark = pytest.mark.asyncio

BLOCKS = yaml.safe_load((Path(__file__).parent / "missing.yml").read_text(encoding="utf-8"))
ROWS = [pytest.param(block, text, id=text[:40]) for block in BLOCKS for text in block["ask"]]
REGIONS = {"meizhou": "梅州", "guangdong": "广东", "jiangmen": "江门", "hubei": "湖北",
           "fujian": "福建"}
NUMBERS = ("12393", "12345", "12366", "国家医保服务平台", "定点医院")
TOPICS = [topic for topic in topics() if topic.everyday]
NEAREST_KINDS = 3
"""Kinds of lines of one facet at most, and the county's own counter: never the whole item."""


def kinds(conversation) -> list[str]:
    """Return the kinds of lines in the last replies."""
    return [s["kind"] for card in conversation.cards for s in card.get("sections", ())]


def says_it_is_missing(said: str, labels) -> bool:
    """Tell whether a reply says of one of the topics that the guide is silent on it."""
    plain = squeeze(said)
    return any(squeeze(topic_named(label).say) in plain for label in labels)


@pytest.mark.parametrize(("block", "text"), ROWS)
async def test_a_citizens_question_for_what_no_guide_holds(conversation, block, text):
    said = await conversation.say(text)
    in_no_guide = "不在医保经办办事指南里" in said
    assert in_no_guide or says_it_is_missing(said, block["topics"]), said
    assert any(number in said for number in NUMBERS), said
    wanted = block.get("kinds", [])
    assert set(wanted) <= set(kinds(conversation)), said
    assert wanted or len(kinds(conversation)) <= NEAREST_KINDS, said


@pytest.mark.parametrize("region", REGIONS.values(), ids=REGIONS)
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
async def test_every_topic_is_missing_in_every_guide(new_conversation, topic, region):
    question = topic.everyday[0].replace("…", "")
    first, later = new_conversation(), new_conversation()
    await first.say(f"{region}医保{question}")
    await later.say(f"{region}住院费用报销要什么材料")
    await later.say(f"那{question}呢")
    for conversation in (first, later):
        said = conversation.text
        assert topic.say in said and topic.ask in said, said
        assert len(kinds(conversation)) <= NEAREST_KINDS, said
        assert "materials" not in kinds(conversation) or "time_limits" not in kinds(conversation)


@pytest.mark.parametrize("region", REGIONS.values(), ids=REGIONS)
@pytest.mark.parametrize(("text", "topic"), [
    ("那报多少比例", "报销比例"), ("能报多少", "报销金额"), ("要交多少钱", "缴费标准"),
    ("起付线呢", "起付线"), ("有封顶吗", "封顶线"), ("断缴了还能用吗", "断缴影响"),
    ("什么时候生效", "待遇生效时间"), ("我办到哪一步了", "办理进度")])
async def test_follow_ups_for_what_is_missing(new_conversation, region, text, topic):
    conversation = new_conversation()
    await conversation.say(f"{region}门诊费用报销要多久")
    said = await conversation.say(text)
    assert says_it_is_missing(said, [topic]), said


async def test_when_the_money_comes_is_the_agencys_time_limit(conversation):
    await conversation.say("湖北门诊费用报销要带什么")
    assert "15个工作日" in await conversation.say("什么时候到账")


async def test_the_counter_of_the_own_county_is_where_to_ask(conversation):
    said = await conversation.say("梅州兴宁住院费用报销比例是多少")
    assert "没有写" in said and "0753-3256057" in said and "2181980" not in said


async def test_what_is_missing_is_said_before_the_place_is_asked(conversation):
    said = await conversation.say("住院费用报销要带什么，能报多少")
    assert "能报多少钱办事指南没有写" in said and "参保在哪个城市" in said
    await conversation.say("江门")
    assert "materials" in kinds(conversation)
