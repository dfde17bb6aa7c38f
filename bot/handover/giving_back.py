"""The bot goes on with a conversation that a person has left, where it was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.context import Context
from bot.dialogue.questions import ask
from bot.handover.notes import agent_left
from bot.messages import Reply
from knowledge.store import KnowledgeBase


def given_back(
    kb: KnowledgeBase, slots: Mapping[str, Any], now: float
) -> tuple[dict[str, Any], tuple[Reply, ...]]:
    """Return the slots from now on, and what is said: that the bot is back, and its open question.

    Args:
        kb: the knowledge base.
        slots: of the conversation, as its record keeps them.
        now: the time, in seconds since the epoch.
    """
    context = replace(Context.from_slots(slots), misses=0, limits=0)
    asked = ask(kb, context, now) if context.asked else None
    if asked is None or not asked.replies:
        return {**slots, **context.as_slots()}, (agent_left(in_form=False),)
    return {**slots, **asked.context.as_slots()}, (agent_left(in_form=True), *asked.replies)


__all__ = ["given_back"]
