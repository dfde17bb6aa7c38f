"""The bot's part of an exchange: a turn that fails is one honest sentence, and changes nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from bot.assistant import Answered, Assistant
from bot.errors import BadInput
from bot.wording import say

_log = logging.getLogger(__name__)


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
    except Exception:
        _log.exception("a turn failed")
        return Answered(state or {"slots": {}, "loop": None}, [{"text": say("failed")}], None)


__all__ = ["take_turn"]
