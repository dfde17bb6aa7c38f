"""What the NLU files still lack of the labels, and what they hold too much.

Two steps, the files written between them; see :meth:`bot.learning.labels.labels.Labels.pending`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.learning.labels.data import TrainingData
from bot.learning.labels.tables import (
    APPROVED,
    FORGOTTEN,
    MAYBE,
    NO,
    YES,
    Row,
    change,
    hold,
    label_of,
    labels,
    rows,
)
from bot.nlu.examples import Example

UNWRITTEN = sa.or_(sa.and_(labels.c.state == APPROVED, labels.c.in_data != YES),
                   sa.and_(labels.c.state != APPROVED, labels.c.in_data != NO))
"""Rows by which files and labels differ."""


@dataclass(frozen=True)
class Entry:
    """An utterance that is to be in the NLU files, or to be no more in them.

    Args:
        id: of the label, for :meth:`bot.learning.labels.labels.Labels.settle`.
        example: the utterance.
    """

    id: int
    example: Example


@dataclass(frozen=True)
class Pending:
    """What is to be taken out of the NLU files, and then added to them."""

    remove: tuple[Entry, ...]
    add: tuple[Entry, ...]


def pending(db: Connection, data: TrainingData) -> Pending:
    """Return what the files lack; from now on it counts as possibly written.

    Args:
        data: the NLU files.
    """
    hold(db)
    found = rows(db, sa.or_(labels.c.state == APPROVED, labels.c.in_data != NO))
    wanted = [row for row in found if row["state"] == APPROVED]
    meant = {_utterance(row) for row in wanted}
    outgoing = [row for row in found if row["state"] != APPROVED]
    moot = [row["id"] for row in outgoing if _utterance(row) in meant]
    settle(db, (), moot)
    remove = [row for row in outgoing if row["id"] not in moot]
    # What was written and is gone was lost with the files: a new release brings its own.
    lacking = [row for row in wanted if row["in_data"] != YES or row["key"] not in data.by_key]
    change(db, [row["id"] for row in (*remove, *lacking)], in_data=MAYBE)
    return Pending(_entries(remove), _entries(lacking))


def settle(db: Connection, added: Iterable[int], removed: Iterable[int]) -> None:
    """Note what is in the files now, and what is no more."""
    hold(db)
    change(db, added, in_data=YES)
    change(db, removed, in_data=NO)
    db.execute(labels.delete().where(labels.c.state == FORGOTTEN, labels.c.in_data == NO))


def _utterance(row: Row) -> tuple[object, ...]:
    return row["key"], label_of(row).meaning


def _entries(found: Iterable[Row]) -> tuple[Entry, ...]:
    return tuple(Entry(row["id"], label_of(row).as_example(row["text"])) for row in found)


__all__ = ["UNWRITTEN", "Entry", "Pending", "pending", "settle"]
