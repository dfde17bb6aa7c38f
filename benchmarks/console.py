"""The console: a training run stage by stage, and until every process serves with another model."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.report import Figure
from benchmarks.server import redis, running
from bot.errors import SetupError
from bot.learning.labels.checking import checked_label
from bot.learning.models.models import Models
from bot.learning.models.processes import ModelProcesses
from bot.learning.runs.runs import Runs
from bot.paths import PROJECT
from bot.settings import Settings
from bot.staff.opening import open_staff
from bot.training import train

AT_MOST_SECONDS = 10
"""Until every process serves with the model that was put live."""

WORKERS, EXCHANGES = 2, 3
_LOOK_EVERY = 0.1
_BY = "7001"
_REASON = "测量换模型要多久，与比较的结论无关"
_LABEL = {"intent": "异地备案", "item": "异地就医备案", "facets": ["办理流程"], "topic": "",
          "category": "", "facts": [], "usable": True}
_SENTENCE = {"text": "外埠看诊挂个名咋弄", "turn": "", "conversation": ""}


def console_figures(tell: Callable[[str], None]) -> Iterator[Figure]:
    """Yield the seconds of each stage of a run that learns one label, and of exchanging models.

    Training data, models and state are copies: nothing of this installation changes.

    Args:
        tell: is told what is being measured.

    Raises:
        SetupError: the run did not end well.
    """
    with tempfile.TemporaryDirectory(prefix="yibao-benchmark-") as folder, \
            _elsewhere(Path(folder)):
        tell("一次训练和比较")
        run = asyncio.run(_run())
        for stage in run["stages"]:
            yield Figure("一次训练和比较", stage["label"], stage["seconds"] or 0, "秒")
        yield Figure("一次训练和比较", "共计", run["seconds"], "秒")
        tell(f"{WORKERS} 个进程换模型")
        for n, seconds in enumerate(asyncio.run(_exchanged(run["candidate"])), 1):
            yield Figure(f"{WORKERS} 个进程换模型", f"第 {n} 次，到全部换好", seconds, "秒",
                         at_most=AT_MOST_SECONDS)


@contextmanager
def _elsewhere(folder: Path) -> Iterator[None]:
    """Let this process, and those it starts, have folders of their own meanwhile."""
    model, before = train(), dict(os.environ)
    shutil.copytree(PROJECT / "bot" / "data" / "nlu", folder / "nlu")
    for variable, name in (("YIBAO_VAR", "var"), ("YIBAO_MODELS", "models"), ("YIBAO_NLU", "nlu")):
        os.environ[variable] = str(folder / name)
        (folder / name).mkdir(exist_ok=True)
    shutil.copy2(model, folder / "models")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


async def _run() -> dict[str, Any]:
    """Label a sentence, have it learnt, and return how the run went (:meth:`Runs.state`)."""
    staff, runs = open_staff(Settings.from_environment()), Runs()
    await staff.labels.save([_SENTENCE], checked_label(_LABEL), _BY)
    await staff.close()
    run = runs.start(_BY)
    while runs.running():
        await asyncio.sleep(_LOOK_EVERY)
    state = runs.state(run)
    if state["status"] != "done":
        raise SetupError(f"训练没有做完：{state['error']}\n{runs.log(run, 20)}")
    return state


async def _exchanged(candidate: str) -> list[float]:
    """Return the seconds of putting a model live and back, again and again."""
    models = Models()
    both = candidate, models.live()["version"]
    async with redis(Path(os.environ["YIBAO_VAR"])) as url, \
            running(Path(os.environ["YIBAO_VAR"]), url, WORKERS):
        return [await _until_all_serve(models, both[n % 2]) for n in range(EXCHANGES)]


async def _until_all_serve(models: Models, version: str) -> float:
    staff = open_staff(Settings.from_environment())
    processes = ModelProcesses(staff.database)
    await asyncio.to_thread(models.promote, version, _BY, _REASON, override=True)
    started = time.monotonic()
    while [p["version"] for p in await processes.all()] != [version] * WORKERS:
        await asyncio.sleep(_LOOK_EVERY)
    seconds = time.monotonic() - started
    await staff.close()
    return seconds


__all__ = ["AT_MOST_SECONDS", "EXCHANGES", "WORKERS", "console_figures"]
