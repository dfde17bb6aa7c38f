"""What the journal says of a turn, from real answers of the guides."""

from __future__ import annotations

import json

import pytest

from bot.dialogue import Context
from bot.journal.entries import event_entry, turn_entry
from bot.journal.tables import event_of, row_of, turn_of
from bot.messages import notice, question
from bot.render import Renderer
from bot.store import StoredMessage
from bot.understanding import Understanding
from knowledge.engine import assess
from knowledge.store import load

SAID = StoredMessage(7, "2026-11-01T08:00:00+00:00", "citizen", "门诊费用报销要带什么")
READING = Understanding(
    "门诊费用报销要带什么", intent="手工报销", confidence=0.93, facets=("办理材料",),
    ranking=(("手工报销", 0.93), ("生育报销", 0.04)))
PLACE = {"guide": "meizhou", "name": "梅州市", "code": "4414"}
CONTEXT = Context(family="reimbursement", item="outpatient_reimbursement").with_place(
    PLACE).with_facts({"insurance": "employee"}, "said")


@pytest.fixture(scope="module")
def card():
    """The card that answers with the materials of an item."""
    kb = load()
    outcome = assess(kb, "meizhou", "reimbursement", {}, "outpatient_reimbursement")
    return Renderer(kb, "meizhou").answer(outcome, ("办理材料",), ()).card


def entry_of(*replies, reading=READING, context=CONTEXT) -> dict:
    """The entry of a turn with these replies."""
    stored = [StoredMessage(8 + n, SAID.at, "bot", text, card)
              for n, (text, card) in enumerate(replies)]
    entry = turn_entry("c1", "web", SAID, stored, reading and reading.as_dict(),
                       context.as_slots(), model_version="m1", knowledge_version="k1",
                       milliseconds=31.24)
    return json.loads(json.dumps(entry, ensure_ascii=False))


def test_a_turn_says_what_was_asked_understood_answered_and_by_what(card):
    asked = question("您退休了吗？", ())
    entry = entry_of(("清单", card), (asked.text, asked.card))
    assert {key: entry[key] for key in entry if key != "citations"} == {
        "kind": "turn", "id": "c1:7", "conversation": "c1", "seq": 7, "at": SAID.at,
        "channel": "web", "text": "门诊费用报销要带什么",
        "intents": [["手工报销", 0.93], ["生育报销", 0.04]], "facets": ["办理材料"],
        "missing_topic": "", "category": "", "likely": [], "region": "meizhou",
        "place": "梅州市", "family": "reimbursement", "item": "outpatient_reimbursement",
        "facts": {"insurance": "employee"},
        "outcome": {"types": ["answer", "question"], "status": "conditional",
                    "item": "门诊费用报销", "asked": "", "misses": 0},
        "replies": ["清单", asked.text], "model_version": "m1", "knowledge_version": "k1",
        "milliseconds": 31.2}


def test_every_clause_of_the_cards_is_cited_once_in_their_order(card):
    card = {**card, "reasons": [{"text": "因为", "citation_id": "meizhou/x/reason.1"}]}
    cited = entry_of(("清单", card), ("清单", card))["citations"]
    lines = [line["citation_id"] for section in card["sections"] for line in section["lines"]]
    assert len(lines) > 4 and cited == [*dict.fromkeys(lines), "meizhou/x/reason.1"]


def test_an_item_that_only_the_facts_led_to_is_known_by_its_name_in_the_guide(card):
    nameless = Context(region="meizhou", family="reimbursement")
    assert entry_of(("清单", card), context=nameless)["item"] == "outpatient_reimbursement"


def test_what_no_guide_holds_is_named_by_the_card_or_else_by_the_reading(card):
    topical = Understanding("报多少", intent="手工报销", topic="报销比例")
    assert entry_of(("没有", notice("没有").card), reading=topical)["missing_topic"] == "报销比例"
    told = {**card, "missing_topic": "起付线"}
    assert entry_of(("没有", told), reading=topical)["missing_topic"] == "起付线"


def test_a_press_and_a_failed_turn_are_turns_too():
    failed = entry_of(("抱歉", notice("抱歉").card), reading=None, context=Context())
    assert failed["intents"] == [] and failed["outcome"]["types"] == ["notice"]
    pressed = Understanding("choice:abc", intent="按钮", choice=("abc",))
    assert entry_of(reading=pressed)["intents"] == [["按钮", 1.0]]


def test_entries_lie_in_the_tables_and_come_out_again_whole(card):
    turn = entry_of(("清单", card))
    assert turn_of({**row_of(turn), "feedback": None}) == {
        **turn, "at": "2026-11-01T08:00:00.000+00:00", "feedback": None}
    rated = event_entry("rated", "c1", {"seq": 8, "turn": "c1:7", "rating": "bad"})
    assert event_of(row_of(rated)) == rated
    assert row_of(event_entry("joined", "c1", {"agent": "8001"}))["turn"] is None


def test_events_are_told_apart():
    assert event_entry("left", "c1", {})["id"] != event_entry("left", "c1", {})["id"]
