"""What people are told about days: until when to hand in, by when an agency is done.

Days of 2025 and 2026 by the State Council's notices: 2026-02-15 to 23 is the Spring Festival,
Saturdays 14 and 28 February are worked; 1 to 7 October is off, 20 September and 10 October worked.
"""

from __future__ import annotations

from datetime import date

import pytest
from chinese_calendar import is_workday
from chinese_calendar.constants import holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.day_count import Counted
from knowledge.deadlines import (
    EVENT,
    NO_FIGURE,
    STAGE,
    START,
    UNCLEAR,
    YEARLY,
    Stage,
    due_day,
    last_day,
    limits_in_words,
)
from knowledge.errors import UnknownId
from knowledge.model import Deadline
from knowledge.store import load

CLAIM = Deadline(amount=1, unit="年", start="诊疗截止日期", except_for=("不可抗力", "法律纠纷"))
BIRTH = Deadline(amount=3, unit="年", start="分娩、终止妊娠或者施行计划生育手术次日")
REFERRAL = Deadline(amount=5, unit="工作日", start="转入医疗机构接诊")

HANDED_IN = date(2026, 3, 2)  # a Monday; no holiday before Tomb-sweeping Day, 4 to 6 April


def day(text: str) -> date:
    return date.fromisoformat(text)


def months(amount: int) -> Deadline:
    return Deadline(amount=amount, unit="个月", start="出院")


# --- the last day to hand in ----------------------------------------------------------------


@pytest.mark.parametrize(("deadline", "start", "last"), [
    (CLAIM, "2025-03-01", "2026-02-28"),
    (CLAIM, "2025-01-01", "2025-12-31"),
    (CLAIM, "2025-12-31", "2026-12-30"),
    (CLAIM, "2023-03-01", "2024-02-29"),
    (CLAIM, "2024-02-28", "2025-02-27"),
    (CLAIM, "2024-02-29", "2025-02-27"),
    (CLAIM, "2024-03-01", "2025-02-28"),
    (BIRTH, "2023-05-10", "2026-05-10"),
    (BIRTH, "2022-12-31", "2025-12-31"),
    (BIRTH, "2023-02-28", "2026-02-28"),
    (BIRTH, "2024-02-28", "2027-02-27"),
    (BIRTH, "2024-02-29", "2027-02-28"),
    (months(1), "2025-01-31", "2025-02-27"),
    (months(1), "2025-02-28", "2025-03-27"),
    (months(3), "2025-11-30", "2026-02-27"),
    (Deadline(amount=15, unit="日", start="出院"), "2026-02-20", "2026-03-06"),
    (Deadline(amount=15, unit="日", start="出院次日"), "2026-02-20", "2026-03-07"),
    (REFERRAL, "2026-03-02", "2026-03-06"),
    (REFERRAL, "2026-03-07", "2026-03-13"),
    (REFERRAL, "2026-02-12", "2026-02-25"),
    (REFERRAL, "2026-09-29", "2026-10-10"),
])
def test_the_last_day_is_the_earlier_one_of_all_readings(
    deadline: Deadline, start: str, last: str
) -> None:
    assert last_day(deadline, day(start)).by == Counted(day(last))


def test_the_answer_can_name_the_event_the_first_day_and_the_exceptions() -> None:
    said = last_day(CLAIM, day("2025-03-01"))
    assert (said.deadline.start, said.start) == ("诊疗截止日期", day("2025-03-01"))
    assert said.first == day("2025-03-01")
    assert said.deadline.except_for == ("不可抗力", "法律纠纷")
    assert last_day(BIRTH, day("2025-03-01")).first == day("2025-03-02")


def test_who_would_come_on_a_closed_day_is_told_the_last_open_one() -> None:
    assert last_day(CLAIM, day("2025-10-07")).open_day == day("2026-09-30")
    assert last_day(CLAIM, day("2025-03-01")).open_day == day("2026-02-28")  # a worked Saturday
    assert last_day(BIRTH, day("2026-05-10")).open_day is None


