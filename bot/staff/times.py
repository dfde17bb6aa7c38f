"""Times of the staff tables: texts in UTC, and from when on something is too old."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.journal.tables import moment

DAY = 86400.0
"""Seconds."""


def now() -> datetime:
    """Return the time of this machine, in UTC."""
    return datetime.now(timezone.utc)


def text_in(seconds: float) -> str:
    """Return the time so many seconds from now (before it, if negative), as tables hold it."""
    return moment(now() + timedelta(seconds=seconds))


def seconds_until(text: str) -> float:
    """Return how long it is until a time of a table."""
    return (datetime.fromisoformat(text) - now()).total_seconds()


__all__ = ["DAY", "now", "seconds_until", "text_in"]
