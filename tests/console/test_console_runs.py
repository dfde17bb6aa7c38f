"""Training runs and models through the console: started, watched, stopped, put live, put back."""

from __future__ import annotations

from modelled import add_model, spoil

from bot.training import fingerprint

REASON = "固定问题里那一条本来就标错了"


def started(page) -> str:
    status, answer = page.ask("POST", "runs", {"kind": "train"})
    assert status == 201 and answer["run"]["status"] in ("waiting", "running")
    return answer["run"]["run"]


def test_a_run_tells_how_far_it_is_what_it_says_and_what_came_of_it(console, trainer, runs):
    runs.does(waits_in="train")
    run = started(trainer)
    runs.until(run, lambda state: state["stage"] == "train")
    listed = trainer.ask("GET", "runs")[1]
    assert listed["runs"][0]["stages"][1]["label"] == "训练" and listed["unwritten"] >= 0
    assert trainer.ask("GET", f"runs/{run}")[1]["result"] is None
    assert "训练 …" in trainer.ask("GET", f"runs/{run}/log?tail=50")[1]["text"]
    assert trainer.ask("GET", f"runs/{run}/pictures/none.png")[0] == 404
    runs.go()
    runs.over(run)
    answer = trainer.ask("GET", f"runs/{run}")[1]
    assert answer["run"]["status"] == "done" and answer["result"] == {"run": run}
    assert ("run_started", run) in console.noted("7001")


def test_there_is_one_at_a_time_and_whoever_asks_is_told_whose(console, trainer, runs):
    runs.does(waits_in="train")
    run = started(trainer)
    status, answer = console.as_("7002").ask("POST", "runs", {"kind": "train"})
    assert status == 409 and "7001" in answer["error"]
    status, answer = console.as_("7002").ask("POST", f"runs/{run}/cancel")
    assert status == 200 and runs.over(run)["status"] == "cancelled"
    assert ("run_cancelled", run) in console.noted("7002")


def test_what_passed_is_put_live_by_a_trainer_and_taken_back(console, trainer):
    good = add_model(console.models, "good")
    status, answer = trainer.ask("POST", f"models/{good}/promote", {})
    assert status == 200 and answer["live"]["by"] == "7001"
    listed = trainer.ask("GET", "models")[1]
    assert listed["live"]["version"] == good
    assert [model["version"] for model in listed["before"]] == [fingerprint()]
    assert trainer.ask("POST", f"models/{good}/promote", {})[0] == 409
    status, answer = trainer.ask("POST", "models/rollback", {})
    assert status == 200 and answer["live"]["version"] == fingerprint()
    assert console.noted("7001")[-2:] == [
        ("model_promoted", good), ("model_rolled_back", fingerprint())]


def test_what_did_not_pass_takes_an_administrator_and_a_reason_that_is_kept(
        console, trainer, admin):
    worse = add_model(console.models, "worse", may_promote=False, reasons=["样例对话走不通"])
    insisting = {"override": True, "reason": REASON}
    status, answer = trainer.ask("POST", f"models/{worse}/promote", {})
    assert status == 409 and "样例对话走不通" in answer["error"]
    status, answer = trainer.ask("POST", f"models/{worse}/promote", insisting)
    assert status == 403 and "只有管理员" in answer["error"]
    assert admin.ask("POST", f"models/{worse}/promote", {"override": True})[0] == 422
    assert trainer.ask("GET", "models")[1]["live"]["version"] != worse
    assert admin.ask("POST", f"models/{worse}/promote", insisting)[0] == 200
    assert trainer.ask("GET", "models")[1]["live"]["reason"] == REASON
    (last,) = console.do(console.staff.audit.page(account="9001", limit=1))
    assert last["detail"] == {"reason": REASON, "override": True}


def test_a_reason_is_kept_without_personal_data(console, admin):
    worse = add_model(console.models, "worse-still", may_promote=False)
    told = "市民张建国打13800138000催了，先上线"
    insisting = {"override": True, "reason": told}
    assert admin.ask("POST", f"models/{worse}/promote", insisting)[0] == 200
    assert "13800138000" not in console.models.live()["reason"]


def test_a_damaged_model_says_so_and_is_not_put_live(console, trainer):
    broken = add_model(console.models, "broken")
    spoil(console.models, broken)
    listed = trainer.ask("GET", "models")[1]
    (shown,) = [model for model in listed["others"] if model["version"] == broken]
    assert "损坏" in shown["problem"]
    status, answer = trainer.ask("POST", f"models/{broken}/promote", {})
    assert status == 409 and "损坏" in answer["error"]
    assert trainer.ask("GET", "models")[1]["live"]["version"] == listed["live"]["version"]


def test_each_process_tells_what_it_serves_with(console, trainer):
    console.do(console.processes.beat("good", "2026-11-22T08:00:00.000+00:00", "装载不了"))
    (process,) = trainer.ask("GET", "models")[1]["processes"]
    assert (process["version"], process["problem"]) == ("good", "装载不了")


def test_a_file_that_was_spoilt_by_hand_is_named(console, trainer):
    live = console.models.live_file
    before = live.read_bytes() if live.exists() else b""
    live.write_text("{", encoding="utf-8")
    try:
        for path in ("GET", "models"), ("POST", "models/rollback"):
            status, answer = trainer.ask(*path, {} if path[0] == "POST" else None)
            assert status == 503 and "live.json" in answer["error"]
    finally:
        live.write_bytes(before) if before else live.unlink()
