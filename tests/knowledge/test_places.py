"""Places in sentences: what is a place, what role it has, where that makes a person insured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.places import answer_place, find_places, insured_place
from knowledge.regions import resolve

CASES = yaml.safe_load(
    (Path(__file__).parent / "place_cases.yml").read_text(encoding="utf-8")
)


def every_case() -> Iterator[Any]:
    for topic, cases in CASES.items():
        for case in cases:
            yield pytest.param(case, id=f"{topic}: {case['say'] or '空'}")


def said(text: str) -> list[str]:
    return [f"{''.join(m.place_names)} {m.role}".strip() for m in find_places(text)]


@pytest.mark.parametrize("case", every_case())
def test_a_sentence_gives_its_places_and_where_one_is_insured(case: dict[str, Any]) -> None:
    mentions = find_places(case["say"])
    assert said(case["say"]) == case["places"]
    insured = insured_place(mentions)
    expected = resolve(case["insured"]) if "insured" in case else None
    assert (insured and insured.place) == expected
