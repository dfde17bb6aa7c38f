"""Training runs from the command line: ``yibao train --labels``, ``yibao evaluate`` with no file.

They are the runs of the console, so the console shows them, too.
"""

from __future__ import annotations

import time
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bot.errors import SetupError
from bot.models_cli import note

MAY_NOT = 3
"""The exit code where the new model may not go live."""

_OFTEN = 0.5
"""Seconds between two looks at a run."""


def run_and_report(kind: str) -> None:
    """Start a run, show how far it is, and print what came of it.

    Args:
        kind: ``train`` or ``compare``.

    Raises:
        BadInput: another run has not ended yet.
        SetupError: the run did not come to its end; says why.
        typer.Exit: code 3 where the new model may not go live.
    """
    from bot.learning.runs.report import report
    from bot.learning.runs.runs import Runs
    from bot.staff.audit import COMMAND_LINE

    runs = Runs()
    run = runs.start(COMMAND_LINE, kind)
    note("run_started", run, kind=runs.state(run)["label"])
    state = _followed(runs, run)
    if state["status"] != "done":
        raise SetupError(state["error"] or state["status"])
    typer.echo(report(runs.result(run)))
    if not state["may_promote"]:
        raise typer.Exit(MAY_NOT)


def _followed(runs: Any, run: str) -> dict[str, Any]:
    """Show a run until it has ended; Ctrl-C cancels it."""
    from bot.staff.audit import COMMAND_LINE

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"),
               TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        tasks: dict[str, TaskID] = {}
        while True:
            try:
                state = runs.state(run)
                _show(shown, tasks, state)
                if state["ended"]:
                    return dict(state)
                time.sleep(_OFTEN)
            except KeyboardInterrupt:
                runs.cancel(run, COMMAND_LINE)


def _show(shown: Progress, tasks: dict[str, TaskID], state: dict[str, Any]) -> None:
    for stage in state["stages"]:
        if stage["status"] == "waiting":
            continue
        if stage["name"] not in tasks:
            tasks[stage["name"]] = shown.add_task(stage["label"], told="")
        over, task = stage["status"] in ("done", "skipped"), tasks[stage["name"]]
        # Where nobody can tell how much there is to do, the usual time tells how far it is.
        done, of = ((stage["done"], stage["of"]) if stage["of"]
                    else (min(stage["seconds"] or 0, stage["usually"]), stage["usually"]))
        told = f"{done}/{of}" if stage["of"] else stage["note"]
        shown.update(task, total=of or 1, completed=(of or 1) if over else done, told=told)
        if stage["status"] != "running":
            shown.stop_task(task)


__all__ = ["MAY_NOT", "run_and_report"]