def test_the_days_left_are_told_also_once_it_is_over() -> None:
    said = last_day(CLAIM, day("2025-03-01"))
    todays = [day("2026-02-18"), day("2026-02-28"), day("2026-03-02")]
    assert [said.days_left(today) for today in todays] == [10, 0, -2]


def test_a_last_day_in_working_days_is_not_told_beyond_the_announced_holidays() -> None:
    said = last_day(REFERRAL, day("2098-03-03"))
    assert said.by == Counted(None, 5, day("2098-03-07"))
    assert said.days_left(day("2098-03-04")) is None


def test_years_need_no_holidays() -> None:
    assert last_day(BIRTH, day("2096-03-03")).by.announced


def test_a_unit_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownId):
        last_day(Deadline(amount=1, unit="旬", start="出院"), day("2026-03-02"))


def test_every_deadline_of_the_guides_can_be_counted() -> None:
    counted = {
        (rule.clause.guide, d.start): last_day(d, day("2025-03-03")).by.day
        for _, rule in rules("deadlines") if (d := rule.line.deadline)
    }
    assert counted == {
        ("meizhou", "诊疗截止日期"): day("2026-03-02"),
        ("meizhou", "转入医疗机构接诊"): day("2025-03-07"),
        ("guangdong", BIRTH.start): day("2028-03-03"),
        ("jiangmen", BIRTH.start): day("2028-03-03"),
    }


@pytest.mark.parametrize(("item", "words"), [
    ("referral_filing", ("出院之前",)),
    ("temporary_filing", ("出院之前", "出院结算后不允许补办备案")),
    ("inpatient_reimbursement", ()),
])
def test_what_depends_on_the_discharge_is_told_in_the_guides_words(
    item: str, words: tuple[str, ...]
) -> None:
    (rule,) = load().guide("meizhou").items[item].of_kind("deadlines")
    assert limits_in_words(rule.text) == words


# --- by when an agency is done ----------------------------------------------------------------

APRIL_14, MARCH_30, MARCH_16 = day("2026-04-14"), day("2026-03-30"), day("2026-03-16")
MARCH_2, MARCH_4, MARCH_5, MARCH_9 = HANDED_IN, *(day(f"2026-03-0{n}") for n in (4, 5, 9))

