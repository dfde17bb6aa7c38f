"""Labels of conversations that are deleted."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import INSERT
from bot.learning.labels.data import TrainingData
from bot.learning.labels.standing import let_go, pass_on
from bot.learning.labels.tables import (
    FORGOTTEN,
    NO,
    REPLACED,
    STANDING,
    Row,
    change,
    hold,
    labels,
    rows,
)
from bot.learning.labels.words import refuse
from bot.staff.database import metadata

_forgotten = sa.Table(
    "staff_label_forgotten", metadata,
    sa.Column("conversation_sha256", sa.Text, primary_key=True),
)
"""Conversations of which nothing may be labelled any more, on however old a page."""


def close(db: Connection, conversation: str) -> bool:
    """See to it that nothing of a conversation is labelled from now on; tell whether some is."""
    hold(db)
    db.execute(INSERT[db.dialect.name](_forgotten).values(
        conversation_sha256=_name(conversation)).on_conflict_do_nothing())
    return bool(rows(db, labels.c.conversation == conversation))


def check_not_forgotten(db: Connection, conversation: str) -> None:
    """See to it that a conversation is still there; '' always is.

    Raises:
        BadInput: 409; it was deleted.
    """
    gone = sa.select(_forgotten).where(_forgotten.c.conversation_sha256 == _name(conversation))
    if conversation and db.execute(gone).first():
        refuse("forgotten", "sources", 409)


def forget(db: Connection, data: TrainingData, conversation: str) -> int:
    """Delete the labels of a conversation, and the source of those that are in the NLU files.

    Args:
        data: the NLU files.
        conversation: its id.

    Returns:
        Of how many labels something was deleted.
    """
    hold(db)
    found = rows(db, labels.c.conversation == conversation)
    for row in found:
        _forget(db, data, row)
    return len(found)


def _forget(db: Connection, data: TrainingData, row: Row) -> None:
    if row["in_data"] == NO:
        db.execute(labels.delete().where(labels.c.id == row["id"]))
        if row["state"] in STANDING:
            let_go(db, data, row)
        elif row["state"] == REPLACED:
            pass_on(db, row)
        return
    change(db, [row["id"]], original="", original_key="", turn="", conversation="")
    if row["state"] not in STANDING:
        pass_on(db, row)
        change(db, [row["id"]], state=FORGOTTEN)  # deleted once it is taken out of the files


def _name(conversation: str) -> str:
    return hashlib.sha256(conversation.encode("utf-8", "replace")).hexdigest()


__all__ = ["check_not_forgotten", "close", "forget"]
