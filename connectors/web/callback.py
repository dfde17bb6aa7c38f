"""The call-back number that a citizen may leave while waiting for a person or served by one.

The number goes from the frame into :class:`bot.staff.numbers.Numbers` and nowhere else: no message,
record, event or log line holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from bot.errors import BadInput
from bot.staff.numbers import Numbers, told
from bot.store import StoredMessage
from bot.switchboard import BOT, PERSON, Talk


def offered(data: Mapping[str, Any], numbers: Numbers) -> dict[str, str] | None:
    """Return what a page shows of the call-back number; None for nothing.

    Args:
        data: of the conversation's record.
        numbers: of this installation.

    Returns:
        ``until``: when the number that is kept will be deleted ('' for none); ``consent``: what
        a number that is left is agreed to be used for.
    """
    until = data.get("callback", "")
    if until and datetime.fromisoformat(until) <= datetime.now(timezone.utc):
        until = ""
    wanted = data.get("holder", BOT) == PERSON or bool(data.get("waiting"))
    return {"until": until, "consent": numbers.consent} if wanted or until else None


async def keep(talk: Talk, numbers: Numbers, frame: Mapping[str, Any]) -> list[StoredMessage]:
    """Keep the number of a frame.

    Raises:
        BadInput: nobody is there who would call, it was not agreed to, or it does not ring.
    """
    number = frame.get("number")
    if talk.holder != PERSON and not talk.waiting:
        raise BadInput(told("not_now"), "number", 409)
    if frame.get("consent") is not True:
        raise BadInput(told("no_consent"), "consent")
    if not isinstance(number, str):
        raise BadInput(told("bad_number"), "number")
    kept = await numbers.keep(talk.conversation, number)
    if not kept.new and talk.callback == kept.until:
        return []
    return talk.call_back(kept.until, told("kept", days=numbers.keep_days))


async def withdraw(talk: Talk, numbers: Numbers) -> list[StoredMessage]:
    """Delete the number; where there is none nothing changes."""
    await numbers.forget(talk.conversation)
    return talk.call_back("", told("withdrawn")) if talk.callback else []


__all__ = ["keep", "offered", "withdraw"]
