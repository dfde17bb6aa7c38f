"""The inbox as a file of lines, to be reviewed elsewhere, and the labels that come back in it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.errors import BadInput
from bot.learning.inbox.grouping import Group
from bot.learning.inbox.words import inbox_words
from bot.learning.labels.checking import checked_label
from bot.learning.labels.labels import Labels


@dataclass
class Taken:
    """What became of the lines of a file.

    Attributes:
        states: how many labels have which state.
        skipped: lines without a label.
        refused: a sentence for each line that could not be used.
    """

    states: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    refused: list[str] = field(default_factory=list)


def lines_of(groups: Iterable[Group]) -> Iterator[dict[str, Any]]:
    """Yield a line for each message of some groups.

    Each is ``{"group", "text", "original", "turn", "conversation", "at", "times", "why",
    "proposed", "evidence", "label"}``. ``label`` is None: nothing is confirmed by merely sending
    the file back. A reviewer puts ``true`` there for what is proposed, or the fields of a label;
    ``text`` may be edited.
    """
    words = inbox_words()
    for group in groups:
        for message in group["messages"]:
            yield {
                "group": group["id"], "text": message["text"], "original": message["text"],
                "turn": message["turn"], "conversation": message["conversation"],
                "at": message["at"], "times": message["times"],
                "why": [signal["text"] for signal in message["signals"]],
                "proposed": group["proposed"], "evidence": words["proposals"][group["evidence"]],
                "label": None}


async def save_lines(labels: Labels, lines: Iterable[str], by: str) -> Taken:
    """Save the labels that stand in the lines of a file; a line that is refused stops no other.

    Args:
        labels: where to.
        lines: JSON, as :func:`lines_of` yields them, with labels.
        by: 工号 of the reviewer.

    Raises:
        DatabaseDown: the lines so far are saved.
    """
    taken = Taken()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            told = await _save(labels, line, by)
        except BadInput as error:
            taken.refused.append(inbox_words()["file"]["line"].format(number=number, why=error))
            continue
        taken.skipped += not told
        taken.states.update(one["state"] for one in told)
    return taken


async def _save(labels: Labels, line: str, by: str) -> list[dict[str, Any]]:
    """Save the label of one line; return what became of it, [] where there is none."""
    said = _parsed(line)
    chosen = said.get("proposed") if said.get("label") is True else said.get("label")
    if not chosen:
        return []
    label = await asyncio.to_thread(checked_label, chosen)
    source = {name: said.get(name) for name in ("text", "original", "turn", "conversation")}
    return await labels.save([source], label, by)


def _parsed(line: str) -> Mapping[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    if not isinstance(said, Mapping):
        raise BadInput(inbox_words()["file"]["no_json"])
    return said


__all__ = ["Taken", "lines_of", "save_lines"]
