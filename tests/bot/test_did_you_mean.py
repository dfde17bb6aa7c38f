"""“Did you mean”: what a message may name is offered, and nothing where that is not clear."""

from __future__ import annotations

import pytest

from bot.dialogue.did_you_mean import did_you_mean
from knowledge.store import load


@pytest.mark.parametrize("typed, item", [
    ("menzhen baoxiao", "outpatient_reimbursement"),
    ("生育津帖", "maternity_allowance"),
    ("轉移接續", "relation_transfer"),
    ("家庭共计", "family_account_binding"),
])
def test_a_name_typed_wrongly_is_offered_under_its_right_name(typed, item):
    offered = did_you_mean(load(), typed)
    assert offered[0] == (item, load().canonical(item).label)
    assert len(offered) <= 3


@pytest.mark.parametrize("typed", ["", "今天天气真好", "你们几点上班", "我很难受", "???", "asdfgh"])
def test_what_names_nothing_offers_nothing(typed):
    assert did_you_mean(load(), typed) == []


def test_only_items_of_the_guide_are_offered():
    offered = did_you_mean(load(), "临时异地就医备案", "hubei")
    assert all(load().item("hubei", item) for item, _ in offered)


def test_every_offer_can_be_answered():
    for item, _ in did_you_mean(load(), "生育", "meizhou"):
        assert load().item("meizhou", item)
