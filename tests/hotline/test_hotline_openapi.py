"""The server keeps to its OpenAPI document: schemathesis tries it with valid and invalid requests.

It runs in an environment of its own (``make setup-contract``), with requests that are signed
(``schemathesis_hooks.py``), as ``schemathesis.toml`` says.
"""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from bot.paths import PROJECT
from tests.hotline.conftest import KEYS, PREFIX

PROGRAM = PROJECT / ".venv-contract" / "bin" / "schemathesis"
FOLDER = PROJECT / "tests" / "hotline"
OPERATIONS = 5
"""All but the document itself."""

KEY = ":".join(next(iter(KEYS.items())))


def tried(server, folder, *options: str) -> str:
    """Let schemathesis try a server; return what it printed, having found nothing."""
    assert PROGRAM.exists(), "没有找到 schemathesis：请运行 make setup-contract"
    environment = {**os.environ, "CONTRACT_KEY": KEY, "PYTHONPATH": str(FOLDER),
                   "SCHEMATHESIS_HOOKS": "schemathesis_hooks"}
    command = [PROGRAM, "--config-file", FOLDER / "schemathesis.toml", "--no-color", "run",
               f"{server.url}{PREFIX}/openapi.json", "--continue-on-failure", *options]
    ran = subprocess.run(command, cwd=folder, env=environment, text=True, timeout=540,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


def test_what_is_answered_is_what_the_contract_says(hotline_server, tmp_path):
    printed = tried(hotline_server, tmp_path)
    assert f"Tested: {OPERATIONS}" in printed
    assert int(re.search(r"(\d+) generated", printed)[1]) > 300, printed


@pytest.mark.full
def test_what_is_answered_is_what_the_contract_says_tried_longer(hotline_server, tmp_path):
    tried(hotline_server, tmp_path, "--max-examples", "60", "--max-time", "240")


async def test_an_empty_number_is_none(platform):
    status, told = await platform.call("GET", f"{PREFIX}/sessions/{platform.id}?after=")
    assert (status, told["field"]) == (422, "after")


@pytest.mark.parametrize("name", ["qT9vxmxDUmZf", "01ARZ3NDEKTSV4RRFFQ69GWXFA"])
async def test_ids_of_random_letters_are_taken(new_platform, name):
    platform = new_platform()
    platform.id = name
    assert (await platform.open())[0] == 201
    assert (await platform.say("门诊费用报销要带什么材料", message_id=name))["status"] == "answered"
