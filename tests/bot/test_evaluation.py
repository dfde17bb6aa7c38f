"""What `yibao evaluate` says about our reading of labelled questions."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from bot.cli import main
from bot.errors import BadInput
from bot.evaluation.labels import labels, outside_label
from bot.evaluation.predict import prediction
from bot.evaluation.report import report
from bot.evaluation.rows import Row, read_rows
from bot.evaluation.score import Figure, by_source, citizens_only, figures
from bot.nlu.examples import read_examples
from bot.understanding import OUTSIDE, Understanding
from tests.evaluated import QUESTIONS, in_file, ours

KEYS = ["id", "text", "intent", "confidence", "family", "item", "facets", "scope",
        "missing_topic", "region", "region_role", "region_in_kb", "choices"]

def told(measure: str, label: dict, **fields) -> bool | None:
    """Whether our reading counts as right on one row; None where it is not scored."""
    found = figures([(Row(text="问", **label), ours(**fields))]).get(measure)
    return None if found is None else bool(found.right)


class TestRightOrWrong:
    def test_an_accepted_other_family_counts_as_right(self):
        label = {"family": "医疗救助", "alt_families": ["参保登记"]}
        assert told("family", label, family="参保登记") is True
        assert told("family", label, family="个人账户") is False

    def test_an_accepted_other_item_counts_as_right(self):
        label = {"item": "门诊费用报销", "alt_items": ["医疗费用手工(零星)报销"]}
        assert told("item", label, item="医疗费用手工(零星)报销") is True

    def test_names_are_the_same_in_full_width_and_with_spaces(self):
        assert told("family", {"family": "医疗费用手工（零星） 报销"},
                    family="医疗费用手工(零星)报销") is True

    def test_no_item_is_right_where_there_is_none(self):
        assert told("item", {"item": ""}, item="") is True
        assert told("item", {"item": ""}, item="门诊费用报销") is False

    def test_what_stands_in_the_brackets_of_a_foreign_matter_is_a_remark(self):
        assert told("family", {"family": "非医保(城管)"}, family="非医保(市政投诉)") is True
        assert told("family", {"family": "社保卡(不在指南)"}, family="非医保(市政投诉)") is False

    def test_one_facet_of_ours_suffices(self):
        label = {"facets": ["办理时限", "收费"]}
        assert told("facet", label, facets=("办理材料", "收费")) is True
        assert told("facet", label, facets=("办理材料",)) is False

    def test_the_facet_that_we_name_first_is_measured_by_itself(self):
        label = {"facets": ["办理时限", "收费"]}
        assert told("first_facet", label, facets=("收费", "办理材料")) is True
        assert told("first_facet", label, facets=("办理材料", "收费")) is False
        assert told("first_facet", label) is False

    def test_any_of_the_three_choices_may_hold_the_family(self):
        assert told("choices", {"family": "个人账户"}, choices=("医疗救助", "个人账户")) is True
        assert told("choices", {"family": "个人账户"}, choices=("医疗救助",)) is False

    def test_a_place_is_compared_without_what_brackets_add(self):
        label = {"region": "广西（就医地）", "region_role": "not_insured_place"}
        assert told("place", label, region="广西") is True
        assert told("role", label, region="广西", region_role="not_insured_place") is True

    def test_a_role_is_only_right_for_the_right_place(self):
        label = {"region": "上海", "region_role": "insured_place"}
        assert told("role", label, region="北京", region_role="insured_place") is False
        assert told("role", label, region="上海", region_role="not_insured_place") is False

    def test_a_place_seen_where_none_is_named_is_wrong(self):
        assert told("place", {"region": ""}, region="湖北") is False
        assert told("role", {"region": ""}, region="湖北") is None

    def test_a_row_without_a_label_is_not_scored(self):
        assert figures([(Row(text="问"), ours(family="个人账户"))]) == {}

    def test_null_is_no_label(self):
        assert told("family", {"family": None, "alt_families": None}, family="个人账户") is None


class TestScope:
    def test_f1_weighs_hits_against_errors_of_both_kinds(self):
        labelled = ["partly", "partly", "in_scope", "in_scope", "out_of_scope"]
        read = ["partly", "in_scope", "partly", "in_scope", "partly"]
        rows = [(Row(text="问", scope=label), ours(scope=scope))
                for label, scope in zip(labelled, read, strict=True)]
        assert figures(rows)["partly"].value == pytest.approx(0.5)

    def test_who_asks_for_something_else_should_be_sent_on(self):
        assert told("outside", {"scope": "out_of_scope"}, scope="out_of_scope") is True
        assert told("outside", {"scope": "out_of_scope"}, scope="unclear") is False

    def test_an_accepted_family_is_no_failure_to_see_that_it_is_outside(self):
        label = {"scope": "out_of_scope", "family": "医保其他(不在指南)",
                 "alt_families": ["个人账户"]}
        assert told("outside", label, family="个人账户") is True

    def test_who_asks_for_one_of_our_matters_must_not_be_sent_away(self):
        assert told("refused", {"scope": "partly"}, scope="out_of_scope") is True
        assert told("refused", {"scope": "partly"}, scope="in_scope") is False
        assert told("refused", {"scope": "out_of_scope"}, scope="out_of_scope") is None

    def test_a_refusal_that_the_annotators_accept_is_none(self):
        label = {"scope": "partly", "family": "个人账户", "alt_families": ["医保其他(不在指南)"]}
        assert told("refused", label, scope="out_of_scope") is False
        assert told("partly", label, scope="out_of_scope") is None

    def test_an_unclear_question_wants_a_question_back(self):
        assert told("unclear", {"scope": "unclear"}, scope="unclear") is True
        assert told("unclear", {"scope": "unclear"}, scope="in_scope") is False


class TestFigures:
    def test_the_interval_is_wilsons(self):
        # Newcombe 1998, table I: 81/263 and 0/20.
        assert Figure(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=5e-5)
        assert Figure(0, 20).interval == pytest.approx((0, 0.1611), abs=5e-5)

    def test_the_interval_of_f1_holds_f1(self):
        figure = Figure(6, 10, is_f1=True)
        low, high = figure.interval
        assert figure.value == pytest.approx(0.75)
        assert low < figure.value < high

    def test_sources_are_told_apart(self):
        rows = [(Row(text="问", family="个人账户", source_type=s), ours(family=f))
                for s, f in (("qa_post", "个人账户"), ("dev_list", "医疗救助"))]
        shares = {source: found["family"].value for source, found in by_source(rows).items()}
        assert shares == {"qa_post": 1.0, "dev_list": 0.0}
        assert figures(citizens_only(rows))["family"] == Figure(1, 1)

    def test_the_report_shows_developers_sentences_apart(self):
        rows = [Row(text="问", family="个人账户", source_type=s) for s in ("qa_post", "dev_list")]
        text = report("一.jsonl", "yibao-1", rows, [ours(family="个人账户"), ours()])
        line = next(line for line in text.splitlines() if "事项大类" in line)
        assert line.split()[1:4] == ["1/2", "0.500", "0.09–0.91"]
        assert line.endswith("（1.000 0.21–1.00，1/1）")

    def test_a_report_without_labels_says_so(self):
        assert "没有标注" in report("一.jsonl", "yibao-1", [Row(text="问")], [ours()])

    def test_every_measure_has_a_name_in_the_report(self):
        everything = Row(text="问", family="医疗救助", item="", facets=["收费"], scope="in_scope",
                         region="湖北", region_role="insured_place", region_in_kb=True)
        found = figures([(everything, ours(scope="partly")),
                         (Row(text="问", scope="out_of_scope"), ours()),
                         (Row(text="问", scope="unclear"), ours())])
        assert set(found) == set(labels()["measures"])


class TestOurReading:
    def test_the_likeliest_item_counts_and_what_is_left_open_is_the_familys_name(self):
        reading = Understanding("问", intent="零星报销", family="reimbursement",
                                item="outpatient_reimbursement")
        assert prediction("问", reading).item == "门诊费用报销"
        assert prediction("问", replace(reading, item="")).item == "医疗费用手工(零星)报销"

    def test_the_only_item_of_a_family_is_never_undecided(self):
        reading = Understanding("问", intent="家庭共济", family="family_sharing")
        assert prediction("问", reading).item == "亲情账号绑定"

    def test_outside_has_a_family_and_no_item(self):
        reading = Understanding("问", intent=OUTSIDE, category="社保卡",
                                ranking=((OUTSIDE, 0.8), ("个人账户", 0.1), ("问候", 0.1)))
        made = prediction("问", reading)
        assert (made.family, made.item, made.scope) == ("社保卡(不在指南)", "", "out_of_scope")
        assert made.choices == ("社保卡(不在指南)", "个人账户")

    def test_without_a_matter_the_person_is_asked_and_the_likeliest_family_counts(self):
        ranking = (("含糊求助", 0.6), ("个人账户", 0.3))
        reading = Understanding("问", intent="含糊求助", ranking=ranking)
        made = prediction("问", reading)
        assert (made.family, made.item, made.scope) == ("个人账户", "", "unclear")
        unlikely = (("含糊求助", 0.8), ("个人账户", 0.1))
        assert prediction("问", replace(reading, ranking=unlikely)).family == ""

    def test_a_place_that_no_guide_serves_makes_it_partly(self):
        from bot.stated_place import place_answered

        reading = Understanding("问", intent="零星报销", family="reimbursement",
                                insured=place_answered("北京市"))
        made = prediction("问", reading)
        assert (made.scope, made.region, made.region_in_kb) == ("partly", "北京", False)

    def test_a_place_of_treatment_is_not_that_of_insurance(self):
        reading = Understanding("问", intent="异地备案", family="remote_filing",
                                places=({"name": "廣西", "role": "就医"},))
        made = prediction("问", reading)
        assert (made.region, made.region_role, made.region_in_kb) == (
            "广西", "not_insured_place", None)

    @pytest.mark.parametrize("category", sorted({e.category for e in read_examples()} - {""}))
    def test_every_outside_category_has_a_label(self, category):
        assert outside_label(category).startswith(("医保其他(", "社保卡(", "非医保("))


class TestBadFiles:
    @pytest.mark.parametrize(("line", "problem"), [
        ("这不是 JSON", "不是一个 JSON 对象"),
        ("[1, 2]", "不是一个 JSON 对象"),
        ('{"id": 1}', "text 缺少或格式不对"),
        ('{"text": "  "}', "text 缺少或格式不对"),
        ('{"text": "问", "facets": "收费"}', "facets 缺少或格式不对"),
    ])
    def test_the_line_is_named(self, tmp_path, line, problem):
        with pytest.raises(BadInput, match=f"问题.jsonl 第 3 行：{problem}"):
            read_rows(in_file(tmp_path, '{"text": "问"}', "", line))

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(BadInput, match=r"读不了 .*missing\.jsonl：没有这个文件"):
            read_rows(tmp_path / "missing.jsonl")

    def test_the_command_fails_with_one_line(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr(sys, "argv", ["yibao", "evaluate", str(in_file(tmp_path, "{"))])
        with pytest.raises(SystemExit) as stop:
            main()
        assert stop.value.code == 1
        assert capsys.readouterr().err.splitlines()[-1] == (
            "出错了：问题.jsonl 第 1 行：不是一个 JSON 对象")


def test_the_command_judges_a_file_with_the_trained_model(tmp_path, monkeypatch, capsys):
    lines = [json.dumps(row, ensure_ascii=False) for row in QUESTIONS]
    out = tmp_path / "判断.jsonl"
    command = ["yibao", "evaluate", str(in_file(tmp_path, *lines)), "--predictions", str(out)]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert all(list(row) == KEYS and len(row["choices"]) <= 3 and 1 <= len(row["facets"]) <= 3
               for row in rows)
    assert [row["scope"] for row in rows[:4]] == ["in_scope", "in_scope", "partly", "out_of_scope"]
    assert [row["region"] for row in rows[:2]] == ["广东", "湖北"]
    shown = capsys.readouterr().out.splitlines()
    assert next(line.split()[1] for line in shown if line.startswith(" 事项大类")) == "3/3"
