"""The same item in several guides, side by side."""

from __future__ import annotations

import pytest

from knowledge.compare import Comparison, Row, compare
from knowledge.errors import UnknownId
from knowledge.store import load


def rows(comparison: Comparison, kind: str) -> list[Row]:
    return [row for row in comparison.rows if row.kind == kind]


def texts(row: Row) -> list[str]:
    return ["；".join(rule.text for rule in cell) for cell in row.cells]


@pytest.fixture(scope="module")
def inpatient() -> Comparison:
    return compare(load(), "inpatient_reimbursement", ["meizhou", "jiangmen"])


def test_a_limit_that_differs_is_shown_in_the_words_of_each_guide(inpatient: Comparison) -> None:
    (row,) = rows(inpatient, "time_limits")
    assert texts(row) == ["不超过20个工作日", "不超过30个工作日"]
    assert not row.same


def test_a_paper_both_ask_for_in_the_same_words_is_the_same(inpatient: Comparison) -> None:
    first = rows(inpatient, "materials")[0]
    assert texts(first) == ["医保电子凭证或有效身份证件或社保卡"] * 2
    assert first.same


def test_the_same_paper_in_other_words_stands_in_one_row(inpatient: Comparison) -> None:
    assert ["医院收费票据原件（加盖医院印章）", "医院收费票据"] in [
        texts(row) for row in rows(inpatient, "materials")]


def test_must_and_may_are_not_the_same(inpatient: Comparison) -> None:
    row = next(r for r in rows(inpatient, "materials") if texts(r) == ["急诊诊断证明"] * 2)
    assert not row.same


def test_only_one_guide_asks_for_the_bank_account(inpatient: Comparison) -> None:
    row = next(r for r in rows(inpatient, "materials") if "本人银行账号" in texts(r))
    assert row.only and not row.cells[1]


def test_what_merely_has_another_name_is_not_said_to_be_missing_elsewhere() -> None:
    filing = compare(load(), "long_term_resident_filing", ["meizhou", "jiangmen"])
    only = {text for row in rows(filing, "materials") if row.only for text in texts(row) if text}
    assert only == set()


def test_a_deadline_that_one_guide_does_not_state_is_an_empty_cell(inpatient: Comparison) -> None:
    (row,) = rows(inpatient, "deadlines")
    assert row.cells[0] and not row.cells[1]


def test_a_guide_without_the_item_has_none_and_nothing_is_put_in_its_place() -> None:
    filing = compare(load(), "temporary_filing", ["guangdong", "hubei"])
    assert filing.items[0] is not None and filing.items[1] is None
    assert all(not row.cells[1] for row in filing.rows)


def test_every_cell_holds_only_clauses_of_its_own_guide() -> None:
    kb = load()
    for family in kb.families:
        for item in family.items:
            found = compare(kb, item.id, list(kb.guides))
            for row in found.rows:
                for guide, cell in zip(found.guides, row.cells):
                    assert {rule.clause.guide for rule in cell} <= {guide}


def test_no_line_of_an_item_is_lost_in_the_comparison() -> None:
    kb = load()
    found = compare(kb, "inpatient_reimbursement", list(kb.guides))
    for n, item in enumerate(found.items):
        assert item is not None
        shown = {id(rule) for row in rows(found, "materials") for rule in row.cells[n]}
        assert shown == {id(rule) for rule in item.of_kind("materials")}


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(UnknownId):
        compare(load(), "tree_felling", ["meizhou", "jiangmen"])
