"""Weeks in China, from Monday on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.clock import CHINA
from bot.errors import BadInput
from bot.wording import say

FEW, MOST = 4, 26
"""Weeks that are looked at unless somebody asks for more, and at most: the log is no older."""


def week_of(at: str) -> date:
    """Return the Monday of the week in China that a time of the log (ISO 8601) is in."""
    day = datetime.fromisoformat(at).astimezone(CHINA).date()
    return day - timedelta(days=day.weekday())


def period(weeks: Any, now: datetime) -> tuple[datetime, datetime]:
    """Return the last weeks, the present one with what there is of it so far.

    Args:
        weeks: how many, as it came in a request; None for :data:`FEW`.
        now: the time, aware.

    Raises:
        BadInput: no number from 1 to :data:`MOST`.
    """
    text = str(FEW if weeks is None else weeks)
    if not text.isdecimal() or not text.isascii() or not 1 <= int(text[:9]) <= MOST:
        raise BadInput(say("bad_weeks", most=MOST), "weeks")
    first = week_of(now.isoformat()) - timedelta(weeks=int(text) - 1)
    return datetime.combine(first, time(), CHINA), now


def weeks_in(since: datetime, until: datetime) -> list[date]:
    """Return the Mondays of the weeks of a period, the first one first."""
    first, last = week_of(since.isoformat()), week_of(until.isoformat())
    return [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]


def of_late(counts: Sequence[int]) -> dict[str, int | None]:
    """Return the count of the last whole week, and what the whole weeks before it had on average.

    Args:
        counts: of each week, the present one, which is not over, last.

    Returns:
        ``{"last_week", "before"}``; None where there was no such week.
    """
    *before, last = counts[:-1] or [None]
    return {"last_week": last, "before": round(sum(before) / len(before)) if before else None}


__all__ = ["FEW", "MOST", "of_late", "period", "week_of", "weeks_in"]
