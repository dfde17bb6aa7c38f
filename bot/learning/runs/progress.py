"""How far a run is: told by its process, read by whoever watches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from bot.clock import CHINA
from bot.learning.runs.record import Record, now_text
from bot.learning.runs.runs import fresh
from bot.learning.runs.words import words

_OFTEN = 0.2
"""Seconds between two writings while a stage goes on."""


class Progress:
    """What a process tells of its run; written to its folder and, in words, to its log.

    Attributes:
        candidate: version of the model that was trained; '' before that.
        may_promote: what the comparison said; None before that.
    """

    def __init__(self, record: Record) -> None:
        begun = record.begun
        self._record, self._begun = record, time.monotonic()
        self._stages = {name: fresh(name, begun["usually"][name])
                        for name in words()["kinds"][begun["kind"]]["stages"]}
        self._now, self._written = "", 0.0
        self.candidate, self.may_promote = "", None
        self._write()

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return round(time.monotonic() - self._begun, 1)

    @contextmanager
    def stage(self, name: str, of: int = 0) -> Iterator[Stage]:
        """Go through a stage; ``of`` is how much there is to do, 0 where nobody can tell."""
        told, began = self._stages[name], time.monotonic()
        self._now = name
        told |= {"status": "running", "of": of, "since": now_text()}
        self._say(f"{told['label']} …")
        self._write()
        stage = Stage(self, told)
        yield stage
        told |= {"status": "skipped" if stage.skipped else "done",
                 "seconds": round(time.monotonic() - began, 1)}
        self._say(f"{told['label']}：{told['seconds']:.1f} 秒。{told['note']}")
        self._write()

    def end(self, status: str, error: str = "") -> None:
        """Tell how it ended; the last word of a run."""
        self._say(f"{status} {error}")
        self._write(status, error)

    def went_on(self) -> None:
        """Tell of what was done, unless that was told a moment ago."""
        if time.monotonic() - self._written > _OFTEN:
            self._write()

    def _write(self, status: str = "running", error: str = "") -> None:
        self._written = time.monotonic()
        self._record.write("progress", {
            "at": now_text(), "status": status, "stage": self._now,
            "stages": list(self._stages.values()), "candidate": self.candidate,
            "may_promote": self.may_promote, "error": error})

    def _say(self, text: str) -> None:
        print(f"{datetime.now(CHINA):%H:%M:%S}  {text}", flush=True)


class Stage:
    """A stage that is gone through; ``skipped``: there was nothing to do."""

    def __init__(self, progress: Progress, told: dict[str, Any]) -> None:
        self._progress, self._told, self.skipped = progress, told, False

    def expect(self, of: int) -> None:
        """Tell how much there is to do, once that is known."""
        self._told["of"] = of

    def step(self) -> None:
        """Tell that one more is done."""
        self._told["done"] += 1
        self._progress.went_on()

    def skip(self, why: str) -> None:
        """Tell that there was nothing to do, and why."""
        self.skipped = True
        self.note(why)

    def note(self, text: str) -> None:
        """Say something about what was done (Chinese)."""
        self._told["note"] = text


__all__ = ["Progress", "Stage"]
