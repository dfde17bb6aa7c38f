"""The checks of the knowledge base find what is wrong: each test breaks one thing in a copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.errors import DataError
from knowledge.store import ROOT, read
from knowledge.text import digest, squeeze
from knowledge.verify import Coverage, check_guides, check_references

pytestmark = pytest.mark.usefixtures("parsed_once")

Change = Callable[[str, str, str], Path]
OUT = "guides/meizhou/outpatient_reimbursement.yml"
IN = "guides/meizhou/inpatient_reimbursement.yml"
POSTED, TEMPORARY = "guides/meizhou/posted_worker_filing.yml", "guides/meizhou/temporary_filing.yml"
GUIDE = "guides/meizhou/guide.yml"
PROVINCE = "guides/guangdong/outpatient_reimbursement.yml"
PLEDGE = "guides/fujian/settled_retiree_filing.yml"
SHARED_RULES = "guides/jiangmen/_remote_filing_rules.yml"

RECEIPT = "    - {id: receipt, clause: materials.2, form: {original: true, stamp: 医院印章}}\n"
BANK_ACCOUNT = """    - id: bank_account
      clause: materials.1
      text: 本人银行账号
      when: {in: [identity_document, [医保电子凭证, 有效身份证件]]}
      when_text: 提供医保电子凭证或有效身份证件
"""
EMERGENCY = """    - id: emergency_proof
      clause: notes.1
      text: 急诊诊断证明
      when: {has: [circumstances, 急诊]}
      when_text: 急诊
"""
MINISTRY = "  - {name: 咨询热线, purpose: 咨询, phone: '12345', clause: hotline}\n"
LAST_COUNTER = """  - code: '441424'
    name: 五华县
    clause: offices.9
    address: 五华县水寨镇华兴北路81号 五华县行政服务中心四楼
    phones: ['0753-4428095', '4438358']
