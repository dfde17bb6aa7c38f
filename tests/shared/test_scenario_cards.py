"""The scenario cards of the development data, played against the running server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from talking import through

from bot.learning.player import cards_of, faults, play

pytestmark = pytest.mark.shared

_FILE = Path(os.environ.get("SHARED", "../shared")) / "dev" / "scenarios.jsonl"
CARDS = cards_of(_FILE) if _FILE.exists() else []


def test_there_are_cards():
    assert CARDS


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card["id"])
async def test_a_person_learns_all_they_need(card, server):
    talk = await play(card, through(server))
    assert faults(card, talk) == [], talk.transcript()
