"""Whole messages: the province that counts for them, and whether the person is insured there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.places import find_places, insured_place
from knowledge.regions import resolve
from knowledge.store import load
from knowledge.two_places import filing_place

MESSAGES = yaml.safe_load((Path(__file__).parent / "place_roles.yml").read_text(encoding="utf-8"))


def every_message() -> Iterator[Any]:
    for topic, messages in MESSAGES.items():
        for message in messages:
            yield pytest.param(message, id=f"{topic}: {message['say']}")


def province(name: str) -> str:
    return resolve(name).places[0].province


def told(message: dict[str, Any]) -> tuple[str, str]:
    """The role (insured, elsewhere, '') and the province that a message tells."""
    named = find_places(message["say"])
    matter = (message.get("family", ""), message.get("item", ""))
    insured = filing_place(load(), named, *matter) if matter[0] else insured_place(named)
    first = insured or next(iter(named), None)
    role = "insured" if insured else "elsewhere" if first else ""
    return role, first.place.places[0].province if first else ""


@pytest.mark.parametrize("message", every_message())
def test_a_message_tells_where_one_is_insured_from_where_one_is(message: dict[str, Any]) -> None:
    role = next((r for r in ("insured", "elsewhere") if r in message), "")
    assert told(message) == (role, province(message[role]) if role else "")