"""

MUTATIONS = [
    # Figures, wording and modality have to follow from the clause.
    ("a deadline of two years for one", OUT, "amount: 1\n", "amount: 2\n"),
    ("a deadline in months for years", OUT, "unit: 年", "unit: 个月"),
    ("a deadline in days for working days", "guides/meizhou/referral_filing.yml",
     "unit: 工作日", "unit: 日"),
    ("a deadline from another day", OUT, "start: 诊疗截止日期", "start: 出院日期"),
    ("an exception the clause does not make", OUT, "[不可抗力, 法律纠纷]", "[不可抗力, 住院]"),
    ("more copies than asked for", OUT, "form: {copies: 1}", "form: {copies: 3}"),
    ("another stamp", OUT, "stamp: 医疗机构印章", "stamp: 单位公章"),
    ("an original where none is asked for", PROVINCE,
     "{id: receipt, clause: materials.2}",
     "{id: receipt, clause: materials.2, form: {original: true}}"),
    ("may be required for required", OUT, "      when_text: 急诊\n",
     "      when_text: 急诊\n      modality: may_be_required\n"),
    ("required for may be required", PROVINCE, "      modality: may_be_required\n", ""),
    ("a name that is not in the clause", OUT, "text: 急诊诊断证明", "text: 急诊病历"),
    ("a component that is not in the clause", POSTED,
     "异地工作单位证明, 工作合同]", "异地工作单位证明, 劳动合同]"),
    ("a case in words that are not the guide's", OUT,
     "when_text: 普通外伤案件", "when_text: 轻伤案件"),
    # Every line stands on its own clause.
    ("the clause beside the right one", OUT, "clause: notes.1\n", "clause: notes.2\n"),
    ("a line left out", OUT, RECEIPT, ""),
    ("the second line of a clause left out", OUT, BANK_ACCOUNT, ""),
    ("a note that asks for a paper without its line", OUT, EMERGENCY, ""),
    ("a part to stand in for that is not there", PLEDGE,
     "target: identity_and_proof.proof", "target: identity_and_proof.prof"),
    ("another item that is not there", TEMPORARY,
     "instead: inpatient_reimbursement", "instead: hospital_reimbursement"),
    ("an item that the catalog does not know", OUT, "name: 门诊费用报销\n",
     "name: 门诊费用报销\ncanonical: [outpatient]\n"),
    ("rules printed elsewhere that leave out an item which has them", SHARED_RULES,
     "posted_worker_filing, ", ""),
    # Conditions use the vocabulary of facts.
    ("a fact that does not exist", OUT,
     "{has: [circumstances, 急诊]}", "{has: [circumstance, 急诊]}"),
    ("an option that does not exist", OUT,
     "{has: [circumstances, 急诊]}", "{has: [circumstances, 重病]}"),
    ("several options taken for one", OUT,
     "{has: [circumstances, 急诊]}", "{eq: [circumstances, 急诊]}"),
    ("a catalog condition on a fact that does not exist", "catalog.yml",
     "typical_when: {eq: [care_type, 门诊]}", "typical_when: {eq: [care, 门诊]}"),
    ("an implied fact that does not exist", "catalog.yml",
     "implies: {care_type: 门诊}", "implies: {care: 门诊}"),
    ("an implied value that does not exist", "catalog.yml",
     "implies: {care_type: 门诊}", "implies: {care_type: 急诊}"),
    ("an assumed value that does not exist", "facts/remote_filing.yml",
     "default: 新办", "default: 首次办理"),
    # Counters and numbers.
    ("a digit wrong in a counter's number", GUIDE,
     "phones: ['0753-2196734'", "phones: ['0753-2196735'"),
    ("the number of another counter", GUIDE, "phones: ['0753-2196734'", "phones: ['0753-2562039'"),
    ("a digit missing in a counter's number", GUIDE,
     "phones: ['0753-2196734'", "phones: ['0753-219673'"),
    ("another house number", GUIDE,
     "address: 五华县水寨镇华兴北路81号", "address: 五华县水寨镇华兴北路18号"),
    ("a wrong hotline", GUIDE,
     "phone: '12345', clause: hotline", "phone: '12333', clause: hotline"),
    ("a complaint number for the hotline's", "guides/fujian/guide.yml",
     "phone: 0591-87842560", "phone: 0592-12345"),
    ("a counter left out", GUIDE, LAST_COUNTER, ""),
    ("a hotline left out", GUIDE, MINISTRY, ""),
]

UNREADABLE = [
    ("a clause that is not there", OUT,
     "clause: notes.1\n", "clause: notes.9\n", r"clause.*notes\.9"),
    ("a key nobody knows", OUT,
     "name: 门诊费用报销\n", "name: 门诊费用报销\ncolour: 红\n", "colour"),
    ("a kind of line nobody knows", OUT, "  deadlines:\n", "  dedlines:\n", "dedlines"),
    ("an effect nobody knows", PLEDGE, "effect: substitute", "effect: replace", "effect"),
    ("an operator nobody knows", OUT, "{has: [circumstances, 急诊]}", "{is: [circumstances, 急诊]}",
     "unknown operator"),
    ("a file of rules that is not there", "guides/jiangmen/posted_worker_filing.yml",
     "includes: [_remote_filing_rules]", "includes: [_filing_rules]", "_filing_rules"),
    ("a key that stands twice", OUT,
     "name: 门诊费用报销\n", "name: 门诊费用报销\nname: 住院费用报销\n", "name"),
]


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the data files, to be copied again by each test."""
    root = tmp_path_factory.mktemp("original")
    for path in ROOT.rglob("*.yml"):
        target = root / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return root


@pytest.fixture
def change(original: Path, tmp_path: Path) -> Change:
    """Replaces a piece of text in one file of a fresh copy, and gives the copy's folder."""

    def replace(file: str, old: str, new: str) -> Path:
        root = tmp_path / "knowledge"
        shutil.copytree(original, root)
        text = (root / file).read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}: the test has to follow the data"
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return root

    return replace


def test_the_data_as_it_is_has_no_problem(original: Path) -> None:
    assert [str(problem) for problem in check_references(read(original))] == []


