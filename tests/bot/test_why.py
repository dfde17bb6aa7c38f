"""`yibao why`: staff see what made the model read a sentence as it did."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.evaluation.why import why
from bot.running import trained_model


@pytest.fixture(scope="module")
def told() -> str:
    return why("大学生断缴了两年，江门的新农合还能补缴吗", trained_model())


def test_the_reading_stands_first(told: str) -> None:
    assert told.splitlines()[1].startswith("判断：参保登记 / 城乡居民参保登记")
    assert "指南没写的：补缴" in told and "地名：广东（参保地）" in told


def test_what_the_vocabularies_know_is_named(told: str) -> None:
    assert "topic:补缴" in told


def test_the_likeliest_come_with_what_spoke_for_them(told: str) -> None:
    first = told.splitlines()[-3]
    assert first.strip().startswith("参保登记 0.") and "［topic:补缴］ +" in first


def test_it_is_a_command() -> None:
    result = CliRunner().invoke(app, ["why", "公积金怎么取"])
    assert result.exit_code == 0 and "非医保(公积金)" in result.stdout
