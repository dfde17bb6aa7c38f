"""Which model is live, from the command line of the machine."""

from __future__ import annotations

import asyncio

import pytest
from modelled import add_model, spoil
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import BadInput
from bot.learning.models.models import Models
from bot.learning.models.processes import ModelProcesses
from bot.staff.audit import COMMAND_LINE, Audit
from bot.staff.database import StaffDatabase

INSIST = "夜里值班，先退到能用的版本"


@pytest.fixture
def models(tmp_path, monkeypatch):
    """Two models, of which the first is live."""
    made = Models(tmp_path / "models")
    add_model(made, "first", examples=12902)
    made.promote("first", "8001")
    add_model(made, "second", trained_at="2099-01-01")
    monkeypatch.setenv("YIBAO_MODELS", str(made.folder))
    monkeypatch.setenv("YIBAO_VAR", str(tmp_path))
    return made


@pytest.fixture
def database(tmp_path):
    """The staff database."""
    made = StaffDatabase(f"sqlite:///{tmp_path / 'staff.db'}")
    yield made
    made.close()


def yibao(*arguments):
    done = CliRunner().invoke(app, arguments)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def noted(database):
    entries = asyncio.run(Audit(database).page())
    return [(entry["action"], entry["target"]) for entry in entries
            if entry["account"] == COMMAND_LINE]


def test_the_newest_candidate_is_put_live_and_taken_back_and_that_is_noted(models, database):
    assert "second" in yibao("promote") and models.live()["version"] == "second"
    assert "first" in yibao("rollback") and models.live()["version"] == "first"
    assert noted(database) == [("model_rolled_back", "first"), ("model_promoted", "second")]


def test_what_the_comparison_refuses_needs_a_reason(models):
    models.register(models.archive("second"), may_promote=False)
    with pytest.raises(BadInput, match="不能上线"):
        yibao("promote", "second")
    yibao("promote", "second", "--reason", INSIST)
    assert models.live()["reason"] == INSIST


def test_the_list_tells_what_each_is_and_what_each_process_serves_with(models, database):
    spoil(models, "second")
    asyncio.run(ModelProcesses(database).beat("first", "", "模型 third 的文件已经损坏，不能用。"))
    first, second = sorted(line for line in yibao("models").splitlines() if "\t" in line)
    assert first.split("\t")[:2] == ["first", "在用"] and "12902 条样例" in first
    assert "候选，通过比较" in second and "损坏" in second
    assert "：first 模型 third 的文件已经损坏" in yibao("models")
