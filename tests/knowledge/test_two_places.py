"""A transfer leads from one place to another: whose guide answers, and what the places tell."""

from __future__ import annotations

import pytest

from knowledge.places import find_places
from knowledge.store import load
from knowledge.two_places import filing_place, told_by_places

KB = load()


@pytest.mark.parametrize(("text", "guide"), [
    ("我在厦门上班，老家江西的医保怎么转过来", "fujian"),
    ("我到武汉工作了，在深圳交的医保能转过来吗", "hubei"),
    ("人在福州，原来湖南的社保医保想转进来", "fujian"),
    ("我从江西到厦门上班了，医保怎么转进来", "fujian"),
    ("我人在深圳，梅州的医保要转到武汉", "hubei"),
])
def test_the_guide_of_a_transfer_is_that_of_where_it_leads_to(text, guide) -> None:
    assert filing_place(KB, find_places(text), "transfer").place.guide == guide


def test_a_certificate_is_asked_for_where_the_insurance_was() -> None:
    named = find_places("我人在深圳，医保在梅州，参保凭证怎么开")
    assert filing_place(KB, named, "transfer", "enrolment_certificate").place.guide == "meizhou"


def test_working_in_another_province_tells_direction_and_reach() -> None:
    named = find_places("我在厦门上班，老家江西的医保怎么转过来")
    told = told_by_places(KB, named, filing_place(KB, named, "transfer"))
    assert {"转入", "跨省"} <= set(told.values())
