"""``yibao review``: the inbox as a table, to a file, and back as labels."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.journal.journal import Journal
from bot.learning.keys import key_of
from bot.learning.labels.label import Label
from bot.learning.labels.labels import Labels
from bot.learning.runs.record import Record
from bot.nlu.examples import read_examples
from bot.staff import passwords
from bot.staff.accounts import Accounts
from bot.staff.database import StaffDatabase
from bot.staff.roles import Role
from tests.learning.made_log import turn, unclear
from tests.staff.conftest import quick

OURS = "屋企人住院嗰啲费用边度报"
LABEL = {"intent": "零星报销", "item": "住院费用报销", "facets": ["办理渠道/地点"]}


@pytest.fixture
def installation(tmp_path, monkeypatch) -> Path:
    """The state folder of an installation with a log, a trainer and an agent."""
    for name in ("YIBAO_LOG_DATABASE", "YIBAO_STAFF_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    hasher = quick()
    monkeypatch.setattr(passwords, "PasswordHasher", lambda **_: hasher)
    monkeypatch.setenv("YIBAO_VAR", str(tmp_path))
    journal = Journal(tmp_path, f"sqlite:///{tmp_path / 'log.db'}")
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    for entry in (unclear("a", 1, OURS, region="jiangmen"), turn("b", 2, "门诊报销要带什么"),
                  unclear("d", 3, "[姓名]的卡里钱点样畀屋企人用")):
        journal.append({**entry, "at": now})  # still in the spool
    journal.database.close()
    asyncio.run(hired(tmp_path))
    return tmp_path


async def hired(folder: Path) -> None:
    database = StaffDatabase(f"sqlite:///{folder / 'staff.db'}")
    accounts = Accounts(database, b"of the tests")
    for number, role in (("7001", Role.TRAINER), ("8001", Role.AGENT)):
        await accounts.add(number, role, "a sentence that nobody guesses", "9001")
    database.close()


def review(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["review", *arguments], env={"COLUMNS": "200"})


def exported(folder: Path) -> list[dict[str, Any]]:
    file = folder / "out.jsonl"
    assert review("export", str(file)).exit_code == 0
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def imported(folder: Path, lines: list[Any], by: str = "7001") -> Result:
    file = folder / "in.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line)
                              for line in lines), encoding="utf-8")
    return review("import", str(file), "--by", by)


def labels_in(folder: Path) -> list[dict[str, Any]]:
    database = StaffDatabase(f"sqlite:///{folder / 'staff.db'}")
    try:
        return asyncio.run(Labels(database).find())
    finally:
        database.close()


def test_the_list_says_what_was_said_why_it_is_there_and_what_is_proposed(installation) -> None:
    done = review("list")
    assert done.exit_code == 0 and OURS in done.output
    assert "您是想问下面哪一件" in done.output and "按助手的理解" in done.output
    assert "共 2 组、2 种说法" in done.output and "门诊报销要带什么" not in done.output


def test_the_list_can_be_narrowed_by_names_that_people_know(installation) -> None:
    for option, value, shown in (
            ("--signal", "反问过", True), ("--signal", "asked_back", True),
            ("--signal", "不满意", False), ("--region", "江门市", True),
            ("--region", "梅州市", False), ("--query", "屋企", True)):
        assert (OURS in review("list", option, value).output) is shown


def test_what_is_no_name_is_answered_with_those_there_are(installation) -> None:
    done = review("list", "--signal", "乱写")
    assert done.exit_code != 0 and "反问过" in done.output


def test_a_file_sent_back_as_it_came_labels_nothing(installation) -> None:
    lines = exported(installation)
    assert {line["text"] for line in lines} == {OURS, "[姓名]的卡里钱点样畀屋企人用"}
    assert all(line["label"] is None and line["proposed"] and line["why"] for line in lines)
    done = imported(installation, lines)
    assert done.exit_code == 0 and "跳过：2 句" in done.output
    assert labels_in(installation) == []


def test_labels_come_back_with_their_sentence_and_source_and_leave_the_inbox(
    installation
) -> None:
    lines = {line["text"]: line for line in exported(installation)}
    line = {**lines[OURS], "text": "家里人住院的费用在哪里报", "label": LABEL}
    done = imported(installation, [line])
    assert done.exit_code == 0, done.output
    (label,) = labels_in(installation)
    assert (label["text"], label["original"], label["by"]) == (line["text"], OURS, "7001")
    assert label["label"]["item"] == "住院费用报销"
    assert OURS not in review("list").output


def test_true_agrees_to_what_is_proposed(installation) -> None:
    (line,) = (line for line in exported(installation) if line["text"] == OURS)
    proposed = {**LABEL, "topic": "", "category": "", "facts": [], "usable": True}
    assert imported(installation, [{**line, "label": True, "proposed": proposed}]).exit_code == 0
    (label,) = labels_in(installation)
    assert label["label"] == proposed


def test_a_line_that_is_refused_is_named_and_stops_no_other(installation) -> None:
    (line,) = (line for line in exported(installation) if line["text"] == OURS)
    done = imported(installation, [
        "no JSON", "", {**line, "label": {"intent": "没有的"}}, {**line, "label": "yes"},
        {**line, "label": LABEL}])
    assert done.exit_code == 1
    assert "第1行：" in done.output and "第3行：" in done.output and "第4行：" in done.output
    assert "没有“没有的”这个意图" in done.output
    assert [label["text"] for label in labels_in(installation)] == [OURS]


@pytest.mark.parametrize("by", ["8001", "1234"], ids=["an agent", "nobody"])
def test_only_who_may_label_labels(installation, by: str) -> None:
    (line, *_) = exported(installation)
    done = imported(installation, [{**line, "label": LABEL}], by)
    assert done.exit_code != 0 and by in done.output
    assert labels_in(installation) == []


def looked_for_suspects(folder: Path, suspect: dict[str, Any]) -> None:
    """Leave what a run that looked for suspects leaves behind."""
    run = Record(folder / "training" / "20261120-080000-000")
    run.folder.mkdir(parents=True)
    at = "2026-11-20T08:00:00.000+00:00"
    run.write("run", {"run": run.folder.name, "kind": "suspects", "by": "7001", "begun": at,
                      "usually": {"suspects": 60}})
    run.write("progress", {"status": "done", "error": "", "stages": [], "at": at})
    run.write("result", {"at": at, "examples": 3, "wordings": [], "suspects": [suspect]})


def test_suspects_are_told_where_somebody_has_looked_for_them(installation) -> None:
    assert "还没有查过" in review("suspects").output
    example = read_examples()[0]
    words = Label.of_example(example).in_words()
    looked_for_suspects(installation, {
        "key": key_of(example.text), "text": example.text, "file": "assistance.yml",
        "intent": example.intent, "item": example.item, "in_words": words, "believed": {},
        "believed_in_words": "参保登记", "p": 0.93})
    told = review("suspects").output
    for part in (example.text, words, "参保登记", "93%", "还有 1 条存疑"):
        assert part in told
