"""Date and time: the one place that the dialogue, the cards and the pages take it from."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""Asia/Shanghai, which knows no daylight saving time."""


def today() -> date:
    """Return the date in China."""
    return datetime.now(CHINA).date()


def now() -> float:
    """Return the time, in seconds since the epoch."""
    return time.time()


__all__ = ["CHINA", "now", "today"]
