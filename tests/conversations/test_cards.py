"""People of every kind, each with what they know and what they have to be told (cards/*.yml)."""

from __future__ import annotations

from pathlib import Path

import pytest
from talking import through

from bot.learning.player import cards_of, faults, play

FOLDER = Path(__file__).parent / "cards"
CARDS = [card for path in sorted(FOLDER.glob("*.yml")) for card in cards_of(path)]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card["id"])
async def test_a_person_learns_all_they_need(card, conversation):
    async def say(message):
        await conversation.say(message)
        return conversation.messages

    talk = await play(card, say)
    assert faults(card, talk) == [], talk.transcript()


@pytest.mark.parametrize("card", cards_of(FOLDER / "nowhere.yml"), ids=lambda card: card["id"])
async def test_the_running_server_tells_them_the_same(card, server):
    talk = await play(card, through(server))
    assert faults(card, talk) == [], talk.transcript()
