"""What an agent sees of a conversation: facts, outcome so far with its clauses, what is open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache

import pytest
from jsonschema import Draft7Validator
from talking import card_schema

from bot.desk.editing import edit
from bot.desk.panel import panel
from bot.desk.rows import LONGEST_LAST, row
from bot.desk.views import panel_of, row_of
from bot.paths import PROJECT
from bot.staff.canned import variables
from bot.store import Record, StoredMessage
from bot.suggest import suggest
from knowledge.engine import UNKNOWN
from knowledge.store import load

KB = load()
FORM = "我妈跟我住东莞，医保在梅州，异地看病怎么备案"
PLACES = {"meizhou": "梅州兴宁", "jiangmen": "江门", "guangdong": "东莞", "hubei": "武汉",
          "fujian": "福州"}
AGENT, MOST_STEPS = "8002", 3


@lru_cache(maxsize=2)
def schema(name: str) -> Draft7Validator:
    path = PROJECT / "bot" / "desk" / f"{name}.schema.json"
    return Draft7Validator(json.loads(path.read_text(encoding="utf-8")))


def shown(slots: dict, messages: tuple[StoredMessage, ...] = (), **data) -> dict:
    """Return the panel of a conversation, checked by its schema, every line with its clause."""
    record = Record(7, {"slots": slots, **data}, len(messages))
    made = json.loads(json.dumps(panel(KB, "c0ffee-12ab", record, messages, AGENT)))
    schema("panel").validate(made)
    card = made["outcome"]["card"]
    if card:
        card_schema().validate(card)
        assert not card["choices"] and card["guide"] == made["region"]["guide"]
        quoted = [line for section in card["sections"] for line in section["lines"]]
        for line in (*quoted, *card["reasons"]):
            clause = KB.clause(line["citation_id"])
            assert clause.guide == made["region"]["id"] and clause.heading == line["heading"]
    return made


def listed(slots: dict, last: StoredMessage | None = None, last_seq: int = 0, **data) -> dict:
    """Return the row of a conversation, checked by its schema."""
    record = Record(7, {"slots": slots, **data}, last_seq)
    made = json.loads(json.dumps(row(KB, "c0ffee-12ab", record, last)))
    schema("row").validate(made)
    return made


def facts(made: dict) -> dict[str, dict]:
    return {fact["name"]: fact for fact in made["facts"]}


def entered(slots: dict | None = None, **edits) -> dict:
    return edit(KB, slots or {}, edits)


# --- whatever is known --------------------------------------------------------------------------


@pytest.mark.parametrize("guide", PLACES)
def test_every_item_has_a_panel_at_every_step_of_its_questions(guide):
    for slots in states(guide):
        made = shown(slots)
        assert made["region"]["id"] == guide
        opened = [fact["label"] for fact in made["facts"] if fact["open"]]
        assert opened == made["open"]["then"]
        assert listed(slots)["family"] == made["matter"]["family_name"]
        if made["outcome"]["status"] in ("applies", "conditional"):
            card = made["outcome"]["card"]
            assert card["sections"] or made["outcome"]["instead"]


def states(guide: str) -> Iterator[dict]:
    """Yield each item of a guide with nothing known, then with one question more answered."""
    for family in KB.families:
        for number, item in enumerate(["", *(item.id for item in family.items)]):
            slots = entered(place=PLACES[guide], family=family.id, item=item)
            for step in range(MOST_STEPS):
                yield slots
                fact = next_open(slots)
                if not fact:
                    break
                slots = entered(slots, facts={fact["name"]: answer(fact, number + step)})


def next_open(slots: dict) -> dict | None:
    """Return the fact that is to be asked next."""
    made = panel(KB, "c", Record(1, {"slots": slots}), (), AGENT)
    return next((fact for fact in made["facts"] if fact["open"]), None)


def answer(fact: dict, number: int) -> object:
    """Return one of the answers that a fact's options allow; 不知道 is one of them."""
    values = [option["value"] for option in fact["options"]]
    value = values[number % len(values)]
    multiple = fact["multiple"] and value != UNKNOWN
    return {one: one == value for one in values[:-1]} if multiple else value


def test_nothing_known():
    made = shown({})
    assert made["region"] is None and made["facts"] == [] and made["outcome"]["card"] is None
    assert made["outcome"]["status"] == "none" and made["matter"]["family"] == ""
    assert made["variables"]["事项"] == "" and made["variables"]["工号"] == AGENT
    assert listed({})["gist"] == "" and listed({})["last"] is None


def test_a_matter_without_a_place_asks_for_the_place():
    made = shown(entered(item="birth_payment"))
    assert made["outcome"]["status"] == "no_place" and made["outcome"]["card"] is None
    assert "参保" in made["outcome"]["text"] and made["matter"]["item"] == "birth_payment"


def test_a_place_without_a_guide_gets_no_rule_of_any():
    made = shown(entered(place="上海", item="inpatient_reimbursement"))
    assert made["outcome"]["status"] == "no_guide" and made["outcome"]["card"] is None
    assert made["place"] == "上海市" and made["region"] is None
    assert "上海" in made["outcome"]["text"]