# Every wording of the guides: for each way of handing in, the day of each stage, or why none.
WORDINGS: dict[str, dict[str, list[date | str]]] = {
    "1个工作日": {"": [day("2026-03-03")]},
    "3个工作日内办结": {"": [MARCH_5]},
    "单位申报500人以上3个工作日内办结": {"": [MARCH_5]},
    "办理单位申报50人以上3个工作日内办结": {"": [MARCH_5]},
    "5个工作日": {"": [MARCH_9]},
    "不超过5个工作日": {"": [MARCH_9]},
    "不超过15个工作日": {"": [day("2026-03-23")]},
    "不超过20个工作日": {"": [MARCH_30]},
    "不超过30个工作日": {"": [APRIL_14]},
    "不超过90个工作日": {"": [day("2026-07-10")]},
    "不超过3个月": {"": [day("2026-06-02")]},
    "即时办结": {"": [MARCH_2]},
    "窗口即时办结": {"窗口": [MARCH_2]},
    "窗口办理：即时办结": {"窗口": [MARCH_2]},
    "线上不超过2个工作日": {"线上": [MARCH_4]},
    "窗口即时办结/线上不超过两个工作日": {"窗口": [MARCH_2], "线上": [MARCH_4]},
    "窗口现场即时办理，平台办理3个工作日": {"窗口现场": [MARCH_2], "平台": [MARCH_5]},
    "线上办理：工作日受理，受理后2个工作日内审核，审核通过后的当日办结":
        {"线上": [MARCH_2, MARCH_4, MARCH_4]},
    "即时受理，3个工作日内办结": {"": [MARCH_2, MARCH_5]},
    "即时受理，20个工作日内办结": {"": [MARCH_2, MARCH_30]},
    "即时受理，30个工作日内办结": {"": [MARCH_2, APRIL_14]},
    "窗口——当场受理；办理——20个工作日内办结": {"": [MARCH_2, MARCH_30]},
    "窗口——当场受理；办理——30个工作日内办结": {"": [MARCH_2, APRIL_14]},
    "即时受理，5个工作日内业务办结，业务办结后5个工作日内财务部门拨付资金转入申请人医保个人账户或银行账户":
        {"": [MARCH_2, MARCH_9, MARCH_16]},
    "定点医疗机构申报后30个工作日内": {"": [APRIL_14]},
    "定点零售药店申报后30个工作日内": {"": [APRIL_14]},
    "即时受理，单位缴清欠款后3个工作日内办结": {"": [MARCH_2, EVENT]},
    "即时办理；视同缴费年限认定较为复杂的，可延长至材料补充完整后5个工作日内办结":
        {"": [MARCH_2], "视同缴费年限认定较为复杂的": [EVENT]},
    "即时受理，转入地经办机构5个工作日内发起转移申请，转入地经办机构收到转移信息后5个工作日内办理关系转入，"
    "收到转移资金后5个工作日内拨付资金至转移人员医保个人账户":
        {"": [MARCH_2, MARCH_9, EVENT, EVENT]},
    "获取共享数据后3个工作日内完成登记，每年固定时间统一申请财政补助": {"": [EVENT, YEARLY]},
    "转出地经办机构收到《联系函》后8个工作日内办理关系转出，关系转出后5个工作日内拨付资金至转入地经办机构":
        {"": [EVENT, STAGE]},
    "转出地经办机构接收《联系函》后10个工作日内生成、发出《信息表》并划转资金": {"": [EVENT]},
    "转出地经办机构接收《联系函》，在10个工作日内生成并发出《信息表》，同时划转个人账户余额":
        {"": [EVENT]},
    "转入地经办机构收到《信息表》和转移资金后在5个工作日办结": {"": [EVENT]},
    "转入地经办机构收到《信息表》后，核对相关信息并在5个工作日内将《信息表》同步至本地医保信息平台，"
    "完成基本医疗保险关系转入": {"": [EVENT]},
    "转入地经办机构接收《信息表》，同时接收个人账户资金，在5个工作日内完成参保人个人账户资金划转":
        {"": [EVENT]},
    "转入地经办机构核实身份信息和《参保凭证》，符合办理条件的在5个工作日内生成并发出《联系函》":
        {"": [EVENT]},
    "转入地经办机构核实身份信息和《基本医疗保险参保凭证》等申请材料，符合办理条件的在受理后5个工作日内"
    "生成并发出《联系函》": {"": [EVENT]},
    "参保人员转移接续申请成功后，转出地经办机构10个工作日内完成基本医疗保险关系转出": {"": [EVENT]},
    "转出地经办机构10个工作日内完成基本医疗保险关系转出": {"": [START]},
    "按照两定机构协议管理办法和经办规程执行": {"": [NO_FIGURE]},
    "办理材料、办理时限、办理环节按照两定机构协议管理方法和经办规程执行": {"": [NO_FIGURE]},
}


def rules(kind: str) -> list[tuple[str, object]]:
    return [(rule.text, rule) for guide in load().guides.values()
            for item in guide.items.values() for rule in item.of_kind(kind)]


def told(stage: Stage) -> date | str | None:
    return stage.by.day if stage.by else stage.reason


@pytest.mark.parametrize("wording", WORDINGS)
def test_a_time_limit_is_told_stage_by_stage_or_why_not(wording: str) -> None:
    cases = due_day(wording, HANDED_IN).cases
    assert {case.case: [told(s) for s in case.stages] for case in cases} == WORDINGS[wording]


