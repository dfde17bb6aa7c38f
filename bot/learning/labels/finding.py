"""Labels as they are shown: found, told with what they contradict, counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.learning.labels.label import Label
from bot.learning.labels.one_line import one_line
from bot.learning.labels.tables import (
    GREATEST_ID,
    KNOWN,
    NO,
    REJECTED,
    SETTLED,
    STANDING,
    Row,
    batches,
    label_of,
    labels,
    rows,
)
from bot.learning.labels.words import words
from bot.learning.labels.writing import UNWRITTEN

MOST_AT_ONCE = 200

Told = dict[str, Any]
"""A label as it is shown: ``{"id", "text", "original", "label" (fields), "in_words", "state",
"state_text", "by", "at", "second_by", "second_at", "withdrawn_by", "withdrawn_at", "written",
"why", "against"}``. ``written``: whether the NLU files hold it; ``why``: the sentence that says
what it contradicts, '' for nothing; ``against``: that as ``{"text", "label"}``, or None."""

_SHOWN = ("id", "text", "original", "label", "state", "by", "at", "second_by", "second_at",
          "withdrawn_by", "withdrawn_at")


def find(
    db: Connection, query: str, by: str, state: str, intent: str, before: int | None, limit: int
) -> list[Told]:
    """Return labels, the newest first; see :meth:`bot.learning.labels.labels.Labels.find`."""
    wanted = {labels.c.by: by, labels.c.state: state, labels.c.intent: intent}
    chosen = sa.select(labels).where(labels.c.by != "", *(
        column == one_line(value) for column, value in wanted.items() if value))
    if query := one_line(query):
        chosen = chosen.where(sa.or_(*(column.contains(query, autoescape=True)
                                       for column in (labels.c.text, labels.c.original))))
    if before is not None:
        chosen = chosen.where(labels.c.id < min(before, GREATEST_ID))
    chosen = chosen.order_by(labels.c.id.desc()).limit(min(limit, MOST_AT_ONCE))
    return told(db, [dict(row) for row in db.execute(chosen).mappings()])


def told(db: Connection, found: Sequence[Row]) -> list[Told]:
    """Return rows as they are shown."""
    ids = [row["against"]["id"] for row in found if row["against"] and "id" in row["against"]]
    others = {row["id"]: row for row in rows(db, labels.c.id.in_(ids))} if ids else {}
    return [_told(row, others) for row in found]


def history(db: Connection, key: str) -> list[dict[str, Any]]:
    """Return who did what with the labels of a sentence, in order."""
    found = rows(db, sa.or_(labels.c.key == key, labels.c.original_key == key), labels.c.by != "")
    acts = [act for row in told(db, found) for act in _acts(row)]
    return sorted(acts, key=lambda act: act["at"])


def _by_key(db: Connection, keys: Iterable[str], states: Sequence[str]) -> dict[str, Label]:
    """Return the labels of sentences, or of messages that were edited, by their keys."""
    labelled: dict[str, Label] = {}
    for some in batches(list(keys)):
        which = sa.or_(labels.c.key.in_(some), labels.c.original_key.in_(some))
        for row in rows(db, which, labels.c.state.in_(states)):
            labelled |= dict.fromkeys((row["original_key"], row["key"]), label_of(row))
    return labelled


def known(db: Connection, keys: Iterable[str]) -> set[str]:
    """Return which of some keys somebody has labelled."""
    wanted = set(keys)
    return wanted & _by_key(db, wanted, STANDING).keys()


def settled(db: Connection, keys: Iterable[str]) -> dict[str, Label]:
    """Return the labels that nobody contradicts, of some keys."""
    wanted = set(keys)
    return {key: label for key, label in _by_key(db, wanted, SETTLED).items() if key in wanted}


def reread(db: Connection, keys: Iterable[str], since: str) -> set[str]:
    """Return which of some keys somebody has labelled since a time, or just as the data do."""
    later = sa.or_(labels.c.at >= since, labels.c.state == KNOWN)
    return {row["key"] for some in batches(list(keys)) for row in rows(
        db, labels.c.key.in_(some), labels.c.by != "", labels.c.state.in_(STANDING), later)}


def counts(db: Connection) -> dict[str, int]:
    """Return how many labels stand where, and how many the NLU files differ by."""
    states = sa.select(labels.c.state, sa.func.count()).where(labels.c.by != "").group_by(
        labels.c.state)
    unwritten = sa.select(sa.func.count()).select_from(labels).where(UNWRITTEN)
    return {**dict.fromkeys(words()["states"], 0), **dict(db.execute(states).all()),
            "unwritten": db.execute(unwritten).scalar_one()}


def _told(row: Row, others: Mapping[int, Row]) -> Told:
    against = _against(row["against"], others)
    return {**{name: row[name] for name in _SHOWN}, "in_words": label_of(row).in_words(),
            "state_text": words()["states"][row["state"]], "written": row["in_data"] != NO,
            "why": _why(row["against"], against), "against": against and {
                "text": against["text"], "label": against["label"]}}


def _against(against: Mapping[str, Any] | None, others: Mapping[int, Row]) -> Row | None:
    """Return what a label contradicts; None where that is nothing, or gone."""
    return others.get(against["id"]) if against and "id" in against else against


def _why(against: Mapping[str, Any] | None, other: Row | None) -> str:
    if against is None or other is None:
        return words()["against"]["gone"] if against else ""
    sentence = words()["against"][against["how"]]
    return str(sentence.format(text=other["text"], by=other.get("by", ""),
                               label=label_of(other).in_words()))


def _acts(row: Told) -> Iterator[dict[str, Any]]:
    names = words()["acts"]
    second = "rejected" if row["state"] == REJECTED else "agreed"
    for act, who in (("labelled", ""), (second, "second_"), ("withdrawn", "withdrawn_")):
        if row[f"{who}by"]:
            yield {"at": row[f"{who}at"], "by": row[f"{who}by"], "act": act, "text": names[act],
                   "id": row["id"], "in_words": row["in_words"]}


__all__ = ["MOST_AT_ONCE", "Told", "counts", "find", "history", "known", "reread", "settled",
           "told"]
