"""What people ask, what is not answered, what is never reached: counted from the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import BadInput
from bot.learning.insight.figures import figures
from bot.learning.insight.headline import headline
from bot.learning.insight.visits import visits_of
from bot.learning.insight.weeks import MOST, period
from knowledge.store import load
from tests.learning.logged import MATTER, MONDAY, event, rating, turn

DAY, WEEK = 24 * 60, 7 * 24 * 60
SILENT = {"status": "not_in_guide", "missing_topic": "补缴"}
LEFT_OPEN = {"status": "", "types": ["question"]}


def counted(*entries: dict[str, Any], weeks: int = 3) -> dict[str, Any]:
    until = MONDAY + timedelta(weeks=weeks, seconds=-1)
    return figures(sorted(entries, key=lambda entry: entry["at"]), MONDAY, until, load())


def row(rows: list[dict[str, Any]], **keys: Any) -> dict[str, Any]:
    """The only row with these values."""
    found, = [row for row in rows if keys.items() <= row.items()]
    return found


def visits(*entries: dict[str, Any]) -> dict[str, int]:
    """How the visits of the first week ended, without the noughts."""
    ends = counted(*entries)["weeks"][0]
    names = ("solved", "partly", "person", "silent", "outside", "unclear", "left")
    return {name: ends[name] for name in names if ends[name]}


def shown(found: dict[str, Any], *words: str) -> list[str]:
    """Which of some words stand anywhere in the figures."""
    text = json.dumps(found, ensure_ascii=False)
    return [word for word in words if word in text]


# --- visits ---------------------------------------------------------------------------------------

def test_a_visit_is_a_conversation_within_a_week_in_china():
    found = counted(turn("a", 1), turn("a", 2), turn("a", WEEK - 1), turn("a", WEEK), turn("b", 5))
    assert [week["visits"] for week in found["weeks"]] == [2, 1, 0]
    assert [week["week"] for week in found["weeks"]] == ["2026-11-02", "2026-11-09", "2026-11-16"]


@pytest.mark.parametrize(("entries", "end"), [
    ([turn("a", 1)], "solved"),
    ([turn("a", 1, **LEFT_OPEN, asked="retired"), turn("a", 2, "退休了")], "solved"),
    ([turn("a", 1, **SILENT), turn("a", 2)], "partly"),
    ([turn("a", 1), event("a", 2, "asked_for_person", reason="asked")], "person"),
    ([turn("a", 1), event("a", 2, "joined", agent="8002")], "person"),
    ([turn("a", 1, **SILENT)], "silent"),
    ([turn("a", 1, status="", types=["choices"], region="", place="长沙市")], "silent"),
    ([turn("a", 1, status="", types=["choices"], family="retirement", item="", region="hubei",
           missing_topic="视同缴费和年限累计")], "silent"),
    ([turn("a", 1, "护照怎么办", "", intent=("范围外", 0.9), family="", item="")], "outside"),
    ([turn("a", 1, "那个", "", intent=("含糊求助", 0.9), types=["choices"], family="")], "unclear"),
    ([turn("a", 1, **LEFT_OPEN, asked="retired"),
      turn("a", 2, "嗯嗯", **LEFT_OPEN, asked="retired", misses=1)], "unclear"),
    ([turn("a", 1, **LEFT_OPEN, asked="place", region="", place="")], "left"),
])
def test_a_visit_ends_in_one_way(entries, end):
    assert visits(*entries) == {end: 1}


def test_who_only_greets_has_asked_nothing():
    assert visits(turn("a", 1, "你好", "", intent=("问候", 0.99), family="", item="")) == {}


def test_an_answer_called_bad_solves_nothing_and_its_last_rating_counts():
    first, second = turn("a", 1), turn("b", 1)
    found = counted(first, rating(first, "good"), rating(first, "bad"), second,
                    rating(second, "bad"), rating(second, "good"))
    assert (found["weeks"][0]["solved"], found["weeks"][0]["person"]) == (1, 1)
    assert (found["weeks"][0]["good"], found["weeks"][0]["bad"]) == (1, 1)
    assert row(found["matters"], item="门诊费用报销")["bad"] == 1


def test_the_share_has_an_interval_and_a_week_without_visits_has_none():
    weeks = counted(*[turn(f"c{n}", n) for n in range(8)],
                    *[turn(f"d{n}", n, **SILENT) for n in range(2)])["weeks"]
    assert weeks[0]["share"] == 0.8 and weeks[0]["low"] < 0.6 < 0.9 < weeks[0]["high"]
    assert weeks[1]["share"] is weeks[1]["low"] is None


def test_no_more_than_a_week_of_the_log_is_held():
    read = []

    def log() -> Iterator[dict[str, Any]]:
        for n in range(4):
            read.append(n)
            yield turn("a", n * WEEK)

    found = visits_of(log(), load())
    next(found)
    assert read == [0, 1]


# --- what is asked --------------------------------------------------------------------------------

def test_matters_are_counted_once_a_visit_by_week_and_region():
    found = counted(
        turn("a", 1, item=""), turn("a", 2), turn("a", 3), turn("b", 4, region="hubei"),
        turn("c", WEEK), turn("d", WEEK, item="", **LEFT_OPEN))
    asked = {(r["week"], r["region"], r["item"]): r["visits"] for r in found["asked"]}
    assert asked == {
        ("2026-11-02", "梅州市", "门诊费用报销"): 1, ("2026-11-02", "湖北省", "门诊费用报销"): 1,
        ("2026-11-09", "梅州市", "门诊费用报销"): 1,
        ("2026-11-09", "梅州市", "医疗费用手工（零星）报销（没定到哪一项）"): 1}
    matter = row(found["matters"], item="门诊费用报销")
    assert (matter["visits"], matter["last_week"], matter["before"]) == (3, 1, 2)
    assert matter["answered"] == 1.0


def test_a_facet_counts_where_somebody_asked_of_their_own_accord():
    found = counted(
        turn("a", 1, **LEFT_OPEN, asked="retired"),
        turn("a", 2, "退休了", facets=["备注/特殊规定"]),
        turn("b", 3, "谢谢", "", intent=("感谢", 0.9), facets=["收费"]),
        turn("b", 4, "choice:abc", intent=None, facets=["收费"]))
    assert found["facets"] == [{"facet": "办理材料", "visits": 1}]


def test_places_without_a_guide_are_named_from_three_visits_on():
    elsewhere = {"status": "", "types": ["choices"], "region": ""}
    found = counted(*[turn(f"c{n}", n, **elsewhere, place="长沙市") for n in range(3)],
                    *[turn(f"d{n}", n, **elsewhere, place="小地方") for n in range(2)])
    assert found["places"] == [{"place": "长沙市", "visits": 3}]


# --- what is not answered -------------------------------------------------------------------------

def test_words_are_shown_from_three_visits_on_and_counted_before():
    found = counted(
        *[turn(f"c{n}", n, text, **SILENT) for n, text in enumerate(
            ("请问断了三年能补缴吗", "断了三年能补缴吗", "断了三年能补缴吗？"))],
        *[turn(f"d{n}", n, "罚息怎么免", **{**SILENT, "missing_topic": "断缴影响"})
          for n in range(2)])
    assert row(found["topics"], topic="补缴")["example"] == "断了三年能补缴吗"
    assert row(found["topics"], topic="断缴影响")["example"] == ""
    assert row(found["topics"], topic="断缴影响")["visits"] == 2
    theme, = found["themes"]
    assert (theme["why"], theme["visits"], theme["texts"]) == ("指南没有写", 3, 2)
    assert shown(found, "断了三年", "罚息") == ["断了三年"]


def test_one_person_saying_it_three_times_is_not_three():
    found = counted(*[turn("a", n, "断了三年能补缴吗", **SILENT) for n in range(3)])
    assert found["themes"] == [] and row(found["topics"], topic="补缴")["visits"] == 1


def test_neither_ids_nor_what_older_rules_of_masking_let_through_is_shown():
    text = "断了三年能补缴吗，我的电话13812345678"
    said = [turn(f"secret-{n}", n, text, **SILENT) for n in range(3)]
    joined = event("secret-1", 9, "joined", agent="secret-agent")
    found = counted(*said, joined)
    assert shown(found, "断了三年能补缴吗", "secret", "13812345678") == ["断了三年能补缴吗"]


def test_matters_that_a_guide_lacks_are_told_by_region():
    lacking = turn("a", 1, status="not_in_guide", family="family_sharing", item="family_binding",
                   region="hubei")
    assert counted(lacking)["lacking"][0]["region"] == "湖北省"


# --- what is never reached ------------------------------------------------------------------------

def test_of_a_quiet_time_everything_is_unreached():
    found, kb = counted(), load()
    for guide in kb.guides.values():
        told = row(found["guides"], region=guide.data.region)
        assert (told["items"], told["items_reached"], told["lines_reached"]) == (
            len(guide.items), 0, 0)
    assert len(found["unasked"]) == sum(len(guide.items) for guide in kb.guides.values())
    lines = sum(len(item.rules) for guide in kb.guides.values() for item in guide.items.values())
    assert len(found["unshown"]) == lines
    assert found["matters"] == found["topics"] == found["questions"] == found["suggestions"] == []


def test_what_was_shown_by_the_bot_or_sent_by_an_agent_is_reached():
    clauses = ["meizhou/outpatient_reimbursement/materials.1",
               "meizhou/outpatient_reimbursement/materials.2",
               "meizhou/outpatient_reimbursement/materials.3"]
    used = {"seq": 1, "rank": 1, "edited": False, "citations": clauses[1:2]}
    offered = [{**MATTER, "citations": clauses[2:]}]
    found = counted(
        turn("a", 1, citations=clauses[:1]),
        event("a", 2, "joined", agent="8002", seq=1, offered=offered),
        event("a", 3, "said_by_agent", agent="8002", text="请看", used=used))
    unshown = {line["clause"] for line in found["unshown"]}
    assert unshown & set(clauses) == {clauses[2]}
    told = row(found["guides"], region="梅州市")
    assert told["items_reached"] == 1 and told["lines_reached"] >= 2
    assert "门诊费用报销" not in [r["item"] for r in found["unasked"] if r["region"] == "梅州市"]


def test_a_question_is_followed_to_its_answer_or_the_end():
    asks = {**LEFT_OPEN, "asked": "retired", "family": "remote_filing", "item": ""}
    filing = {"family": "remote_filing", "item": ""}
    found = counted(
        turn("a", 1, **asks), turn("a", 2, "不清楚", facts={"retired": "不知道"}, **filing),
        turn("b", 1, **asks), turn("b", 2, "什么", **asks),
        turn("c", 1, **asks), event("c", 2, "asked_for_person", reason="asked"))
    assert row(found["questions"], fact="是否退休") == {
        "family": "异地就医备案", "fact": "是否退休", "question": "您已经退休了吗？", "asked": 3,
        "again": 1, "unknown": 1 / 3, "left": 1, "left_share": 1 / 3}


def test_questions_that_are_never_put_are_named_with_their_regions():
    asks = {**LEFT_OPEN, "asked": "household_moved", "family": "remote_filing", "item": ""}
    before, after = counted(), counted(turn("a", 1, **asks))
    never = row(before["never"], family="异地就医备案", fact="户口")
    assert "梅州市" in never["regions"] and never["elsewhere"] == 0
    left = row(after["never"], family="异地就医备案", fact="户口")
    assert "梅州市" not in left["regions"] and left["elsewhere"] == 1
    assert [r["elsewhere"] > 0 for r in after["never"]] == sorted(
        r["elsewhere"] > 0 for r in after["never"])


# --- where agents know better ---------------------------------------------------------------------

def test_the_first_suggestion_counts_by_what_became_of_it():
    def message(n: int, *after: dict[str, Any]) -> list[dict[str, Any]]:
        offered = [{**MATTER}, {"family": "maternity", "item": ""}]
        return [event(f"c{n}", 1, "said_to_agent", agent="8002", text="…", seq=n, offered=offered),
                *after]

    def said(n: int, **used: Any) -> dict[str, Any]:
        told = {"used": {"seq": n, **used}} if used else {}
        return event(f"c{n}", 2, "said_by_agent", agent="8002", text="…", **told)

    rejected, second = (
        event(f"c{n}", 1.5, "suggestion_rejected", agent="8002", seq=n, rank=rank, reason="…")
        for n, rank in ((4, 1), (6, 2)))
    found = counted(
        *message(1, said(1, rank=1, edited=False)), *message(2, said(2, rank=1, edited=True)),
        *message(3, said(3, rank=2, edited=False)), *message(4, rejected, said(4)),
        *message(5, said(5)), *message(6, second), *message(7))
    assert found["suggestions"] == [{
        "family": "医疗费用手工（零星）报销", "item": "门诊费用报销", "offered": 7, "used": 1,
        "edited": 1, "other": 1, "rejected": 1, "own": 1, "overruled": pytest.approx(2 / 7)}]


def test_what_agents_enter_instead_is_told_by_matter_and_fact():
    edits = {"item": "inpatient_reimbursement", "facts": {"retired": "是"}, "place": "梅州市"}
    found = counted(turn("a", 1), event("a", 2, "facts_edited", agent="8002", edits=edits),
                    event("a", 3, "facts_edited", agent="8002", edits={"facts": {"retired": "否"}}))
    assert found["moved"] == [{"was": "门诊费用报销", "became": "住院费用报销", "edits": 1}]
    assert found["entered"] == [{"fact": "是否退休", "edits": 2}, {"fact": "参保地", "edits": 1}]


# --- in a few sentences ---------------------------------------------------------------------------

def week_of(n: int, solved: int, silent: int) -> list[dict[str, Any]]:
    return [turn(f"w{n}-{k}", n * WEEK + k, **({} if k < solved else SILENT))
            for k in range(solved + silent)]


@pytest.mark.parametrize(("weeks", "said"), [
    ([(10, 90), (60, 40)], "比前一周（10%）好，超出了误差。"),
    ([(60, 40), (10, 90)], "比前一周（60%）差，超出了误差。"),
    ([(50, 50), (52, 48)], "前一周是 50%，差别在误差之内。"),
])
def test_two_weeks_differ_only_beyond_the_noise(weeks, said):
    entries = [entry for n, (solved, silent) in enumerate(weeks)
               for entry in week_of(n, solved, silent)]
    first = headline(counted(*entries))[0]
    assert first.startswith("11月9日起的一周：100 次来访") and first.endswith(said)


def test_what_comes_up_suddenly_is_named():
    entries = [*week_of(0, 2, 0), *week_of(1, 12, 0)]
    assert headline(counted(*entries))[-1] == \
        "突然多起来的：门诊费用报销（上周 12 次，之前每周 2 次）。"


def test_before_a_week_is_over_there_is_nothing_to_compare():
    assert len(headline(counted(turn("a", 1), weeks=1))) == 1


# --- the period -----------------------------------------------------------------------------------

def test_a_period_is_of_whole_weeks_in_china_up_to_now():
    now = MONDAY + timedelta(days=9, hours=3)
    assert period(None, now) == (MONDAY - timedelta(weeks=2), now)
    assert period("1", now)[0] == MONDAY + timedelta(weeks=1)


@pytest.mark.parametrize("weeks", ["0", "-1", str(MOST + 1), "x", "1.5", "9" * 400, "٣"])
def test_another_number_of_weeks_is_refused(weeks):
    with pytest.raises(BadInput):
        period(weeks, MONDAY)