def test_a_matter_that_the_guide_does_not_hold_is_said_to_be_missing():
    missing = next((g, f.id) for g in KB.guides for f in KB.families if not KB.items(g, f.id))
    made = shown(entered(place=PLACES[missing[0]], family=missing[1]))
    assert made["outcome"]["status"] == "not_in_guide" and "没有" in made["outcome"]["text"]


# --- conversations ------------------------------------------------------------------------------


async def test_in_the_middle_of_a_form(conversation):
    await conversation.say(FORM)
    await conversation.say("没迁")
    made = shown(conversation.state["slots"])
    assert made["asks_for"] == "母亲" and made["place"] == "梅州市"
    assert made["open"]["asked"] == conversation.cards[-1]["text"]
    moved, asked = facts(made)["household_moved"], facts(made)[made["open"]["name"]]
    assert moved["text"] == "没有迁" and moved["source"] == "answered" and not moved["open"]
    assert asked["open"] and asked["value"] is None and "您母亲" in moved["question"]
    assert made["facts"].index(moved) < made["facts"].index(asked)
    assert made["outcome"]["status"] == "conditional"
    assert listed(conversation.state["slots"])["gist"].startswith("为母亲办；")


async def test_several_matters_days_and_circumstances(conversation):
    await conversation.say("梅州住院2026年3月1日出院，怎么报销？另外我妈异地备案怎么办")
    slots = conversation.state["slots"]
    made = shown(slots)
    day = {"name": "诊疗截止日期", "value": "2026-03-01", "until": "2026-03-01"}
    assert day in made["days"]
    assert made["also"][0]["name"] in listed(slots)["gist"]
    also = made["also"][0]
    turned = shown(entered(slots, family=also["family"], item=also["item"]))
    assert turned["matter"]["family"] == also["family"] and turned["also"] == []


async def test_circumstances_are_shown_together(conversation):
    await conversation.say("我在梅州医保，门诊自己垫了钱想报销")
    await conversation.say("1和3")
    fact = facts(shown(conversation.state["slots"]))["circumstances"]
    assert fact["multiple"] and "、" in fact["text"]
    assert list(fact["value"].values()).count(True) == 2


async def test_after_a_comparison_and_after_an_answer(conversation):
    await conversation.say("梅州和江门的异地备案有什么不一样")
    shown(conversation.state["slots"])
    await conversation.say("湖北门诊费用报销要多久")
    stored = await conversation.switchboard.store.since(conversation.sender, 0)
    made = shown(conversation.state["slots"], tuple(stored))
    assert made["outcome"]["title"] == "门诊费用报销" and made["answered"]["status"] != "none"
    kinds = [section["kind"] for section in made["outcome"]["card"]["sections"]]
    assert "materials" in kinds and "time_limits" in kinds


# --- edits --------------------------------------------------------------------------------------


def test_the_outcome_follows_what_is_entered():
    slots = entered(place="梅州", item="outpatient_reimbursement")
    before = shown(slots)
    assert before["outcome"]["status"] == "conditional" and before["open"]["then"]
    while fact := next_open(slots):
        slots = entered(slots, facts={fact["name"]: answer(fact, 0)})
    after = shown(slots)
    assert after["outcome"]["status"] == "applies" and after["open"]["then"] == []
    assert after["outcome"]["card"] != before["outcome"]["card"]
    assert {fact["source"] for fact in after["facts"]} <= {"agent", "item", "assumed", ""}


def test_what_rules_the_item_out_is_told_with_the_clause_that_says_so():
    slots = entered(place="梅州", item="student_enrolment",
                    facts={"employee_insured": KB.facts["employee_insured"].options[1].value})
    outcome = shown(slots)["outcome"]
    assert outcome["status"] == "not_applicable" and "〔二、服务对象〕" in outcome["text"]
    assert outcome["card"]["reasons"] and not outcome["card"]["sections"]


def test_what_is_assumed_can_be_entered_otherwise():
    slots = entered(place="梅州", family="remote_filing", facts={"away_reason": "转诊转院"})
    assumed = facts(shown(slots))["operation"]
    assert assumed["source"] == "assumed" and assumed["value"] == KB.facts["operation"].default
    other = assumed["options"][1]["value"]
    told = facts(shown(entered(slots, facts={"operation": other})))["operation"]
    assert told["value"] == other and told["source"] == "agent"


def test_while_several_items_may_be_the_one_they_are_named_and_can_be_chosen():
    made = shown(entered(place="梅州", family="reimbursement"))
    assert made["outcome"]["status"] == "conditional" and len(made["outcome"]["instead"]) > 1
    for other in made["outcome"]["instead"]:
        assert other["title"] in made["outcome"]["text"]
        chosen = shown(entered(place="梅州", item=other["item"]))
        assert chosen["outcome"]["title"] == other["title"]


