"""What agents look up and choose from: clauses they can cite, places and items that there are."""

from __future__ import annotations

import json

import pytest

from bot.desk.editing import edit
from bot.desk.matters import matters
from bot.desk.searching import MOST_ITEMS, search
from bot.errors import BadInput
from bot.stated_place import place_answered
from knowledge.store import load

KB = load()


@pytest.mark.parametrize(("query", "guide"), [
    ("急诊", ""), ("异地备案", ""), ("shengyu", "fujian"), ("有效身份证件", "meizhou"),
    ("申请表", "jiangmen")])
def test_every_clause_found_can_be_cited_and_is_of_the_guide_looked_in(query, guide):
    found = json.loads(json.dumps(search(KB, query, guide)))
    assert found and all(hit["knowledge_version"] == KB.version for hit in found)
    for hit in found:
        assert hit["text"] and hit["title"] and guide in ("", hit["guide"])
        if hit["kind"] == "clause":
            clause = KB.clause(hit["citation_id"])
            assert (clause.text, clause.heading) == (hit["text"], hit["heading"])
            assert KB.guide(clause.guide).data.title == hit["guide_title"]
        else:
            assert hit["citation_id"] == hit["heading"] == "" and KB.canonical(hit["item"])


def test_a_few_items_come_first_and_leave_room_for_clauses():
    kinds = [hit["kind"] for hit in search(KB, "生育")]
    assert 0 < kinds.count("item") <= MOST_ITEMS and kinds.count("clause")
    assert kinds == sorted(kinds, reverse=True) and len(search(KB, "生育", limit=3)) == 3


def test_an_item_found_in_a_guide_leads_to_its_page():
    found = search(KB, "住院费用报销", "meizhou")[0]
    assert found["kind"] == "item" and found["title"] == "住院费用报销"
    assert found["href"] == "/guide/meizhou/inpatient_reimbursement"
    assert [found["text"][start:end] for start, end in found["spans"]]


@pytest.mark.parametrize("query", ["", "   ", "？！", "🙂", "x" * 500])
def test_a_query_that_says_nothing_finds_nothing(query):
    assert search(KB, query) == []


def test_a_guide_that_is_not_there_is_refused():
    with pytest.raises(BadInput) as refused:
        search(KB, "急诊", "atlantis")
    assert refused.value.status == 404 and refused.value.field == "guide"


def test_every_place_offered_has_one_guide():
    for name in matters(KB)["places"]:
        place = place_answered(name)
        assert place and place["guide"] and not place["ambiguous"], name
        assert edit(KB, {}, {"place": name})["context"]["region"] == place["guide"]


def test_every_item_offered_can_be_entered_and_is_served_under_its_title():
    offered = json.loads(json.dumps(matters(KB)))
    assert [guide["id"] for guide in offered["guides"]] == list(KB.guides)
    for family in offered["families"]:
        assert {item["id"] for item in family["items"][""]} == {
            item.id for item in KB.family(family["id"]).items}
        for guide in KB.guides:
            for item in family["items"][guide]:
                context = edit(KB, {}, {"item": item["id"]})["context"]
                assert context["family"] == family["id"]
                assert KB.item(guide, item["id"]).name == item["title"]
