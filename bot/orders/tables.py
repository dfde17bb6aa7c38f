"""The tables of work orders in the staff database.

What is asked about has a column; what an agent edits is JSON beside it. Times are texts, as in the
log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from bot.errors import BadInput
from bot.staff.database import metadata
from bot.wording import say

DRAFT, CLOSED = "draft", "closed"
"""Where a work order stands."""

work_order = sa.Table(
    "work_order", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("day", sa.Text, nullable=False),
    sa.Column("nth", sa.Integer, nullable=False),
    sa.Column("conversation", sa.Text, nullable=False, index=True),
    sa.Column("agent", sa.Text, nullable=False, index=True),
    sa.Column("created_at", sa.Text, nullable=False, index=True),
    sa.Column("closed_at", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("due", sa.Boolean, nullable=False),  # closed, and still to be left for the platform
    sa.Column("content", sa.JSON, nullable=False),
    sa.UniqueConstraint("day", "nth"),
)

work_order_day = sa.Table(
    "work_order_day", metadata,
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)


_UNTOLD = ("content", "due", "day", "nth")
_NUMBER = re.compile(r"GD-(\d{8})-(\d{4,9})")


def number_of(day: str, nth: int) -> str:
    """Return the number of a day's nth work order."""
    return f"GD-{day}-{nth:04}"


def day_and_nth(number: str) -> tuple[str, int]:
    """Return what :func:`number_of` was given.

    Raises:
        BadInput: it is no number of a work order.
    """
    found = _NUMBER.fullmatch(number)
    if not found:
        raise BadInput(say("order_missing"), "number", 404)
    return found[1], int(found[2])


def order_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a work order from its row, with the ``conversation`` it is of."""
    order = {key: value for key, value in row.items() if key not in _UNTOLD}
    return {**order, "number": number_of(row["day"], row["nth"]), **row["content"]}


def exported(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return a work order as it leaves the desk (``order.schema.json``).

    Without its conversation: whoever knows a citizen's page by that name may open it.
    """
    return {key: value for key, value in order.items() if key != "conversation"}


__all__ = [
    "CLOSED", "DRAFT", "day_and_nth", "exported", "number_of", "order_of", "work_order",
    "work_order_day",
]
