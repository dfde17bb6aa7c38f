"""What a day is the day of: told by the words beside it, on Monday, 9 March 2026."""

from __future__ import annotations

from datetime import date

import pytest

from bot import clock
from bot.stated_dates import HANDED_IN, corrected, day_words, only_date, problem_with, stated_dates
from knowledge.store import load

BILL, ADMITTED = "诊疗截止日期", "转入医疗机构接诊"
BIRTH = "分娩、终止妊娠或者施行计划生育手术次日"


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 3, 9))


def values(text: str) -> dict[str, str]:
    return {key: said["value"] for key, said in stated_dates(text).items()}


@pytest.mark.parametrize(("text", "key", "value"), [
    ("我2025年3月1号出院", BILL, "2025-03-01"), ("票据日期：2025-11-30", BILL, "2025-11-30"),
    ("2月20号住院，3月1号出院", BILL, "2026-03-01"), ("上个月18号在佛山看的病", BILL, "2026-02-18"),
    ("孩子去年10月2号生的", BIRTH, "2025-10-02"), ("2024年5月6日剖腹产", BIRTH, "2024-05-06"),
    ("2024年1月15号上的环", BIRTH, "2024-01-15"), ("去年12月1号做的人流", BIRTH, "2025-12-01"),
    ("3月5号转到广州的医院", ADMITTED, "2026-03-05"), ("昨天接诊的", ADMITTED, "2026-03-08"),
    ("今天交材料", HANDED_IN, "2026-03-09"), ("材料3月2号交的", HANDED_IN, "2026-03-02"),
    ("3月20号去交住院报销的材料", HANDED_IN, "2026-03-20"), ("下周一提交", HANDED_IN, "2026-03-16"),
])
def test_a_day_beside_its_words_is_kept(text, key, value):
    assert values(text)[key] == value


@pytest.mark.parametrize(("text", "key"), [
    ("3月1号交了医保费", HANDED_IN), ("去年8月退休的", BILL), ("还没出院，3月5号的", BILL),
    ("孩子3月1号上学", BIRTH), ("2025年3月1号入职", BILL), ("开了出生证，3月1号去办", BIRTH),
    ("生育津贴，2025年3月1号开始上班", BIRTH),
])
def test_the_day_of_something_else_is_not(text, key):
    assert key not in values(text)


def test_words_in_another_clause_serve_only_a_question_about_time():
    text = "2025年3月1号，在广州住的院"
    assert stated_dates(text) == {}
    assert only_date(text, BILL)["value"] == "2025-03-01"
    assert only_date("12月1号出国，来得及吗", BILL) is None
    assert only_date("去年的还能报吗", BILL)["precision"] == "year"


@pytest.mark.parametrize(("text", "value", "until"), [
    ("不对，是4月", "2025-04-01", "2025-04-30"), ("是5号", "2025-06-05", "2025-06-05"),
    ("说错了，是2024年", "2024-06-01", "2024-06-01"), ("应该是昨天", "2026-03-08", "2026-03-08")])
def test_a_correction_keeps_what_it_does_not_name(text, value, until):
    before = {"value": "2025-06-01", "until": "2025-06-01", "precision": "day"}
    said = corrected(text, before)
    assert (said["value"], said["until"]) == (value, until)


@pytest.mark.parametrize(("text", "told"), [
    ("2月30号", "2月没有30日"), ("去年农历三月初八", "公历"), ("［出生日期］生的", "隐去"),
    ("3月1号", "")])
def test_what_is_wrong_with_a_day_is_told(text, told):
    assert told in problem_with(text) and bool(told) == bool(problem_with(text))


def test_every_start_that_a_guide_counts_from_can_be_asked_for():
    starts = {rule.line.deadline.start for guide in load().guides.values()
              for item in guide.items.values() for rule in item.of_kind("deadlines")
              if rule.line.deadline}
    assert starts <= set(day_words().starts)
