"""Until when to hand in, by when it is done: counted from days as people say them.

All conversations take place on Monday, 9 March 2026. By the State Council's notices, the Spring
Festival was from 15 to 23 February with 14 and 28 February worked, and 4 to 6 April are off.
"""

from __future__ import annotations

from datetime import date

import pytest

from bot import clock
from bot.notice.notices import PREFIX, notices

pytestmark = pytest.mark.asyncio

TODAY = date(2026, 3, 9)
OURS = "以上是推算"


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def counted(conversation, kind: str = "deadlines") -> list[dict]:
    """What was counted for the lines of a kind in the last answer."""
    sections = [s for card in conversation.cards for s in card.get("sections", ())]
    return [line["counted"] for s in sections if s["kind"] == kind
            for line in s["lines"] if "counted" in line]


def last_day(conversation) -> str:
    (found,) = {c["last_day"] for c in counted(conversation)}
    return found


def is_asked_for_a_day(conversation) -> bool:
    card = conversation.cards[-1] if conversation.cards else {}
    return card.get("type") == "question" and "哪一天" in card["text"]


# --- the clauses --------------------------------------------------------------------------------


@pytest.mark.parametrize(("message", "last"), [
    ("我2025年6月1号出院，梅州的，现在还能报吗", "2026-05-31"),
    ("梅州门诊自己垫的钱，2025.6.1看的病，来得及报吗", "2026-05-31"),
    ("广东生育医疗费，孩子2024年5月10号生的，最晚什么时候报", "2027-05-10"),
    ("江门生育医疗费，孩子2024年5月10号生的，最晚什么时候报", "2027-05-10"),
    ("江门产前检查费还来得及报吗，2024年5月10号剖的", "2027-05-10"),
    ("东莞的，2024年5月10号做的人流手术，计划生育医疗费还能报吗", "2027-05-10"),
    ("江门计划生育医疗费，2024年5月10号结扎的，还能报吗", "2027-05-10"),
    ("梅州转诊备案，3月5号转到广州的医院，还来得及吗", "2026-03-11"),
    ("梅州异地转诊备案，2月12号接诊的，还能办吗", "2026-02-25"),
])
async def test_each_clause_is_counted_from_the_day_that_it_names(conversation, message, last):
    await conversation.say(message)
    assert last_day(conversation) == last
    year, month, day = map(int, last.split("-"))
    assert f"{year}年{month}月{day}日" in conversation.text
    assert "推算" in conversation.text and OURS in conversation.text


async def test_the_days_left_the_mark_and_the_exceptions_are_in_the_card(conversation):
    await conversation.say("我2025年6月1号出院，梅州的，现在还能报吗")
    (found,) = counted(conversation)
    assert (found["mark"], found["days_left"], found["open_day"]) == ("推算", 83, "2026-05-29")
    assert found["except_for"] == ["不可抗力", "法律纠纷"] and found["from"] == "2025-06-01"
    assert "还有83天" in conversation.text
    assert "之前最近的工作日是2026年5月29日" in conversation.text


async def test_a_referral_has_to_be_filed_before_discharge_as_well(conversation):
    await conversation.say("梅州转诊备案，3月5号转到广州的医院，还来得及吗")
    assert "指南同时要求：出院之前" in conversation.text


async def test_after_discharge_there_is_no_temporary_filing_whatever_the_day(conversation):
    await conversation.say("梅州临时异地就医备案，3月5号出院了，还能补办吗")
    assert "不适用于您说的情况" in conversation.text and counted(conversation) == []


@pytest.mark.parametrize("message", [
    "湖北的，我2025年6月1号出院，住院费用报销还能报吗",
    "福建住院费用报销最晚什么时候申请", "江门住院费用报销，去年6月1号出院，来得及吗",
    "江门生育津贴，孩子去年国庆生的，还能领吗"])
async def test_where_the_guide_names_no_period_it_says_so_and_counts_nothing(
        new_conversation, message):
    conversation = new_conversation()
    await conversation.say(message)
    assert "没有写明申请期限" in conversation.text and "12393" in conversation.text
    assert counted(conversation) == [] and not is_asked_for_a_day(conversation)


