"""What an account may see of conversations, and in which it may act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.errors import BadInput
from bot.staff.accounts import Account
from bot.switchboard import BOT, PERSON
from bot.wording import say

DESK, ALL, TEXTS, FIGURES = "desk", "all_conversations", "shared_texts", "figures"
"""The permissions that the desk knows; see ``bot/data/roles.yml``."""


def has(account: Account, data: Mapping[str, Any]) -> bool:
    """Tell whether an account has a conversation, at our desk.

    Args:
        data: of the conversation's record.
    """
    return is_held(data) and bool(data.get("desk")) and data.get("agent") == account.id


def is_held(data: Mapping[str, Any]) -> bool:
    """Tell whether a person has a conversation."""
    return bool(data.get("holder", BOT) == PERSON)


def may_read(account: Account, data: Mapping[str, Any]) -> bool:
    """Tell whether an account may read a conversation.

    Some may read all; others what waits, what they have, and what they had and nobody has.
    """
    if account.may(ALL) or has(account, data):
        return True
    mine = account.id in data.get("served_by", ())
    return not is_held(data) and (bool(data.get("waiting")) or mine)


def check_readable(account: Account, data: Mapping[str, Any]) -> None:
    """See to it that an account may read a conversation.

    Raises:
        BadInput: 409, somebody else has it; 404, there is none that the account may know of.
    """
    if not data or not may_read(account, data):
        if account.id in data.get("served_by", ()) and is_held(data):
            raise BadInput(say("held_by_other", agent=data["agent"]), "conversation", 409)
        raise BadInput(say("desk_no_conversation"), "conversation", 404)


__all__ = [
    "ALL", "DESK", "FIGURES", "TEXTS", "check_readable", "has", "is_held", "may_read",
]
