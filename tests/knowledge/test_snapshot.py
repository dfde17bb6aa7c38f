"""The snapshot: a second start reads nothing anew, and never shows what the files no longer say."""

from __future__ import annotations

import os
import pickle
import shutil
from pathlib import Path

import pytest

from knowledge import store
from knowledge.engine import decide
from knowledge.errors import DataError
from knowledge.store import ROOT, read


@pytest.fixture
def folder(tmp_path) -> Path:
    """A knowledge base with one guide."""
    root = tmp_path / "knowledge"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns("*.py", "__pycache__", "guides"))
    shutil.copytree(ROOT / "guides" / "meizhou", root / "guides" / "meizhou")
    return root


@pytest.fixture
def snapshot(tmp_path) -> Path:
    return tmp_path / "state" / "knowledge.snapshot"


def name_of(kb) -> str:
    return kb.item("meizhou", "outpatient_reimbursement").name


def test_the_second_start_reads_no_item_file(folder, snapshot, monkeypatch):
    first = read(folder, snapshot)
    monkeypatch.setattr(store, "read_yaml", lambda path: pytest.fail(f"{path} was read"))
    second = read(folder, snapshot)
    assert second is not first and second.version == first.version
    assert list(second.facts) == list(first.facts)
    for item in first.guides["meizhou"].items.values():
        again = second.guides["meizhou"].items[item.id]
        assert [(r.text, r.condition) for r in item.rules] == [
            (r.text, r.condition) for r in again.rules]
    for family in first.families:
        asked, again = (decide(kb, "meizhou", family.id, {}) for kb in (first, second))
        assert type(asked) is type(again)


def test_a_changed_file_is_read_again(folder, snapshot):
    read(folder, snapshot)
    path = folder / "guides" / "meizhou" / "outpatient_reimbursement.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("name: 门诊费用报销", "name: 改过的名称"), encoding="utf-8")
    assert name_of(read(folder, snapshot)) == "改过的名称"


def test_a_broken_file_is_reported_although_a_snapshot_exists(folder, snapshot):
    read(folder, snapshot)
    (folder / "guides" / "meizhou" / "outpatient_reimbursement.yml").write_text("name: [")
    with pytest.raises(DataError):
        read(folder, snapshot)


@pytest.mark.parametrize("damage", [b"", b"x" * 200, None], ids=["empty", "noise", "cut"])
def test_a_damaged_snapshot_is_made_again(folder, snapshot, damage):
    read(folder, snapshot)
    whole = snapshot.read_bytes()
    snapshot.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert name_of(read(folder, snapshot)) == "门诊费用报销"
    assert len(snapshot.read_bytes()) == len(whole)


def test_a_forged_snapshot_runs_nothing(folder, snapshot, tmp_path):
    class Forged:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "forged"),)

    read(folder, snapshot)
    key = snapshot.read_bytes()[:64]
    snapshot.write_bytes(key + pickle.dumps(Forged()))
    assert name_of(read(folder, snapshot)) == "门诊费用报销"
    assert not (tmp_path / "forged").exists()


def test_where_nothing_can_be_kept_the_files_are_read(folder, tmp_path):
    (tmp_path / "state").write_text("a file where the folder would be")
    assert name_of(read(folder, tmp_path / "state" / "knowledge.snapshot")) == "门诊费用报销"
