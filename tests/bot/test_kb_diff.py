"""``yibao kb diff``: two editions of a guide as texts, as data, or one of each."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.journal.database import Database
from bot.journal.entries import turn_entry
from bot.kb_reports.diff import report
from bot.kb_reports.sources import printed
from bot.paths import PROJECT
from bot.settings import Settings
from bot.store import StoredMessage
from knowledge.errors import SetupError
from knowledge.store import ROOT, load

LIMIT, SHORTER = "不超过20个工作日", "不超过15个工作日"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """梅州's guide as a text file."""
    path = tmp_path / "printed.txt"
    path.write_text("梅州市医疗保障经办政务服务事项\n办事指南\n" + printed(load().guide("meizhou")),
                    encoding="utf-8")
    return path


@pytest.fixture
def new_text(text: Path) -> Path:
    """The text of a new edition: the limit of 门诊费用报销 is shorter, 邮寄 is possible."""
    before, item = text.read_text(encoding="utf-8").split("门诊费用报销。", 1)
    item = item.replace(LIMIT, SHORTER, 1)
    path = text.with_name("new.txt")
    path.write_text(f"{before}门诊费用报销。{item}", encoding="utf-8")
    return path


@pytest.fixture
def new_data(tmp_path: Path) -> Path:
    """The data of a new edition, as a folder of knowledge."""
    folder = tmp_path / "knowledge"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / "guides" / "meizhou" / "outpatient_reimbursement.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(LIMIT, SHORTER), encoding="utf-8")
    counters = folder / "guides" / "meizhou" / "guide.yml"
    counters.write_text(counters.read_text(encoding="utf-8").replace("4428095", "4428096"),
                        encoding="utf-8")
    return folder


def one_change(told: str) -> None:
    assert "1 个事项有变化（更严 0 处，更宽 1 处，请人工判断 0 处）" in told
    assert f"■ 门诊费用报销\n  办理时限 改动（更宽）：{LIMIT}" in told


def test_two_texts(text: Path, new_text: Path) -> None:
    one_change(report(str(text), str(new_text)))


def test_the_data_in_service_and_the_text_of_a_new_edition(new_text: Path) -> None:
    one_change(report(str(ROOT), str(new_text)))


def test_two_folders_of_data_with_the_counters(new_data: Path) -> None:
    told = report(str(ROOT), str(new_data), "meizhou")
    one_change(told)
    assert "网点和电话 不再有：五华县" in told and "0753-4428096" in told


def test_the_folder_of_one_guide(new_data: Path) -> None:
    guides = [str(root / "guides" / "meizhou") for root in (ROOT, new_data)]
    one_change(report(*guides))


def test_the_same_text_changes_nothing(text: Path) -> None:
    assert "0 个事项有变化" in report(str(text), str(text))


def test_cases_that_no_longer_hold_are_named(new_text: Path) -> None:
    told = report(str(ROOT), str(new_text))
    assert "tests/cases/meizhou/outpatient_reimbursement.yml：票据上的诊疗截止日期起1年内报" in told


def test_lists_given_before_are_counted_with_their_version(
    tmp_path: Path, new_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIBAO_VAR", str(tmp_path))
    monkeypatch.delenv("YIBAO_LOG_DATABASE", raising=False)
    database = Database(Settings.from_environment().log_address)
    elsewhere = turn("c3", region="jiangmen", item="门诊费用报销")
    database.add([turn("c1", item="门诊费用报销"), turn("c2", item="门诊费用报销", status=""),
                  elsewhere])
    database.close()
    told = report(str(ROOT), str(new_data), "meizhou")
    assert "已经给出的清单 1 份" in told and "门诊费用报销（版本 0123456789ab）：1 份" in told


def test_where_nothing_was_ever_logged_no_database_is_made(
    tmp_path: Path, new_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIBAO_VAR", str(tmp_path / "var"))
    assert "已经给出的清单" not in report(str(ROOT), str(new_data), "meizhou")
    assert not (tmp_path / "var").exists()


def turn(
    conversation: str, region: str = "meizhou", item: str = "", status: str = "applies"
) -> dict[str, Any]:
    """The entry of a turn that was answered from a guide."""
    card = {"type": "answer", "status": status, "item": item}
    slots = {"context": {"region": region}, "facts": {}}
    at = "2026-11-01T08:00:00+00:00"
    said = StoredMessage(1, at, "citizen", "要带什么")
    reply = StoredMessage(2, at, "bot", "清单", card)
    return turn_entry(conversation, "web", said, [reply], None, slots, model_version="m",
                      knowledge_version="0123456789ab", milliseconds=1)


def test_what_is_neither_file_nor_folder_nor_revision_is_one_clear_sentence() -> None:
    with pytest.raises(SetupError, match="不是指南文件、知识文件夹，也不是版本库里的版本"):
        report("no-such-thing", str(ROOT))


def test_the_command_prints_it(text: Path, new_text: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bot", "kb", "diff", str(text), str(new_text)],
        cwd=PROJECT, capture_output=True, text=True, check=True)
    one_change(run.stdout)
