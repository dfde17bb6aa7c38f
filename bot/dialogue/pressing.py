"""What pressed buttons answer to the open question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue.choosing import commands
from bot.dialogue.context import Context
from bot.stated_place import place_answered
from knowledge.catalog import Fact
from knowledge.engine import UNKNOWN
from knowledge.store import KnowledgeBase

NONE = ""
"""The value of the choice that none of several options holds."""


def pressed_answer(
    kb: KnowledgeBase, context: Context, ids: tuple[str, ...]
) -> Mapping[str, Any] | None:
    """Return the answer of pressed buttons; None for stale ones and for other commands."""
    pressed = commands(context, ids)
    if not pressed:
        return None
    if pressed[0]["do"] == "place":
        return {"place": place_answered(pressed[0]["place"])}
    answers = pressed[0]["do"] == "answer" and pressed[0]["fact"] == context.asked
    several = len(pressed) > 1 and not kb.facts[context.asked].multiple if answers else False
    return _chosen_value(kb, context, pressed) if answers and not several else None


def _chosen_value(
    kb: KnowledgeBase, context: Context, pressed: list[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Return the answer that pressed buttons of the open question stand for."""
    fact = kb.facts[pressed[0]["fact"]]
    values = {command["value"] for command in pressed}
    if not fact.multiple:
        return {"fact": fact.name, "value": pressed[0]["value"]}
    unknown = UNKNOWN in values
    chosen = {v: UNKNOWN if unknown else v in values for v in _offered(context, fact)}
    return {"fact": fact.name, "value": chosen}


def _offered(context: Context, fact: Fact) -> list[str]:
    offered = (choice["do"] for choice in context.choices.values())
    return [do["value"] for do in offered
            if do.get("fact") == fact.name and do["value"] not in (NONE, UNKNOWN)]


__all__ = ["NONE", "pressed_answer"]
