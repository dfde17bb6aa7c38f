"""One question, one answer: in each case in a fresh conversation."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge.text import squeeze

pytestmark = pytest.mark.asyncio

CASES = yaml.safe_load((Path(__file__).parent / "questions.yml").read_text(encoding="utf-8"))
SILENT = ("没有写明", "没有列出", "里没有", "没有为")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["ask"])
async def test_a_question_is_answered_from_its_guide(conversation, case):
    said = squeeze(await conversation.say(case["ask"]))
    for wording in case.get("says", ()):
        assert squeeze(wording) in said
    if case.get("silent"):
        assert any(phrase in said for phrase in SILENT)
