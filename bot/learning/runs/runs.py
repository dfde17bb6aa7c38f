"""Starting runs, watching them and ending them; each is a process of its own, one at a time."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import median
from typing import Any

from bot.clock import CHINA
from bot.errors import BadInput
from bot.files import alone
from bot.journal.tables import moment
from bot.learning.keys import key_of
from bot.learning.runs.record import ENDED, Record, now_text
from bot.learning.runs.words import words
from bot.paths import PROJECT, state_folder

COMMAND = (sys.executable, "-m", "bot.learning.runs.process")
"""What runs a run; its folder and the number of its open lock are added."""

KEPT = 20
"""Runs that are kept; the oldest go first."""

_RUN = re.compile(r"\d{8}-\d{6}-\d{3}")
_PICTURE = re.compile(r"[a-z_]{1,40}\.png")
_FEW_RUNS = 5
"""Runs of which the usual time of a stage is the median."""


class Runs:
    """The runs of this installation.

    Args:
        folder: where they are kept; None for that of this installation.
        command: what runs one; for tests.
    """

    def __init__(self, folder: Path | None = None, command: Sequence[str] = COMMAND) -> None:
        self._given, self._command = folder, command
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        """Where the runs are kept."""
        return self._given or state_folder() / "training"

    def start(self, by: str, kind: str = "train") -> str:
        """Start a run in a process of its own and return its id.

        Args:
            by: the account that starts it.
            kind: ``train`` writes what was labelled, trains and compares; ``compare`` compares the
                newest candidate with the live model; ``suspects`` looks for suspect examples.

        Raises:
            BadInput: there is no such kind (400), or a run has not ended yet (409).
        """
        if kind not in words()["kinds"]:
            raise BadInput(words()["refused"]["unknown_kind"], "kind")
        with alone(self.folder / "starting"):
            others = list(self._records())
            for record in others:
                self._refuse_beside(record)
            for old in others[KEPT - 1:]:
                shutil.rmtree(old.folder, ignore_errors=True)
            return self._spawn(by, kind)

    def _refuse_beside(self, record: Record) -> None:
        if not record.is_alive():
            shutil.rmtree(record.scratch, ignore_errors=True)
            return
        begun = record.begun
        at = datetime.fromisoformat(begun["begun"]).astimezone(CHINA).strftime("%H:%M")
        label = words()["kinds"][begun["kind"]]["label"]
        raise BadInput(words()["refused"]["busy"].format(by=begun["by"], at=at, label=label),
                       status=409)

    def _spawn(self, by: str, kind: str) -> str:
        now = datetime.now(timezone.utc)
        run = f"{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03}"  # sorts by time
        record = Record(self.folder / run)
        record.scratch.mkdir(parents=True)
        usually = {stage: self._usually(stage) for stage in words()["kinds"][kind]["stages"]}
        with record.lock.open("wb") as lock, record.log.open("wb") as log:
            # Taken here and handed on: at no moment is the run there and its lock free.
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._process = subprocess.Popen(
                [*self._command, str(record.folder), str(lock.fileno())],
                cwd=PROJECT, env={**os.environ, "TMPDIR": str(record.scratch)},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(lock.fileno(),),
                start_new_session=True)
            record.write("run", {"run": run, "kind": kind, "by": by, "begun": now_text(),
                                 "usually": usually})
        return run

    def _usually(self, stage: str) -> float:
        """Return how many seconds a stage takes: the median of the last runs that did it."""
        told = [found["seconds"] for record in self._records()
                for found in record.progress().get("stages", ())
                if found["name"] == stage and found["status"] == "done"]
        return round(median(told[:_FEW_RUNS]), 1) if told else words()["stages"][stage]["usually"]

    def cancel(self, run: str, by: str) -> None:
        """Let a run end; it does within a few seconds, and leaves nothing half.

        Raises:
            BadInput: there is no such run (404), or it has ended (409).
        """
        record = self._record(run)
        if not record.is_alive():
            raise BadInput(words()["refused"]["not_running"], status=409)
        record.write("cancel", {"by": by, "at": now_text()})

    def running(self) -> str:
        """Return the id of the run that has not ended; '' where there is none."""
        return next((record.folder.name for record in self._records() if record.is_alive()), "")

    def state(self, run: str) -> dict[str, Any]:
        """Return how a run stands.

        Returns:
            ``{"run", "kind", "label", "by", "begun", "ended" (None), "seconds", "status", "stage",
            "stages": [{"name", "label", "status", "done", "of", "seconds" (None), "usually",
            "note"}], "candidate", "may_promote" (None), "error"}``; ``status`` is waiting,
            running, done, failed, cancelled or died, of a stage waiting, running, done, skipped or
            stopped; ``of`` is 0 where nobody can tell how much there is to do.

        Raises:
            BadInput: there is no such run (404).
        """
        if self._process:
            self._process.poll()  # an ended child stays in the list of processes until then
        return state_of(self._record(run))

    def all(self) -> list[dict[str, Any]]:
        """Return how all runs stand, the newest first."""
        return [state_of(record) for record in self._records()]

    def log(self, run: str, tail: int = 200) -> str:
        """Return the last lines of a run's log.

        Raises:
            BadInput: there is no such run (404).
        """
        text = self._record(run).log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-tail:])

    def result(self, run: str) -> dict[str, Any]:
        """Return the result of a run.

        Raises:
            BadInput: there is no such run, or it has no result (404).
        """
        found = self._record(run).result()
        if not found:
            raise BadInput(words()["refused"]["no_result"], status=404)
        return found

    def picture(self, run: str, name: str) -> Path:
        """Return the file of a picture of a run's result.

        Raises:
            BadInput: there is none (404).
        """
        path = self._record(run).pictures / name
        if not _PICTURE.fullmatch(name) or not path.is_file():
            raise BadInput(words()["refused"]["no_picture"], status=404)
        return path

    def forget(self, texts: Iterable[str]) -> int:
        """Take what somebody wrote out of the results; return in how many places it stood.

        Args:
            texts: masked; whoever else wrote the same goes with them.
        """
        keys, gone = {key_of(text) for text in texts}, 0
        for record in self._records():
            result = record.result()
            shown = result.get("logged", {}).get("changed", [])
            left = [one for one in shown if key_of(one["text"]) not in keys]
            if len(left) < len(shown):
                gone += len(shown) - len(left)
                result["logged"]["changed"] = left
                record.write("result", result)
        return gone

    def expire(self, days: int) -> None:
        """Delete the runs that began more than so many days ago: they show what citizens wrote."""
        before = moment(datetime.now(timezone.utc) - timedelta(days=days))
        for record in self._records():
            if record.begun["begun"] < before:
                shutil.rmtree(record.folder, ignore_errors=True)

    def _record(self, run: str) -> Record:
        record = Record(self.folder / run)
        if not _RUN.fullmatch(run) or not record.begun:
            raise BadInput(words()["refused"]["unknown_run"], status=404)
        return record

    def _records(self) -> Iterator[Record]:
        """Yield the runs, the newest first."""
        folders = self.folder.iterdir() if self.folder.is_dir() else ()
        names = sorted((path.name for path in folders if _RUN.fullmatch(path.name)), reverse=True)
        found = (Record(self.folder / name) for name in names)
        return (record for record in found if record.begun)


def state_of(record: Record) -> dict[str, Any]:
    """Return how a run stands (:meth:`Runs.state`)."""
    alive = record.is_alive()  # read before its progress: its last word is written while it lives
    begun, told = record.begun, record.progress()
    usually = begun.pop("usually")
    kind = words()["kinds"][begun["kind"]]
    stages = told.get("stages") or [fresh(name, usually[name]) for name in kind["stages"]]
    status, error = _status(record, alive, told)
    ended = None if alive else told.get("at", begun["begun"])
    return {
        **begun, "label": kind["label"], "ended": ended,
        "seconds": _between(begun["begun"], ended), "status": status,
        "stage": told.get("stage", ""), "stages": [_timed(stage, ended) for stage in stages],
        "candidate": told.get("candidate", ""), "may_promote": told.get("may_promote"),
        "error": error,
    }


def fresh(name: str, usually: float) -> dict[str, Any]:
    """Return a stage that has not begun."""
    return {"name": name, "label": words()["stages"][name]["label"], "status": "waiting",
            "done": 0, "of": 0, "seconds": None, "usually": usually, "note": ""}


def _status(record: Record, alive: bool, told: Mapping[str, Any]) -> tuple[str, str]:
    if alive:
        return "running" if told else "waiting", ""
    if told.get("status") in ENDED:
        return told["status"], told["error"]
    return ("cancelled", "") if record.cancelled_by else ("died", words()["errors"]["died"])


def _timed(stage: Mapping[str, Any], ended: str | None) -> dict[str, Any]:
    """Return a stage with its seconds so far, without the time at which it began."""
    shown = {key: value for key, value in stage.items() if key != "since"}
    if stage["status"] == "running":
        shown |= {"seconds": _between(stage["since"], ended),
                  "status": "stopped" if ended else "running"}
    return shown


def _between(since: str, until: str | None) -> float:
    passed = datetime.fromisoformat(until or now_text()) - datetime.fromisoformat(since)
    return round(passed.total_seconds(), 1)


__all__ = ["COMMAND", "KEPT", "Runs", "fresh", "state_of"]
