"""Which messages of the log stand in the inbox, why, and what is proposed that they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.learning.inbox.messages import messages_of
from bot.learning.inbox.words import inbox_words
from bot.understanding import OUTSIDE
from tests.learning.made_log import event, press, to_agent, turn, unclear


def only(*entries: Mapping[str, Any]) -> dict[str, Any]:
    """The one message that some entries tell of."""
    (message,) = messages_of(sorted(entries, key=lambda entry: entry["at"]))
    return message


def kinds(message: Mapping[str, Any]) -> list[str]:
    return [signal["kind"] for signal in message["signals"]]


def matter(message: Mapping[str, Any]) -> tuple[str, str]:
    """Intent and item that are proposed."""
    return message["proposed"]["intent"], message["proposed"]["item"]


SHARING = {"family": "family_sharing", "item": "family_account_binding"}


# --- which texts count ----------------------------------------------------------------------

def test_what_was_understood_is_there_without_a_signal() -> None:
    message = only(turn("c", 1, "门诊费用报销要带什么"))
    assert message["signals"] == [] and message["weight"] == 0
    assert message["read"] == {
        "intent": "零星报销", "confidence": 0.97,
        "ranking": [["零星报销", 0.97], ["医疗救助", 0.01]],
        "family": "医疗费用手工（零星）报销", "item": "门诊费用报销", "facets": ["办理材料"],
        "missing_topic": "",
        "likely": [{"intent": "零星报销", "item": "门诊费用报销", "p": 0.95}]}
    assert message["proposed"] == {
        "intent": "零星报销", "item": "门诊费用报销", "facets": ["办理材料"], "topic": "",
        "category": "", "facts": [], "usable": True}


@pytest.mark.parametrize("entry", [
    press("c", 2, "梅州市"), press("c", 2, "choice:abcdefghij"),
    turn("c", 2, "2", intents=[["范围外", 0.67]]),
    turn("c", 2, "😅", intents=[["无意义", 1.0]]),
    turn("c", 2, "您是想问下面", replies=[], intents=[]),
    turn("c", 2, "谢谢", intents=[["感谢", 0.98]]),
], ids=["a press", "a press without a label", "a number", "a sign", "a turn that failed", "thanks"])
def test_presses_numbers_signs_and_thanks_do_not_count(entry: Mapping[str, Any]) -> None:
    assert [m["text"] for m in messages_of([turn("c", 1, "问"), entry])] == ["问"]


def test_a_button_that_was_typed_does_not_count() -> None:
    first = turn("c", 1, "备案", replies=["选一个：\n1. 跨省\n2. 省内异地",
                                          "还可以看：1. 在哪里办　2. 依据"])
    for label in ("省内异地", "在哪里办"):
        typed = turn("c", 2, label, family="", intents=[["范围外", 0.4]])
        assert [m["text"] for m in messages_of([first, typed])] == ["备案"]


def test_an_answer_to_the_forms_question_does_not_count() -> None:
    asked = turn("c", 1, "怎么备案", asked="household_moved")
    told = turn("c", 2, "户口啊一直都在老家没有动过的，住在这边三年了", intents=[["范围外", 0.58]],
                facts={"household_moved": "未迁入"})
    assert only(asked, told)["text"] == "怎么备案"


def test_a_few_words_that_lean_on_what_was_said_before_do_not_count() -> None:
    vague = {"intents": [["范围外", 0.3]], "facets": ["办理时限"]}
    entries = [turn("c", 1, "门诊怎么报"), turn("c", 2, "那要多久", **vague)]
    assert only(*entries)["text"] == "门诊怎么报"
    assert only(*entries, to_agent("c", 3, "那要带什么", **vague))["text"] == "门诊怎么报"


def test_what_was_said_in_the_form_and_not_understood_counts_with_what_was_asked() -> None:
    asked = turn("c", 1, "怎么备案", asked="household_moved", family="remote_filing", item="")
    missed = turn("c", 2, "郁过去嗰边咗", asked="household_moved", misses=1, facets=["整体咨询"],
                  intents=[["范围外", 0.4]], family="remote_filing", item="")
    after = press("c", 3, "已经迁过去了", family="remote_filing", item="",
                  facts={"household_moved": "已迁入"})
    message, first = messages_of([asked, missed, after])
    assert first["text"] == "怎么备案" and message["asked"] == "household_moved"
    assert "fell_through" in kinds(message)
    assert message["proposed"] == {
        "intent": "异地备案", "item": "异地就医备案", "facets": ["整体咨询"], "topic": "",
        "category": "",
        "facts": [{"start": 0, "end": 6, "fact": "household_moved", "value": "已迁入"}],
        "usable": True}


@pytest.mark.parametrize(("asked", "known", "told"), [
    ("place", {}, "助手问“参保地”，没听懂这句回答"),
    ("household_moved", {"household_moved": "不知道"}, "助手问“户口”，没听懂这句回答"),
    ("gone_fact", {"gone_fact": "是"}, "助手没听懂，请市民再说一遍")])
def test_what_is_no_value_of_the_fact_is_not_proposed(
    asked: str, known: Mapping[str, Any], told: str
) -> None:
    missed = turn("c", 1, "讲唔清", asked=asked, misses=1, intents=[["无意义", 0.9]])
    message = only(turn("c", 0, "2", asked=asked), missed, turn("c", 2, "3", facts=known))
    assert message["signals"] == [{"kind": "fell_through", "text": told}]
    assert message["proposed"]["facts"] == [] and message["evidence"] == "read"


def test_what_was_said_to_a_person_counts_where_it_was_read() -> None:
    read = to_agent("c", 5, "账户的钱给老婆用", intents=[["个人账户", 0.5]])
    on_the_platform = event("said_to_agent", "d", 6, text="在吗我想问个事", agent="1")
    message = only(read, on_the_platform)
    assert (message["turn"], message["by_agent"]) == ("c:5", True) and kinds(message) == ["unsure"]


# --- signals and proposals ------------------------------------------------------------------

def test_a_reading_in_doubt_stands_there_the_higher_the_less_sure() -> None:
    weights = []
    for confidence in (0.69, 0.5, 0.3):
        message = only(turn("c", 1, "问", intents=[["零星报销", confidence]]))
        assert kinds(message) == ["unsure"]
        assert f"{confidence:.0%}" in message["signals"][0]["text"]
        weights.append(message["weight"])
    assert weights == sorted(weights)


def test_a_family_beyond_doubt_with_an_item_in_doubt_is_in_doubt() -> None:
    likely = [["reimbursement", "outpatient_reimbursement", 0.4],
              ["reimbursement", "inpatient_reimbursement", 0.38]]
    (signal,) = only(turn("c", 1, "医药费怎么报", likely=likely))["signals"]
    assert signal == {"kind": "unsure",
                      "text": "助手知道是“医疗费用手工（零星）报销”，对是哪一项的把握只有40%"}


def test_an_item_of_another_family_called_by_its_name_makes_no_doubt() -> None:
    likely = [["enrolment", "employee_to_retired", 0.9], ["retirement", "", 0.1]]
    message = only(turn("c", 1, "在职转退休", intents=[["退休待遇核定", 0.98]], likely=likely))
    assert message["signals"] == [] and matter(message)[0] == "退休待遇核定"


def test_what_the_citizen_picks_of_the_choices_is_proposed() -> None:
    asked = unclear("c", 1, "账户的钱想给老婆用")
    for picked in (press("c", 2, "给家人用（家庭共济）", **SHARING), turn("c", 2, "2", **SHARING),
                   turn("c", 2, "给家人用（家庭共济）", **SHARING)):
        message = only(asked, picked)
        assert kinds(message) == ["asked_back", "unsure"]
        assert "市民选了“亲情账号绑定”" in message["signals"][0]["text"]
        assert matter(message) == ("家庭共济", "亲情账号绑定") and message["evidence"] == "picked"


def test_who_picks_a_person_picks_no_matter() -> None:
    person = press("c", 2, "转人工", family="", item="")
    message = only(unclear("c", 1, "账户的钱想给老婆用"), person,
                   event("asked_for_person", "c", 2.5, reason="asked"))
    assert kinds(message) == ["asked_back", "asked_for_person", "unsure"]
    assert message["evidence"] == "read"


def test_what_was_understood_in_other_words_is_proposed() -> None:
    missed = unclear("c", 1, "娃娃的本本咋个办", intents=[["无意义", 0.4]], likely=[])
    later, message = messages_of([missed, turn("c", 2, "门诊费用报销要什么材料")])
    assert later["signals"] == [] and kinds(message) == ["fell_through", "unsure"]
    assert matter(message) == ("零星报销", "门诊费用报销") and message["evidence"] == "rephrased"


def test_a_second_miss_sends_for_a_person_and_still_counts_as_missed() -> None:
    first = unclear("c", 1, "啦啦啦", intents=[["无意义", 0.8]], likely=[])
    second = unclear("c", 2, "嗯哼", intents=[["肯定", 0.62]], likely=[], misses=0)
    sent = event("asked_for_person", "c", 2.5, reason="misses")
    assert [kinds(m)[0] for m in messages_of([first, second, sent])] == ["fell_through"] * 2


def test_outside_of_nobody_knows_whose_counts_as_not_understood() -> None:
    outside = {"intents": [[OUTSIDE, 0.8]], "likely": [], "family": "", "item": "", "facets": []}
    message = only(turn("c", 1, "那个东西能不能退", category="不明", **outside))
    assert kinds(message) == ["fell_through"]
    assert (message["proposed"]["intent"], message["proposed"]["category"]) == (OUTSIDE, "")
    known = only(turn("c", 1, "养老金怎么领", category="养老保险", **outside))
    assert known["signals"] == [] and known["proposed"]["category"] == "养老保险"
    outside["likely"] = [["reimbursement", "outpatient_reimbursement", 0.3]]
    assert matter(only(turn("c", 1, "看病的单单退钱", category="不明", **outside))) == (
        "零星报销", "门诊费用报销")


def test_an_unhappy_rating_goes_to_the_question_that_was_answered() -> None:
    entries = [turn("c", 1, "生孩子能报多少", asked="place"),
               turn("c", 2, "江门", region="jiangmen", intents=[["范围外", 0.6]])]
    bad = event("rated", "c", 3, seq=4, turn="c:2", rating="bad")
    message = only(*entries, bad)
    assert (message["text"], kinds(message)) == ("生孩子能报多少", ["bad"])
    assert only(*entries, bad, event("rated", "c", 4, turn="c:2", rating="good"))["signals"] == []


def test_an_unhappy_rating_weighs_less_where_the_reading_was_sure() -> None:
    bad = event("rated", "c", 3, turn="c:1", rating="bad")
    sure, unsure = (only(turn("c", 1, "问", intents=[["零星报销", p]]), bad) for p in (0.97, 0.72))
    assert 0 < sure["weight"] < unsure["weight"]


def test_who_asks_for_a_person_right_after_is_told_and_later_is_not() -> None:
    wish = turn("c", 2, "转人工", intents=[["转人工", 0.98]])
    asked = event("asked_for_person", "c", 4, reason="asked")
    assert kinds(only(turn("c", 1, "门诊怎么报"), wish, asked)) == ["asked_for_person"]
    between = turn("c", 3, "那多久", intents=[["范围外", 0.3]])
    assert kinds(only(turn("c", 1, "门诊怎么报"), between, wish, asked)) == []


def test_another_suggestion_than_the_first_is_a_correction() -> None:
    said = turn("c", 1, "账户的钱想给老婆用", intents=[["个人账户", 0.74]])
    used = {"seq": 1, "turn": "c:1", "edited": False, "facet": "办理流程", **SHARING}
    message = only(said, event("said_by_agent", "c", 2, agent="8001", used={**used, "rank": 2}))
    assert kinds(message) == ["agent_corrected"] and matter(message) == ("家庭共济", "亲情账号绑定")
    assert (message["proposed"]["facets"], message["evidence"]) == (["办理流程"], "agent")
    first = only(said, event("said_by_agent", "c", 2, agent="8001", used={**used, "rank": 1}))
    assert first["signals"] == [] and first["evidence"] == "agent"


def test_what_an_agent_sent_counts_more_than_what_was_made_of_a_rejection() -> None:
    likely = [["personal_account", "", 0.5], ["reimbursement", "", 0.3]]
    said = turn("c", 1, "账户的钱想给老婆用", intents=[["个人账户", 0.74]], likely=likely)
    used = {"seq": 1, "turn": "c:1", "edited": False, "rank": 2, "facet": "", **SHARING}
    message = only(said, event("said_by_agent", "c", 2, agent="8001", used=used), event(
        "suggestion_rejected", "c", 3, turn="c:1", rank=1, reason="不是这个事项"))
    assert matter(message) == ("家庭共济", "亲情账号绑定") and message["evidence"] == "agent"


def test_a_suggestion_that_is_long_gone_tells_nothing() -> None:
    used = {"seq": 99, "rank": 1, "edited": True}
    assert only(turn("c", 1, "门诊怎么报"),
                event("said_by_agent", "c", 2, agent="1", used=used))["evidence"] == "read"


def test_a_rejected_suggestion_is_a_correction_only_where_it_tells_of_the_reading() -> None:
    likely = [["reimbursement", "outpatient_reimbursement", 0.8],
              ["reimbursement", "inpatient_reimbursement", 0.1]]
    said = turn("c", 1, "医药费怎么报", likely=likely)

    def rejected(reason: str, rank: int = 1) -> dict[str, Any]:
        told = {"turn": "c:1", "rank": rank, "reason": reason}
        return only(said, event("suggestion_rejected", "c", 2, **told))

    wrong = rejected("不是这个事项")
    assert kinds(wrong) == ["agent_corrected"] and "不是这个事项" in wrong["signals"][0]["text"]
    assert matter(wrong) == ("零星报销", "住院费用报销")
    assert matter(rejected("没答到点上")) == ("零星报销", "门诊费用报销")
    assert kinds(rejected("没答到点上")) == ["agent_corrected"]
    for reason in inbox_words()["rejections"]["aside"]:
        assert rejected(reason)["signals"] == []
    assert rejected("不是这个事项", rank=2)["signals"] == []


def test_another_matter_that_an_agent_enters_goes_to_what_the_matter_was_read_from() -> None:
    said = turn("c", 1, "账户的钱想给老婆用", asked="place", intents=[["个人账户", 0.74]],
                likely=[], family="personal_account", item="")
    place = turn("c", 2, "江门", region="jiangmen", family="personal_account", item="")
    edited = event("facts_edited", "c", 3, agent="8001", edits=SHARING, turn="c:2")
    after = to_agent("c", 4, "那要带什么", intents=[["范围外", 0.3]], **SHARING)
    message = only(said, place, edited, after)
    assert message["text"] == said["text"] and message["evidence"] == "agent"
    assert matter(message) == ("家庭共济", "亲情账号绑定")
    assert message["signals"] == [
        {"kind": "agent_corrected", "text": "工作人员把事项改成了“亲情账号绑定”"}]


def test_facts_that_an_agent_enters_for_a_message_tell_that_it_missed_them() -> None:
    said = turn("c", 1, "户口郁过去咗，点样报")
    facts = {"household_moved": "已迁入"}
    edited = event("facts_edited", "c", 2, edits={"facts": facts}, turn="c:1")
    assert kinds(only(said, edited)) == ["agent_corrected"]
    place = event("facts_edited", "c", 2, edits={"place": "江门市"}, turn="c:1")
    assert kinds(only(said, place)) == []


# --- the same text --------------------------------------------------------------------------

def test_the_same_text_counts_once_with_the_best_evidence_and_the_newest_turn() -> None:
    text = "账户的钱想给老婆用"
    picked = [unclear("a", 1, text), press("a", 2, "给家人用", **SHARING)]
    bad = [unclear("b", 11, f"{text}？"), event("rated", "b", 12, turn="b:11", rating="bad")]
    message = only(*picked, *bad)
    assert (message["times"], message["turn"]) == (2, "b:11")
    assert kinds(message) == ["asked_back", "bad", "unsure"]
    assert matter(message) == ("家庭共济", "亲情账号绑定") and message["evidence"] == "picked"


def test_a_part_that_nothing_is_labelled_with_is_proposed_as_its_whole() -> None:
    likely = [["enrolment", "newborn_enrolment", 0.6], ["enrolment", "resident_enrolment", 0.3]]
    message = only(turn("c", 1, "娃娃上医保", likely=likely, intents=[["参保登记", 0.97]]))
    assert matter(message) == ("参保登记", "城乡居民参保登记")
    assert message["read"]["likely"] == [
        {"intent": "参保登记", "item": "城乡居民参保登记", "p": 0.9}]
    assert message["signals"] == []


def test_a_matter_that_the_catalog_no_longer_knows_is_left_out() -> None:
    likely = [["gone", "gone_item", 0.9], ["family_sharing", "gone_item", 0.05],
              ["reimbursement", "", 0.02]]
    message = only(turn("c", 1, "怎么报", likely=likely, intents=[["零星报销", 0.9]]))
    assert [one["intent"] for one in message["read"]["likely"]] == ["零星报销"]


def test_entries_of_before_these_keys_were_noted_are_read_as_well() -> None:
    old = turn("c", 1, "怎么报")
    for key in ("category", "likely"):
        del old[key]
    del old["outcome"]["misses"]
    assert matter(only(old)) == ("零星报销", "医疗费用手工(零星)报销")


def test_every_kind_of_signal_has_its_words() -> None:
    words = inbox_words()
    assert set(words["proposals"]) == {"agent", "picked", "rephrased", "read"}
    assert all(one["label"] and one["weight"] > 0 for one in words["signals"].values())
