"""Turns that are not simply the next answer."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def in_form(conversation):
    """A conversation with the form open, asking about the household."""
    await conversation.say("我妈跟我住东莞，医保在梅州，异地看病怎么备案")
    assert "户口" in conversation.text
    return conversation


async def test_a_question_in_between_is_answered_and_the_form_goes_on(in_form):
    await in_form.say("网上能办吗？")
    assert "户口" in in_form.messages[-1]["text"]
    await in_form.say("没迁")
    assert "半年" in in_form.text


async def test_why_is_answered_with_the_clause(in_form):
    await in_form.say("为什么要问这个")
    assert "户籍迁入定居地" in in_form.text and "户口" in in_form.messages[-1]["text"]


async def test_cancel_ends_the_form(in_form):
    await in_form.say("取消")
    assert in_form.choices == []
    await in_form.say("谢谢")
    assert "户口" not in in_form.text


async def test_dont_know_leaves_lines_with_their_condition(in_form):
    await in_form.say("没迁")
    await in_form.say("一年多了")
    await in_form.say("不知道")
    undecided = [line for section in in_form.cards[-1]["sections"] for line in section["lines"]
                 if line.get("undecided")]
    assert {line["text"] for line in undecided} == {"居住证明", "《个人承诺书》"}
    assert all(line["when"].startswith("如") for line in undecided)


async def test_knowing_nothing_ends_with_the_items_that_may_apply(in_form):
    for _ in range(3):
        await in_form.say("不知道")
    assert "异地安置退休人员备案" in in_form.text and "异地长期居住人员备案" in in_form.text
    await in_form.press("异地长期居住人员备案")
    assert "《个人承诺书》" in in_form.text


async def test_another_region_asks_the_same_there(conversation):
    await conversation.say("江门住院费用报销要多少天")
    assert "30个工作日" in conversation.text
    await conversation.say("那湖北呢？")
    assert "湖北省" in conversation.text and "15个工作日" in conversation.text


async def test_a_facet_follows_up_on_the_item(conversation):
    await conversation.say("湖北门诊费用报销要带什么")
    await conversation.say("要多久？")
    assert "15个工作日" in conversation.text and "门诊费用报销" in conversation.text


async def test_a_person_is_named_with_the_right_numbers_and_honestly(conversation):
    await conversation.say("转人工")
    assert "12345" in conversation.text and "12393" in conversation.text
    assert "不能直接替您转接" in conversation.text


async def test_a_button_pressed_twice_changes_nothing(in_form):
    old = next(c["id"] for c in in_form.choices if c["label"] == "没有迁")
    await in_form.press_ids(old)
    asked = in_form.messages[-1]["text"]
    await in_form.press_ids(old)
    assert "失效" in in_form.text and asked in in_form.text


async def test_a_forged_button_changes_nothing(in_form):
    await in_form.press_ids("forged-id")
    assert "失效" in in_form.text and "户口" in in_form.messages[-1]["text"]


async def test_an_answer_by_number(in_form):
    await in_form.say("2")
    assert "半年" in in_form.text


async def test_correction_in_the_middle(conversation):
    await conversation.say("梅州医保，门诊自己垫的钱怎么报")
    await conversation.say("不对，是住院")
    while conversation.cards[-1]["type"] == "question":
        await conversation.press("都不是" if conversation.cards[-1]["multiple"] else "社保卡")
    assert "住院费用清单原件（加盖医院印章）" in conversation.lines("materials")
    assert "门急诊费用清单" not in conversation.text
