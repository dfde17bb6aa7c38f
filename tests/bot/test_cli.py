"""The command line as a newcomer and a scheduled job use it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

from bot.paths import PROJECT


def yibao(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments], cwd=PROJECT, capture_output=True, text=True,
        timeout=300, env={**os.environ, **environment})


def test_help_names_every_command_in_chinese():
    text = yibao("--help").stdout
    for command in ("run", "train", "ask", "evaluate", "kb"):
        assert command in text
    assert "知识库" in text and "训练" in text


def test_ask_prints_the_answer():
    done = yibao("ask", "--region", "梅州市", "门诊费用报销要带什么")
    assert done.returncode == 0, done.stderr
    assert "医院收费票据原件（加盖医院印章）" in done.stdout and "五、办理材料" in done.stdout


def test_ask_prints_messages_as_json():
    done = yibao("ask", "--region", "湖北", "--json", "门诊费用报销要多久")
    assert "不超过15个工作日" in json.loads(done.stdout)[0]["text"]


def test_a_region_without_a_guide_is_one_clear_line():
    done = yibao("ask", "--region", "北京", "门诊费用报销要带什么")
    assert done.returncode == 1 and "没有收录" in done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_a_taken_port_is_one_clear_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = yibao("run", "--port", str(port))
    assert done.returncode == 1 and f"端口 {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_kb_check_finds_nothing_wrong():
    done = yibao("kb", "check")
    assert done.returncode == 0 and "0 处问题" in done.stdout, done.stdout
