"""Last week's messages, read by two models: what is read otherwise, and who is right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.assistant import Assistant
from bot.evaluation.score import Figure
from bot.journal.database import Database
from bot.journal.entries import understood
from bot.journal.tables import moment
from bot.learning.inbox.messages import messages_of
from bot.learning.inbox.proposals import as_read
from bot.learning.labels.label import Label
from bot.learning.runs.compared import shown
from bot.learning.runs.fixed_tests import Step

DAYS, MOST = 7, 2000
"""How far back messages are read again, and how many different ones."""


def heard(database: Database) -> tuple[str, list[Mapping[str, Any]]]:
    """Return since when, and what was written since: each text once, the most frequent first.

    Returns:
        The time, and messages of the inbox (:mod:`bot.learning.inbox.messages`).

    Raises:
        DatabaseDown: the log database is away.
    """
    since = datetime.now(timezone.utc) - timedelta(days=DAYS)
    found = messages_of(database.entries(since=since))
    return moment(since), sorted(found, key=lambda message: -message["times"])[:MOST]


async def read_messages(assistant: Assistant, texts: Iterable[str], step: Step) -> list[Label]:
    """Return what a model makes of some masked texts, as a reviewer would label them."""
    made = []
    for text in texts:
        reading = await assistant.read(text)
        made.append(Label.of_fields(as_read(understood(reading.as_dict(), {}))))
        step()
    return made


def compared_messages(
    since: str, messages: Sequence[Mapping[str, Any]], live: Sequence[Label],
    new: Sequence[Label], wanted: Mapping[str, Label], learnt: Iterable[str],
) -> dict[str, Any]:
    """Return the part ``logged`` of ``result.json``.

    Args:
        since: the time of the earliest message.
        messages: what was written.
        live, new: what the models made of it, in the same order.
        wanted: what reviewers say that it means, by key, where they do.
        learnt: keys of what the new model has learnt from: that it knows them proves little.
    """
    both = list(zip(messages, live, new))
    changed = [_changed(*one, wanted) for one in both if one[1].says != one[2].says]
    told = [(m["key"], was, now) for m, was, now in both if m["key"] in wanted]
    return {"since": since, "n": len(messages), "same": len(messages) - len(changed),
            "changed": changed, "labelled": _labelled(told, wanted, set(learnt))}


def _changed(
    message: Mapping[str, Any], was: Label, now: Label, wanted: Mapping[str, Label]
) -> dict[str, Any]:
    label = wanted.get(message["key"])
    return {"text": message["text"], "times": message["times"],
            "live": was.in_words(), "new": now.in_words(),
            "wanted": label.in_words() if label else None,
            "live_right": _is_right(was, label), "new_right": _is_right(now, label)}


def _is_right(read: Label, wanted: Label | None) -> bool | None:
    """Tell whether a reading is as labelled: the matter, and at least one facet; None: unknown."""
    if wanted is None or not wanted.usable:
        return None
    shared = set(read.facets) & set(wanted.facets)
    return read.matter == wanted.matter and bool(shared or not wanted.facets)


def _labelled(
    told: Sequence[tuple[str, Label, Label]], wanted: Mapping[str, Label], learnt: set[str]
) -> dict[str, Any]:
    judged = [(key, _is_right(was, wanted[key]), _is_right(now, wanted[key]))
              for key, was, now in told if wanted[key].usable]
    if not judged:
        return {"n": 0, "learnt": 0, "live": None, "new": None}
    return {"n": len(judged), "learnt": sum(key in learnt for key, _, _ in judged),
            "live": shown(Figure(sum(bool(was) for _, was, _ in judged), len(judged))),
            "new": shown(Figure(sum(bool(now) for _, _, now in judged), len(judged)))}


__all__ = ["DAYS", "MOST", "compared_messages", "heard", "read_messages"]
