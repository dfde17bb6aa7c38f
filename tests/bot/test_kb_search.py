"""``yibao kb search``: what staff see when they look something up."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import SetupError


def run(*words: str):
    return CliRunner().invoke(app, ["kb", "search", *words])


def test_items_come_first_then_clauses_each_with_its_place():
    result = run("menzhen baoxiao", "--region", "兴宁")
    first, *_ = result.output.splitlines()
    assert result.exit_code == 0
    assert "事项" in first and "梅州市 · 门诊费用报销" in first


def test_a_clause_names_its_heading_and_id():
    output = run("交警事故任定书", "--region", "梅州").output
    assert "条文" in output and "十、备注" in output and "/notes." in output


def test_nothing_found_is_said():
    result = run("qqqq")
    assert result.exit_code == 1 and "没有找到" in result.output


def test_a_place_without_a_guide_is_refused():
    with pytest.raises(SetupError, match="北京"):
        CliRunner().invoke(app, ["kb", "search", "门诊报销", "--region", "北京"],
                           catch_exceptions=False)
