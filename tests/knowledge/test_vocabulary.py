"""Phrases people use: what they ask about by name, what no guide holds, who else can help."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.model import SECTION_TITLES
from knowledge.store import KnowledgeBase, load, read_yaml
from knowledge.vocabulary import (
    asked_facets,
    asked_mentions,
    facets,
    fires,
    longest,
    mentions,
    referral_for,
    referrals,
    topic_in,
    topic_named,
    topics,
)

FACETS = {"办理材料", "办理时限", "办理渠道/地点", "办理流程", "服务对象/条件", "收费", "设定依据",
          "咨询/投诉电话", "备注/特殊规定", "整体咨询"}
LONGEST_SENTENCE = 60
OUTSIDE = Path(__file__).parents[2] / "bot" / "data" / "nlu" / "outside.yml"


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("居住证", "我没有居住证"),
        ("津贴…多少天", "津贴一共能领多少天"),
        ("津贴…多少天", "津贴多少天"),
        ("备案", "异地 备 案"),
        ("APP", "用ａｐｐ可以办吗"),
    ],
)
def test_a_phrase_is_found_whatever_width_case_and_spaces(phrase: str, text: str) -> None:
    assert fires((phrase,), text)


@pytest.mark.parametrize(
    ("phrases", "text"),
    [
        (("津贴…多少天",), "津贴是什么时候发到我的银行卡上，一共多少天"),
        (("津贴…多少天",), "多少天津贴"),
        ((), "什么都行"),
        (("a.c",), "abc"),
    ],
)
def test_a_phrase_is_not_found_over_a_wide_gap_backwards_or_as_a_pattern(
    phrases: tuple[str, ...], text: str
) -> None:
    assert not fires(phrases, text)


def test_the_longest_phrase_that_is_found_counts() -> None:
    assert longest(("住", "住院", "住在"), "还在住院") == 2
    assert longest(("住院",), "门诊") == 0


def test_topics_are_told_apart_by_id_and_label() -> None:
    assert len({topic.id for topic in topics()}) == len(topics())
    assert len({topic.topic for topic in topics()}) == len(topics())
    assert all(topic.id.isascii() and topic.id.isidentifier() for topic in topics())


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.id)
def test_every_phrase_of_a_topic_leads_to_it(topic) -> None:
    said = {phrase: topic_in(phrase.replace("…", "那个")) for phrase in topic.everyday}
    assert {phrase: found and found.topic for phrase, found in said.items()
            if found is not topic} == {}


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.id)
def test_what_is_said_of_a_topic_states_no_figure_and_says_where_to_ask(topic) -> None:
    assert topic.say.endswith("。") and not re.search(r"[0-9０-９%％]", topic.say)
    assert topic.ask.endswith("。")
    assert set(re.findall(r"\d+", topic.ask)) <= {"12393", "12345", "12333", "12366"}


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.id)
def test_what_is_nearest_to_a_topic_is_a_facet_of_an_item_of_a_guide(
    topic, kb: KnowledgeBase
) -> None:
    for near in topic.nearest:
        assert near.facet in FACETS
        assert not near.item or kb.canonical_by_label(near.item)
        assert set(near.guides) <= set(kb.guides)


def test_the_last_topic_speaks_for_all_others_and_has_no_phrases() -> None:
    assert topics()[-1].topic == "其他" and topics()[-1].everyday == ()
    assert all(topic.everyday for topic in topics()[:-1])


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("异地住院能报百分之多少", "报销比例"),
        ("门诊起付线是多少", "起付线"),
        ("新农合一年交多少钱", "缴费标准"),
        ("异地备案有效期多长", "备案有效期"),
        ("我的报销办到哪一步了", "办理进度"),
        ("交了医保什么时候生效", "待遇生效时间"),
        ("主治医生不愿出具转诊单", "医院拒开转诊单"),
    ],
)
def test_what_no_guide_holds_is_recognised(question: str, topic: str) -> None:
    found = topic_in(question)
    assert found and found.topic == topic
    assert topic_named(topic) is found


@pytest.mark.parametrize(
    "question",
    ["门诊费用报销要带什么", "异地安置退休备案要多久办好", "住院报销最晚什么时候交材料",
     "备案能在网上办吗", "急诊没带社保卡怎么报", "常驻异地工作要什么证明"],
)
def test_what_the_guides_do_answer_is_no_missing_topic(question: str) -> None:
    assert topic_in(question) is None


def test_a_label_nobody_knows_names_no_topic() -> None:
    assert topic_named("天气") is None


@pytest.mark.parametrize("facet", facets(), ids=lambda facet: facet.facet)
def test_every_phrase_of_a_facet_asks_for_it(facet) -> None:
    assert facet.facet in FACETS
    said = [phrase.replace("…", "那个") for phrase in facet.everyday]
    assert all(facet.facet in asked_facets(phrase) for phrase in said)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("异地备案要带什么，多久办好", ("办理材料", "办理时限")),
        ("梅县医保局电话多少", ("咨询/投诉电话",)),
        ("报销要不要钱", ("收费",)),
        ("我妈跟我住深圳", ()),
    ],
)
def test_a_question_says_which_facets_it_asks_about(question: str, asked: tuple[str, ...]) -> None:
    assert asked_facets(question) == asked


@pytest.mark.parametrize("mention", mentions(), ids=lambda mention: mention.label)
def test_what_is_asked_about_by_name_is_recognised_and_can_be_looked_up(mention) -> None:
    assert mention.asked and bool(mention.found) != bool(mention.kind)
    assert all(mention in asked_mentions(phrase) for phrase in mention.asked)
    assert not mention.kind or mention.kind in SECTION_TITLES


@pytest.mark.parametrize(
    ("guide", "item", "label", "stands"),
    [
        ("fujian", "medical_reimbursement", "邮寄", True),
        ("meizhou", "outpatient_reimbursement", "邮寄", False),
        ("meizhou", "outpatient_reimbursement", "网上办理", False),
        ("guangdong", "outpatient_reimbursement", "网上办理", True),
        ("meizhou", "settled_retiree_filing", "个人承诺书", False),
        ("meizhou", "posted_worker_filing", "个人承诺书", True),
        ("fujian", "settled_retiree_filing", "个人承诺书", True),
        ("guangdong", "settled_retiree_filing", "电话或传真办理", True),
        ("meizhou", "temporary_filing", "补办备案", True),
        ("guangdong", "temporary_filing", "补办备案", False),
        ("meizhou", "inpatient_reimbursement", "申请期限", True),
        ("guangdong", "inpatient_reimbursement", "申请期限", False),
        ("hubei", "outpatient_reimbursement", "处方", True),
        ("guangdong", "outpatient_reimbursement", "银行账号", False),
        ("hubei", "inpatient_reimbursement", "银行账号", True),
    ],
)
def test_an_answer_can_say_whether_the_guide_mentions_a_thing(
    guide: str, item: str, label: str, stands: bool, kb: KnowledgeBase
) -> None:
    mention = next(m for m in mentions() if m.label == label)
    assert mention.stands_in(kb.guide(guide).items[item]) is stands


@pytest.mark.parametrize("referral", referrals(), ids=lambda referral: referral.id)
def test_a_referral_is_one_short_sentence_with_its_number_and_source(referral) -> None:
    assert referral.say.endswith("。") and len(referral.say) <= LONGEST_SENTENCE
    assert bool(referral.phone) == bool(referral.source)
    assert referral.phone in referral.say
    assert re.fullmatch(r"((010-)?\d{3,5})?", referral.phone), "national numbers only"


def test_every_kind_of_outside_question_has_someone_to_turn_to() -> None:
    examples = read_yaml(OUTSIDE)
    categories = set(re.findall(r"'category': '([^']+)'", str(examples)))
    assert categories
    assert {name for name in categories if not referral_for(name)} == set()


def test_a_category_nobody_knows_has_no_referral() -> None:
    assert referral_for("占星") == ()