@pytest.mark.parametrize(("file", "old", "new"), [m[1:] for m in MUTATIONS],
                         ids=[m[0] for m in MUTATIONS])
def test_it_notices(file: str, old: str, new: str, change: Change) -> None:
    root = change(file, old, new)
    try:
        problems = [str(problem) for problem in check_references(read(root))]
    except DataError as error:
        problems = [str(error)]
    assert problems, "nothing was noticed"
    named = {Path(file).name, Path(file).parts[0]} - {"guides"}
    assert any(name in problem for name in named for problem in problems)


@pytest.mark.parametrize(("file", "old", "new", "said"), [m[1:] for m in UNREADABLE],
                         ids=[m[0] for m in UNREADABLE])
def test_it_refuses(file: str, old: str, new: str, said: str, change: Change) -> None:
    with pytest.raises(DataError, match=said) as refused:
        read(change(file, old, new))
    assert Path(file).name in str(refused.value)


def test_broken_yaml_is_refused_with_file_and_line(change: Change) -> None:
    root = change(OUT, "name: 门诊费用报销\n", "name: 门诊费用报销\nnumber: [1\n")
    with pytest.raises(DataError, match=r"outpatient_reimbursement\.yml: line \d+") as refused:
        read(root)
    assert refused.value.key.startswith("line ") and refused.value.remedy


def test_a_file_that_holds_nothing_is_refused_by_name(change: Change) -> None:
    root = change("guides/hubei/guide.yml", "title: ", "title: ")
    (root / "guides/hubei/guide.yml").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=r"guide\.yml"):
        read(root)


TEXT = """
 ⼀、花园

一、事项名称

砍树许可

二、材料

1.申请表
— 12 —
2.身份证明一式 2 份

三、时限

不超过20个工作日
"""
TREE = """
name: 砍树许可
spans: [[0, {end}]]
text:
  title: {{heading: 一、花园}}
  name: {{heading: 一、事项名称, body: 砍树许可}}
  materials: {{heading: 二、材料, body: ['1.申请表', '2.身份证明一式2份']}}
  time_limits: {{heading: 三、时限, body: 不超过20个工作日}}
excluded:
  - {{text: —12—, reason: page_number}}
"""


@pytest.fixture
def town(original: Path, tmp_path: Path) -> Path:
    """A folder with a small guide's text (``texts``) and its data (``knowledge``)."""
    knowledge, texts = tmp_path / "knowledge", tmp_path / "texts"
    folder = knowledge / "guides" / "town"
    folder.mkdir(parents=True)
    texts.mkdir()
    (knowledge / "catalog.yml").write_text(
        "- {id: garden, intent: 花园, label: 花园, name: 花园, asked_as: 园子,"
        " items: [{id: tree, label: 砍树}]}",
        encoding="utf-8")
    (folder / "guide.yml").write_text(
        "title: 花园指南\nshort: 指南\nregion: 某市\ncode: '000000'\nedition: 试用\n"
        f"sha256: {digest(TEXT)}\n", encoding="utf-8")
    (folder / "tree.yml").write_text(TREE.format(end=len(squeeze(TEXT))), encoding="utf-8")
    (texts / "town.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def checked(town: Path) -> tuple[list[str], list[Coverage]]:
    problems, figures = check_guides(read(town / "knowledge"), town / "texts")
    return [str(problem) for problem in problems], figures


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_guide_that_is_mirrored_whole_has_no_problem(town: Path) -> None:
    problems, (figures,) = checked(town)
    assert problems == []
    assert figures.characters == len(squeeze(TEXT))
    assert figures.quoted + figures.headings + figures.excluded == figures.characters
    assert figures.excluded == len("—12—")


def test_another_edition_is_noticed_even_where_no_item_changed(town: Path) -> None:
    edit(town / "texts" / "town.txt", "不超过20个工作日\n", "不超过20个工作日\n附注\n")
    problems, _ = checked(town)
    assert problems == ["town/guide.yml: sha256: another edition of the guide"]


def test_spaces_and_line_breaks_make_no_other_edition(town: Path) -> None:
    edit(town / "texts" / "town.txt", "不超过20个工作日", "不超过 20\n个 工 作 日")
    assert checked(town)[0] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("不超过20个工作日", "不超过15个工作日"),
        ("1.申请表', '2.身份证明一式2份", "1.身份证明一式2份', '2.申请表"),
        ("'1.申请表', ", ""),
        ("'1.申请表'", "'1.申请表', '3.照片'"),
        ("{heading: 三、时限", "{heading: 三、期限"),
        ("  - {text: —12—, reason: page_number}\n", "  []\n"),
        ("spans: [[0, ", "spans: [[3, "),
        ("spans: [[0, ", "spans: [[0, 4], [9, "),
    ],
    ids=["another number", "clauses in another order", "a clause left out", "a clause made up",
         "another heading", "a page number not excluded", "a span that begins late",
         "a span with a hole"],
)
def test_data_that_departs_from_the_text_is_noticed(town: Path, old: str, new: str) -> None:
    edit(town / "knowledge" / "guides" / "town" / "tree.yml", old, new)
    problems, _ = checked(town)
    assert problems and all(problem.startswith("town/tree.yml: text") for problem in problems)


