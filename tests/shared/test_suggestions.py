"""Suggested answers for the openings of the development scenarios."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from suggested import hits, told

from bot.learning.player import cards_of

pytestmark = pytest.mark.shared

_FILE = Path(os.environ.get("SHARED", "../shared")) / "dev" / "scenarios.jsonl"
WANTED = 0.95


async def test_the_item_of_a_scenario_is_among_the_first_three(assistant):
    figure, missed = await hits(assistant, cards_of(_FILE))
    print(told(figure))
    assert figure.n and figure.value >= WANTED, missed
