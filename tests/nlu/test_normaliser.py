"""People write the same thing in many ways; the understanding sees one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.normalise import aligned, normalise
from bot.nlu.normaliser import PLAIN, Normaliser


@pytest.mark.parametrize(("written", "plain"), [
    ("異地就醫備案怎麼辦", "异地就医备案怎么办"),
    ("ＡＰＰ上能办吗？？？！！", "app上能办吗?!"),
    ("居⺠医保 　报销", "居民医保 报销"),
    ("我叫［姓名］，怎么报销", "我叫 ,怎么报销"),
])
def test_a_message_gets_one_written_form_and_keeps_its_own(written: str, plain: str) -> None:
    message = Message.build(written)
    Normaliser().process([message])
    assert message.get(PLAIN) == plain
    assert message.get("text") == written


@given(st.text())
def test_the_form_that_offsets_count_in_is_as_long_as_the_text(text: str) -> None:
    assert len(aligned(text)) == len(text)


@given(st.text(alphabet="異地就醫備案ＡＰＰ１２，？！"))
def test_both_forms_agree_where_nothing_is_left_out(text: str) -> None:
    assert normalise(aligned(text)) == normalise(text)


async def test_spellings_of_one_question_are_understood_alike(assistant) -> None:
    spellings = (
        "门诊费用报销要带什么材料？", "門診費用報銷要帶什麼材料？？？",
        "门诊费用报销　要带什么材料")
    readings = [(await assistant.agent.parse_message(text))["understanding"] for text in spellings]
    assert {(r["family"], r["item"], r["facets"]) for r in readings} == {
        ("reimbursement", "outpatient_reimbursement", ("办理材料",))}
