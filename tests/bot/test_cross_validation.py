"""What `yibao cross-validate` says about the training utterances."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from bot.cli import main
from bot.evaluation import commands
from bot.evaluation.cross_validation import cross_validate
from bot.evaluation.decisions import (
    MISSED,
    NEEDLESS,
    QUESTION,
    WRONG,
    Leaning,
    cost,
    costs,
    decisions_report,
    leaning,
    outcome,
)
from bot.evaluation.folds import FOLDS, folds, row_of
from bot.evaluation.learning_curve import Point, curve_report, curves, fitted
from bot.evaluation.nearness import groups, near
from bot.evaluation.predict import IN_SCOPE, OUT_OF_SCOPE, PARTLY, UNCLEAR
from bot.evaluation.rows import Row
from bot.evaluation.score import Figure, figures
from bot.nlu.examples import Example, read_examples
from bot.nlu.normalise import normalise
from bot.understanding import OUTSIDE, Understanding


@pytest.fixture(scope="module")
def some():
    """A part of the training utterances: few enough to train on many times."""
    return read_examples()[::20]


class TestNearness:
    def test_it_is_the_cosine_of_the_sets_of_trigrams(self):
        # ␂ab ab␂ | ␂ab abc bc␂: one in common of two and three.
        found = near(["ab", "abc"], (3, 3), 0.3).toarray()
        assert found[0, 1] == found[1, 0] == pytest.approx(1 / np.sqrt(2 * 3))
        assert found[0, 0] == 0

    def test_whoever_is_near_to_one_of_a_group_belongs_to_it(self):
        said = ["门诊费用怎么报销", "门诊费用怎么报销呢", "看门诊费用怎么报销呢", "公积金提取"]
        first, second, third, other = groups(said, (2, 3), 0.7)
        assert first == second == third != other


class TestFolds:
    def test_every_utterance_is_read_once(self, some):
        read = np.concatenate([fold.read for fold in folds(some)])
        assert sorted(read) == list(range(len(some)))

    def test_nothing_that_is_read_is_like_what_was_learnt_from(self):
        examples = read_examples()[:1200]
        alike = near([normalise(e.text) for e in examples], (2, 3), 0.6).tocsr()
        for fold in folds(examples):
            assert alike[fold.learnt][:, fold.read].nnz == 0
        assert alike.nnz

    def test_less_data_is_a_part_of_the_more(self, some):
        halves, wholes = folds(some, 0.5), folds(some)
        for half, whole in zip(halves, wholes, strict=True):
            assert set(half.learnt) < set(whole.learnt)
            assert len(half.learnt) == pytest.approx(len(whole.learnt) / 2, rel=0.1)
            assert list(half.read) == list(whole.read)

    def test_an_utterance_is_a_question_with_labels(self):
        row = row_of(Example("住院能报多少", "零星报销", "住院费用报销", ("收费",), "报销比例"))
        assert (row.family, row.item, row.facets, row.scope) == (
            "医疗费用手工(零星)报销", "住院费用报销", ("收费",), PARTLY)
        assert row_of(Example("住院怎么报", "零星报销", "住院费用报销")).scope == IN_SCOPE

    def test_what_is_outside_has_its_family_and_no_item(self):
        row = row_of(Example("社保卡丢了", OUTSIDE, category="社保卡"))
        assert (row.family, row.item, row.scope) == ("社保卡(不在指南)", "", OUT_OF_SCOPE)

    def test_a_vague_message_wants_a_question_and_small_talk_is_not_scored(self):
        assert row_of(Example("我想办个事", "含糊求助")).scope == UNCLEAR
        assert row_of(Example("你好", "问候")) is None


@pytest.fixture(scope="module")
def validated(some):
    return cross_validate(some, (0.25, 0.5, 1.0))


def test_cross_validation_reads_everything_and_learns_more_from_more(some, validated):
    asked = [row for row in map(row_of, some) if row]
    for validation in validated.values():
        assert sorted(row.text for row, _ in validation.pairs) == sorted(r.text for r in asked)
    part, whole = (figures(validated[share].pairs)["family"] for share in (0.25, 1.0))
    assert validated[1.0].learnt == pytest.approx(len(some) * (FOLDS - 1) / FOLDS, abs=1)
    assert part.value + 0.03 < whole.value < 0.98


class TestLearningCurve:
    def test_it_finds_the_curve_that_the_points_lie_on(self):
        sizes = (250, 500, 1000, 2000, 4000)
        points = [Point(n, Figure(round(100_000 * (0.9 - 3 * n**-0.5)), 100_000)) for n in sizes]
        curve = fitted(points)
        assert curve.doubled == pytest.approx(0.9 - 3 * 8000**-0.5, abs=0.002)
        assert curve.low < curve.doubled < curve.high < curve.low + 0.02

    def test_few_rows_leave_more_doubt(self):
        def width(rows: int) -> float:
            points = [Point(n, Figure(round(rows * (0.9 - 3 * n**-0.5)), rows))
                      for n in (250, 1000, 4000)]
            curve = fitted(points)
            return curve.high - curve.low

        assert width(200) > 2 * width(20_000)

    def test_figures_that_no_longer_grow_promise_nothing(self):
        curve = fitted([Point(n, Figure(9000, 10_000)) for n in (250, 1000, 2000, 4000)])
        assert curve.doubled == pytest.approx(0.9, abs=0.005)

    def test_the_report_tells_what_twice_the_data_would_bring(self, validated):
        found = curves(validated)
        assert list(found) == ["family", "item", "facet"]
        assert "事项大类：数据再多一倍，预计 0." in curve_report(found)


class TestCostOfThresholds:
    OURS = Row(text="问", family="个人账户", alt_families=("医疗救助",), scope=IN_SCOPE)
    NOT_OURS = Row(text="问", family="社保卡(不在指南)", scope=OUT_OF_SCOPE)

    @pytest.mark.parametrize(("row", "read", "expected"), [
        (OURS, Leaning("个人账户", 0.6, 0.1), ""),
        (OURS, Leaning("医疗救助", 0.6, 0.1), ""),
        (OURS, Leaning("参保登记", 0.6, 0.1), WRONG),
        (OURS, Leaning("个人账户", 0.4, 0.1), QUESTION),
        (OURS, Leaning("个人账户", 0.9, 0.5), NEEDLESS),
        (NOT_OURS, Leaning("个人账户", 0.2, 0.6), ""),
        (NOT_OURS, Leaning("个人账户", 0.2, 0.4), QUESTION),
        (NOT_OURS, Leaning("个人账户", 0.5, 0.4), MISSED),
    ])
    def test_what_becomes_of_a_message(self, row, read, expected):
        assert outcome(row, read, ask_below=0.5, refuse_from=0.5) == expected

    def test_the_cost_per_message_weighs_what_happens(self):
        messages = [(self.OURS, Leaning("个人账户", 0.9, 0)), (self.OURS, Leaning("", 0, 0)),
                    (self.OURS, Leaning("参保登记", 0.9, 0)), (self.NOT_OURS, Leaning("", 0, 0.9))]
        found = cost(messages, 0.5, 0.5)
        assert found.share == {QUESTION: 0.25, WRONG: 0.25, NEEDLESS: 0, MISSED: 0}
        assert found.per_message == (costs()[QUESTION] + costs()[WRONG]) / 4

    def test_a_wrong_answer_is_worse_than_a_question(self):
        assert costs()[WRONG] > costs()[QUESTION] > 0
        assert min(costs()[NEEDLESS], costs()[MISSED]) > costs()[QUESTION]

    def test_what_is_taken_for_outside_leans_to_the_likeliest_family(self):
        reading = Understanding("问", intent=OUTSIDE, confidence=0.6,
                                ranking=((OUTSIDE, 0.6), ("个人账户", 0.3), ("问候", 0.1)))
        assert leaning(reading) == Leaning("个人账户", 0.3, 0.6)

    def test_what_is_taken_for_ours_may_be_outside(self):
        reading = Understanding("问", intent="个人账户", family="personal_account", confidence=0.6,
                                ranking=(("个人账户", 0.6), (OUTSIDE, 0.3)))
        assert leaning(reading) == Leaning("个人账户", 0.6, 0.3)

    def test_an_item_that_is_named_is_never_outside(self):
        reading = Understanding("问", intent="个人账户", family="personal_account", confidence=0.6,
                                item_named=True, ranking=((OUTSIDE, 0.7), ("个人账户", 0.2)))
        assert leaning(reading).outside == 0

    def test_the_report_names_the_cheapest_pair(self):
        # Beyond doubt only from 0.7 on: below it every answer is wrong.
        messages = [(self.OURS, Leaning("个人账户", 0.9, 0))] * 8
        messages += [(self.OURS, Leaning("参保登记", 0.62, 0))] * 2
        text = decisions_report(messages)
        assert "代价最小：置信度低于 0.65 反问" in text and "每条 0.200；" in text


def test_the_command_prints_draws_and_writes_all_of_it(some, tmp_path, monkeypatch, capsys):
    page = tmp_path / "page.md"
    page.write_text("<!-- cross-validation -->\n<!-- /cross-validation -->\n")
    monkeypatch.setattr(commands, "read_examples", lambda: some)
    monkeypatch.setattr(commands, "SHARES", (0.25, 0.5, 1.0))
    monkeypatch.setattr(sys, "argv", [
        "yibao", "cross-validate", "--pictures", str(tmp_path), "--page", str(page)])
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    shown = capsys.readouterr().out
    assert all(part in shown for part in ("事项大类", "期望校准误差", "代价最小", "数据再多一倍"))
    assert shown.strip() in page.read_text("utf-8")
    assert {file.name for file in tmp_path.glob("*.png")} == {
        "calibration.png", "confusion.png", "learning_curve.png"}
