"""The table of labels in the staff database, and where a label can stand.

One row for each sentence that somebody labelled, never changed but in where it stands; and one for
each utterance of the NLU files that a label has taken the place of (``by`` is '').
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import INSERT
from bot.learning.labels.label import Label
from bot.staff.database import metadata

APPROVED, UNUSABLE, KNOWN, SECOND = "approved", "unusable", "known", "second"
REPLACED, REJECTED, WITHDRAWN, FORGOTTEN = "replaced", "rejected", "withdrawn", "forgotten"
"""Where a label stands: ``data/labelling.yml`` names each."""

SETTLED = (APPROVED, UNUSABLE)
"""What counts against another label."""

STANDING = (*SETTLED, KNOWN, SECOND)
"""What keeps a message out of the inbox."""

NO, MAYBE, YES = "no", "maybe", "yes"
"""Whether the utterance is in the NLU files; ``maybe`` from before they are touched."""

GREATEST_ID = 2**31 - 1

Row = Mapping[str, Any]
"""A row of :data:`labels`."""

labels = sa.Table(
    "staff_label", metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.Text, nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("original_key", sa.Text, nullable=False, index=True),
    sa.Column("original", sa.Text, nullable=False),  # '' where the text was not edited
    sa.Column("turn", sa.Text, nullable=False),
    sa.Column("conversation", sa.Text, nullable=False, index=True),
    sa.Column("intent", sa.Text, nullable=False, index=True),
    sa.Column("label", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("in_data", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False, index=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("second_by", sa.Text, nullable=False),
    sa.Column("second_at", sa.Text, nullable=False),
    sa.Column("withdrawn_by", sa.Text, nullable=False),
    sa.Column("withdrawn_at", sa.Text, nullable=False),
    sa.Column("replaced_by", sa.Integer, index=True),
    sa.Column("against", sa.JSON),
    sqlite_autoincrement=True,  # the id of a deleted row is never another's
)
"""``against``: ``{"how", "text", "label"}`` of an utterance that it contradicts, or
``{"how", "id"}`` of another row, whose text is not kept twice."""

_turn = sa.Table(
    "staff_label_turn", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
)

_EMPTY = {"original_key": "", "original": "", "turn": "", "conversation": "", "in_data": NO,
          "second_by": "", "second_at": "", "withdrawn_by": "", "withdrawn_at": "",
          "replaced_by": None, "against": None}


def hold(db: Connection) -> None:
    """See to it that nobody else judges or changes labels until this transaction ends."""
    db.execute(INSERT[db.dialect.name](_turn).values(id=1).on_conflict_do_nothing())
    db.execute(sa.select(_turn).with_for_update())


def add(db: Connection, label: Label, **values: Any) -> dict[str, Any]:
    """Add a row; return it. Columns that are not given are empty."""
    row = {**_EMPTY, "intent": label.intent, "label": label.as_fields(), **values}
    return {**row, "id": db.execute(sa.insert(labels).values(**row)).inserted_primary_key[0]}


def change(db: Connection, ids: Iterable[int], **values: Any) -> None:
    """Change rows by their ids."""
    for some in batches(list(ids)):
        db.execute(sa.update(labels).where(labels.c.id.in_(some)).values(**values))


def rows(db: Connection, *which: Any) -> list[dict[str, Any]]:
    """Return the rows that fulfil all conditions, the oldest first."""
    chosen = sa.select(labels).where(*which).order_by(labels.c.id)
    return [dict(row) for row in db.execute(chosen).mappings()]


def batches(values: list[Any], size: int = 400) -> Iterable[list[Any]]:
    """Yield the values in lists that a database takes as parameters."""
    return (values[n : n + size] for n in range(0, len(values), size))


def label_of(row: Row) -> Label:
    """Return the label that a row holds."""
    return Label.of_fields(row["label"])


def settled_state(label: Label) -> str:
    """Return where a label stands that nothing contradicts."""
    return APPROVED if label.usable else UNUSABLE


__all__ = [
    "APPROVED", "FORGOTTEN", "GREATEST_ID", "KNOWN", "MAYBE", "NO", "REJECTED", "REPLACED",
    "SECOND", "SETTLED", "STANDING", "UNUSABLE", "WITHDRAWN", "YES", "Row", "add", "batches",
    "change", "hold", "label_of", "labels", "rows", "settled_state",
]
