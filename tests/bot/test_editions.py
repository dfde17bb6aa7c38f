"""Clauses of earlier versions stay readable after a new edition is loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.editions import Editions
from knowledge.errors import UnknownId
from knowledge.store import ROOT, KnowledgeBase, read

CLAUSE = "meizhou/outpatient_reimbursement/time_limits"


@pytest.fixture
def new_edition(tmp_path: Path) -> KnowledgeBase:
    """The knowledge with another time limit."""
    shutil.copytree(ROOT, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py"))
    path = tmp_path / "knowledge" / "guides" / "meizhou" / "outpatient_reimbursement.yml"
    text = path.read_text(encoding="utf-8").replace("不超过20个工作日", "不超过15个工作日")
    path.write_text(text, encoding="utf-8")
    return read(tmp_path / "knowledge")


def test_an_answer_given_before_still_shows_its_own_clause(
    tmp_path: Path, new_edition: KnowledgeBase
) -> None:
    old = read(ROOT)
    Editions(old, tmp_path / "kept").keep()
    after = Editions(new_edition, tmp_path / "kept")
    after.keep()
    assert after.clause(old.version, CLAUSE)["text"] == "不超过20个工作日"
    assert after.clause(new_edition.version, CLAUSE)["text"] == "不超过15个工作日"


def test_a_clause_names_guide_edition_item_and_place(tmp_path: Path) -> None:
    kb = read(ROOT)
    shown = Editions(kb, tmp_path).clause(kb.version, CLAUSE)
    assert shown == {
        "guide": "梅州市医疗保障经办政务服务事项办事指南", "region": "梅州市",
        "edition": kb.guide("meizhou").data.edition, "item": "门诊费用报销",
        "heading": "八、办理时限", "text": "不超过20个工作日"}


@pytest.mark.parametrize(("version", "clause", "kind"), [
    ("0123456789ab", CLAUSE, "version"),
    ("../../etc/passwd", CLAUSE, "version"),
    ("", CLAUSE, "version"),
])
def test_what_was_never_in_service_is_refused(
    tmp_path: Path, version: str, clause: str, kind: str
) -> None:
    with pytest.raises(UnknownId) as refused:
        Editions(read(ROOT), tmp_path).clause(version, clause)
    assert refused.value.kind == kind


def test_a_clause_that_an_earlier_version_did_not_have_is_refused(
    tmp_path: Path, new_edition: KnowledgeBase
) -> None:
    old = read(ROOT)
    Editions(old, tmp_path / "kept").keep()
    with pytest.raises(UnknownId) as refused:
        Editions(new_edition, tmp_path / "kept").clause(old.version, "meizhou/nothing/at.1")
    assert refused.value.kind == "clause"