def test_every_wording_of_the_guides_was_looked_at() -> None:
    assert {text for text, _ in rules("time_limits")} <= set(WORDINGS)


def test_all_is_done_when_the_last_stage_is() -> None:
    (case,) = due_day("即时受理，5个工作日内业务办结，业务办结后5个工作日内拨付", HANDED_IN).cases
    assert case.by == Counted(MARCH_16)
    (case,) = due_day("即时受理，单位缴清欠款后3个工作日内办结", HANDED_IN).cases
    assert case.by is None


@pytest.mark.parametrize(("wording", "event"), [
    ("即时受理，单位缴清欠款后3个工作日内办结", "单位缴清欠款"),
    ("转出地经办机构接收《联系函》后10个工作日内生成、发出《信息表》并划转资金",
     "转出地经办机构接收《联系函》"),
    ("转入地经办机构收到《信息表》后，核对相关信息并在5个工作日内同步",
     "转入地经办机构收到《信息表》"),
    ("转入地经办机构接收《信息表》，同时接收个人账户资金，在5个工作日内完成划转",
     "转入地经办机构接收《信息表》，同时接收个人账户资金"),
    ("视同缴费年限认定较为复杂的，可延长至材料补充完整后5个工作日内办结", "材料补充完整"),
    ("符合办理条件的在受理后5个工作日内生成并发出《联系函》", "受理"),
    ("自受理之日起20个工作日内办结", "受理"),
])
def test_a_limit_that_starts_with_another_event_names_it_and_asks_for_its_day(
    wording: str, event: str
) -> None:
    stage = due_day(wording, HANDED_IN).cases[-1].stages[-1]
    assert (stage.counted_from, stage.reason, stage.by) == (event, EVENT, None)


def test_once_the_day_of_the_event_is_known_the_stages_after_it_are_counted_too() -> None:
    wording = "转出地经办机构收到《联系函》后8个工作日内办理关系转出，关系转出后5个工作日内拨付资金"
    event = {"转出地经办机构收到《联系函》": day("2026-03-10")}
    (case,) = due_day(wording, HANDED_IN, event).cases
    assert [told(s) for s in case.stages] == [day("2026-03-20"), day("2026-03-27")]


def test_an_event_of_two_stages_is_counted_twice_and_not_added_up() -> None:
    wording = "收到《联系函》后8个工作日内转出，收到《联系函》后10个工作日内拨付"
    (case,) = due_day(wording, HANDED_IN, {"收到《联系函》": day("2026-03-10")}).cases
    assert case.by == Counted(day("2026-03-24"))


def test_what_is_accepted_on_working_days_is_taken_to_be_accepted_on_the_next_one() -> None:
    wording = "线上办理：工作日受理，受理后2个工作日内审核，审核通过后的当日办结"
    (case,) = due_day(wording, day("2026-10-01")).cases
    reviewed = day("2026-10-10")  # a Saturday that is worked
    assert [told(s) for s in case.stages] == [day("2026-10-08"), reviewed, reviewed]
    assert [s.assumed for s in case.stages] == [True, False, False]


@pytest.mark.parametrize(("handed_in", "limit", "done"), [
    ("2026-02-13", "1个工作日", "2026-02-14"),   # a Saturday that is worked
    ("2026-02-14", "1个工作日", "2026-02-24"),   # after the Spring Festival
    ("2026-02-27", "1个工作日", "2026-02-28"),   # another worked Saturday
    ("2026-09-18", "2个工作日", "2026-09-21"),   # over a worked Sunday
    ("2026-09-30", "2个工作日", "2026-10-09"),
    ("2026-03-07", "不超过1个工作日", "2026-03-09"),
    ("2025-11-30", "不超过3个月", "2026-02-28"),
    ("2026-03-02", "10日内办结", "2026-03-12"),
    ("2026-03-02", "十二个工作日", "2026-03-18"),
])
def test_holidays_swapped_weekends_and_month_ends_count_as_they_are(
    handed_in: str, limit: str, done: str
) -> None:
    assert due_day(limit, day(handed_in)).cases[0].by == Counted(day(done))


