"""What a new edition changes for citizens: stricter, looser, added, gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.base import Guide
from knowledge.diff import LOOSER, NEUTRAL, STRICTER, Change, ItemChange, diff, wordings_gone
from knowledge.store import ROOT, load, read

FILE = "guides/meizhou/outpatient_reimbursement.yml"
NewEdition = Callable[..., tuple[ItemChange, ...]]


@pytest.fixture
def edition(tmp_path: Path) -> NewEdition:
    """Changes a file of 梅州's guide (old wording, new wording) and tells what that changes."""

    def changed(*replacements: tuple[str, str], file: str = FILE) -> tuple[ItemChange, ...]:
        shutil.copytree(ROOT, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py"))
        path = tmp_path / "knowledge" / file
        text = path.read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return diff(before(), read(tmp_path / "knowledge").guide("meizhou"))

    return changed


def before() -> Guide:
    return load().guide("meizhou")


def only(changes: tuple[ItemChange, ...]) -> Change:
    (item,) = changes
    assert item.name == "门诊费用报销"
    (change,) = item.changes
    return change


def test_the_same_edition_changes_nothing() -> None:
    assert diff(before(), before()) == ()


@pytest.mark.parametrize(("old", "new", "effect"), [
    ("不超过20个工作日", "不超过15个工作日", LOOSER),
    ("不超过20个工作日", "不超过30个工作日", STRICTER),
    ("不超过20个工作日", "即时办结", LOOSER),
    ("不超过20个工作日", "不超过1个月", STRICTER),
])
def test_a_limit_that_gets_shorter_is_good_for_the_citizen(
    edition: NewEdition, old: str, new: str, effect: str
) -> None:
    change = only(edition((old, new)))
    assert (change.kind, change.effect) == ("time_limits", effect)
    assert change.old and change.new and (change.old.text, change.new.text) == (old, new)


def test_less_time_to_hand_in_is_stricter(edition: NewEdition) -> None:
    item, = edition(("起1年内", "起6个月内"),
                    ("amount: 1\n        unit: 年", "amount: 6\n        unit: 个月"))
    assert [c.effect for c in item.changes if c.kind == "deadlines"] == [STRICTER]


def test_a_stamp_that_is_no_longer_asked_for_is_looser(edition: NewEdition) -> None:
    changed = edition(("医院收费票据原件（加盖医院印章）", "医院收费票据原件"),
                      ("clause: materials.2, form: {original: true, stamp: 医院印章}",
                       "clause: materials.2, form: {original: true}"))
    assert only(changed).effect == LOOSER


def test_another_way_to_hand_in_is_looser_and_one_less_is_stricter(edition: NewEdition) -> None:
    item, = edition(("body: 窗口办理：参保地所属医保经办机构窗口。",
                     "body: ['（一）窗口办理：参保地所属医保经办机构窗口。', '（二）邮寄办理。']"))
    assert [(c.kind, c.effect) for c in item.changes] == [("channels", LOOSER)]


def test_a_paper_that_may_be_asked_for_instead_of_must_is_looser(edition: NewEdition) -> None:
    item, = edition(("急诊需提供急诊诊断证明", "急诊可要求提供急诊诊断证明"),
                    ("      text: 急诊诊断证明\n",
                     "      text: 急诊诊断证明\n      modality: may_be_required\n"))
    assert (LOOSER, "materials") in [(c.effect, c.kind) for c in item.changes]


def test_words_that_only_a_person_can_weigh_are_left_to_a_person(edition: NewEdition) -> None:
    item, = edition(("且符合待遇享受条件的基本医疗保险参保人员", "的基本医疗保险参保人员"))
    assert [(c.kind, c.effect) for c in item.changes] == [("audience", NEUTRAL)]


def test_an_item_that_is_gone_and_one_that_is_new_are_said(tmp_path: Path) -> None:
    shutil.copytree(ROOT, tmp_path / "k", ignore=shutil.ignore_patterns("*.py"))
    (tmp_path / "k" / FILE).unlink()
    without = read(tmp_path / "k").guide("meizhou")
    gone, = diff(before(), without)
    assert gone.name == "门诊费用报销" and gone.new is None
    new, = diff(without, before())
    assert new.old is None


def test_a_renamed_item_is_followed(edition: NewEdition) -> None:
    item, = edition(("name: 门诊费用报销", "name: 门诊医疗费用报销"),
                    ("body: 门诊费用报销。", "body: 门诊医疗费用报销。"))
    assert item.renamed and item.old and item.new


def test_questions_that_fall_away_are_named(edition: NewEdition) -> None:
    item, = edition(("      when: {has: [circumstances, 限制性药品]}\n", ""),
                    ("      when: {in: [identity_document, [医保电子凭证, 有效身份证件]]}\n", ""))
    assert item.questions_gone == ("identity_document",)


def test_wordings_that_no_longer_stand_are_listed(edition: NewEdition) -> None:
    assert wordings_gone(edition(("不超过20个工作日", "不超过15个工作日"))) == ("不超过20个工作日",)
