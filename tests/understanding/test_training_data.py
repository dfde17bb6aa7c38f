"""The training utterances are many different ones, and never contradict one another."""

from __future__ import annotations

import pytest

from bot.evaluation.training_data import contradictions, data_card, data_report, near_doubles
from bot.nlu.examples import Example, read_examples

MOST_DOUBLES = 0.05


@pytest.fixture(scope="module")
def examples():
    return read_examples()


def test_at_most_one_in_twenty_has_a_near_double_once_names_and_places_are_masked(examples):
    card = data_card(examples)
    pairs = [(examples[a].text, examples[b].text) for a, b in near_doubles(examples)]
    assert card.share_of_doubles <= MOST_DOUBLES, pairs


def test_nothing_is_labelled_in_two_ways(examples):
    found = contradictions(examples)
    assert {text: [(e.text, e.intent) for e in same] for text, same in found.items()} == {}


class TestDataCard:
    def test_another_place_or_name_makes_no_other_utterance(self):
        said = ["我叫王小明，想在武汉报销门诊费用", "我叫李大刚，想在梅州报销门诊费用"]
        assert near_doubles([Example(text, "零星报销") for text in said]) == [(0, 1)]

    def test_another_matter_makes_another_utterance(self):
        said = ["想在武汉报销门诊费用", "武汉的养老金哪天发"]
        assert near_doubles([Example(text, "零星报销") for text in said]) == []

    def test_both_of_a_pair_count_as_doubles(self):
        said = ["武汉门诊费用怎么报销", "梅州门诊费用怎么报销", "医保卡丢了怎么补办"]
        card = data_card([Example(text, "零星报销") for text in said])
        assert (card.utterances, card.distinct, card.doubles) == (3, 3, 2)

    def test_the_same_in_traditional_characters_must_bear_the_same_labels(self):
        same = [Example("医保转移", "关系转移", facets=("收费", "办理流程")),
                Example("醫保轉移", "关系转移", facets=("办理流程", "收费"))]
        assert contradictions(same) == {}
        assert contradictions([*same, Example("医保转移", "参保登记")]).keys() == {"医保转移"}

    def test_it_tells_how_many_there_are_of_each_label(self):
        card = data_card([
            Example("门诊费用怎么报销", "零星报销", "门诊费用报销", ("办理流程",)),
            Example("看门诊能报多少", "零星报销", "门诊费用报销", ("备注/特殊规定",), "报销比例"),
            Example("公积金怎么提取", "范围外", category="公积金")])
        assert card.spread["item"] == {"门诊费用报销": 2}
        assert card.spread["topic"] == {"（无）": 1, "报销比例": 1}
        assert card.spread["category"] == {"公积金": 1}
        assert card.spread["length"] == {"12 以内": 3}
        assert "门诊费用报销：2" in data_report(card)