# --- days as people say them --------------------------------------------------------------------


@pytest.mark.parametrize(("said", "last"), [
    ("2025.6.1", "2026-05-31"), ("2025年6月1日", "2026-05-31"), ("6月1号", "2026-05-31"),
    ("上个月18号", "2027-02-17"), ("去年12月5号出的院", "2026-12-04"), ("昨天", "2027-03-07"),
    ("是6月1号，在广州看的", "2026-05-31"), ("5月20号住院，6月1号出院", "2026-05-31"),
])
async def test_the_question_takes_a_day_however_it_is_said(new_conversation, said, last):
    conversation = new_conversation()
    await conversation.say("梅州住院费用报销还来得及吗")
    assert is_asked_for_a_day(conversation) and "诊疗截止日期" in conversation.text
    await conversation.say(said)
    assert last_day(conversation) == last and not is_asked_for_a_day(conversation)


async def test_buttons_do_it_too(conversation):
    await conversation.say("梅州住院费用报销要带什么")
    await conversation.press("算申请的最后期限")
    await conversation.press("今天")
    assert last_day(conversation) == "2027-03-08"
    assert "算申请的最后期限" not in [choice["label"] for choice in conversation.choices]


@pytest.mark.parametrize(("said", "told"), [
    ("去年国庆", "申请的最后一天在2026年9月30日到2026年10月7日之间"),
    ("去年6月", "申请的最后一天在2026年5月31日到2026年6月29日之间"),
    ("去年", "申请的最后一天在2025年12月31日到2026年12月30日之间"),
    ("前年", "申请的期限到2025年12月30日为止"),
])
async def test_of_a_vague_day_it_is_told_what_is_certain(new_conversation, said, told):
    conversation = new_conversation()
    await conversation.say("梅州住院费用报销还来得及吗")
    await conversation.say(said)
    assert told in conversation.text and OURS in conversation.text


@pytest.mark.parametrize(("said", "told"), [
    ("2月30号", "2月没有30日"), ("13月5号", "一年里没有13月"), ("农历三月初八", "公历"),
    ("一年多以前", "没听明白是哪一天"), ("嗯", "没听明白是哪一天"), ("随便", "没听明白是哪一天")])
async def test_what_is_no_day_is_asked_about_again_in_a_clear_way(new_conversation, said, told):
    conversation = new_conversation()
    await conversation.say("梅州住院费用报销还来得及吗")
    await conversation.say(said)
    assert told in conversation.text and is_asked_for_a_day(conversation)
    await conversation.say("2025年6月1日")
    assert last_day(conversation) == "2026-05-31"


async def test_an_impossible_day_in_free_speech_is_told_as_well(conversation):
    await conversation.say("梅州的，我2025年2月30号出院，住院费用还能报吗")
    assert "2月没有30日" in conversation.text and is_asked_for_a_day(conversation)


async def test_a_day_of_birth_that_was_masked_is_asked_for_by_itself(conversation):
    await conversation.say("江门生育医疗费最晚什么时候报")
    await conversation.say("出生日期2025年6月1日")
    assert "隐去" in conversation.text and is_asked_for_a_day(conversation)


async def test_a_day_to_come_is_counted_and_said_to_be_one(conversation):
    await conversation.say("江门生育医疗费最晚什么时候报")
    await conversation.say("预产期9月30号")
    assert "2026年9月30日还没有到" in conversation.text
    assert last_day(conversation) == "2029-09-30"


async def test_who_does_not_know_the_day_keeps_the_clause(conversation):
    await conversation.say("梅州住院费用报销还来得及吗")
    await conversation.say("不知道")
    assert "就不能推算" in conversation.text and "诊疗截止日期起1年内" in conversation.text
    assert counted(conversation) == [] and not is_asked_for_a_day(conversation)


# --- over, and beyond the calendar --------------------------------------------------------------


async def test_over_is_no_flat_refusal(conversation):
    await conversation.say("我2025年3月1号出院，梅州的，现在还能报吗")
    assert "申请的期限到2026年2月28日为止，已经过了9天" in conversation.text
    assert "不可抗力、法律纠纷" in conversation.text and "由经办机构决定" in conversation.text
    assert "12393" in conversation.text and OURS in conversation.text
    assert counted(conversation)[0]["days_left"] == -9


