"""People of the kind the assistant is for, from their first sentence to their checklist."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio


async def test_grandmother_living_with_her_daughter_without_a_residence_permit(conversation):
    await conversation.say("我阿妈同我住深圳湊细路，佢医保喺梅州，想喺呢边睇病直接刷卡点办")
    assert conversation.choices
    await conversation.say("户口还在大埔，没迁")
    await conversation.say("快一年了")
    await conversation.say("没办居住证")

    assert "异地长期居住人员备案" in conversation.text
    assert conversation.lines("materials") == [
        "医保电子凭证或有效身份证件或社保卡", "广东省异地就医备案登记表", "《个人承诺书》"]
    assert "即时办结" in conversation.text and "2个工作日内审核" in conversation.text
    assert "电话（传真）" in conversation.text
    assert "安置地身份证或户口簿" not in conversation.text


async def test_only_the_counter_of_the_county_that_was_named(conversation):
    await conversation.say("我妈跟我住东莞，医保在梅州，异地看病怎么备案")
    await conversation.say("还在大埔没迁")
    await conversation.say("一年多")
    await conversation.say("没有居住证")
    assert len(conversation.lines("offices")) == 1
    assert "大埔县" in conversation.lines("offices")[0]


async def test_emergency_at_an_outpatient_clinic_paid_with_cash_and_an_identity_card(conversation):
    await conversation.say("我的医保在梅州，在广州看急诊没住院，自己垫的钱，回来怎么报")
    await conversation.press("都不是")
    await conversation.press("身份证")

    materials = conversation.lines("materials")
    assert "急诊诊断证明" in materials and "本人银行账号" in materials
    assert "交警事故认定书" not in conversation.text and "承诺书" not in conversation.text
    assert "线上" not in conversation.text and "政务服务网" not in conversation.text
    assert "1年内" in conversation.text


async def test_social_security_card_needs_no_bank_account(conversation):
    await conversation.say("梅州医保，外地门诊自己垫钱了怎么报销")
    await conversation.press("都不是")
    await conversation.press("社保卡")
    assert "本人银行账号" not in conversation.text


async def test_birth_in_another_province_is_filed_as_birth(conversation):
    await conversation.say("单位在珠海给我交的职工医保，我想回四川老家生孩子，要提前办什么")
    assert "生育异地备案" in conversation.text
    assert conversation.lines("materials") == [
        "医保电子凭证或有效身份证件或社保卡", "广东省异地就医生育保险登记备案表"]
    assert "珠海市没有单独收录的指南" in conversation.text
    assert "不见面" in conversation.text and "居住证明" not in conversation.text


async def test_inpatient_abroad_is_answered_at_once_with_what_was_asked(conversation):
    await conversation.say("我是武汉的医保，在上海住院自费了，回来报要带哪些，多久到账")
    assert "出院记录（小结）或诊断证明" in conversation.lines("materials")
    assert "不超过15个工作日" in conversation.text
    assert "处方底方" not in conversation.text and "非即时结算" not in conversation.text


async def test_retired_grandmother_of_fujian_without_permit_gives_a_pledge_instead(conversation):
    await conversation.say("我福州的，在杭州给儿子带孙子，没有居住证，异地备案要带什么")
    if "户口" in conversation.text and not conversation.lines("materials"):
        await conversation.say("没迁")
        await conversation.say("退休了")
    assert "《个人承诺书》" in conversation.lines("materials")
    assert "医保电子凭证或社保卡或身份证" in conversation.lines("materials")
    assert "帮子女带孩子的老年人" in conversation.text and "即时办结" in conversation.text


async def test_a_short_question_is_asked_for_its_place_before_any_list(conversation):
    await conversation.say("住院报销要啥")
    assert not conversation.lines("materials") and "参保" in conversation.text
    await conversation.say("湖北黄石")
    assert "住院费用清单" in conversation.lines("materials")
    assert "不超过15个工作日" in conversation.text


async def test_temporary_filing_is_refused_after_discharge_with_what_may_apply(conversation):
    await conversation.say("梅州医保，我在广州突发急病住院了，想备案")
    await conversation.say("已经出院结算了")
    assert "不适用" in conversation.text and "出院结算后不允许补办备案" in conversation.text
    assert any(c["label"] == "住院费用报销" for c in conversation.choices)


async def test_younger_resident_has_no_item_in_fujian(conversation):
    await conversation.say("我医保在厦门，在杭州租房打工，看病想备案")
    await conversation.say("没有迁")
    await conversation.say("还没退休")
    assert conversation.cards[-1]["status"] == "not_applicable"
    assert not conversation.lines("materials") and "退休后在异地居住生活" in conversation.text


@pytest.mark.parametrize("province", ["湖北", "福建"])
async def test_guides_without_a_temporary_item_say_so(new_conversation, province):
    conversation = new_conversation()
    await conversation.say(f"{province}临时异地就医人员备案要什么材料")
    assert "没有" in conversation.text and conversation.cards[-1]["status"] == "not_in_guide"
    assert "急诊证明" not in conversation.text and not conversation.lines("materials")


async def test_accident_papers_or_a_pledge_in_jiangmen(conversation):
    await conversation.say("江门医保，住院，被车撞的，没有事故认定书，怎么报")
    while conversation.choices and conversation.cards[-1]["type"] == "question":
        await conversation.press("都不是" if conversation.cards[-1]["multiple"] else "不清楚")
    assert "个人承诺书" in conversation.lines("materials")
    assert "普通外伤" not in conversation.text
