"""What staff read of the log: entries as they are, or a conversation as a transcript."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import CHINA
from bot.journal.opening import shipped_log
from bot.settings import Settings
from knowledge.store import read_yaml

_DATA = Path(__file__).parents[1] / "data" / "transcript.yml"


def exported(conversation: str, since: datetime | None) -> Iterator[dict[str, Any]]:
    """Yield what is logged of a conversation, or of all from a day on, by time.

    What waits in this machine's spool is shipped first.

    Args:
        conversation: its id; '' for all.
        since: midnight of a day, in China.

    Raises:
        DatabaseDown: while it is read.
    """
    with shipped_log(Settings.from_environment()) as log:
        yield from log.entries(conversation, since.replace(tzinfo=CHINA) if since else None)


def transcript(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of a transcript."""
    words = read_yaml(_DATA)
    for entry in entries:
        at = datetime.fromisoformat(entry["at"]).astimezone(CHINA)
        yield f"{at:%Y-%m-%d %H:%M:%S}"
        told = _of_turn(entry, words) if entry["kind"] == "turn" else _of_event(entry, words)
        yield from ("  " + f"{who}：{what}".rstrip("：").replace("\n", "\n    ")
                    for who, what in told)


def _of_turn(entry: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield words["citizen"], entry["text"]
    yield from ((words["bot"], reply) for reply in entry["replies"])
    if entry["citations"]:
        yield words["citations"], "、".join(entry["citations"])
    if entry["feedback"]:
        yield words["feedback"], words["ratings"][entry["feedback"]]


def _of_event(entry: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    data = entry["data"]
    rating = words["ratings"].get(data.get("rating"), "")
    yield words["events"][entry["type"]], data.get("text") or rating or data.get("reason", "")


__all__ = ["exported", "transcript"]
