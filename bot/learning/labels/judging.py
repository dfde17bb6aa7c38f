"""Whether a label agrees with what is there: the NLU files as they are to be, and other labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from bot.learning.keys import key_of
from bot.learning.labels.checking import Given
from bot.learning.labels.data import ALIKE, TrainingData, neighbours, plain
from bot.learning.labels.label import Label
from bot.learning.labels.tables import (
    APPROVED,
    KNOWN,
    NO,
    SECOND,
    SETTLED,
    STANDING,
    YES,
    Row,
    label_of,
    labels,
    rows,
    settled_state,
)
from bot.nlu.examples import Example

if TYPE_CHECKING:
    from bot.evaluation.nearness import Neighbours

Against = dict[str, Any]
"""See ``against`` of :data:`bot.learning.labels.tables.labels`."""


@dataclass(frozen=True)
class Judgement:
    """Where a label is to stand, and what it contradicts (None for nothing)."""

    state: str
    against: Against | None = None


class Standing:
    """What new labels are compared with, as it is when they come.

    Args:
        db: holds the table of labels.
        data: the NLU files.
        corrected: ids of rows that do not count: their own author thinks otherwise now.
    """

    def __init__(self, db: Connection, data: TrainingData, corrected: Iterable[int]) -> None:
        self.db, self.data, self.corrected = db, data, frozenset(corrected)

    @cached_property
    def unwritten(self) -> Sequence[Row]:
        """Labels that the NLU files may lack."""
        found = rows(self.db, labels.c.state == APPROVED, labels.c.in_data != YES)
        return [row for row in found if row["id"] not in self.corrected]

    @cached_property
    def neighbours(self) -> Neighbours:
        """Their sentences."""
        return neighbours([row["text"] for row in self.unwritten])

    def said_of(self, key: str) -> list[Row]:
        """Return the labels of a sentence that stand."""
        found = rows(self.db, labels.c.key == key, labels.c.state.in_(STANDING))
        return [row for row in found if row["id"] not in self.corrected]

    def held(self, key: str) -> list[Example]:
        """Return what the NLU files hold of a sentence; see :func:`held_examples`."""
        return held_examples(self.db, self.data, key, self.corrected)


def judged(standing: Standing, given: Given) -> Judgement:
    """Return where a new label is to stand."""
    others, examples = standing.said_of(given.key), standing.held(given.key)
    against = next(_differing(given.label, examples, others), None)
    if against:
        return Judgement(SECOND, against)
    settled = [Label.of_example(e) for e in examples]
    settled += [label_of(row) for row in others if row["state"] in SETTLED]
    if any(label.covers(given.label) for label in settled):
        return Judgement(KNOWN)
    near = _near(standing, given) if given.label.usable and not settled else None
    return Judgement(SECOND, near) if near else Judgement(settled_state(given.label))


def held_examples(
    db: Connection, data: TrainingData, key: str, besides: Iterable[int] = ()
) -> list[Example]:
    """Return the utterances of a key without those that are to be taken out.

    Args:
        data: the NLU files.
        key: of a sentence.
        besides: ids of rows that are taken out, too.
    """
    left = set(besides)
    mine = rows(db, labels.c.key == key, labels.c.in_data != NO)
    wanted = {label_of(row).meaning for row in mine
              if row["state"] == APPROVED and row["id"] not in left}
    outgoing = {label_of(row).meaning for row in mine} - wanted
    return [example for example in data.by_key.get(key, ())
            if Label.of_example(example).meaning not in outgoing]


def _differing(
    label: Label, examples: Iterable[Example], others: Iterable[Row]
) -> Iterator[Against]:
    """Yield what labels the same sentence otherwise."""
    for example in examples:
        if Label.of_example(example).says != label.says:
            yield _of_example("same_data", example)
    yield from ({"how": "same_label", "id": row["id"]} for row in others
                if label_of(row).says != label.says)


def _near(standing: Standing, given: Given) -> Against | None:
    """Return what is nearly the same sentence and means another matter; None for nothing."""
    for _, example in standing.data.near(given.text):
        key = key_of(example.text)
        if (key != given.key and Label.of_example(example).matter != given.label.matter
                and example in standing.held(key)):
            return _of_example("near_data", example)
    near = (standing.unwritten[n] for n, _ in standing.neighbours.of(plain(given.text), ALIKE))
    other = next((row for row in near if row["key"] != given.key
                  and label_of(row).matter != given.label.matter), None)
    return {"how": "near_label", "id": other["id"]} if other else None


def _of_example(how: str, example: Example) -> Against:
    return {"how": how, "text": example.text, "label": Label.of_example(example).as_fields()}


__all__ = ["Against", "Judgement", "Standing", "held_examples", "judged"]
