"""What a label may say, and which sentences may bear one."""

from __future__ import annotations

import pytest
from labelling import FILED, fields, folder, label, said  # noqa: F401  (a fixture)

from bot.errors import BadInput
from bot.learning.labels.checking import LONGEST_TEXT, checked_label, checked_sources
from bot.learning.labels.label import Label
from bot.learning.labels.vocabulary import as_labelled, vocabulary
from bot.nlu.examples import read_examples
from bot.nlu.marks import Span
from knowledge.store import load, read_yaml


class TestVocabulary:
    @pytest.fixture(scope="class")
    def known(self):
        return vocabulary()

    def test_every_training_utterance_is_labelled_with_what_it_offers(self, known):
        examples = set(map(Label.of_example, read_examples()))
        assert all(checked_label(one.as_fields()).says == one.says for one in examples)

    def test_nothing_is_offered_twice(self, known):
        names = [[i["name"] for i in known["intents"]], known["facets"], known["topics"],
                 known["categories"], [f["name"] for f in known["facts"]],
                 *(i["items"] for i in known["intents"])]
        assert all(len(set(some)) == len(some) for some in names)

    def test_it_has_the_intents_that_people_can_have_and_no_press_of_buttons(self, known):
        intents = read_yaml(load_domain())["intents"]
        assert {i["name"] for i in known["intents"]} == {*intents} - {"按钮"}
        kinds = {i["name"]: i["kind"] for i in known["intents"]}
        assert (kinds["异地备案"], kinds["范围外"], kinds["问候"]) == ("matter", "outside", "talk")

    def test_facts_have_their_values_in_the_words_of_the_buttons(self, known):
        assert [f["name"] for f in known["facts"]] == list(load().facts)
        change = next(f for f in known["facts"] if f["name"] == "change_operation")
        assert {"value": "停保", "label": "停保"} in change["values"]
        assert all("{" not in fact["question"] for fact in known["facts"])

    def test_a_finer_item_is_labelled_as_the_whole_as_the_utterances_are(self):
        assert as_labelled("参保登记", "新生儿参保登记") == "城乡居民参保登记"
        assert as_labelled("参保登记", "单位参保登记") == "单位参保登记"
        assert as_labelled("家庭共济", "亲情账号(家庭共济)") == "亲情账号绑定"
        assert label(intent="参保登记", item="新生儿参保登记").item == "城乡居民参保登记"

    def test_another_folder_offers_its_own_categories(self, folder):  # noqa: F811
        (folder / "outside.yml").write_text(
            "nlu:\n- intent: 范围外\n  metadata: {category: 新类别}\n  examples: |\n    - 某事\n",
            encoding="utf-8")
        assert "新类别" in vocabulary(folder)["categories"]
        assert "新类别" not in vocabulary()["categories"]


def load_domain():
    from bot.paths import PROJECT

    return PROJECT / "domain.yml"


def fact(start=0, end=2, name="change_operation", value="停保"):
    return {"start": start, "end": end, "fact": name, "value": value}


class TestLabel:
    @pytest.mark.parametrize("wrong, field", [
        ({"intent": "没有的"}, "intent"), ({"intent": "按钮"}, "intent"), ({"intent": 3}, "intent"),
        ({"intent": "异地\ud800"}, "intent"),
        ({"item": ""}, "item"), ({"item": "住院费用报销"}, "item"),
        ({"facets": []}, "facets"), ({"facets": ["没有的"]}, "facets"),
        ({"facets": "办理材料"}, "facets"),
        ({"facets": ["整体咨询", "办理材料", "办理流程", "收费"]}, "facets"),
        ({"topic": "没有的"}, "topic"), ({"category": "公积金"}, "category"),
        ({"intent": "问候"}, "item"), ({"intent": "问候", "item": ""}, "facets"),
        ({"intent": "范围外", "item": "", "facets": []}, "category"),
        *(({"facts": told}, "facts") for told in (
            [fact(name="没有的")], [fact(2, 2)], [fact(-1)], [fact(value="不停")], [fact("0")],
            ["停保"], {"start": 1})),
    ])
    def test_what_it_cannot_say_is_refused_in_chinese_by_the_name_of_its_field(self, wrong, field):
        with pytest.raises(BadInput, match="请|没有|不用|选") as refused:
            checked_label(fields(**wrong))
        assert (refused.value.field, refused.value.status) == (field, 422)

    @pytest.mark.parametrize("body", [None, [], "异地备案", 3])
    def test_what_is_no_label_at_all_is_refused(self, body):
        with pytest.raises(BadInput, match="格式不对"):
            checked_label(body)

    def test_facets_stand_in_one_order_each_once(self):
        chosen = label(facets=["备注/特殊规定", "服务对象/条件", "备注/特殊规定"])
        assert chosen == label(facets=["服务对象/条件", "备注/特殊规定"])

    def test_what_is_not_usable_says_nothing_else(self):
        assert label(usable=False, intent="没有的") == Label(usable=False)

    @pytest.mark.parametrize("what, words", [
        ({"topic": "报销比例"}, "异地备案 · 异地就医备案 · 整体咨询 · 指南没写明：报销比例"),
        ({"intent": "个人账户", "item": "个人账户", "facets": ["办理流程", "办理材料"]},
         "个人账户 · 办理材料、办理流程"),
        ({"intent": "范围外", "item": "", "facets": [], "category": "公积金"}, "范围外（公积金）"),
        ({"intent": "问候", "item": "", "facets": []}, "问候"), ({"usable": False}, "不可用"),
    ])
    def test_it_can_be_named_in_words(self, what, words):
        assert label(**what).in_words() == words


