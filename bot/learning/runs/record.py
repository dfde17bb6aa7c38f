"""What lies in the folder of one run, and whether its process lives.

A run's process holds the lock of its folder for as long as it lives, however it ends; its number
would tell nothing once the machine has given it to another.
"""

from __future__ import annotations

import fcntl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.files import read_json, write_json
from bot.journal.tables import moment

ENDED = frozenset({"done", "failed", "cancelled", "died"})
"""The statuses of a run that is over."""


@dataclass(frozen=True)
class Record:
    """The folder of a run: who began it, how far it is, its log, result and pictures."""

    folder: Path

    @property
    def log(self) -> Path:
        """What the process printed."""
        return self.folder / "log.txt"

    @property
    def pictures(self) -> Path:
        """The folder of the pictures."""
        return self.folder / "pictures"

    @property
    def scratch(self) -> Path:
        """The folder of what is needed while it runs only."""
        return self.folder / "scratch"

    @property
    def lock(self) -> Path:
        """The file whose lock the process holds while it lives."""
        return self.folder / "lock"

    @property
    def begun(self) -> dict[str, Any]:
        """``{"run", "kind", "by", "begun"}``; {} where there is no such run."""
        return read_json(self.folder / "run.json") or {}

    @property
    def cancelled_by(self) -> str:
        """Who wants it to end; '' where nobody does."""
        return str((read_json(self.folder / "cancel.json") or {}).get("by", ""))

    def is_alive(self) -> bool:
        """Tell whether the process of this run still lives."""
        try:
            with self.lock.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False
        return False

    def progress(self) -> dict[str, Any]:
        """Return what the process last wrote of itself; {} before that."""
        return read_json(self.folder / "progress.json") or {}

    def result(self) -> dict[str, Any]:
        """Return the result; {} where there is none yet."""
        return read_json(self.folder / "result.json") or {}

    def write(self, name: str, value: Mapping[str, Any]) -> None:
        """Replace ``run``, ``cancel``, ``progress`` or ``result`` by another."""
        write_json(self.folder / f"{name}.json", value)


def now_text() -> str:
    """Return the time, in UTC with milliseconds."""
    return moment(datetime.now(timezone.utc))


__all__ = ["ENDED", "Record", "now_text"]
