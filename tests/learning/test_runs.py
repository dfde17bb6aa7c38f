"""Runs as those see them who start, watch and end them; the stages do next to nothing here."""

from __future__ import annotations

import fcntl
import json
import os
import signal

import pytest

from bot.errors import BadInput
from bot.learning.runs.runs import KEPT, Runs
from tests.learning.watching import SHORT, Watched

STAGES = ["write", "train", "check", "questions", "conversations", "facts", "logged", "summary"]


@pytest.fixture
def runs(tmp_path):
    found = Watched(tmp_path / "training", SHORT)
    found.does()
    yield found
    if found.running():
        os.killpg(found.pid(), signal.SIGKILL)


def test_a_run_goes_through_its_stages_and_tells_who_began_it_and_how_long_each_took(runs):
    state = runs.over(runs.start("xun01"))
    assert state["status"] == "done" and state["by"] == "xun01" and state["error"] == ""
    assert [stage["name"] for stage in state["stages"]] == STAGES
    assert {(s["status"], s["done"], s["of"]) for s in state["stages"]} == {("done", 2, 2)}
    assert sum(stage["seconds"] for stage in state["stages"]) <= state["seconds"] + 0.5
    assert runs.result(state["run"]) == {"run": state["run"]}


def test_while_it_runs_it_tells_what_it_is_at_and_how_long_that_usually_takes(runs):
    run = runs.waiting()
    state = runs.state(run)
    assert state["status"] == "running" and state["ended"] is None
    now = state["stages"][1]
    assert (now["label"], now["status"], now["of"]) == ("训练", "running", 2)
    assert now["usually"] > 10 and runs.state(run)["stages"][1]["seconds"] >= now["seconds"]
    assert [stage["status"] for stage in state["stages"][2:]] == ["waiting"] * 6
    runs.go()
    assert runs.over(run)["status"] == "done"
    again = runs.over(runs.start("xun01"))
    assert again["stages"][1]["usually"] == runs.state(run)["stages"][1]["seconds"]


def test_there_is_one_at_a_time_and_who_comes_second_is_told_who_was_first(runs):
    run = runs.waiting()
    for other in (runs, Runs(runs.folder)):
        with pytest.raises(BadInput, match="xun01.*训练还没有结束") as caught:
            other.start("xun02", "compare")
        assert caught.value.status == 409
    assert runs.running() == run
    runs.go()
    runs.over(run)
    assert runs.over(runs.start("xun02", "compare"))["status"] == "done"
    assert [state["by"] for state in runs.all()] == ["xun02", "xun01"]


def test_a_run_is_cancelled_and_what_it_only_needed_meanwhile_is_gone(runs):
    run = runs.waiting()
    Runs(runs.folder).cancel(run, "xun02")
    state = runs.over(run)
    assert state["status"] == "cancelled" and state["error"] == ""
    assert state["stages"][1]["status"] == "stopped"
    assert not (runs.folder / run / "scratch").exists()
    with pytest.raises(BadInput) as caught:
        runs.cancel(run, "xun02")
    assert caught.value.status == 409
    runs.go()
    assert runs.over(runs.start("xun01"))["status"] == "done"


def test_a_run_that_does_not_listen_is_ended_all_the_same(runs):
    run = runs.waiting(deaf=True)
    runs.cancel(run, "xun01")
    assert runs.over(run)["status"] == "cancelled"


def test_a_killed_run_has_died_though_a_child_of_it_was_there_and_the_next_one_goes_on(runs):
    run = runs.waiting(with_a_child=True)
    runs.until(run, lambda state: (runs.folder / "child").exists())
    os.kill(runs.pid(), signal.SIGKILL)
    state = runs.over(run)
    assert state["status"] == "died" and "意外中断" in state["error"]
    assert state["stages"][1]["status"] == "stopped" and not runs.running()
    runs.does()
    assert runs.over(runs.start("xun01"))["status"] == "done"
    assert not (runs.folder / run / "scratch").exists()
    with (runs.folder / "child").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_SH)  # waits for the child to be gone, too


def test_a_run_stopped_with_the_service_says_so(runs):
    run = runs.waiting()
    os.kill(runs.pid(), signal.SIGTERM)
    state = runs.over(run)
    assert state["status"] == "died" and "随服务停止" in state["error"]


@pytest.mark.parametrize("what, said", [
    ({"fails_in": "check"}, "磁盘空间不足"), ({"breaks_in": "check"}, "RuntimeError")])
def test_a_run_that_fails_says_why_and_the_log_says_where(runs, what, said):
    runs.does(**what)
    state = runs.over(runs.start("xun01"))
    assert state["status"] == "failed" and said in state["error"] and state["stage"] == "check"
    assert "检查模型" in runs.log(state["run"])
    with pytest.raises(BadInput) as caught:
        runs.result(state["run"])
    assert caught.value.status == 404


@pytest.mark.parametrize("run", ["20261123-000000-000", "..", "../../etc", ""])
def test_what_is_no_run_is_refused(runs, run):
    for ask in (runs.state, runs.log, runs.result, lambda r: runs.picture(r, "families.png")):
        with pytest.raises(BadInput) as caught:
            ask(run)
        assert caught.value.status == 404


def test_a_picture_is_one_of_the_runs_own(runs):
    run = runs.over(runs.start("xun01"))["run"]
    for name in ("../run.json", "families.png", "run.json"):
        with pytest.raises(BadInput):
            runs.picture(run, name)


def old_run(runs: Runs, name: str, **result) -> str:
    """A run that is long over; returns its id."""
    run = f"20250101-{name}"
    folder, at = runs.folder / run, "2025-01-01T00:00:00.000+00:00"
    folder.mkdir()
    for file, content in {
        "run": {"run": run, "kind": "compare", "by": "xun01", "begun": at, "usually": {}},
        "progress": {"status": "done", "error": "", "at": at,
                     "stages": [{"name": "check", "status": "skipped"}]},
        "result": result,
    }.items():
        (folder / f"{file}.json").write_text(json.dumps(content), "utf-8")
    return run


def test_the_last_runs_are_kept(runs):
    for n in range(KEPT + 2):
        old_run(runs, f"0000{n:02}-000")
    runs.over(runs.start("xun01"))
    kept = [state["begun"][:4] for state in runs.all()]
    assert len(kept) == KEPT and kept.count("2025") == KEPT - 1


def test_what_shows_messages_goes_when_the_log_goes(runs):
    old_run(runs, "000000-000")
    new = runs.over(runs.start("xun01"))["run"]
    runs.expire(180)
    assert [state["run"] for state in runs.all()] == [new]


def test_what_somebody_wrote_can_be_taken_out_of_the_results(runs):
    changed = [{"text": "我媽要備案。"}, {"text": "报销多久"}]
    run = old_run(runs, "000000-000", logged={"n": 2, "changed": changed})
    assert runs.forget(["我妈要备案", "没有说过"]) == 1 and runs.forget([]) == 0
    assert runs.result(run)["logged"] == {"n": 2, "changed": [{"text": "报销多久"}]}
