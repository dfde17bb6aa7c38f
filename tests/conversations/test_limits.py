"""What the assistant does not answer: other places, topics no guide holds, other business."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("text", ["门诊费用报销要带什么", "异地备案要多久", "住院报销多久到账"])
async def test_no_answer_without_a_place(new_conversation, text):
    conversation = new_conversation()
    await conversation.say(text)
    assert "参保在哪个城市" in conversation.text
    assert not any(card.get("sections") for card in conversation.cards)


@pytest.mark.parametrize("place", ["北京", "上海", "南京", "成都"])
async def test_no_rules_for_places_without_a_guide(new_conversation, place):
    conversation = new_conversation()
    await conversation.say(f"{place}门诊费用报销要带什么")
    assert "还没有" in conversation.text and place in conversation.text
    assert not any(card.get("sections") for card in conversation.cards)


@pytest.mark.parametrize("text", ["在广州住院花了很多钱怎么报", "去上海看病回来怎么报销"])
async def test_a_place_of_treatment_is_not_the_place_of_insurance(new_conversation, text):
    conversation = new_conversation()
    await conversation.say(text)
    assert "参保在哪个城市" in conversation.text


async def test_bare_guangdong_is_answered_with_an_offer_to_name_the_city(conversation):
    await conversation.say("广东住院费用报销要几天")
    assert "30个工作日" in conversation.text and "江门市或梅州市" in conversation.text


async def test_another_city_of_guangdong_is_told_whose_guide_it_is(conversation):
    await conversation.say("汕头门诊费用报销要带什么")
    assert "汕头市没有单独收录的指南" in conversation.text
    assert "事先公示" in conversation.text.replace("事前", "事先")


@pytest.mark.parametrize(("text", "topic"), [
    ("梅州住院能报百分之几", "报销比例"), ("湖北异地就医起付线是多少", "起付线"),
    ("江门住院最高能报多少封顶", "封顶线")])
async def test_topics_no_guide_holds_are_said_to_be_missing(new_conversation, text, topic):
    conversation = new_conversation()
    await conversation.say(text)
    assert "没有写" in conversation.text or "没有" in conversation.text
    assert "12393" in conversation.text
    assert all(card.get("missing_topic", topic) == topic for card in conversation.cards)


@pytest.mark.parametrize("text", ["养老金怎么领", "公积金怎么提取", "帮我写一首诗"])
async def test_other_business_gets_no_fact_of_a_guide(new_conversation, text):
    conversation = new_conversation()
    await conversation.say(text)
    assert not any(card.get("sections") for card in conversation.cards)
    assert "工作日" not in conversation.text


async def test_despair_gets_a_humane_sentence_and_numbers_of_people_at_once(conversation):
    await conversation.say("欠了十几万医药费，我真的活不下去了")
    assert conversation.cards[-1]["type"] == "handoff"
    assert {"12356", "12345"} & {c["phone"] for c in conversation.cards[-1]["contacts"]}


async def test_medical_advice_is_not_given(conversation):
    await conversation.say("我头痛得厉害还发烧，吃什么药好")
    assert not any(card.get("sections") for card in conversation.cards)
    assert "医生" in conversation.text or "医院" in conversation.text or "120" in conversation.text


@pytest.mark.parametrize("text", ["😀😀😀", "。。。", "asdfgh", "啊啊啊"])
async def test_noise_gets_a_kind_question_back(new_conversation, text):
    conversation = new_conversation()
    reply = await conversation.say(text)
    assert reply and not any(card.get("sections") for card in conversation.cards)


async def test_markup_is_only_text(conversation):
    await conversation.say("<b>梅州</b><script>alert(1)</script>门诊报销多久")
    assert "20个工作日" in conversation.text and "<script>" not in conversation.text


async def test_a_thing_the_item_does_not_mention_is_said_to_be_missing(conversation):
    await conversation.say("梅州异地安置退休备案拿不到户口本，写个承诺书行不行")
    assert "没有写明个人承诺书" in conversation.text


async def test_counters_of_one_county(conversation):
    await conversation.say("兴宁医保窗口在哪里，电话多少")
    assert "人民大道中142号" in conversation.text and "0753-3256057" in conversation.text
    assert "2181980" not in conversation.text


async def test_a_guide_without_numbers_says_so(conversation):
    await conversation.say("江门医保局的电话是多少")
    assert "没有列出具体" in conversation.text


@pytest.mark.parametrize(("text", "region"), [
    ("梅州退休待遇核定要带什么", "梅州市"), ("湖北家庭共济怎么绑定", "湖北省"),
    ("孝感职工医保退休待遇核定多久办好", "湖北省")])
async def test_a_matter_that_a_guide_has_nothing_on_is_said_to_be_missing(
        new_conversation, text, region):
    conversation = new_conversation()
    await conversation.say(text)
    assert f"《{region}医疗保障经办政务服务事项" in conversation.text.replace(" ", "")
    assert "里没有" in conversation.text and "12393" in conversation.text
    assert not any(card.get("sections") for card in conversation.cards)


async def test_a_near_item_of_another_matter_is_offered_not_put_in_its_place(conversation):
    await conversation.say("厦门职工医保退休待遇核定怎么办")
    assert "里没有" in conversation.text and "相近的事项是：职工在职转退休" in conversation.text
    await conversation.press("职工在职转退休")
    assert "福建省社会保险参保人员在职转退休变更申报表" in conversation.text


async def test_a_finer_matter_that_is_not_listed_apart_is_answered_with_the_whole(conversation):
    await conversation.say("梅州新生儿参保登记要带什么材料")
    assert "没有单列“新生儿参保登记”" in conversation.text
    assert "《城乡居民基本医疗保险参保登记表》" in conversation.text


async def test_a_finer_matter_that_only_another_guide_has_is_refused(conversation):
    await conversation.say("梅州居民医保退费要什么材料")
    assert "里没有“居民医保退费申请”这个事项" in conversation.text


@pytest.mark.parametrize("short", [
    "那要多久", "多久", "要多久", "那几天", "那多久呢", "去哪", "带什么"])
async def test_a_bare_question_after_an_answer_stays_with_its_item(conversation, short) -> None:
    await conversation.say("梅州门诊费用报销要带什么")
    await conversation.say(short)
    assert [card["item"] for card in conversation.cards if card["type"] == "answer"] == [
        "门诊费用报销"]
