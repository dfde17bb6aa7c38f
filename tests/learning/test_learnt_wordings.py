"""A learnt wording counts in a conversation as any other: told in passing, or as an answer."""

from __future__ import annotations

import pytest

from bot.nlu.examples import Example
from bot.nlu.marks import Span
from bot.nlu.reader import Reader
from bot.nlu.wordings import learn
from bot.observed import observe

WORDS = "喺仔屋企度日"


@pytest.fixture
def learnt(monkeypatch):
    """Let the model have learnt a wording."""
    span = Span(0, len(WORDS), "away_reason", "在外地居住")
    wordings = learn([Example(WORDS, "异地备案", facts=(span,))])
    monkeypatch.setattr(Reader, "observed", lambda self, text, plain: observe(
        text, wordings.restored(plain, self._spelling.corrected(plain)), wordings))


async def test_it_answers_the_open_question_and_is_told_in_passing(conversation, learnt):
    assert "哪一种情形" in await conversation.say("我在梅州参保，想办异地就医备案要什么材料")
    assert "人住在外地" in await conversation.say(f"我{WORDS}")
    assert conversation.state["slots"]["facts"]["away_reason"]["value"] == "在外地居住"


async def test_without_it_the_question_stays_open(conversation):
    await conversation.say("我在梅州参保，想办异地就医备案要什么材料")
    assert "哪一种情形" in await conversation.say(f"我{WORDS}")
    assert "away_reason" not in conversation.state["slots"]["facts"]
