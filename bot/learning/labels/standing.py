"""What a label that is settled takes the place of, and what stands again once it stands no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.engine import Connection

from bot.learning.labels.data import TrainingData
from bot.learning.labels.judging import held_examples
from bot.learning.labels.label import Label
from bot.learning.labels.tables import (
    KNOWN,
    NO,
    REPLACED,
    SECOND,
    SETTLED,
    STANDING,
    YES,
    Row,
    add,
    change,
    label_of,
    labels,
    rows,
    settled_state,
)
from bot.staff.times import text_in


def take_over(db: Connection, data: TrainingData, row: Row) -> None:
    """Let a settled label take the place of whatever else is said of its sentence."""
    mine = label_of(row)
    for other in rows(db, labels.c.key == row["key"], labels.c.state.in_(STANDING)):
        if other["id"] != row["id"]:
            same = mine.covers(label_of(other)) and other["in_data"] == NO
            change(db, [other["id"]], **({"state": KNOWN} if same else _replaced(row)))
    for example in held_examples(db, data, row["key"]):
        label = Label.of_example(example)
        if not label.covers(mine):
            add(db, label, key=row["key"], text=example.text, by="", at=text_in(0), in_data=YES,
                **_replaced(row))


def replace(db: Connection, corrected: Iterable[Row], row: Row) -> None:
    """Let a label take the place of some others."""
    change(db, [other["id"] for other in corrected], **_replaced(row))


def let_go(db: Connection, data: TrainingData, row: Row) -> None:
    """Let stand again what a label, which stands no more, had taken the place of."""
    for other in rows(db, labels.c.replaced_by == row["id"], labels.c.state == REPLACED):
        _stand_again(db, data, other)
    for other in rows(db, labels.c.key == row["key"], labels.c.state == KNOWN):
        _stand_again(db, data, other)


def pass_on(db: Connection, row: Row) -> None:
    """Let what a replaced label had taken the place of be replaced by what replaced that label."""
    passed = rows(db, labels.c.replaced_by == row["id"], labels.c.state == REPLACED)
    change(db, [other["id"] for other in passed], replaced_by=row["replaced_by"])


def _replaced(row: Row) -> Mapping[str, Any]:
    return {"state": REPLACED, "replaced_by": row["id"]}


def _stand_again(db: Connection, data: TrainingData, row: Row) -> None:
    others = rows(db, labels.c.key == row["key"], labels.c.state.in_(SETTLED))
    said = [label_of(other) for other in others if other["id"] != row["id"]]
    if row["in_data"] == NO:
        said += map(Label.of_example, held_examples(db, data, row["key"]))
    label = label_of(row)
    covered = any(other.covers(label) for other in said)
    waits = row["against"] and not row["second_by"]
    state = KNOWN if covered else SECOND if waits else settled_state(label)
    change(db, [row["id"]], replaced_by=None, state=state)


__all__ = ["let_go", "pass_on", "replace", "take_over"]
