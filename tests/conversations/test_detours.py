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
    assert conversation.cards[-1]["reason"] == "asked"


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


async def test_several_options_are_answered_by_their_numbers(conversation):
    await conversation.say("我在梅州医保，门诊自己垫了钱想报销")
    await conversation.say("1和3")
    assert "急诊诊断证明" in conversation.text + await finished(conversation)


@pytest.mark.parametrize("reply", ["都有", "全部都有", "1、2、3", "1 2 3"])
async def test_all_options_are_answered_at_once(conversation, reply):
    await conversation.say("我在梅州医保，门诊自己垫了钱想报销")
    await conversation.say(reply)
    assert "受伤属于哪一种" in conversation.text


async def finished(conversation) -> str:
    """Answer the rest of the form by don't know; return the outcome."""
    while conversation.cards[-1]["type"] == "question":
        await conversation.say("不知道")
    return conversation.text


async def test_the_last_of_the_listed_answers_counts_too(in_form):
    await in_form.say("3")
    assert "退休了吗" in in_form.text and "没听明白" not in in_form.text


async def test_a_list_of_items_is_chosen_from_by_number(in_form):
    for _ in range(3):
        await in_form.say("不知道")
    assert "2. 异地长期居住人员备案" in in_form.text
    await in_form.say("第二个")
    assert in_form.cards[-1]["title"] == "异地长期居住人员备案"


async def test_the_place_is_chosen_by_number(conversation):
    await conversation.say("门诊费用报销要带什么")
    await conversation.say("4")
    assert "湖北省" in conversation.text


async def test_facts_told_while_the_place_is_asked_are_noted_and_not_asked_again(conversation):
    await conversation.say("异地备案怎么办")
    await conversation.say("我妈退休了，住深圳一年多")
    assert "记下了" in conversation.text and "已退休" in conversation.text
    await conversation.say("梅州")
    assert "户口" in conversation.text
    await conversation.say("迁过来了")
    assert "退休了吗" not in conversation.text


async def test_why_a_paper_is_wanted_is_answered_with_what_the_guide_says(in_form):
    await in_form.say("没迁")
    await in_form.say("一年多了")
    await in_form.say("提供不了")
    await in_form.say("为什么要居住证明")
    assert "可提供《个人承诺书》。〔五、办理材料（三）〕" in in_form.text
    assert "居住材料：提供不了" in in_form.text


async def test_why_it_does_not_apply_is_answered_with_the_failed_condition(conversation):
    await conversation.say("我妈跟我住东莞，医保在梅州，异地看病怎么备案")
    await conversation.say("没迁")
    await conversation.say("不到半年")
    await conversation.say("为什么不行")
    assert "不到半年" in conversation.text
    assert "连续居住生活半年以上的人员。〔服务对象〕" in conversation.text


@pytest.mark.parametrize("told", ["户口还在大埔，没迁", "户口没有迁过去"])
async def test_a_reply_that_tells_something_else_denies_nothing(conversation, told):
    await conversation.say("我妈跟我住东莞，医保在梅州，想办异地长期居住人员备案")
    asked = conversation.text
    await conversation.say(told)
    assert "户口：没有迁" in conversation.text and asked in conversation.text


async def test_a_place_without_a_guide_is_not_asked_for_again(conversation):
    await conversation.say("停保了，还能办转移接续吗")
    await conversation.say("成都")
    await conversation.say("是的已经停保了")
    assert "成都" in conversation.text
    assert [choice["label"] for choice in conversation.choices] == ["转人工"]
    await conversation.say("哦，是江门")
    assert "江门" in conversation.text and "还没有收录" not in conversation.text


async def test_a_second_matter_of_a_message_waits_for_its_turn(conversation):
    await conversation.say("江门门诊费用报销和生育津贴分别要什么材料")
    assert "先说“门诊费用报销”，再说“生育津贴支付”" in conversation.text
    assert "医院收费票据" in conversation.text
    await conversation.press("接着看：生育津贴支付")
    assert "生育津贴" in conversation.cards[-1]["title"] and conversation.lines("materials")
    assert not any(c["label"].startswith("接着看：生育") for c in conversation.choices)


async def test_a_second_matter_is_not_lost_in_the_form_of_the_first(conversation):
    await conversation.say("梅州异地备案和零星报销分别要什么材料")
    await conversation.press("单位派驻")
    await finished(conversation)
    await conversation.press("接着看：医疗费用手工（零星）报销")
    assert "门诊费用还是住院费用" in conversation.text


async def test_guides_that_disagree_on_where_a_transfer_is_filed_are_both_quoted(conversation):
    await conversation.say("医保从广州转到梅州怎么办")
    assert "写得不一样" in conversation.text
    assert "到转出地经办机构" in conversation.text and "到转入地经办机构" in conversation.text
    await conversation.say("医保从武汉转到梅州怎么办")
    assert "写得不一样" not in conversation.text


@pytest.mark.parametrize("ask", ["梅州 取消备案", "梅州取消备案要什么材料"])
async def test_what_items_say_differently_is_shown_at_once_where_it_is_short(conversation, ask):
    await conversation.say(ask)
    lines = {line["when"]: line["text"] for line in conversation.cards[-1]["sections"][0]["lines"]}
    assert len(lines) == 2 and any("转诊" in when for when in lines)


async def test_a_plain_question_about_an_item_is_answered_before_the_form(conversation):
    await conversation.say("福州灵活就业怎么参保")
    assert "《职工基本医疗保险参保登记表》" in conversation.text
    assert conversation.cards[-1]["type"] == "answer"


async def test_a_change_of_telephone_is_no_matter_of_vaccines(conversation):
    await conversation.say("福建改手机号要不要证明")
    assert "疫苗" not in conversation.text and "城乡居民" in conversation.text


async def test_nothing_is_said_twice(conversation):
    await conversation.say("湖北门诊费用报销要带什么")
    card = conversation.text
    await conversation.say("要唔要写咩说明")
    assert conversation.text != card


async def test_a_restarted_server_goes_on_where_the_conversation_was(own_server):
    own_server.start()
    own_server.ask("restart", "我妈跟我住东莞，医保在梅州，异地看病怎么备案")
    own_server.stop()
    own_server.start()
    assert "半年" in own_server.ask("restart", "没迁")[-1]["text"]