async def test_the_last_day_itself_is_not_over(conversation):
    await conversation.say("我2025年3月10号出院，梅州的，现在还能报吗")
    assert "最后一天是2026年3月9日（就是今天）" in conversation.text


async def test_beyond_the_announced_holidays_no_day_is_given(conversation, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 12, 28))
    await conversation.say("梅州转诊备案，昨天转到广州的医院，还来得及吗")
    (found,) = counted(conversation)
    assert (found["last_day"], found["days_left"]) == (None, None)
    assert "放假安排还没有公布" in conversation.text and "大约是" in conversation.text


# --- by when it is done -------------------------------------------------------------------------


@pytest.mark.parametrize(("messages", "done"), [
    (["梅州住院费用报销要多久", "今天交材料，多久前能办好"], "最晚2026年4月7日办好"),
    (["梅州住院费用报销，今天交材料，几号能办好"], "最晚2026年4月7日办好"),
    (["湖北门诊费用报销要多久", "下周一交材料，哪天能办好"], "最晚2026年4月7日办好"),
    (["江门住院费用报销哪天能办好", "明天"], "最晚2026年4月22日办好"),
])
async def test_from_the_day_of_handing_in_working_days_lead_to_the_day_it_is_done(
        new_conversation, messages, done):
    conversation = new_conversation()
    for message in messages:
        await conversation.say(message)
    assert done in conversation.text and OURS in conversation.text
    assert counted(conversation, "time_limits")[0]["mark"] == "推算"


async def test_a_time_limit_beyond_the_announced_holidays_is_told_honestly(
        conversation, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 23))
    await conversation.say("江门住院费用报销，今天交材料，哪天能办好")
    assert "放假安排还没有公布" in conversation.text and "大约是2027年1月4日" in conversation.text


async def test_the_button_counts_from_the_day_that_is_pressed(conversation):
    await conversation.say("湖北住院费用报销要多久")
    await conversation.press("算哪天办好")
    assert "交齐材料" in conversation.text
    await conversation.press("今天")
    assert "最晚2026年3月30日办好" in conversation.text


async def test_each_way_of_filing_has_its_own_day(conversation):
    await conversation.say("梅州异地转诊人员备案要多久")
    await conversation.say("今天交材料，几号能办好")
    first, second = counted(conversation, "time_limits")
    assert "当天办好" in first["note"] and "2026年3月11日" in second["note"]


async def test_what_counts_from_another_event_is_not_counted(conversation):
    await conversation.say("湖北转移接续手续办理要多久")
    await conversation.say("今天交材料，几号能办好")
    assert len(counted(conversation, "time_limits")) == 1
    assert "最晚2026年4月7日办好" in conversation.text


# --- the conversation around it -----------------------------------------------------------------


@pytest.fixture
async def asked(conversation):
    """A conversation in which the question for the day is open."""
    await conversation.say("梅州住院费用报销要带什么")
    await conversation.press("算申请的最后期限")
    assert is_asked_for_a_day(conversation)
    return conversation


async def test_why_is_answered_with_the_clause_that_counts_from_it(asked):
    await asked.say("为什么问这个")
    assert "诊疗截止日期起1年内" in asked.text and is_asked_for_a_day(asked)


async def test_a_question_in_between_is_answered_and_the_day_asked_for_again(asked):
    await asked.say("网上能办吗？")
    assert asked.lines("channels") and is_asked_for_a_day(asked)
    await asked.say("2025年6月1日")
    assert last_day(asked) == "2026-05-31"


async def test_repeat_asks_again(asked):
    await asked.say("再说一遍")
    assert is_asked_for_a_day(asked)


async def test_cancel_ends_it(asked):
    await asked.say("取消")
    assert asked.choices == []
    await asked.say("谢谢")
    assert not is_asked_for_a_day(asked)


async def test_another_item_ends_it(asked):
    await asked.say("江门生育津贴要带什么")
    assert asked.lines("materials") and not is_asked_for_a_day(asked)


