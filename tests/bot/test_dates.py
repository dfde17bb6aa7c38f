"""Dates as people write them to the hotline, read on Sunday, 15 March 2026."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.date_patterns import DateWords, date_words
from bot.dates import APPROXIMATE, DAY, MONTH, YEAR, date_in, dates_in

TODAY = date(2026, 3, 15)

DAYS = {
    # figures
    "2025.3.1": "2025-03-01", "2025-3-1": "2025-03-01", "2025/03/01": "2025-03-01",
    "2025-03-01": "2025-03-01", "20250301": "2025-03-01", "25.3.1": "2025-03-01",
    "25/12/31": "2025-12-31", "２０２５．３．１": "2025-03-01", "2025. 3. 1": "2025-03-01",
    "2025.3.1日出院": "2025-03-01", "票据日期：2025-11-30": "2025-11-30", "19980301": "1998-03-01",
    "2025/3/1 10:30": "2025-03-01", "2024.2.29": "2024-02-29", "2026.12.31": "2026-12-31",
    # year, month, day
    "2025年3月1日": "2025-03-01", "2025年3月1号": "2025-03-01", "25年3月1号": "2025-03-01",
    "2025 年 3 月 1 日": "2025-03-01", "２０２５年３月１日": "2025-03-01",
    "2025年3月1": "2025-03-01",
    "2025年03月01日10点出的院": "2025-03-01", "98年3月5日": "1998-03-05",
    "二〇二五年三月一日": "2025-03-01", "二零二四年十二月三十一日": "2024-12-31",
    "二五年三月一号": "2025-03-01", "2025年3月份18号": "2025-03-18",
    "去年12月5号出院": "2025-12-05", "去年的10月3号": "2025-10-03", "前年 5月 6日": "2024-05-06",
    "大前年1月1号": "2023-01-01", "今年1月8号": "2026-01-08", "舊年十二月五號": "2025-12-05",
    "明年1月2号": "2027-01-02", "三年前的5月6号": "2023-05-06",
    "26年1月5号": "2026-01-05", "27年1月5号": "2027-01-05", "26.1.5": "2026-01-05",
    # without a year: the last one
    "3月1号": "2026-03-01", "3月15日": "2026-03-15", "3月16号": "2025-03-16",
    "9月30号": "2025-09-30",
    "十月二十号": "2025-10-20", "十二月三十一号": "2025-12-31", "十一月十一日": "2025-11-11",
    "三月一日": "2026-03-01", "3月18出院": "2025-03-18", "3月1日晚上": "2026-03-01",
    "我妈3月1号在深圳住院的": "2026-03-01", "是3月1号": "2026-03-01",
    "3/1": "2026-03-01", "3.1": "2026-03-01", "03-01": "2026-03-01", "12/31": "2025-12-31",
    "3.1出院": "2026-03-01", "3.1号出院": "2026-03-01", "我3.15出院": "2026-03-15",
    "18号": "2026-02-18", "15号": "2026-03-15", "2号出院的": "2026-03-02",
    "我18号出院": "2026-02-18",
    "孩子18号生的": "2026-02-18", "十八号出院": "2026-02-18", "在3号": "2026-03-03",
    # counted from this month
    "上个月18号": "2026-02-18", "上月18日": "2026-02-18", "上個月18號": "2026-02-18",
    "这个月3号": "2026-03-03", "本月3日": "2026-03-03", "上上个月31号": "2026-01-31",
    "下个月5号": "2026-04-05", "呢个月3号": "2026-03-03",
    "上个月18号出院，花了3.1万元": "2026-02-18",
    # counted from this week
    "上周三": "2026-03-04", "上星期三": "2026-03-04", "上个礼拜三": "2026-03-04",
    "上個禮拜三": "2026-03-04", "上周日": "2026-03-08", "上上周五": "2026-02-27",
    "这周一": "2026-03-09", "周三": "2026-03-11", "礼拜六出院": "2026-03-14", "周日": "2026-03-15",
    "下周一": "2026-03-16",
    # counted from today
    "今天": "2026-03-15", "今日": "2026-03-15", "今早": "2026-03-15", "昨天": "2026-03-14",
    "昨晚": "2026-03-14", "前天": "2026-03-13", "前天晚上": "2026-03-13", "大前天": "2026-03-12",
    "寻日": "2026-03-14", "尋日": "2026-03-14", "噚日": "2026-03-14", "琴日": "2026-03-14",
    "琴晚": "2026-03-14", "前日": "2026-03-13", "听日": "2026-03-16", "明天": "2026-03-16",
    "10天前": "2026-03-05", "三天前": "2026-03-12", "20天之前": "2026-02-23",
    # feasts on one day
    "去年儿童节": "2025-06-01", "妇女节": "2026-03-08", "前年双十一": "2024-11-11",
}

PERIODS = {
    "25年3月": (MONTH, "2025-03-01", "2025-03-31"),
    "2025年3月": (MONTH, "2025-03-01", "2025-03-31"),
    "2025-03": (MONTH, "2025-03-01", "2025-03-31"),
    "2025.3": (MONTH, "2025-03-01", "2025-03-31"),
    "二〇二四年二月": (MONTH, "2024-02-01", "2024-02-29"),
    "去年10月": (MONTH, "2025-10-01", "2025-10-31"),
    "去年十一月": (MONTH, "2025-11-01", "2025-11-30"),
    "去年2月份": (MONTH, "2025-02-01", "2025-02-28"),
    "3月": (MONTH, "2026-03-01", "2026-03-31"),
    "三月份住的院": (MONTH, "2026-03-01", "2026-03-31"),
    "12月": (MONTH, "2025-12-01", "2025-12-31"),
    "上个月": (MONTH, "2026-02-01", "2026-02-28"),
    "上上个月": (MONTH, "2026-01-01", "2026-01-31"),
    "2025年": (YEAR, "2025-01-01", "2025-12-31"),
    "去年": (YEAR, "2025-01-01", "2025-12-31"),
    "前年": (YEAR, "2024-01-01", "2024-12-31"),
    "旧年": (YEAR, "2025-01-01", "2025-12-31"),
    "这个月初": (APPROXIMATE, "2026-03-01", "2026-03-10"),
    "上个月底": (APPROXIMATE, "2026-02-21", "2026-02-28"),
    "3月底": (APPROXIMATE, "2025-03-21", "2025-03-31"),
    "去年3月中旬": (APPROXIMATE, "2025-03-11", "2025-03-20"),
    "去年底": (APPROXIMATE, "2025-11-01", "2025-12-31"),
    "去年年底": (APPROXIMATE, "2025-11-01", "2025-12-31"),
    "2024年底": (APPROXIMATE, "2024-11-01", "2024-12-31"),
    "今年初": (APPROXIMATE, "2026-01-01", "2026-02-28"),
    "去年上半年": (APPROXIMATE, "2025-01-01", "2025-06-30"),
    "去年夏天": (APPROXIMATE, "2025-06-01", "2025-08-31"),
    "去年国庆": (APPROXIMATE, "2025-10-01", "2025-10-08"),
    "去年國慶節": (APPROXIMATE, "2025-10-01", "2025-10-08"),
    "国庆那几天": (APPROXIMATE, "2025-10-01", "2025-10-08"),
    "前年十一": (APPROXIMATE, "2024-10-01", "2024-10-07"),
    "去年五一": (APPROXIMATE, "2025-05-01", "2025-05-05"),
    "前年春节": (APPROXIMATE, "2024-02-10", "2024-02-17"),
    "春节": (APPROXIMATE, "2026-02-15", "2026-02-23"),
    "2024年元旦": (APPROXIMATE, "2023-12-30", "2024-01-01"),
    "三年前的国庆": (APPROXIMATE, "2023-09-30", "2023-10-06"),
    "半年前": (APPROXIMATE, "2025-09-01", "2025-09-30"),
    "三个月前": (APPROXIMATE, "2025-12-01", "2025-12-31"),
    "3个月以前": (APPROXIMATE, "2025-12-01", "2025-12-31"),
    "一年前": (APPROXIMATE, "2025-03-01", "2025-03-31"),
    "一年半前": (APPROXIMATE, "2024-09-01", "2024-09-30"),
    "两年前": (APPROXIMATE, "2024-01-01", "2024-12-31"),
    "两周前": (APPROXIMATE, "2026-02-23", "2026-03-01"),
    "半个月前": (APPROXIMATE, "2026-02-23", "2026-03-01"),
    "上周": (APPROXIMATE, "2026-03-02", "2026-03-08"),
    "上周末": (APPROXIMATE, "2026-03-07", "2026-03-08"),
    "大概3月1号": (APPROXIMATE, "2026-03-01", "2026-03-01"),
    "3月1号左右": (APPROXIMATE, "2026-03-01", "2026-03-01"),
    "应该是去年10月": (APPROXIMATE, "2025-10-01", "2025-10-31"),
}

NO_DATES = [
    # vague, or before or after what is named
    "一年多以前", "前几天", "十几天前", "两三年前", "好几个月前", "三个半月前", "一个半月前",
    "国庆以后", "3月1号之前",
    "去年之前", "今天之前", "很久以前", "不记得了", "忘了", "",
    # the lunar calendar
    "正月十五", "农历三月初八", "去年农历三月初八", "三月初八", "腊月二十", "去年腊月", "大年初一",
    "初八", "年初三", "除夕",
    # amounts and measures
    "3.1元", "花了3.1万", "报了1/3", "2025.3元", "3.1-3.8万元", "12.5%", "血压120/80", "37.5度",
    "300.15",
    "花了25.3", "¥2025.3",
    # numbers of people and things
    "电话13812345678", "0755-12345678", "身份证440301198001011234", "44030119800101123X",
    "6222021234567890123",
    "12345", "编号A20250301", "版本3.6.21", "10.1.7", "18",
    # lengths and frequencies
    "住院三天", "交了15年", "缴费25年", "怀孕3个月", "满3月", "3月内", "一周三次", "一月一次",
    "每年3月", "每月18号结算",
    "每周三", "周一到周五", "25年3个月",
    # places, options, words that look like dates
    "18号线", "1号窗口", "中山路53号", "中山路3号住院部", "选1号", "五一路", "国庆路", "目前日子",
    "日前", "生日", "后天性心脏病",
    "坐月子", "十月怀胎", "2025年度", "9:30", "1825年3月", "3-1",
]

IMPOSSIBLE = {
    "2025年2月30日": "2月没有30日", "2月30号": "2月没有30日", "2025.2.29": "2025年2月没有29日",
    "2月29号": "2026年2月没有29日", "13月5号": "一年里没有13月", "2025年13月": "一年里没有13月",
    "4月31日": "4月没有31日", "2025-4-31": "4月没有31日", "20250230": "2月没有30日",
    "上个月30号": "2月没有30日", "3月32号": "3月没有32日", "2025年0月1日": "一年里没有0月",
    "去年九月三十一号": "9月没有31日", "3月0号": "3月没有0日",
}


@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_a_day_is_understood(text: str, day: str) -> None:
    said = date_in(text, TODAY)
    assert said
    assert (said.value, said.until, said.precision) == (date.fromisoformat(day),) * 2 + (DAY,)


@pytest.mark.parametrize(("text", "period"), PERIODS.items())
def test_of_a_period_the_first_and_the_last_day_are_told(
    text: str, period: tuple[str, str, str]
) -> None:
    said = date_in(text, TODAY)
    assert said
    assert (said.precision, str(said.value), str(said.until)) == period


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_or_not_to_be_told_is_not_read_as_one(text: str) -> None:
    assert date_in(text, TODAY) is None


@pytest.mark.parametrize(("text", "sentence"), IMPOSSIBLE.items())
def test_a_date_that_does_not_exist_is_told_so_in_chinese(text: str, sentence: str) -> None:
    said = date_in(text, TODAY)
    assert said and said.value is None and said.until is None
    assert said.problem.startswith(sentence) and said.problem.endswith("。")


def test_there_are_enough_examples() -> None:
    assert len(DAYS) + len(PERIODS) + len(NO_DATES) + len(IMPOSSIBLE) >= 120


@pytest.mark.parametrize(("text", "words"), [
    ("我妈上個月18號出院，花了3.1万", "上個月18號"), ("票据是２０２５年３月１日的",
    "２０２５年３月１日"),
    ("我去年国庆在广州住院", "去年国庆"), ("大概3月1号吧", "3月1号"), ("孩子18号生的", "18号"),
])
def test_the_words_of_the_date_are_pointed_out_in_the_text_as_typed(text: str, words: str) -> None:
    said = date_in(text, TODAY)
    assert said and text[slice(*said.span)] == words


@pytest.mark.parametrize(("text", "day"), [
    ("预产期9月30号", "2026-09-30"), ("预产期是3月1号", "2027-03-01"), ("预计下个月5号生",
    "2026-04-05"),
    ("准备18号去住院", "2026-03-18"), ("打算周三去", "2026-03-18"), ("预产期12月", "2026-12-01"),
    ("预产期在国庆", "2026-10-01"), ("预产期不清楚，3月1号住的院", "2026-03-01"), ("預產期9月30號",
    "2026-09-30"),
])
def test_what_lies_ahead_is_the_next_such_day(text: str, day: str | None) -> None:
    said = date_in(text, TODAY)
    assert (said and str(said.value)) == day


def test_the_question_can_say_that_the_day_lies_ahead() -> None:
    said = date_in("9月30号", TODAY, ahead=True)
    assert said and said.value == date(2026, 9, 30)


@pytest.mark.parametrize(("text", "days"), [
    ("2025年3月1日至3月8日", ["2025-03-01", "2025-03-08"]),
    ("2025年3月1日到8号", ["2025-03-01", "2025-03-08"]),
    ("2025.03.01-2025.03.08", ["2025-03-01", "2025-03-08"]),
    ("2025-03-01—2025-03-08", ["2025-03-01", "2025-03-08"]),
    ("2025.3.28-4.5", ["2025-03-28", "2025-04-05"]),
    ("3月1日-8日", ["2026-03-01", "2026-03-08"]),
    ("3.1-3.8住院", ["2026-03-01", "2026-03-08"]),
    ("去年12月20号住院，1月5号出院", ["2025-12-20", "2026-01-05"]),
    ("12月28号住院，5号出院", ["2025-12-28", "2026-01-05"]),
    ("去年住的院，9月3号出院", ["2025-01-01", "2025-09-03"]),
    ("2025年5月1日出院，3月1日住院", ["2025-05-01", "2025-03-01"]),
    ("今天想问，12月1号出院的", ["2026-03-15", "2025-12-01"]),
    ("今年1月交的费，12月1号住院", ["2026-01-01", "2025-12-01"]),
    ("3月10号住院，3月20号出院", ["2026-03-10", "2026-03-20"]),
])
def test_a_year_or_month_said_once_goes_for_the_dates_after_it(text: str, days: list[str]) -> None:
    assert [str(said.value) for said in dates_in(text, TODAY)] == days


@pytest.mark.parametrize("text", [
    "3月1号住院，3月8号出院", "3月8号出院，3月1号住院", "住院3月1号，出院3月8号",
    "出院是3月8号，住院是3月1号",
    "3月1号住院3月8号出院", "3月8号出院的",
])
def test_of_several_dates_the_one_beside_the_words_asked_for_is_taken(text: str) -> None:
    said = date_in(text, TODAY, near=["出院"])
    assert said and said.value == date(2026, 3, 8)


def test_without_such_words_the_first_date_is_taken() -> None:
    said = date_in("3月1号住院，3月8号", TODAY, near=["分娩"])
    assert said and said.value == date(2026, 3, 1)


def test_a_date_that_does_not_exist_does_not_hide_the_one_that_does() -> None:
    bad, good = dates_in("2月30号住院，3月8号出院", TODAY)
    assert bad.problem and good.value == date(2026, 3, 8)


@pytest.mark.parametrize(("change", "problem"), [
    ({"variants": {"年个": "年"}}, "differ in length"),
    ({"colours": ["红"]}, "extra fields"),
    ({"days": {"昨天": "yesterday"}}, "days"),
])
def test_a_slip_in_the_words_is_found_when_they_are_read(change: dict, problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        DateWords(**{**date_words().dict(), **change})


# --- whatever is typed ------------------------------------------------------------------------

same_every_run = settings(deadline=None, derandomize=True, database=None, max_examples=300)
todays = st.dates(date(2020, 1, 1), date(2035, 12, 31))
FULL = ["{y}年{m}月{d}日", "{y}.{m}.{d}", "{y}-{m:02}-{d:02}", "{y}/{m}/{d}", "{y}{m:02}{d:02}",
        "我是{y}年{m}月{d}号出院的", "日期{y}-{m}-{d}，花了3.5万"]
SHORT = ["{m}月{d}日", "{m}月{d}号", "{m}/{d}", "我{m}月{d}号出院", "{m}.{d}出院"]
PIECES = ["年", "月", "日", "号", "个月", "周", "前", "后", "初", "底", "半", "去年", "上个月",
          "上周", "国庆", "十", "二",
          "〇", "3", "31", "2025", "99", ".", "/", "-", " ", "，", "农历", "昨天", "预产期",
          "大概", "出院", "零", "百"]


@same_every_run
@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)), todays, st.sampled_from(FULL))
def test_a_date_written_in_full_is_that_date(day: date, today: date, form: str) -> None:
    said = date_in(form.format(y=day.year, m=day.month, d=day.day), today)
    assert said and (said.value, said.precision) == (day, DAY)


@same_every_run
@given(st.integers(1, 12), st.integers(1, 28), todays, st.sampled_from(SHORT), st.booleans())
def test_a_date_without_a_year_is_the_nearest_on_its_side_of_today(
    month: int, day: int, today: date, form: str, ahead: bool
) -> None:
    said = date_in(form.format(m=month, d=day), today, ahead=ahead)
    assert said and said.value
    assert (said.value.month, said.value.day) == (month, day)
    assert 0 <= (said.value - today).days * (1 if ahead else -1) <= 366


@same_every_run
@given(st.integers(1, 12), st.integers(1, 31), todays)
def test_no_month_gets_days_it_does_not_have(month: int, day: int, today: date) -> None:
    said = date_in(f"2025年{month}月{day}日", today)
    assert said and bool(said.value) == (day <= monthrange(2025, month)[1]) == (not said.problem)


@same_every_run
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES)).map("".join)), todays)
def test_nothing_that_is_typed_stops_the_reading(text: str, today: date) -> None:
    end = 0
    for said in dates_in(text, today):
        assert end <= said.span[0] < said.span[1] <= len(text)
        end = said.span[1]
        assert bool(said.problem) != bool(said.value)
        if said.value:
            assert said.until and said.value <= said.until <= said.value + timedelta(days=366)