def test_beyond_the_announced_holidays_no_day_is_told_but_how_many_are_left() -> None:
    (case,) = due_day("不超过20个工作日", day("2098-03-03")).cases
    assert not case.by.announced
    assert (case.by.left, case.by.without_holidays) == (20, day("2098-03-31"))


def test_stages_beyond_the_announced_holidays_add_up_what_is_left() -> None:
    (case,) = due_day("5个工作日内业务办结，业务办结后3个工作日内拨付", day("2098-03-03")).cases
    assert case.by == Counted(None, 8, day("2098-03-13"))


def test_days_at_the_end_of_the_last_announced_year_wait_for_the_new_years_holiday() -> None:
    year = max(holidays).year
    (sure,) = due_day("不超过1个月", date(year, 11, 28)).cases
    (unsure,) = due_day("1个工作日", date(year, 12, 28)).cases
    assert sure.by == Counted(date(year, 12, 28))
    assert unsure.by and (unsure.by.day, unsure.by.left) == (None, 1)
    assert last_day(CLAIM, date(year - 1, 12, 30)).open_day is None


@pytest.mark.parametrize(("wording", "reason"), [
    ("次月15日前拨付", YEARLY),
    ("每季度第一个月10日内", YEARLY),
    ("20个工作日内办结，情况复杂的可延长10个工作日", UNCLEAR),
    ("两三个工作日", UNCLEAR),
    ("一百二十个工作日", UNCLEAR),
    ("24小时内", UNCLEAR),
    ("15日前办结", UNCLEAR),
    ("5个工作日初审20个工作日复审", UNCLEAR),
    ("按规定执行", NO_FIGURE),
    ("", NO_FIGURE),
    ("审核通过的，即时办结", EVENT),
])
def test_a_wording_that_can_be_read_otherwise_is_not_counted(wording: str, reason: str) -> None:
    case = due_day(wording, HANDED_IN).cases[-1]
    assert case.by is None
    assert case.stages[-1].reason == reason


WORDS = ["窗口", "线上", "即时", "受理", "办结", "工作日", "个工作日", "个月", "年", "日", "内",
         "不超过", "后",
         "的", "在", "自", "转入地", "收到", "，", "；", "/", "3", "20", "两", "十", "《", "》"]
days = st.dates(day("2004-01-01"), day("2026-11-30"))
same_every_run = settings(deadline=None, derandomize=True, database=None, max_examples=200)


@same_every_run
@given(days, st.integers(1, 60))
def test_between_handing_in_and_done_lie_as_many_working_days_as_the_guide_says(
    handed_in: date, amount: int
) -> None:
    by = due_day(f"不超过{amount}个工作日", handed_in).cases[0].by
    if by.day:
        on_the_way = (date.fromordinal(n)
                      for n in range(handed_in.toordinal() + 1, by.day.toordinal() + 1))
        assert sum(map(is_workday, on_the_way)) == amount
        assert is_workday(by.day)
    else:
        assert handed_in.year == 2026 and 0 < by.left <= amount


@same_every_run
@given(st.lists(st.sampled_from(WORDS), max_size=15).map("".join), days)
def test_no_wording_stops_the_counting(wording: str, handed_in: date) -> None:
    for case in due_day(wording, handed_in).cases:
        assert case.stages
        assert all(bool(s.by) != bool(s.reason) for s in case.stages)


@same_every_run
@given(st.dates(day("2000-01-01"), day("2090-01-01")), st.sampled_from([CLAIM, BIRTH, months(3)]))
def test_a_later_start_never_ends_earlier(start: date, deadline: Deadline) -> None:
    one, next_one = (last_day(deadline, date.fromordinal(start.toordinal() + n)).by.day
                     for n in (0, 1))
    assert start <= one <= next_one
