"""``yibao train --labels`` and ``yibao evaluate`` without a file; the stages do next to nothing."""

from __future__ import annotations

import time

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import SetupError
from tests.learning.watching import SHORT, Watched

NOTHING = {"right": 1, "n": 1, "value": 1.0, "low": 0.2, "high": 1.0}
CASES = {"n": 1, "live": NOTHING, "new": NOTHING, "broken": [], "mended": []}
RESULT = {
    "run": "1", "candidate": "new", "live": "old",
    "data": {"added": 3, "removed": 0, "examples": 10, "by_intent": []},
    "questions": {"n": 1, "measures": [], "families": [], "right": [], "wrong": []},
    "conversations": CASES, "facts": CASES,
    "logged": {"since": "", "n": 0, "same": 0, "changed": [],
               "labelled": {"n": 0, "learnt": 0, "live": None, "new": None}}}
GOOD = {**RESULT, "verdict": {"may_promote": True, "reasons": []}}
BAD = {**RESULT, "verdict": {"may_promote": False, "reasons": ["样例对话走不通。"]}}


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """The runs of an installation of its own, as the command line sees them."""
    monkeypatch.setenv("YIBAO_VAR", str(tmp_path))
    found = Watched(tmp_path / "training", SHORT)
    monkeypatch.setattr("bot.learning.runs.runs.Runs", lambda: found)
    return found


def yibao(*arguments: str):
    """Run a command in this process."""
    return CliRunner(mix_stderr=False).invoke(app, arguments)


@pytest.mark.parametrize("command, stages", [(("train", "--labels"), 8), (("evaluate",), 6)])
def test_the_report_is_printed_and_0_says_that_the_model_may_go_live(runs, command, stages):
    runs.does(result=GOOD, may_promote=True)
    done = yibao(*command)
    assert done.exit_code == 0, (done.stderr, done.exception)
    assert "新模型 new，在用模型 old" in done.stdout and "可以上线" in done.stdout
    assert "检查模型" in done.stderr and "检查模型" not in done.stdout
    state = runs.all()[0]
    assert state["by"] == "(yibao)" and len(state["stages"]) == stages


def test_3_says_that_it_may_not_and_the_report_says_why(runs):
    runs.does(result=BAD, may_promote=False)
    done = yibao("train", "--labels")
    assert done.exit_code == 3 and "样例对话走不通。" in done.stdout


def test_a_run_that_fails_is_one_clear_line(runs):
    runs.does(fails_in="train")
    error = yibao("train", "--labels").exception
    assert isinstance(error, SetupError) and "磁盘空间不足" in str(error)


def test_who_interrupts_the_command_cancels_the_run(runs, monkeypatch):
    sleep, interrupted = time.sleep, []

    def interrupt_once(seconds: float) -> None:
        if seconds == 0.5 and not interrupted:
            interrupted.append(True)
            raise KeyboardInterrupt
        sleep(seconds)

    runs.does(waits_in="train")
    monkeypatch.setattr(time, "sleep", interrupt_once)
    assert isinstance(yibao("train", "--labels").exception, SetupError)
    assert runs.all()[0]["status"] == "cancelled"
