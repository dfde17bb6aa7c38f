"""What people say in one breath is read at once: place, facts, and whom the matter is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.examples import SILENT
from bot.nlu.normalise import normalise
from bot.observed import observe
from bot.understanding import Understanding, understand
from knowledge.store import load, read_yaml

ROWS = read_yaml(Path(__file__).parent / "free_speech.yml")
NOTHING_ELSE = {"item": {"": 0.0}, "facets": {"整体咨询": 1.0}, "topic": {"其他": 1.0},
                "category": {"其他政务": 1.0}, "silent": {SILENT: 0.0}}
"""What the trained heads say where they say nothing: only words are tested here."""


def rows(key: str) -> Iterator[Any]:
    """Yield the rows that say something under a key, each named by its message."""
    for intent, said in ROWS.items():
        for row in said:
            if row.get(key) is not None:
                yield pytest.param(intent, row, id=row["say"])


def read(intent: str, row: Mapping[str, Any]) -> Understanding:
    return understand(observe(row["say"], normalise(row["say"])),
                      {"intent": {intent: 1.0}, **NOTHING_ELSE})


def value(stated: Any) -> Any:
    """Return a value as a reading holds it: options of a fact with several are marked true."""
    return dict.fromkeys(stated, True) if isinstance(stated, list) else stated


@pytest.mark.parametrize(("intent", "row"), rows("facts"))
def test_what_is_said_is_read(intent: str, row: Mapping[str, Any]) -> None:
    told = {name: value(stated) for name, stated in row["facts"].items()}
    facts = read(intent, row).facts
    assert {name: facts.get(name) for name in told} == told


@pytest.mark.parametrize(("intent", "row"), rows("not"))
def test_what_is_not_said_is_not_read(intent: str, row: Mapping[str, Any]) -> None:
    assert set(row["not"]).isdisjoint(read(intent, row).facts)


@pytest.mark.parametrize(("intent", "row"), rows("for"))
def test_whom_it_is_for_is_understood(intent: str, row: Mapping[str, Any]) -> None:
    assert read(intent, row).asks_for == row["for"]


@pytest.mark.parametrize(("intent", "row"), rows("guide"))
def test_the_place_is_read_with_the_rest(intent: str, row: Mapping[str, Any]) -> None:
    insured = read(intent, row).insured
    assert insured and insured["guide"] == row["guide"]


def test_every_row_speaks_of_facts_that_there_are() -> None:
    kb = load()
    for row in (row for said in ROWS.values() for row in said):
        for name, stated in row.get("facts", {}).items():
            for option in stated if isinstance(stated, list) else [stated]:
                assert kb.facts[name].option(option)
        assert set(row.get("not", ())) <= set(kb.facts)
