"""In whose name things are asked, and replies that tell of somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue.context import Context
from bot.people import PROXY, called, goes_for
from bot.understanding import Understanding
from bot.wording import say, wording
from knowledge.engine import Question

SITE = "所在"
"""The role of the place where an employer, a hospital or a pharmacy is."""


def place_question(context: Context, role: str) -> str:
    """Return the question for the place whose guide answers, by its role."""
    if role == SITE and context.asks_for:
        return say("ask_site", who=context.who)
    whose = say("whose", who=called(context.asks_for)) if context.asks_for else ""
    text = wording()["ask_place_where"].get(role, wording()["ask_place"])
    return str(text).format(whose=whose)


def only_another_person(asked: Question, context: Context, reading: Understanding) -> bool:
    """Tell whether a message just says that the matter is somebody else's (是给我爸问的)."""
    another = reading.asks_for_said and reading.asks_for != context.asks_for
    return another and asked.fact.name not in reading.facts


def goes_instead(
    asked: Question, context: Context, reading: Understanding
) -> Mapping[str, Any] | None:
    """Take 我自己去, said by somebody who asks for another, to mean: in their place."""
    fact, value = PROXY
    instead = asked.fact.name == fact and goes_for(context.asks_for, reading.plain)
    return {"fact": fact, "value": value} if instead else None


__all__ = ["goes_instead", "only_another_person", "place_question"]
