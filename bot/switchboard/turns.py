"""The bot's part of an exchange: a turn that fails is one honest sentence, and changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bot import operation
from bot.assistant import Answered, Assistant
from bot.errors import BadInput
from bot.handover.notes import wanted
from bot.store import StoredMessage

_SAYS_MOST = ("answer", "question", "choices", "handoff", "notice")
"""Types of cards, the one that tells best what a turn came to first."""


async def take_turn(
    assistant: Assistant, conversation: str, text: str, data: Mapping[str, Any]
) -> Answered:
    """Return what the bot makes of a message in a conversation.

    Args:
        data: the conversation's record; its ``slots`` and ``loop`` are the bot's state.

    Raises:
        BadInput: the bot is not ready yet.
    """
    state = {"slots": data["slots"], "loop": data["loop"]} if "slots" in data else None
    try:
        return await assistant.answer(conversation, text, state)
    except (asyncio.CancelledError, BadInput):
        raise
    except Exception as error:
        operation.failed("turn", error)
        sorry = wanted("failed")
        replies = [{"text": sorry.text, "custom": dict(sorry.card)}]
        return Answered(state or {"slots": {}, "loop": None}, replies, None,
                        assistant.version)


def outcome_of(turn: Answered) -> str:
    """Return the type of the card that says most of what a turn came to; ``text`` without any."""
    types = {reply["custom"]["type"] for reply in turn.replies if reply.get("custom")}
    return next((kind for kind in _SAYS_MOST if kind in types), "text")


def open_question(replies: Sequence[StoredMessage]) -> Mapping[str, Any] | None:
    """Return the question that the replies end with, to be put again as it was."""
    last = replies[-1] if replies else None
    asks = last is not None and last.card and last.card["type"] == "question"
    return {"text": last.text, "card": last.card} if last and asks else None


__all__ = ["open_question", "outcome_of", "take_turn"]
