"""What channels and background work tell those who run the server: one call, log and figures."""

from __future__ import annotations

from bot import metrics
from bot.logs import logger

_log = logger(__name__)


def turn_taken(channel: str, outcome: str, seconds: float) -> None:
    """Note a turn.

    Args:
        channel: the channel's name.
        outcome: the type of the card that says most (``answer``, ``question`` …), or ``text``.
        seconds: from the message's arrival to its replies.
    """
    metrics.turn(channel, outcome, seconds)
    _log.info("turn", channel=channel, outcome=outcome, milliseconds=round(seconds * 1000, 1))


def failed(where: str, error: BaseException) -> None:
    """Note a failure; ``where`` is one of few words of the code: ``turn``, ``delivery`` …"""
    metrics.failed(where)
    _log.error("failed", where=where, exc_info=error)


__all__ = ["failed", "turn_taken"]
