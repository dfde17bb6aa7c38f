"""The date: the one place that the dialogue, the cards and the pages take it from."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

_CHINA = timezone(timedelta(hours=8))
"""Asia/Shanghai, which knows no daylight saving time."""


def today() -> date:
    """Return the date in China."""
    return datetime.now(_CHINA).date()


__all__ = ["today"]
