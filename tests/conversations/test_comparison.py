"""Asking what is different between two places."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio


async def test_two_places_are_shown_side_by_side_each_with_its_own_clauses(conversation):
    text = await conversation.say("江门和梅州住院报销材料有什么不一样？")
    assert "写得不一样的：办理材料" in text
    (card,) = conversation.cards
    assert card["status"] == "comparison"
    guides = {section["title"]: {line["citation_id"].split("/")[0] for line in section["lines"]}
              for section in card["sections"]}
    assert guides == {"办理材料 · 江门市": {"jiangmen"}, "办理材料 · 梅州市": {"meizhou"}}


async def test_without_an_item_it_asks_which_one_and_a_button_goes_on(conversation):
    assert "请问要比较哪一个事项" in await conversation.say("江门和梅州报销材料有什么不一样？")
    assert "门诊费用报销（各地对照）" in await conversation.press("门诊费用报销")


async def test_another_place_is_compared_with_the_one_talked_about(conversation):
    await conversation.say("梅州异地长期居住备案要什么材料")
    text = await conversation.say("那江门呢，一样吗")
    assert text.startswith("【梅州市、江门市 · 异地长期居住人员备案（各地对照）】")


async def test_a_guide_without_the_item_is_said_to_have_none(conversation):
    text = await conversation.say("广州和武汉的临时异地就医备案材料有什么区别")
    assert "《湖北省医疗保障经办政务服务事项办事指南》里没有“临时异地就医人员备案”这个事项" in text
    assert "急诊诊断证明" in text


async def test_after_a_comparison_the_conversation_goes_on_with_the_place_before(conversation):
    await conversation.say("梅州住院费用报销要多久")
    await conversation.say("和江门比呢")
    assert "不超过20个工作日" in await conversation.say("那要多久办好")


async def test_the_page_with_the_whole_comparison_is_offered(conversation):
    await conversation.say("江门和梅州住院报销时限有什么不一样？")
    assert conversation.cards[0]["link"]["href"] == (
        "/compare/inpatient_reimbursement?guides=jiangmen,meizhou")
