"""What an agent enters at the desk: as if the citizen had corrected it, of what there is."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest

from bot.desk.editing import edit
from bot.dialogue.context import PLACE, Context, rerouted, without_contradicted_item
from bot.dialogue.questions import ask, pending
from bot.errors import BadInput
from knowledge.engine import UNKNOWN, assess
from knowledge.store import load

KB = load()
FORM = "我妈跟我住东莞，医保在梅州，异地看病怎么备案"
PLACES = ("梅州兴宁", "福州")

MOVED, NOT_MOVED = (option.value for option in KB.facts["household_moved"].options)


def entered(slots: dict, **edits) -> Context:
    return Context.from_slots(edit(KB, slots, edits))


def about(place: str, item: str, **facts) -> dict:
    return edit(KB, {}, {"place": place, "item": item, "facts": facts})


async def test_an_edit_ends_where_the_citizens_own_correction_ends(assistant, conversation):
    await conversation.say(FORM)
    await conversation.say("没迁")
    before = conversation.state["slots"]
    await conversation.say("不对，户口已经迁了")
    corrected = Context.from_slots(conversation.state["slots"])
    edited = entered(before, facts={"household_moved": MOVED})
    assert edited.known == corrected.known
    assert (edited.item, edited.family) == (corrected.item, corrected.family)
    assert edited.asked == ""
    assert ask(KB, edited).replies[-1].card["text"] == conversation.cards[-1]["text"]


async def test_a_citizen_takes_back_what_an_agent_entered(assistant, conversation):
    await conversation.say(FORM)
    slots = edit(KB, conversation.state["slots"], {"facts": {"household_moved": MOVED}})
    state = {"slots": slots, "loop": conversation.state["loop"]}
    answered = await assistant.answer("corrected", "不对，户口没有迁", state)
    told = answered.state["slots"]["facts"]["household_moved"]
    assert told["value"] == NOT_MOVED and told["source"] != "agent"


def test_over_items_and_options_an_edit_leaves_what_a_correction_leaves():
    seen = 0
    for before, name, value in corrections():
        told = {name: value}
        corrected = without_contradicted_item(
            KB, rerouted(KB, before, told).with_facts(told, "answered"))
        edited = entered(before.as_slots(), facts=told)
        assert edited.known.items() <= corrected.known.items()
        gone = corrected.known.keys() - edited.known.keys()
        assert all(corrected.facts[fact]["source"] == "item" for fact in gone)
        assert not edited.item if gone else served(edited) == served(corrected)
        seen += 1
    assert seen > 300


def served(context: Context) -> tuple:
    """Return what comes of a context: status, and the item that serves."""
    outcome = assess(KB, context.region, context.family, context.known, context.item)
    return outcome.status, outcome.item


def corrections() -> Iterator[tuple[Context, str, str]]:
    """Yield, for every item of two guides, what its name told changed to every other option."""
    for place in PLACES:
        for family in KB.families:
            for item in family.items:
                before = Context.from_slots(about(place, item.id, applicant="本人"))
                for name in before.facts:
                    values = (o.value for o in KB.facts[name].options)
                    yield from ((before, name, v) for v in values if v != before.known[name])


def test_what_the_items_name_told_goes_with_the_item_and_stays_with_it():
    slots = about("梅州", "student_enrolment", applicant="代办")
    gone = entered(slots, facts={"enrollee": "职工"})
    assert gone.item == "" and gone.family == "enrolment"
    assert gone.known == {"applicant": "代办", "enrollee": "职工"}
    slots = about("梅州", "outpatient_reimbursement")
    stays = entered(slots, facts={"circumstances": {"急诊": True}})
    assert stays.known["care_type"] == "门诊" and stays.facts["circumstances"]["source"] == "agent"


def test_another_item_takes_its_facts_with_it_and_what_was_asked_about_the_one_before():
    slots = about("梅州", "outpatient_reimbursement", applicant="代办")
    slots["context"].update(facets=["办理时限"], mentions=["急诊"], counting="last_day",
                            waiting=[{"family": "maternity", "item": "", "facets": []},
                                     {"family": "transfer", "item": "", "facets": []}])
    after = entered(slots, item="maternity_allowance")
    assert after.family == "maternity" and after.item == "maternity_allowance"
    assert "care_type" not in after.known and after.known["applicant"] == "代办"
    assert (after.facets, after.mentions, after.counting) == ((), (), "")
    assert [matter["family"] for matter in after.waiting] == ["transfer"]


def test_a_family_without_an_item_and_no_item_in_particular():
    assert entered({}, family="reimbursement").item == ""
    slots = about("江门", "inpatient_reimbursement")
    assert entered(slots, item="").item == "" and entered(slots, item="").family == "reimbursement"


def test_a_place_brings_its_guide_or_none():
    assert entered({}, place="梅州兴宁").region == "meizhou"
    slots = about("江门", "inpatient_reimbursement")
    moved = entered(slots, place="上海")
    assert moved.region == "" and moved.place["name"] == "上海市"
    assert moved.item == "inpatient_reimbursement"


def test_several_facts_place_and_matter_at_once():
    after = entered({}, place="福州", item="inpatient_reimbursement",
                    facts={"insurance_type": values_of("insurance_type")[1],
                           "applicant": UNKNOWN})
    assert after.region == "fujian" and after.item == "inpatient_reimbursement"
    assert after.known["applicant"] == UNKNOWN and after.known["care_type"] == "住院"


def values_of(fact: str) -> list[str]:
    return [option.value for option in KB.facts[fact].options]


def test_a_fact_of_several_options_is_entered_whole():
    first, second, *_ = values_of("circumstances")
    slots = about("梅州", "outpatient_reimbursement", circumstances={first: True, second: False})
    after = entered(slots, facts={"circumstances": {second: UNKNOWN}})
    assert after.known["circumstances"] == {second: UNKNOWN}
    after = entered(slots, facts={"circumstances": UNKNOWN})
    assert after.known["circumstances"] == dict.fromkeys(values_of("circumstances"), UNKNOWN)


def test_what_is_forgotten_is_asked_again_unless_the_item_tells_it():
    slots = edit(KB, {}, {"place": "梅州", "family": "remote_filing",
                          "facts": {"away_reason": "转诊转院"}})
    after = entered(slots, facts={"away_reason": None})
    assert after.facts == {} and pending(KB, after).fact.name == "away_reason"
    slots = edit(KB, {}, {"item": "outpatient_reimbursement"})
    assert entered(slots, facts={"care_type": None}).known == {"care_type": "门诊"}


async def test_the_open_question_stays_open_only_while_it_is_the_next(conversation):
    await conversation.say(FORM)
    slots = conversation.state["slots"]
    asked = slots["context"]["asked"]
    assert asked == "household_moved" and slots["context"]["choices"]
    other = edit(KB, slots, {"facts": {"applicant": "代办"}})
    assert other["context"]["asked"] == asked
    assert other["context"]["choices"] == slots["context"]["choices"]
    answered = edit(KB, slots, {"facts": {asked: NOT_MOVED}})
    assert answered["context"]["asked"] == "" and answered["context"]["choices"] == {}


def test_where_the_person_is_insured_is_asked_no_more_once_it_is_entered():
    context = ask(KB, Context.from_slots(edit(KB, {}, {"item": "birth_payment"}))).context
    assert context.asked == PLACE
    assert entered(context.as_slots(), facts={"applicant": "本人"}).asked == PLACE
    assert entered(context.as_slots(), place="武汉").asked == ""


def test_the_same_again_changes_nothing_and_what_is_given_is_left_alone():
    slots = about("梅州", "student_enrolment", applicant="代办")
    kept = copy.deepcopy(slots)
    assert edit(KB, slots, {}) == kept
    assert edit(KB, slots, {"item": "student_enrolment", "place": "梅州",
                            "facts": {"applicant": "代办", "retired": None}}) == kept
    changed = edit(KB, {**slots, "requested_slot": "answer"}, {"facts": {"applicant": "本人"}})
    assert slots == kept and changed["requested_slot"] == "answer"
    assert changed["context"]["turn"] == kept["context"]["turn"] + 1


@pytest.mark.parametrize(("edits", "field"), [
    ({"holder": "bot"}, "holder"), ({"place": ""}, "place"), ({"place": None}, "place"),
    ({"place": 5}, "place"), ({"place": "月球背面"}, "place"), ({"place": "鼓楼区"}, "place"),
    ({"family": "nothing"}, "family"), ({"family": ""}, "family"), ({"family": {}}, "family"),
    ({"item": "nothing"}, "item"), ({"item": ["birth_payment"]}, "item"),
    ({"family": "transfer", "item": "birth_payment"}, "item"),
    ({"facts": []}, "facts"), ({"facts": {"nothing": "是"}}, "nothing"),
    ({"facts": {"applicant": "火星"}}, "applicant"), ({"facts": {"applicant": True}}, "applicant"),
    ({"facts": {"applicant": ["本人"]}}, "applicant"),
    ({"facts": {"circumstances": "急诊"}}, "circumstances"),
    ({"facts": {"circumstances": {"急诊": 1}}}, "circumstances"),
    ({"facts": {"circumstances": {"火星": True}}}, "circumstances"),
])
def test_what_is_not_known_is_refused_and_named(edits, field):
    with pytest.raises(BadInput) as refused:
        edit(KB, about("梅州", "student_enrolment"), edits)
    assert refused.value.field == field and str(refused.value).endswith(("。", "：", "”"))


def test_of_a_name_that_several_places_bear_the_places_are_told():
    with pytest.raises(BadInput, match="福建省福州市鼓楼区"):
        edit(KB, {}, {"place": "鼓楼区"})
