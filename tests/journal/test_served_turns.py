"""The log of a running server: nothing seen is lost, nothing deleted stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

from bot.paths import PROJECT

QUESTION, SECOND = "门诊费用报销要带什么材料", "那要多久能办好"


def log(folder, *arguments: str) -> str:
    """Run ``yibao log`` beside the server."""
    environment = {**os.environ, "YIBAO_VAR": str(folder), "YIBAO_LOG_DATABASE": ""}
    done = subprocess.run([sys.executable, "-m", "bot", "log", *arguments], cwd=PROJECT, text=True,
                          env=environment, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def holding(folder, text: str) -> list[str]:
    """The files of an installation that hold a text."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if text.encode() in path.read_bytes()]


def test_what_was_answered_outlives_kill_nine_and_what_was_deleted_is_gone(own_server, tmp_path):
    own_server.start()
    own_server.ask("citizen-kept", "我在梅州参保")
    seen = [own_server.ask("citizen-kept", QUESTION), own_server.ask("citizen-gone", SECOND)]
    assert holding(tmp_path, "citizen-gone") and holding(tmp_path, SECOND)
    assert "日志" in log(tmp_path, "delete", "citizen-gone", "--yes").replace("对话记录", "日志")
    assert holding(tmp_path, "citizen-gone") == holding(tmp_path, SECOND) == []
    seen.append(own_server.ask("citizen-kept", "要办多久"))
    own_server.stop(signal.SIGKILL)
    turns = [json.loads(line) for line in log(tmp_path, "export", "citizen-kept").splitlines()]
    assert [turn["text"] for turn in turns] == ["我在梅州参保", QUESTION, "要办多久"]
    assert turns[1]["replies"] == [reply["text"] for reply in seen[0]]
    assert turns[1]["item"] == "outpatient_reimbursement" and turns[1]["citations"]
    assert turns[1]["intents"][0][0] and turns[1]["milliseconds"] > 0
