"""Runs with short stages, and what tests wait for."""

from __future__ import annotations

import sys
import time

import yaml

from bot.learning.runs.runs import Runs

SHORT = (sys.executable, "-m", "tests.learning.short_run")
DEADLINE = 60.0


class Watched(Runs):
    """Runs whose stages do next to nothing (``short_run.py``)."""

    def does(self, **what) -> None:
        """Say what the next run does."""
        self.folder.mkdir(exist_ok=True, parents=True)
        (self.folder / "short.yml").write_text(yaml.safe_dump(what), "utf-8")

    def go(self) -> None:
        """Let a run that waits go on."""
        (self.folder / "go").touch()

    def until(self, run: str, holds) -> dict:
        """Wait until something holds of the state of a run; return the state."""
        end = time.monotonic() + DEADLINE
        while not holds(state := self.state(run)):
            assert time.monotonic() < end, (state, self.log(run))
            time.sleep(0.02)
        return state

    def over(self, run: str) -> dict:
        """Wait until a run has ended; return its state."""
        return self.until(run, lambda state: state["ended"])

    def waiting(self, **what) -> str:
        """Start a run that waits while it trains; return its id once it does."""
        self.does(waits_in="train", **what)
        run = self.start("xun01")
        self.until(run, lambda state: state["stage"] == "train")
        return run

    def pid(self) -> int:
        """The process of the last run."""
        return self._process.pid
