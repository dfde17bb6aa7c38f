"""One question, one answer: in each case in a fresh conversation."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.learning.player import answer_faults

pytestmark = pytest.mark.asyncio

CASES = yaml.safe_load((Path(__file__).parent / "questions.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["ask"])
async def test_a_question_is_answered_from_its_guide(conversation, case):
    assert answer_faults(case, await conversation.say(case["ask"])) == []