async def test_a_button_of_before_changes_nothing(asked):
    today = next(choice["id"] for choice in asked.choices if choice["label"] == "今天")
    await asked.say("2025年6月1日")
    await asked.press_ids(today)
    assert "失效" in asked.text


@pytest.mark.parametrize(("said", "last"), [
    ("不对，是4月20号", "2026-04-19"), ("说错了，是2024年", "2025-05-31"),
    ("那如果是7月1号呢", "2026-06-30"), ("不对，是5号", "2026-06-04")])
async def test_a_correction_takes_the_place_of_the_day(new_conversation, said, last):
    conversation = new_conversation()
    await conversation.say("梅州住院费用报销，2025年6月1号出院，还来得及吗")
    await conversation.say(said)
    assert last_day(conversation) == last


async def test_the_day_stays_when_something_else_is_asked(conversation):
    await conversation.say("梅州住院费用报销，2025年6月1号出院，还来得及吗")
    await conversation.say("要带什么材料")
    assert conversation.lines("materials") and last_day(conversation) == "2026-05-31"


async def test_a_day_told_before_it_is_asked_for_counts(conversation):
    await conversation.say("梅州住院费用报销，2025年6月1号出院的，要带什么材料")
    assert last_day(conversation) == "2026-05-31" and not is_asked_for_a_day(conversation)


@pytest.mark.parametrize(("messages", "kind"), [
    (["梅州门诊费用报销要带什么", "2025年12月1日看的"], "deadlines"),
    (["江门生育医疗费报销要什么材料", "孩子去年10月2号生的"], "deadlines"),
    (["梅州住院费用报销要多久", "我3号交的材料"], "time_limits")])
async def test_a_day_told_after_the_answer_is_counted_at_once(new_conversation, messages, kind):
    conversation = new_conversation()
    for message in messages:
        await conversation.say(message)
    assert counted(conversation, kind) and OURS in conversation.text


async def test_a_follow_up_asks_for_the_day_and_counts(conversation):
    await conversation.say("梅州住院费用报销要多久")
    await conversation.say("还能报吗")
    assert is_asked_for_a_day(conversation)


async def test_the_place_is_asked_for_first(conversation):
    await conversation.say("我2025年6月1号出院，住院费用报销还来得及吗")
    assert "参保在哪个城市" in conversation.text
    await conversation.say("梅州")
    assert last_day(conversation) == "2026-05-31"


async def test_another_place_is_answered_by_its_own_guide(conversation):
    await conversation.say("梅州住院费用报销，2025年6月1号出院，还来得及吗")
    await conversation.say("湖北呢")
    assert "没有写明申请期限" in conversation.text and counted(conversation) == []


async def test_in_the_middle_of_the_form_the_clause_is_told_and_the_form_goes_on(conversation):
    await conversation.say("梅州医保，住院自己垫的钱怎么报")
    question = conversation.messages[-1]["text"]
    assert conversation.cards[-1]["type"] == "question"
    await conversation.say("2025年6月1号出院的，还来得及吗")
    assert last_day(conversation) == "2026-05-31"
    assert conversation.messages[-1]["text"] == question


@pytest.mark.parametrize("message", [
    "梅州住院费用报销，社保卡过期了能用吗", "梅州断缴了住院还能报吗", "梅州住院没备案还能报吗",
    "梅州去年换了单位，住院费用现在能报吗", "江门医院的发票丢了还能报吗"])
async def test_other_doubts_than_about_time_get_no_question_for_a_day(conversation, message):
    await conversation.say(message)
    assert not is_asked_for_a_day(conversation) and counted(conversation) == []


async def test_the_sheet_shows_the_days_too_but_not_the_day_they_count_from(conversation):
    await conversation.say("梅州住院费用报销，2025年6月1号出院，还来得及吗")
    await conversation.say("3月10号交材料，几号能办好")
    path = conversation.cards[-1]["link"]["href"]
    sheet = notices().open(path.removeprefix(PREFIX), TODAY)
    (deadline,), (limit,) = sheet.part("deadlines").lines, sheet.part("time_limits").lines
    assert deadline.marks == ("推算：申请的最后一天是2026年5月31日",)
    assert limit.marks == ("推算：最晚2026年4月8日办好",)
    assert "2025" not in sheet.json()
