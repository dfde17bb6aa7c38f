"""A run whose stages do next to nothing; started as the real one is, ``FOLDER LOCK``.

What it does is said by ``short.yml`` beside the runs: it goes through its stages, and stays in the
one called ``waits_in`` until the file ``go`` is there; its result and verdict are those given.
"""

from __future__ import annotations

import fcntl
import multiprocessing
import sys
import time
from contextlib import suppress
from pathlib import Path

import yaml

from bot.errors import SetupError
from bot.learning.runs.process import main
from bot.learning.runs.record import Record
from bot.learning.runs.words import words


def short(record: Record, progress) -> None:
    told = yaml.safe_load((record.folder.parent / "short.yml").read_text("utf-8"))
    (record.scratch / "of a library").mkdir()
    for name in words()["kinds"][record.begun["kind"]]["stages"]:
        with progress.stage(name, 2) as stage:
            stage.step()
            if name == told.get("waits_in"):
                wait(record, told)
            if name == told.get("fails_in"):
                raise SetupError("磁盘空间不足")
            if name == told.get("breaks_in"):
                raise RuntimeError
            stage.step()
    progress.may_promote = told.get("may_promote")
    record.write("result", told.get("result", {"run": record.folder.name}))


def wait(record: Record, told: dict) -> None:
    if told.get("with_a_child"):
        multiprocessing.get_context("fork").Process(target=child, args=(record,)).start()
    if told.get("deaf"):
        while True:
            with suppress(SystemExit):
                time.sleep(600)
    while not (record.folder.parent / "go").exists():
        time.sleep(0.02)


def child(record: Record) -> None:
    with (record.folder.parent / "child").open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        time.sleep(600)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), {"train": short, "compare": short, "suspects": short})