class TestSentence:
    def test_it_is_one_line_of_what_can_be_seen(self):
        given = checked_sources([{"text": " 外地看病\n 要备案\u200b吗\0 "}], label())[0]
        assert (given.text, given.turn, given.original) == ("外地看病 要备案 吗", "", "")

    @pytest.mark.parametrize("text, why", [
        ("", "不能为空"), (" \n", "不能为空"), (None, "不能为空"), (3, "格式不对"),
        ("我叫王小明，电话13655667788", "［手机号］"), ("好" * (LONGEST_TEXT + 1), "太长|超过"),
    ])
    def test_what_cannot_be_learnt_from_is_refused(self, text, why):
        with pytest.raises(BadInput, match=why) as refused:
            checked_sources([{"text": text}], label())
        assert refused.value.status == 422

    @pytest.mark.parametrize("odd", [
        '报[一点]{"entity": "ITEM"}可以吗', '报[一点]{"entity"}可以吗', "- 报[一点](ITEM)",
        "# 报: '一点'"])
    def test_signs_that_look_like_marks_of_the_files_may_stand_in_it(self, odd):
        given = checked_sources([{"text": odd}], label())[0]
        assert (given.text, given.label.facts) == (odd, ())

    def test_the_placeholders_of_masking_are_what_the_model_sees_and_may_stand(self):
        text = "电话换成［手机号］了怎么改"
        assert checked_sources([{"text": text}], label())[0].text == text

    def test_of_what_is_not_usable_only_the_masked_text_is_kept_of_any_length(self):
        given = checked_sources([{"text": "电话13655667788" + "好" * 400}], Label(usable=False))[0]
        assert given.text.startswith("电话［手机号］好")

    def test_what_was_edited_keeps_what_was_said_masked(self):
        given = checked_sources(
            [{"text": "备案要什么", "original": "王小明的备案要什么，电话13655667788"}], label())[0]
        assert "13655667788" not in given.original and given.original_key != given.key

    @pytest.mark.parametrize("sources", [None, [], "外地看病", {}, [3], [{"text": "好"}] * 201])
    def test_what_is_no_list_of_sentences_is_refused(self, sources):
        with pytest.raises(BadInput):
            checked_sources(sources, label())


class TestFactsOfASentence:
    def marked(self, *spans: tuple[int, int]) -> Label:
        told = [fact(start, end) for start, end in spans]
        return label(intent="参保信息变更", item="参保信息变更", facts=told)

    def test_they_stand_at_the_same_words_in_the_line_that_is_kept(self):
        raw = "  我\n\n已经  想停保 了"
        start = raw.index("停保")
        given = checked_sources([{"text": raw}], self.marked((start - 1, start + 2)))[0]
        span = given.label.facts[0]
        assert given.text[span.start : span.end] == "想停保"
        assert span == Span(span.start, span.end, "change_operation", "停保")

    def test_others_of_the_group_have_them_where_the_same_words_stand_once(self):
        texts = ("我想停保", "医保要停保怎么弄", "停保了还能停保吗", "不交了")
        group = [{"text": text} for text in texts]
        given = checked_sources(group, self.marked((2, 4)))
        marks = [[one.text[s.start : s.end] for s in one.label.facts] for one in given]
        assert marks == [["停保"], ["停保"], [], []]

    @pytest.mark.parametrize("spans", [[(2, 9)], [(9, 12)], [(0, 3), (2, 4)]])
    def test_marks_beyond_the_text_or_over_one_another_are_refused(self, spans):
        with pytest.raises(BadInput, match="不能重叠"):
            checked_sources([{"text": "我想停保"}], self.marked(*spans))


def test_likeness_is_that_of_the_measures_of_the_training_data(folder):  # noqa: F811
    from bot.evaluation.nearness import Neighbours, near

    some = ["外地看病要备案吗", "外地看病要备案", "住院怎么报", ""]
    pairs = near(some, (3, 3), 0.0).toarray()
    for n, text in enumerate(some):
        found = dict(Neighbours(some, (3, 3)).of(text, 0.0))
        assert {m: round(found.get(m, 0.0), 6) for m in range(4) if m != n} == \
            {m: round(pairs[n, m], 6) for m in range(4) if m != n}
    assert Neighbours([], (3, 3)).of(FILED, 0.0) == []
    assert said(FILED)[0]["text"] == FILED