def test_facts_stay_in_their_order_when_one_is_edited():
    slots = entered(place="梅州", item="student_enrolment", facts={"applicant": "本人"})
    before = list(facts(shown(slots)))
    assert list(facts(shown(entered(slots, facts={"applicant": "代办"})))) == before


def test_a_panel_is_the_same_as_long_as_it_says_the_same():
    slots = entered(place="梅州", item="student_enrolment")
    assert shown(slots) == shown(slots)


# --- what else stands beside --------------------------------------------------------------------


async def test_suggestions_stand_with_the_message_they_are_for(assistant):
    made = await suggest(assistant, "生育津贴怎么领", region="江门")
    asked = StoredMessage(4, "2026-03-01T08:00:00+08:00", "citizen", "生育津贴怎么领")
    kept = {"seq": 4, "turn": "t", "made": made, "rejected": [2]}
    suggested = shown({}, (asked,), suggested=kept)["suggestions"]
    assert suggested["of"] == asked.text and suggested["made"] == json.loads(json.dumps(made))
    assert suggested["rejected"] == [2]
    none = {"seq": 0, "of": "", "made": [], "rejected": [], "knowledge_version": KB.version}
    assert shown({})["suggestions"] == none


def test_notes_agents_and_why_a_person_is_wanted():
    note = {"at": "2026-03-01T08:00:00+08:00", "agent": "8001", "text": "已核对过材料"}
    made = shown({}, notes=[note], served_by=["8001", "8002"], joined_for="misses")
    assert made["notes"] == [note] and made["served_by"] == ["8001", "8002"]
    assert made["reason"] == {"code": "misses", "text": "连着没听明白"}
    waiting = shown({}, waiting={"since": 1.0, "reason": "transferred"}, joined_for="misses")
    assert waiting["reason"]["code"] == "transferred"
    assert shown({})["reason"]["code"] == "none"


def test_canned_replies_are_filled_in_by_what_is_known():
    made = shown(entered(place="梅州兴宁", item="outpatient_reimbursement"))["variables"]
    assert set(made) <= set(variables())
    assert made["地区"] == "梅州市" and made["事项"] == "门诊费用报销" and made["编号"] == "12AB"
    assert shown(entered(place="上海"))["variables"]["地区"] == "上海市"


# --- rows ---------------------------------------------------------------------------------------


def test_a_conversation_of_an_edition_that_is_gone_is_shown_without_what_it_knew():
    gone = {"value": "x", "source": "said", "turn": 1}
    slots = {"context": {"region": "meizhou", "family": "no_such_family"}, "facts": {"gone": gone}}
    record = Record(3, {"slots": slots, "holder": "person", "agent": AGENT, "desk": True}, 7)
    told = row_of("w-1234", record, None)
    assert told["revision"] == 3 and told["agent"] == AGENT and told["gist"] == ""
    beside = panel_of("w-1234", record, [], AGENT)
    assert beside["facts"] == [] and beside["revision"] == 3


def test_a_row_leaves_out_what_does_not_bear_on_the_matter():
    told = {"away_reason": "转诊转院", "account_matter": "支取"}
    slots = entered(place="武汉", family="maternity", facts=told)
    assert listed(slots)["gist"] == ""
    elsewhere = entered(place="上海", family="maternity", facts=told)
    assert "医院同意转到外地治疗" in listed(elsewhere)["gist"]


def test_a_row_tells_in_a_line_what_it_is_about():
    slots = entered(place="梅州兴宁", family="remote_filing",
                    facts={"away_reason": "转诊转院", "applicant": UNKNOWN})
    made = listed(slots, channel="hotline", waiting={"since": 12.5, "reason": "asked"})
    assert (made["place"], made["region"], made["code"]) == ("兴宁市", "梅州市", "12AB")
    assert made["gist"] == "去外地的情形：医院同意转到外地治疗"
    assert made["waiting"] == {"since": 12.5, "reason": "asked", "reason_text": "要求转人工"}
    assert made["channel_text"] == "热线" and made["holder"] == "bot"


def test_a_row_names_the_item_that_the_facts_lead_to():
    slots = entered(place="梅州", family="reimbursement", facts={"care_type": "住院"})
    assert slots["context"]["item"] == "" and listed(slots)["item"] == "住院费用报销"


def test_a_row_shows_the_last_words_and_how_much_is_new():
    last = StoredMessage(9, "2026-03-01T08:00:00+08:00", "citizen", "还有\n" + "问题" * 60)
    made = listed({}, last, 9, holder="person", agent=AGENT, seen=7, joined_at=3.0)
    assert made["unread"] == 2 and made["agent"] == AGENT
    assert made["last"]["text"].startswith("还有 问题") and made["last"]["text"].endswith("…")
    assert len(made["last"]["text"]) == LONGEST_LAST
    assert listed({}, last, 9, seen=7)["unread"] == 0


def test_a_row_shows_the_rating_of_the_latest_answer_rated():
    assert listed({}, ratings={"3": "bad", "11": "good"})["rating"] == "good"
    assert listed({})["rating"] == ""
