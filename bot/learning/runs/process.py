"""The process of a run: ``python -m bot.learning.runs.process FOLDER LOCK``.

It is started by :class:`bot.learning.runs.runs.Runs`, which hands it the lock of its folder.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.errors import YibaoError
from bot.learning.runs.progress import Progress
from bot.learning.runs.record import Record
from bot.learning.runs.words import words

Plan = Callable[[Record, Progress], None]
"""What a kind of run does."""

_BESIDE_THE_ASSISTANT = 10
"""How far a run stands back behind those who answer citizens (nice)."""

_LOOKS, _PATIENCE = 0.2, 5.0
"""Seconds between two looks for a wish to end, and until a run that does not end is killed."""

_DIE_WITH_PARENT = 1  # prctl: PR_SET_PDEATHSIG


class Stopped(SystemExit):
    """The run has to end now. (asyncio lets only this kind of exception through.)"""


def main(folder: Path, lock: int, plans: Mapping[str, Plan]) -> None:
    """Go through a run to its end, whichever it is.

    Args:
        folder: of the run.
        lock: number of the open file whose lock says that this process lives.
        plans: what to do, by kind of run.
    """
    record = Record(folder)
    _alone_with(lock)
    os.nice(_BESIDE_THE_ASSISTANT)
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=_watch, args=(record,), daemon=True).start()
    progress = Progress(record)
    status, error = _outcome(plans[record.begun["kind"]], record, progress)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    shutil.rmtree(record.scratch, ignore_errors=True)
    progress.end(status, error)
    fcntl.flock(lock, fcntl.LOCK_UN)  # the next may begin: what is left to do is to go


def _outcome(plan: Plan, record: Record, progress: Progress) -> tuple[str, str]:
    try:
        plan(record, progress)
    except Stopped:
        return ("cancelled", "") if record.cancelled_by else ("died", words()["errors"]["stopped"])
    except YibaoError as error:
        return "failed", str(error)
    except Exception as error:
        traceback.print_exc()
        return "failed", words()["errors"]["bug"].format(name=type(error).__name__)
    return "done", ""


def _alone_with(lock: int) -> None:
    """Keep the lock to this process: what it starts does not get it, or does not outlive it."""
    os.set_inheritable(lock, False)

    parent = os.getpid()

    def as_child() -> None:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:  # it was gone before we said so
            os.kill(os.getpid(), signal.SIGKILL)

    os.register_at_fork(after_in_child=as_child)


def _stop(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped


def _watch(record: Record) -> None:
    """Wait for the wish to end; where it is not heeded, end everything."""
    while not record.cancelled_by:
        time.sleep(_LOOKS)
    signal.pthread_kill(threading.main_thread().ident, signal.SIGTERM)
    time.sleep(_PATIENCE)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    from bot.learning.runs.plans import PLANS

    main(Path(sys.argv[1]), int(sys.argv[2]), PLANS)


__all__ = ["Plan", "Stopped", "main"]
