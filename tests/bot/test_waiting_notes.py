"""What is said to who waits for a person, and how they say that they do not want to any more."""

from __future__ import annotations

from datetime import datetime

import pytest
from talking import card_schema

from bot.clock import CHINA
from bot.dialogue.small_talk import person_wanted
from bot.handover import notes
from bot.handover.hours import ServiceHours
from bot.handover.stopping import stops_waiting
from bot.nlu.normalise import normalise
from bot.wording import say

OFFICE = ServiceHours(hours={"working_days": ["09:00-12:00"], "days_off": []})
UNSTATED = ServiceHours()
MONDAY_AT_TEN, MONDAY_AT_ONE = (
    datetime(2026, 11, 23, hour, tzinfo=CHINA) for hour in (10, 13))


def test_while_people_answer_place_and_hours_are_told():
    text, queue = notes.queue_note(3, OFFICE, MONDAY_AT_TEN)
    assert "第3位" in text and "工作日09:00—12:00" in text and "不用人工了" in text
    assert queue == {"place": 3, "open": True, "hours": "工作日09:00—12:00"}


def test_out_of_hours_it_is_said_and_when_people_come_and_that_the_bot_goes_on():
    text, queue = notes.queue_note(1, OFFICE, MONDAY_AT_ONE)
    assert "现在不是人工服务时间" in text and "明天09:00" in text and "照样可以回答" in text
    assert queue["open"] is False


def test_where_no_hours_are_stated_none_are_claimed():
    text, queue = notes.queue_note(2, UNSTATED, MONDAY_AT_ONE)
    assert "第2位" in text and "服务时间" not in text and "说不准" in text
    assert queue == {"place": 2, "open": True, "hours": ""}


@pytest.mark.parametrize("hours", [OFFICE, UNSTATED])
@pytest.mark.parametrize("reason", ["asked", "misses", "limits", "rating", "failed"])
def test_the_note_stands_on_the_card_and_before_the_numbers_in_the_text(reason, hours):
    reply = notes.wanted(reason)
    note = notes.queue_note(1, hours, MONDAY_AT_TEN)
    text, card = notes.with_queue(reply.text, reply.card, note)
    card_schema().validate({**card, "contacts": list(card["contacts"])})
    assert card["reason"] == reason and card["queue"] == note[1]
    assert text.startswith(card["text"]) and text.index(note[0]) < text.index("：12345")
    assert reply.card == notes.wanted(reason).card


def test_in_distress_nobody_is_told_of_places_and_hours():
    reply = person_wanted("distress", "您辛苦了。")
    note = notes.queue_note(4, OFFICE, MONDAY_AT_ONE)
    text, card = notes.with_queue(reply.text, reply.card, note)
    assert "第4位" not in text and "服务时间" not in text and "请先打下面的电话" in text
    assert card["queue"] == note[1]


def test_an_unhappy_rating_and_a_failed_turn_say_so_first():
    assert notes.wanted("rating").text.startswith("抱歉没有帮上忙")
    assert "没能处理好" in notes.wanted("failed").text
    assert notes.wanted("asked").text == person_wanted("asked").text


def test_who_asks_again_is_told_the_place():
    assert "第2位" in notes.still_waiting(2, OFFICE, MONDAY_AT_TEN).text
    assert "明天09:00" in notes.still_waiting(2, OFFICE, MONDAY_AT_ONE).text
    assert "第2位" in notes.still_waiting(2, UNSTATED, MONDAY_AT_ONE).text


def test_who_joins_and_leaves_is_said():
    assert "工号0815" in notes.agent_joined("0815").text
    assert "工号" not in notes.agent_joined("").text
    assert "接着刚才的问题" in notes.agent_left(in_form=True).text
    assert "刚才的问题" not in notes.agent_left(in_form=False).text


@pytest.mark.parametrize("reply", [
    notes.agent_joined("0815"), notes.agent_left(True), notes.stopped_waiting(), notes.ended()],
    ids=lambda reply: reply.text[:12])
def test_every_note_is_a_message_of_the_contract(reply):
    card_schema().validate(dict(reply.card))
    assert reply.text.endswith("。")


def test_the_store_being_down_is_one_honest_sentence_with_numbers():
    text = say("store_down")
    assert "没有收到" in text and "12393" in text and text.count("。") == 1


STOPS = [
    "不用人工了", "取消排队", "不等了", "不转人工", "不用转人工了", "算了，不等了", "不想等了",
    "人工不用了", "不需要人工", "我不等了", "那不用人工了，谢谢", "别转了", "先不转人工了",
    "取消转人工", "不排了", "不用排队了", "好的，不用等人工了", "不要人工客服了", "退出排队",
    "不等了，我直接去窗口", "太慢了 不等了", "还是不用人工吧", "不用等了", "不找人工了！",
    "唔使人工啦", "麻烦帮我取消排队", "不用转了", "等不及了",
]
GOES_ON = [
    "人工不用带材料", "转人工", "人工什么时候来", "还要等多久", "不等了快给我转人工",
    "不用人工能办吗", "人工服务要钱吗", "不用等审核结果吗", "取消", "取消备案", "不用带身份证",
    "不转院可以报吗", "不等住满半年可以备案吗", "不用了", "我妈不用转外地医院",
    "取消排队会怎么样", "怎么取消排队", "不用人工申报行吗", "要人工，不要机器人", "不知道",
    "还要等吗", "等不等", "不用转移医保关系", "没迁", "不等于吗", "我要人工，不等了", "人工",
    "算了", "谢谢", "不是人工吗",
]


@pytest.mark.parametrize("text", STOPS)
def test_who_does_not_want_to_wait_any_more_is_understood(text):
    assert stops_waiting(normalise(text))


@pytest.mark.parametrize("text", GOES_ON)
def test_what_only_sounds_like_it_stops_nothing(text):
    assert not stops_waiting(normalise(text))