def test_a_span_that_runs_on_leaves_text_unaccounted_for(town: Path) -> None:
    edit(town / "texts" / "town.txt", "不超过20个工作日\n", "不超过20个工作日\n二、喷泉许可\n")
    edit(town / "knowledge" / "guides" / "town" / "tree.yml", f"{len(squeeze(TEXT))}]]",
         f"{len(squeeze(TEXT)) + 4}]]")
    problems, _ = checked(town)
    assert "town/tree.yml: text: unaccounted: 「二、喷泉」" in problems


def test_two_files_that_claim_the_same_text_are_noticed(town: Path) -> None:
    folder = town / "knowledge" / "guides" / "town"
    shutil.copy(folder / "tree.yml", folder / "bush.yml")
    problems = [str(problem) for problem in check_references(read(town / "knowledge"))]
    assert "town/tree.yml: spans: overlaps with bush.yml" in problems


def test_a_guide_whose_text_is_missing_is_named(town: Path) -> None:
    (town / "texts" / "town.txt").unlink()
    problems, figures = checked(town)
    assert figures == [] and len(problems) == 1 and "town.txt" in problems[0]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (OUT, "不超过20个工作日", "不超过15个工作日"),
        (OUT, "急诊需提供急诊诊断证明", "急诊可要求提供急诊诊断证明"),
        (OUT, "门急诊费用清单原件", "住院费用清单原件"),
        (IN, "spans: [[10921, 11681]]", "spans: [[10169, 10921]]"),
        (PLEDGE, "《福建省基本医疗保险参保人员异地就医申请表》",
     "《福建省基本医疗保险参保人员转外就医备案表》"),
        (GUIDE, "0753-2196734、2196702", "0753-2196734、2196703"),
    ],
    ids=["a number", "a modality", "a clause of the item beside", "the span of the item beside",
         "another form", "a telephone number"],
)
def test_the_full_text_gives_away_a_changed_clause(
    file: str, old: str, new: str, change: Change, shared: Path
) -> None:
    problems, _ = check_guides(read(change(file, old, new)), shared / "guides")
    assert [p for p in problems if p.file == file.removeprefix("guides/") and p.key == "text"]


@pytest.mark.shared
def test_a_new_edition_of_a_guide_is_told_by_item(shared: Path, tmp_path: Path) -> None:
    texts = tmp_path / "guides"
    shutil.copytree(shared / "guides", texts)
    edit(texts / "meizhou.txt", "（二）医院收费票据原件（加盖", "（二）医院收费票据（加盖")
    problems, _ = check_guides(read(ROOT), texts)
    assert {p.file for p in problems if p.key == "sha256"} == {"meizhou/guide.yml"}
    assert "meizhou/outpatient_reimbursement.yml" in {p.file for p in problems if p.key == "text"}
    assert {p.file.split("/")[0] for p in problems} == {"meizhou"}
