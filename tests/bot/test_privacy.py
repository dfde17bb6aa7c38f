"""Personal data does not reach storage; what the understanding needs does."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy import Masked, mask

CASES = yaml.safe_load((Path(__file__).parent / "privacy_cases.yml").read_text("utf-8"))
MASKED = [
    pytest.param(typed, stored, id=f"{group}:{typed}")
    for group, pairs in CASES["masked"].items()
    for typed, stored in pairs
]
UNTOUCHED = [
    pytest.param(text, id=f"{group}:{text}")
    for group, texts in CASES["untouched"].items()
    for text in texts
]


@pytest.mark.parametrize("typed, stored", MASKED)
def test_personal_data_is_replaced_and_the_rest_stays(typed: str, stored: str) -> None:
    assert mask(typed).text == stored


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_is_not_personal_is_left_alone(text: str) -> None:
    assert mask(text) == Masked(text, ())
