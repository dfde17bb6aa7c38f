"""What two models made of the same tests, side by side; no model is needed for that."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluated import QUESTIONS, ours

from bot.evaluation.pictures import chinese_font
from bot.evaluation.rows import Row
from bot.learning.labels.label import Label
from bot.learning.runs.compared import compared_cases, compared_questions, title_of
from bot.learning.runs.fixed_tests import circumstances, fixed_tests
from bot.learning.runs.gate import verdict
from bot.learning.runs.logged import compared_messages
from bot.learning.runs.measured import Measured
from bot.learning.runs.pictures import draw_comparison
from bot.learning.runs.report import report

ROWS = [Row(**one) for one in QUESTIONS[:4]]
FAMILY = "医疗费用手工(零星)报销"


def readings(*families: str) -> list:
    """Readings of the rows, with these families."""
    scopes = ("in_scope", "in_scope", "partly", "out_of_scope")
    return [ours(text=row.text, family=family, facets=("办理材料",), scope=scope,
                 item="门诊费用报销", region="广东", region_role="insured_place")
            for row, family, scope in zip(ROWS, families, scopes)]


RIGHT = readings(FAMILY, "异地就医备案", FAMILY, "")
WORSE = readings("参保登记", "异地就医备案", FAMILY, "")


def measure(part: dict, name: str) -> dict:
    """The line of a measure."""
    return next(line for line in part["measures"] if line["name"] == name)


def test_figures_of_both_models_stand_side_by_side_with_what_turned():
    line = measure(compared_questions(ROWS, RIGHT, WORSE), "family")
    assert (line["live"]["right"], line["new"]["right"], line["new"]["n"]) == (3, 2, 3)
    assert (line["became_right"], line["became_wrong"], line["p"]) == (0, 1, 0.5)
    assert not line["worse"] and line["label"] == "事项大类"
    assert 0 <= line["new"]["low"] < line["new"]["value"] < line["new"]["high"] <= 1


def test_each_family_has_a_line_with_its_own_questions():
    lines = {f["family"]: f for f in compared_questions(ROWS, RIGHT, WORSE)["families"]}
    assert {name: f["n"] for name, f in lines.items()} == {FAMILY: 2, "异地就医备案": 1}
    assert lines[FAMILY]["became_wrong"] == 1 and lines["异地就医备案"]["became_wrong"] == 0


def test_a_question_that_turned_is_told_once_with_what_each_model_made_of_it():
    part = compared_questions(ROWS, WORSE, RIGHT)
    assert part["wrong"] == []
    assert part["right"] == [{"text": ROWS[0].text, "measure": "事项大类", "wanted": FAMILY,
                              "live": "参保登记", "new": FAMILY}]


def test_cases_are_broken_or_mended_and_those_that_stay_are_only_counted():
    good, bad = {"faults": [], "transcript": ["好"]}, {"faults": ["没有说到"], "transcript": ["坏"]}
    names = [{"ask": name} for name in "甲乙丙丁"]
    part = compared_cases(names, [good, bad, bad, good], [bad, good, bad, good])
    assert (part["live"]["right"], part["new"]["right"], part["n"]) == (2, 2, 4)
    assert part["broken"] == [{"ask": "甲", **bad}]
    assert part["mended"] == [{"ask": "乙", "faults": ["没有说到"], "transcript": ["好"]}]


def test_the_fixed_tests_are_there_and_every_conversation_has_a_name_of_its_own():
    tests = fixed_tests()
    assert len(tests.questions) > 500 and len(tests.cards) > 250 and len(tests.facts) > 50
    assert len({title_of(card)["id"] for card in tests.cards}) == len(tests.cards)


@pytest.fixture(scope="module")
def logged() -> dict:
    filing, leave = Label("异地备案", facets=("办理材料",)), Label("生育待遇", facets=("办理时限",))
    messages = [{"key": key, "text": f"话{key}", "times": 3} for key in "abcd"]
    wanted = {"a": leave, "c": filing, "d": Label(usable=False)}
    return compared_messages("2026-11-15", messages, [filing, filing, filing, filing],
                             [leave, leave, filing, filing], wanted, {"a"})


def test_messages_of_last_week_are_told_where_they_are_read_otherwise(logged):
    assert (logged["n"], logged["same"]) == (4, 2)
    first, second = logged["changed"]
    assert first == {"text": "话a", "times": 3, "live": "异地备案 · 办理材料",
                     "new": "生育待遇 · 办理时限", "wanted": "生育待遇 · 办理时限",
                     "live_right": False, "new_right": True}
    assert (second["wanted"], second["new_right"]) == (None, None)


def test_where_reviewers_said_what_they_mean_both_are_scored_and_what_was_learnt_is_told(logged):
    told = logged["labelled"]
    assert (told["n"], told["live"]["right"], told["new"]["right"], told["learnt"]) == (2, 1, 2, 1)


def test_without_labels_nobody_is_scored():
    assert compared_messages("", [], [], [], {}, set())["labelled"]["n"] == 0


@pytest.fixture(scope="module")
def result(logged) -> dict:
    cases = [{"faults": [], "transcript": []}]
    found = {"candidate": "new", "live": "old", "logged": logged,
             "data": {"added": 3, "removed": 0, "examples": 10, "by_intent": []},
             "questions": compared_questions(ROWS, RIGHT, WORSE),
             "conversations": compared_cases([{"id": "E1", "title": "老漂族"}], cases,
                                             [{"faults": ["没有说到：票据"], "transcript": []}]),
             "facts": compared_cases([{"ask": "要多久"}], cases, cases)}
    return {**found, "verdict": verdict(found)}


def test_the_report_says_the_verdict_first_and_what_it_rests_on(result):
    lines = report(result).splitlines()
    assert lines[1] == "不能上线：" and "老漂族" in lines[2]
    text = "\n".join(lines)
    for told in ("变错 1 条", "没有说到：票据", "话a", "学过其中 1 句", ROWS[0].text):
        assert told in text


def test_the_pictures_have_captions_and_say_in_words_what_they_show(result, tmp_path):
    assert chinese_font()
    told = draw_comparison(tmp_path / "pictures", result)
    assert [one["file"] for one in told] == ["measures.png", "families.png", "turned.png"]
    for one in told:
        assert (tmp_path / "pictures" / one["file"]).stat().st_size > 5000
        assert len(one["caption"]) > 10 and "{" not in one["alt"]
    assert f"{FAMILY}：变对 0，变错 1" in told[2]["alt"]


class Counted:
    """A model with a version, and how often it was asked."""

    version, asked = "abc", 0


async def counting(model: Counted, tests: list, step) -> list:
    model.asked += len(tests)
    return [{"n": n} for n in tests]


async def test_results_of_a_model_are_kept_until_program_day_or_tests_change(
        tmp_path, monkeypatch):
    model, steps = Counted(), []

    async def measured() -> list:
        return await Measured(tmp_path).of(
            model, "facts", counting, [1, 2], lambda: steps.append(1))

    assert await measured() == await measured() and model.asked == 2 and len(steps) == 2
    monkeypatch.setattr("bot.learning.runs.measured.circumstances", lambda: "another day")
    await measured()
    assert model.asked == 4


def test_the_circumstances_are_the_program_and_the_fixed_tests(tmp_path):
    before = circumstances(tmp_path)
    for name in ("bot/render.py", "knowledge/guides/meizhou/x.yml",
                 "tests/understanding/questions.jsonl"):
        path = Path(tmp_path / name)
        path.parent.mkdir(parents=True)
        path.write_text("changed", "utf-8")
        assert circumstances(tmp_path) != before
        before = circumstances(tmp_path)
