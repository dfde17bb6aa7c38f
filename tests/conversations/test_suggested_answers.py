"""Suggested answers for agents in their own desk, by the guide of the place or by none."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluated import assert_kept
from suggested import hits, is_about, told

from bot.dialogue.context import Context
from bot.errors import BadInput
from bot.evaluation.recorded import read_recorded
from bot.learning.player import cards_of
from bot.suggest import suggest
from knowledge.store import load

FOLDER = Path(__file__).parent
CARDS = [card for path in sorted((FOLDER / "cards").glob("*.yml")) for card in cards_of(path)]
RECORDED = read_recorded(FOLDER / "suggested.yml")
FIELDS = {"text", "confidence", "region", "guide", "family", "item", "title", "facet", "citations"}


async def test_the_item_of_a_scenario_is_among_the_first_three(assistant):
    figure, missed = await hits(assistant, CARDS)
    print(told(figure), *missed, sep="\n")
    assert_kept("first_three", RECORDED, {"first_three": figure})
    assert figure.n == len(CARDS)


@pytest.mark.parametrize("place", ["梅州兴宁", "江门", "广州", "武汉", "福州", "", "上海"])
@pytest.mark.parametrize("message", [
    "异地就医怎么备案要什么材料", "住院费用报销要多久", "生育津贴"])
async def test_every_clause_quoted_is_of_the_guide_of_the_place(assistant, message, place):
    found = await suggest(assistant, message, region=place)
    assert found and all(set(one) == FIELDS for one in found)
    for one in found:
        guides = {load().clause(quoted["id"]).guide for quoted in one["citations"]}
        assert {load().guide(guide).data.title for guide in guides} <= {one["guide"]}
        assert bool(one["guide"]) == (place not in ("", "上海"))
    assert bool(found[0]["citations"]) == bool(found[0]["guide"])


async def test_without_a_place_the_suggestion_asks_for_it_and_names_the_matter(assistant):
    first = (await suggest(assistant, "门诊费用报销要带什么材料"))[0]
    assert first["item"] == "outpatient_reimbursement" and first["citations"] == []
    assert "门诊费用报销" in first["text"] and "参保在哪个城市" in first["text"]
    assert first["region"] == first["guide"] == ""


async def test_a_place_without_a_guide_gets_no_other_guides_rule(assistant):
    found = await suggest(assistant, "我是上海的医保，门诊费用报销要带什么材料", region="梅州市")
    assert all("上海" in one["text"] and not one["citations"] for one in found)


async def test_the_message_goes_before_the_conversation_and_that_before_the_desk(assistant):
    talk = Context().with_place({"name": "江门市", "guide": "jiangmen", "code": "440700"})
    by_talk = await suggest(assistant, "生育津贴怎么领", slots=talk.as_slots(), region="福州")
    by_message = await suggest(
        assistant, "生育津贴怎么领，武汉的医保", slots=talk.as_slots(), region="福州")
    assert by_talk[0]["region"] == "江门市" and by_message[0]["region"] == "湖北省"


async def test_a_follow_up_is_about_the_item_of_the_conversation(assistant, conversation):
    await conversation.say("梅州生育津贴支付要带什么材料")
    first = (await suggest(assistant, "要多久能办好", slots=conversation.state["slots"]))[0]
    assert (first["item"], first["facet"]) == ("maternity_allowance", "办理时限")


async def test_an_answer_to_the_open_question_decides_which_item_it_is(assistant, conversation):
    await conversation.say("我要办异地就医备案，医保在梅州")
    posted = await suggest(assistant, "单位派去的", slots=conversation.state["slots"])
    birth = await suggest(assistant, "回去生孩子", slots=conversation.state["slots"])
    assert posted[0]["item"] == "posted_worker_filing" and posted[0]["citations"]
    assert birth[0]["item"] == "maternity_filing" and not birth[0]["citations"]
    assert "里没有“生育异地备案”" in birth[0]["text"]


async def test_no_conversation_changes(assistant, conversation):
    await conversation.say("我妈跟我住东莞，医保在梅州，怎么备案")
    store = conversation.switchboard.store
    before, said = await store.load(conversation.sender), conversation.messages
    await suggest(assistant, "没迁，要带什么材料", slots=conversation.state["slots"])
    assert await store.load(conversation.sender) == before
    assert (await store.since(conversation.sender, 0))[-1].text == said[-1]["text"]


async def test_other_peoples_business_is_referred(assistant):
    (only,) = await suggest(assistant, "公积金怎么提取", region="梅州市")
    assert "12329" in only["text"] and not (only["item"] or only["citations"])


async def test_what_no_guide_holds_is_said_with_the_nearest_clause(assistant):
    first = (await suggest(assistant, "梅州住院能报百分之几"))[0]
    assert is_about(first, "住院费用报销")
    assert "办事指南没有写" in first["text"] and first["citations"]


async def test_two_matters_side_by_side_are_both_suggested(assistant):
    found = await suggest(assistant, "江门的异地备案和生育津贴分别要什么材料")
    assert {"remote_filing", "maternity"} <= {one["family"] for one in found}


async def test_small_talk_gets_no_answer_of_a_guide(assistant):
    assert await suggest(assistant, "你好", region="梅州市") == []


async def test_confidences_are_probabilities_in_descending_order(assistant):
    for card in CARDS[::10]:
        sure = [one["confidence"] for one in await suggest(assistant, card["opening"])]
        assert sure == sorted(sure, reverse=True) and all(0 < p <= 1 for p in sure)


async def test_an_unknown_region_is_refused(assistant):
    with pytest.raises(BadInput) as refused:
        await suggest(assistant, "生育津贴", region="火星")
    assert refused.value.field == "region"
