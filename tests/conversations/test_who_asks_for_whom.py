"""Who asks for whom: what is asked next, in whose name, and never twice."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asyncio


async def test_one_sentence_fills_everything_and_nothing_is_asked(conversation: Any) -> None:
    await conversation.say("我妈退休了，户口迁到深圳跟我住，参保在梅州，异地备案要怎么办")
    assert conversation.cards[-1]["status"] == "applies"
    assert conversation.cards[-1]["audience"] == "您母亲"
    assert "您母亲适用“异地安置退休人员备案”" in conversation.text
    assert "安置地身份证或户口簿" in conversation.lines("materials")


@pytest.mark.parametrize(("opening", "whose"), [
    ("我妈跟我住东莞，异地看病怎么备案，医保在梅州", "您母亲"),
    ("老豆同我喺东莞住，医保喺兴宁，异地备案点搞", "您父亲"),
    ("岳母跟我们住厦门，医保在武汉，异地看病怎么备案", "您岳母"),
    ("我跟女儿住东莞，医保在梅州，异地看病怎么备案", "您"),
    ("住在东莞，医保在梅州，异地看病怎么备案", "参保人"),
])
async def test_questions_speak_of_the_right_person(
    new_conversation: Any, opening: str, whose: str
) -> None:
    conversation = new_conversation()
    await conversation.say(opening)
    assert conversation.text.startswith(f"{whose}的户口迁到现在住的地方了吗？")


async def test_the_place_of_insurance_is_asked_of_the_right_person(conversation: Any) -> None:
    await conversation.say("我爸跟我住东莞，异地看病怎么备案")
    assert conversation.text.startswith("请问您父亲的医保参保在哪个城市")
    await conversation.say("梅州")
    assert conversation.text.startswith("您父亲的户口")


async def test_what_the_speaker_is_does_not_make_the_child_so(conversation: Any) -> None:
    await conversation.say("我退休了，想给孙子参保，福建福州的")
    assert conversation.text.startswith("孩子")
    await conversation.press("本市户籍")
    assert "退休" not in conversation.text and "城乡居民参保登记" in conversation.text


async def test_that_it_is_for_another_after_all_is_no_answer_and_clears_their_facts(
    conversation: Any,
) -> None:
    await conversation.say("我妈跟我住东莞，退休了，医保在梅州，异地看病怎么备案")
    await conversation.say("其实是给我爸问的")
    assert conversation.text.startswith("您父亲属于哪一种情形？")
    await conversation.say("跟我住")
    await conversation.say("户口迁过来了")
    assert conversation.text.startswith("您父亲已经退休了吗？")


async def test_whom_it_is_for_may_be_told_late_and_keeps_what_was_said(conversation: Any) -> None:
    await conversation.say("现在住深圳，医保在武汉，异地看病怎么备案")
    assert conversation.text.startswith("参保人的户口")
    await conversation.say("是给我妈问的")
    assert conversation.text.startswith("您母亲")
    await conversation.say("退休了，户口也迁了")
    assert "您母亲适用“异地安置退休人员备案”" in conversation.text


async def test_the_speaker_named_in_passing_does_not_take_the_matter_over(
    conversation: Any,
) -> None:
    await conversation.say("我妈跟我住东莞，医保在梅州，异地看病怎么备案")
    await conversation.say("没迁，我自己的迁了")
    assert conversation.text.startswith("您母亲")


HUBEI_PROXY, FUJIAN_PROXY = "代办说明", "代办人身份证原件、复印件及申请人有效身份证件复印件"


@pytest.mark.parametrize(("messages", "shown"), [
    (["湖北武汉，我帮我爸去办个人账户支取，他出国定居了"], True),
    (["湖北武汉，我爸出国定居了，个人账户的钱怎么取", "我去办"], True),
    (["湖北武汉，我爸出国定居了，个人账户的钱怎么取", "我自己去"], True),
    (["湖北武汉，我爸出国定居了，个人账户的钱怎么取", "他自己去"], False),
    (["湖北武汉，我出国定居了，个人账户的钱怎么取", "我自己去"], False),
    (["湖北武汉，我出国定居了，个人账户的钱怎么取", "让我儿子去"], True),
])
async def test_a_proxy_needs_a_statement_in_hubei(
    new_conversation: Any, messages: list[str], shown: bool
) -> None:
    conversation = new_conversation()
    for message in messages:
        await conversation.say(message)
    materials = conversation.lines("materials")
    assert materials and (HUBEI_PROXY in materials) == shown


@pytest.mark.parametrize(("message", "shown"), [
    ("福州职工医保改名字，我妈的，她走不动，我替她去办", True),
    ("福州职工医保改名字，我自己去办", False),
])
async def test_a_proxy_shows_both_identity_cards_in_fujian(
    new_conversation: Any, message: str, shown: bool
) -> None:
    conversation = new_conversation()
    await conversation.say(message)
    if conversation.choices and conversation.cards[-1]["type"] == "question":
        await conversation.press("个人办")
    assert (FUJIAN_PROXY in conversation.lines("materials")) == shown


@pytest.mark.parametrize(("message", "said"), [
    ("湖北个人账户支取，代办要带什么", "非本人办理"),
    ("福建职工参保信息变更，代办人要带什么", FUJIAN_PROXY),
    ("福建代办要带什么", "代办人出示代办人身份证原件"),
    ("湖北医保可以委托别人去办吗", "非本人办理需提供代办说明"),
    ("梅州异地备案可以代办吗", "没有写明代办"),
    ("江门代办需要什么手续", "没有写明代办"),
    ("江门，爷爷过身了，医保账户的钱谁能继承", "继承人身份证"),
    ("福建医保，我爸去世了，个人账户的钱子女能取吗", "继承人与被继承人的关系证明"),
    ("广州医保个人账户，家人去世了继承人怎么取", "继承人身份证"),
])
async def test_a_question_about_proxies_and_heirs_is_answered_from_the_clauses(
    new_conversation: Any, message: str, said: str
) -> None:
    conversation = new_conversation()
    await conversation.say(message)
    assert said in conversation.text
    if "没有写明" in said:
        assert "12393" in conversation.text


async def test_a_question_about_proxies_waits_for_place_and_matter(conversation: Any) -> None:
    await conversation.say("代办要带什么")
    await conversation.say("异地备案")
    await conversation.say("梅州")
    assert "没有写明代办" in conversation.text


@pytest.mark.parametrize(("opening", "asked"), [
    ("我是公司人事，新员工怎么参保", "请问这位员工的医保参保在哪个城市"),
    ("我开了一家药店，想申请医保定点", "请问贵药店在哪个城市"),
    ("我们诊所想申请医保定点", "请问贵机构在哪个城市"),
])
async def test_who_asks_for_an_organisation_is_not_asked_what_it_is(
    new_conversation: Any, opening: str, asked: str
) -> None:
    conversation = new_conversation()
    await conversation.say(opening)
    assert conversation.text.startswith(asked)
    await conversation.say("梅州")
    assert conversation.cards[-1]["type"] == "answer"


@pytest.mark.parametrize("opening", [
    "我妈退休了，跟我住深圳，户口没迁，在这边半年多了，没办居住证，医保在梅州，想异地备案",
    "老豆喺佛山跌亲，自己跌嘅，急诊入院，医保喺江门，带社保卡，住院费点报",
    "我爷爷低保户，住院医保报完，剩下的想申请医疗救助，在梅州，带身份证去",
    "我没上班，生孩子用老公的生育险报住院费，江门的，顺产，用身份证",
    "帮员工改名字，厦门的，公司去办",
])
async def test_what_one_sentence_says_is_never_asked(new_conversation: Any, opening: str) -> None:
    conversation = new_conversation()
    await conversation.say(opening)
    assert [card["type"] for card in conversation.cards] == ["answer"], conversation.text


async def test_whom_it_is_for_may_be_told_before_the_matter(conversation: Any) -> None:
    await conversation.say("我想帮我妈问个事")
    await conversation.say("她在武汉参保的，现在跟我住深圳，看病要备案")
    assert conversation.text.startswith("您母亲的户口")


async def test_the_same_for_another_person_speaks_of_them(conversation: Any) -> None:
    await conversation.say("我自己的医保在武汉，在北京住院怎么报")
    assert conversation.cards[-1]["audience"] == "您"
    await conversation.say("那我老婆的呢，她是福州的")
    assert conversation.cards[-1]["audience"] == "您爱人"
    assert "福建省" in conversation.text
