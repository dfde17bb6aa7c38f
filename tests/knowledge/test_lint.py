"""Contradictions in and between guides are found, and each is explained or open."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from knowledge.contradictions import limits_of, one_form, within_guide
from knowledge.errors import DataError
from knowledge.lint import Report, lint
from knowledge.store import ROOT, load, read

pytestmark = pytest.mark.usefixtures("parsed_once")

Change = Callable[[str, str, str], Report]


@pytest.fixture(scope="module")
def report() -> Report:
    return lint(load())


@pytest.fixture
def change(tmp_path: Path) -> Change:
    """Replaces a piece of text in a file of a copy, and gives the copy's report."""

    def replace(file: str, old: str, new: str) -> Report:
        root = tmp_path / "knowledge"
        shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        text = (root / file).read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}: the test has to follow the data"
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return lint(read(root), root)

    return replace


def ids(report: Report) -> set[str]:
    return {finding.id for finding in report.open}


def test_every_contradiction_is_explained_and_no_explanation_is_left_over(report: Report) -> None:
    assert [f"{finding.id} {finding.text}" for finding in report.open] == []
    assert report.stale == ()


def test_ids_are_unique_and_explanations_are_sentences(report: Report) -> None:
    found = [finding.id for finding in report.findings]
    assert len(found) == len(set(found))
    assert all(text.endswith("。") for text in report.explained.values())


@pytest.mark.parametrize(
    "finding",
    [
        "meizhou/prenatal_provider_choice/地点/定点医疗机构",
        "meizhou/outpatient_reimbursement/省/时限/20工作日~30工作日",
        "meizhou/outpatient_reimbursement/省/申请期限/1年~没写",
        "meizhou/long_term_resident_filing/省/表格名称/广东省异地就医备案登记表~备案表",
        "jiangmen/assistance_reimbursement/省/表格名称/医疗救助申请表~医疗救助申请卡",
        "fujian/assistance_reimbursement/标题编号/24.0.7",
        "meizhou/电话/2181987",
    ],
)
def test_it_finds_the_contradictions_that_the_guides_are_known_for(
    report: Report, finding: str
) -> None:
    assert finding in {f.id for f in report.findings}


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        ("guides/meizhou/outpatient_reimbursement.yml",
         "窗口办理：参保地所属医保经办机构窗口。", "窗口办理：定点医疗机构医保窗口。",
         "meizhou/outpatient_reimbursement/地点/经办机构"),
        ("guides/meizhou/outpatient_reimbursement.yml", "不超过20个工作日", "不超过25个工作日",
         "meizhou/outpatient_reimbursement/省/时限/25工作日~30工作日"),
        ("guides/meizhou/outpatient_reimbursement.yml",
         "经办机构对相关医疗费用审核后拨付办结", "经办机构在40个工作日内审核后拨付办结",
         "meizhou/outpatient_reimbursement/时限/20工作日/40工作日"),
        ("guides/meizhou/outpatient_reimbursement.yml",
         "申办人携带申请材料到", "申办人填写《转诊审批表》到",
         "meizhou/outpatient_reimbursement/材料/转诊审批表"),
        ("guides/fujian/posted_worker_filing.yml",
         "《福建省基本医疗保险参保人员异地就医申请表》",
         "《福建省医疗保险参保人员异地就医登记表》",
         "fujian/表格名称/福建省医疗保险参保人员异地就医登记表~福建省基本医疗保险参保人员异地就医申请表"),
    ],
    ids=["another counter", "another limit than the province's", "days beyond the limit",
         "a form that is not among the materials", "another name for a form"],
)
def test_a_new_contradiction_is_open(
    file: str, old: str, new: str, finding: str, change: Change
) -> None:
    assert finding in ids(change(file, old, new))


def test_an_explanation_does_not_outlive_its_contradiction(change: Change) -> None:
    changed = change("guides/meizhou/outpatient_reimbursement.yml",
                     "不超过20个工作日", "不超过30个工作日")
    assert "meizhou/outpatient_reimbursement/省/时限/20工作日~30工作日" in changed.stale


def test_an_explanation_taken_away_leaves_the_contradiction_open(change: Change) -> None:
    finding = "meizhou/birth_payment/省/申请期限/没写~3年"
    assert finding in ids(change("lint.yml", f"    - {finding}\n", ""))


def test_the_same_words_decided_by_other_facts_are_told(change: Change) -> None:
    changed = change("guides/meizhou/outpatient_reimbursement.yml",
                     "{has: [circumstances, 急诊]}", "{eq: [care_type, 门诊]}")
    assert "情形/急诊/特殊情形=急诊~门诊还是住院=门诊" in ids(changed)


def test_a_finding_explained_twice_is_refused(change: Change) -> None:
    twice = "meizhou/电话/2181987"
    with pytest.raises(DataError, match="twice"):
        change("lint.yml", f"- {twice}\n", f"- {twice}\n    - {twice}\n")


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("窗口即时办结。线上不超过2个工作日", ("2工作日", "即时")),
        ("即时受理,3个工作日内办结", ("3工作日",)),
        ("根据协议执行", ()),
    ],
)
def test_limits_are_read_from_their_wording(text: str, limits: tuple[str, ...]) -> None:
    assert limits_of(text) == limits


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("医疗救助申请卡", "医疗救助申请表", True),
        ("备案表", "广东省异地就医备案登记表", True),
        ("职工参保登记表", "城乡居民参保登记表", False),
        ("门诊定点机构登记表", "门诊定点机构变更表", False),
        ("个人承诺书", "医疗救助申请表", False),
    ],
)
def test_names_of_one_form_are_told_from_names_of_two(one: str, other: str, same: bool) -> None:
    assert one_form(one, other) is one_form(other, one) is same


def test_a_guide_alone_is_compared_with_itself_only() -> None:
    kb = load()
    assert all("/省/" not in f.id for f in within_guide(kb, kb.guide("meizhou")))


def test_the_command_lists_open_ones_and_on_demand_the_explained(report: Report) -> None:
    plain = CliRunner().invoke(app, ["kb", "lint"])
    assert plain.exit_code == (1 if report.open or report.stale else 0)
    everything = CliRunner().invoke(app, ["kb", "lint", "--all"])
    assert all(finding.id in everything.output for finding in report.findings)
    assert "说明：" in everything.output
