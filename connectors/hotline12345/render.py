"""Stored messages as the platform gets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.store import StoredMessage


def replies_of(
    messages: Iterable[StoredMessage], cards: bool, after: int = 0
) -> list[dict[str, Any]]:
    """Return those of the messages that are for the citizen, as a ``Reply`` of the contract each.

    What the platform has sent itself, and what happened to its agents, it knows.

    Args:
        messages: of a transcript, in order, with those that they answer.
        cards: whether the platform shows cards; else the text says everything.
        after: leave out the messages up to this number.
    """
    messages = list(messages)
    asked = {m.seq: m.client_id for m in messages if m.author == "citizen"}
    return [_reply(m, cards, asked) for m in messages if m.seq > after and _is_reply(m)]


def _is_reply(message: StoredMessage) -> bool:
    return message.author == "bot" or message.author == "system" and bool(message.reply_to)


def _reply(
    message: StoredMessage, cards: bool, asked: Mapping[int | None, str | None]
) -> dict[str, Any]:
    card = message.card if cards else None
    choices = [*(card or {}).get("choices", ()), *(card or {}).get("others", ())]
    parts = {"card": card, "choices": choices, "in_reply_to": asked.get(message.reply_to)}
    return {"seq": message.seq, "author": message.author, "text": message.text,
            **{name: part for name, part in parts.items() if part}}


__all__ = ["replies_of"]
