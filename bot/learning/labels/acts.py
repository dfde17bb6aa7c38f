"""What reviewers do with labels, each within a transaction that holds the table."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from bot.learning.labels.checking import Given, checked_sources
from bot.learning.labels.data import TrainingData
from bot.learning.labels.forgetting import check_not_forgotten
from bot.learning.labels.judging import Standing, judged
from bot.learning.labels.label import Label
from bot.learning.labels.standing import let_go, pass_on, replace, take_over
from bot.learning.labels.tables import (
    GREATEST_ID,
    REJECTED,
    REPLACED,
    SECOND,
    SETTLED,
    STANDING,
    WITHDRAWN,
    Row,
    add,
    change,
    hold,
    label_of,
    labels,
    rows,
    settled_state,
)
from bot.learning.labels.words import refuse
from bot.staff.audit import note_in
from bot.staff.times import text_in


def save(db: Connection, data: TrainingData, given: Sequence[Given], by: str) -> list[Row]:
    """Save the label of some sentences; return their rows in the same order.

    Args:
        data: the NLU files.
        given: the sentences with their labels.
        by: 工号 of the reviewer.
    """
    hold(db)
    mine = [row for one in given for row in _corrected(db, one, by)]
    standing = Standing(db, data, (row["id"] for row in mine))
    saved = [_save(standing, one, by, [row for row in mine if row["key"] == one.key])
             for one in given]
    first = saved[0]
    note_in(db, by, "labelled", str(first["id"]), {
        "sentences": len(saved), "label": label_of(first).in_words()})
    return [_row(db, row["id"]) for row in saved]


def second(
    db: Connection, data: TrainingData, label_id: int, agree: bool, label: Label | None, by: str
) -> Row:
    """Settle a label that waits for a second reading; return the row that counts from now on.

    Args:
        data: the NLU files.
        label_id: of the row.
        agree: whether it is right.
        label: what is right instead; None for not having said.
        by: 工号 of the second reader.

    Raises:
        BadInput: 404, there is none; 409, it does not wait, or it is the reader's own.
    """
    hold(db)
    row = _row(db, label_id)
    if row["state"] != SECOND:
        refuse("no_second", "id", 409)
    if row["by"] == by:
        refuse("own_second", "id", 409)
    if agree:
        _agree(db, data, row, by)
    else:
        change(db, [row["id"]], state=REJECTED, second_by=by, second_at=text_in(0))
        let_go(db, data, row)
    note_in(db, by, "label_agreed" if agree else "label_rejected", str(label_id))
    if agree or label is None:
        return _row(db, label_id)
    return save(db, data, [_again(data, row, label)], by)[0]


def undo(db: Connection, data: TrainingData, label_id: int, by: str) -> Row:
    """Withdraw a label; return its row. One that stands no more stays as it is.

    Raises:
        BadInput: 404; there is none.
    """
    hold(db)
    row = _row(db, label_id)
    if row["state"] not in (*STANDING, REPLACED) or not row["by"]:
        return row
    change(db, [label_id], state=WITHDRAWN, withdrawn_by=by, withdrawn_at=text_in(0))
    if row["state"] == REPLACED:
        pass_on(db, row)
    else:
        let_go(db, data, row)
    note_in(db, by, "label_withdrawn", str(label_id))
    return _row(db, label_id)


def _corrected(db: Connection, given: Given, by: str) -> list[Row]:
    """Return somebody's own labels that another one puts right: nobody else has agreed to them."""
    mine = rows(db, labels.c.key == given.key, labels.c.state.in_(STANDING), labels.c.by == by,
                labels.c.second_by == "")
    return [row for row in mine if label_of(row).says != given.label.says]


def _save(standing: Standing, given: Given, by: str, corrected: Sequence[Row]) -> Row:
    for row in standing.said_of(given.key):
        own = row["by"] == by
        if own and label_of(row) == given.label and row["turn"] == given.turn:
            return row  # the same act again, its answer was lost
        if not own and row["state"] == SECOND and label_of(row).covers(given.label):
            return _agree(standing.db, standing.data, row, by)  # two have read it the same way
    return _add(standing, given, by, corrected)


def _add(standing: Standing, given: Given, by: str, corrected: Sequence[Row]) -> Row:
    db = standing.db
    check_not_forgotten(db, given.conversation)
    judgement = judged(standing, given)
    row = add(db, given.label, key=given.key, text=given.text, original=given.original,
              original_key=given.original_key, turn=given.turn, conversation=given.conversation,
              state=judgement.state, against=judgement.against, by=by, at=text_in(0))
    replace(db, corrected, row)
    if judgement.state in SETTLED:
        take_over(db, standing.data, row)
    return row


def _agree(db: Connection, data: TrainingData, row: Row, by: str) -> Row:
    change(db, [row["id"]], state=settled_state(label_of(row)), second_by=by,
           second_at=text_in(0))
    take_over(db, data, row)
    return row


def _again(data: TrainingData, row: Row, label: Label) -> Given:
    """Return the sentence of a row with another label."""
    given = checked_sources([{**row, "original": ""}], label, data.by_key)[0]
    kept = {name: row[name] for name in ("key", "original", "original_key")}
    return dataclasses.replace(given, **kept)


def _row(db: Connection, label_id: int) -> dict[str, Any]:
    found = rows(db, labels.c.id == label_id) if 0 < label_id <= GREATEST_ID else ()
    if not found:
        refuse("missing", "id", 404)
    return found[0]


__all__ = ["save", "second", "undo"]
