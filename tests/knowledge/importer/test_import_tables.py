"""Guides printed as tables: DOCX with merged cells, and lists whose merges were lost."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from sample_guides import ITEMS, REGION, TITLE

from knowledge.importer.importing import Imported, import_guide, import_source
from knowledge.importer.source import of_text

HEADER = ("主项", "序号", "子项", "子项编码", "事项描述", "办理材料", "办理时限", "备注",
          "设定依据")
ROWS = (
    ("一、异地就医备案", "1", "异地长期居住人员备案", "990000000001", "业务申请",
     "1.医保电子凭证或社保卡\n2.备案表", "即时办结", "1.可网上办理。\n2.转诊由医院办理。",
     "1.《云岭市医保条例》（云府〔2020〕1号）"),
    ("", "", "", "", "业务变更", "", "", "", ""),
    ("", "2", "异地转诊人员备案", "990000000002", "业务申请", "1.有效身份证件\n2.转诊证明",
     "2个工作日", "", ""),
    HEADER,
    ("二、费用报销", "3", "门诊费用报销", "990000000003", "—", "1.医院收费票据\n2.费用清单",
     "不超过20个工作日", "—", "1.《云岭市报销办法》（云府〔2021〕2号）"),
    ("", "4", "住院费用报销", "990000000004", "—", "1.医院收费票据\n2.出院小结",
     "不超过30个工作日", "—", ""),
)
MERGES = [(1, 0, 3, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3), (1, 5, 2, 5), (1, 6, 2, 6),
          (1, 7, 3, 7), (1, 8, 3, 8), (5, 0, 6, 0), (5, 8, 6, 8)]


def filled(table, rows) -> None:
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text


def merge(table, top: int, left: int, bottom: int, right: int) -> None:
    text = table.cell(top, left).text
    table.cell(top, left).merge(table.cell(bottom, right)).text = text


@pytest.fixture(scope="module")
def merged(tmp_path_factory) -> Imported:
    """A DOCX table of items whose cells are merged down, its header printed twice."""
    document = docx.Document()
    document.add_paragraph("云岭市医疗保障经办政务服务事项清单")
    table = document.add_table(rows=1 + len(ROWS), cols=len(HEADER))
    filled(table, [HEADER, *ROWS])
    for cells in MERGES:
        merge(table, *cells)
    path = tmp_path_factory.mktemp("docx") / "guide.docx"
    document.save(path)
    return import_guide(path, REGION)


@pytest.fixture(scope="module")
def unmerged() -> Imported:
    """The same table as text, parted by tabs, its merges lost and a row moved to the left."""
    rows = [HEADER, *ROWS]
    lines = ["\t".join(" ".join(cell.split()) for cell in row) for row in rows]
    lines[-1] = lines[-1].removeprefix("\t")
    text = "云岭市医疗保障经办政务服务事项清单\n\n" + "\n".join(lines) + "\n"
    return import_source(of_text(text), REGION)


def texts(imported: Imported, name: str, kind: str) -> list[str]:
    """Return what an item shows of a kind."""
    items = imported.kb.guide(imported.guide).items.values()
    item = next(i for i in items if i.name == name)
    return [rule.clause.text for rule in item.of_kind(kind)]


@pytest.mark.parametrize("guide", ["merged", "unmerged"])
def test_rows_become_items_with_numbers_codes_and_sections(guide: str, request) -> None:
    imported = request.getfixturevalue(guide)
    items = imported.kb.guide(imported.guide).items.values()
    assert {(i.name, i.data.number, i.data.code) for i in items} == {
        ("异地长期居住人员备案", "1", "990000000001"), ("异地转诊人员备案", "2", "990000000002"),
        ("门诊费用报销", "3", "990000000003"), ("住院费用报销", "4", "990000000004")}
    assert texts(imported, "住院费用报销", "materials") == ["医院收费票据", "出院小结"]
    assert texts(imported, "住院费用报销", "time_limits") == ["不超过30个工作日"]


@pytest.mark.parametrize("guide", ["merged", "unmerged"])
def test_a_cell_merged_over_rows_holds_for_all_of_them(guide: str, request) -> None:
    imported = request.getfixturevalue(guide)
    for name in ("异地长期居住人员备案", "异地转诊人员备案"):
        assert texts(imported, name, "basis") == ["《云岭市医保条例》（云府〔2020〕1号）"]
        assert texts(imported, name, "notes") == ["可网上办理。", "转诊由医院办理。"]
    for name in ("门诊费用报销", "住院费用报销"):
        assert texts(imported, name, "basis") == ["《云岭市报销办法》（云府〔2021〕2号）"]
        assert texts(imported, name, "notes") == []


def test_blank_cells_are_taken_as_above_only_where_merges_are_lost_and_marked(
    merged: Imported, unmerged: Imported
) -> None:
    assert "同上" not in merged.report
    assert unmerged.report.count("按「同上」取自") == 3
    assert "列错位" in unmerged.report


@pytest.mark.parametrize("guide", ["merged", "unmerged"])
def test_several_descriptions_of_an_item_are_its_services(guide: str, request) -> None:
    imported = request.getfixturevalue(guide)
    assert texts(imported, "异地长期居住人员备案", "services") == ["业务申请", "业务变更"]


@pytest.mark.parametrize("guide", ["merged", "unmerged"])
def test_a_table_is_mirrored_whole_and_its_second_header_left_out(guide: str, request) -> None:
    imported = request.getfixturevalue(guide)
    assert imported.whole
    excluded = imported.kb.guide(imported.guide).data.excluded
    assert [e.reason for e in excluded] == ["repetition"]


def test_a_cell_over_several_columns_answers_each_of_them(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=5)
    filled(table, [("序号", "事项名称", "办理材料", "办理流程", "办理时限"),
                   ("1", "医疗机构申请定点协议管理", "按照协议管理办法执行", "", ""),
                   ("2", "门诊费用报销", "发票", "申请-审核-拨付", "20个工作日")])
    merge(table, 1, 2, 1, 4)
    document.save(tmp_path / "guide.docx")
    imported = import_guide(tmp_path / "guide.docx", REGION)
    for kind in ("materials", "steps", "time_limits"):
        assert texts(imported, "医疗机构申请定点协议管理", kind) == ["按照协议管理办法执行"]
    assert texts(imported, "门诊费用报销", "time_limits") == ["20个工作日"]


def test_a_form_for_each_item_is_read_by_its_headings(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(TITLE)
    for item in ITEMS[:2]:
        document.add_paragraph(item.name)
        table = document.add_table(rows=3, cols=4)
        filled(table, [
            ("事项名称", item.name, "承诺时限", item.sections["time_limits"][0]),
            ("申请材料", "\n".join(f"{n}.{text}" for n, text in
                               enumerate(item.sections["materials"], start=1)), "", ""),
            ("办理地点", "云岭市中山路1号", "", "")])
        merge(table, 1, 1, 1, 3)
        merge(table, 2, 1, 2, 3)
    document.save(tmp_path / "guide.docx")
    imported = import_guide(tmp_path / "guide.docx", REGION)
    for item in ITEMS[:2]:
        assert texts(imported, item.name, "materials")[:3] == list(item.sections["materials"])
        assert texts(imported, item.name, "time_limits") == list(item.sections["time_limits"])
        assert texts(imported, item.name, "offices") == ["云岭市中山路1号"]


def test_a_table_of_materials_inside_an_outline_gives_a_clause_for_each_row(tmp_path) -> None:
    document = docx.Document()
    for text in (TITLE, "一、门诊费用报销", "（一）服务对象", "参保人员。", "（二）申请材料"):
        document.add_paragraph(text)
    filled(document.add_table(rows=3, cols=4), [
        ("序号", "材料名称", "份数", "备注"), ("1", "医保电子凭证或社保卡", "1份", "原件"),
        ("2", "医院收费票据", "2份", "复印件")])
    document.add_paragraph("（三）办理时限")
    document.add_paragraph("20个工作日。")
    document.save(tmp_path / "guide.docx")
    imported = import_guide(tmp_path / "guide.docx", REGION)
    item = imported.kb.guide(imported.guide).items["outpatient_reimbursement"]
    first, second = (rule.line for rule in item.of_kind("materials"))
    assert first.form.original and [part.name for part in first.parts.any] == [
        "医保电子凭证", "社保卡"]
    assert second.form.copies == 2
    assert texts(imported, "门诊费用报销", "time_limits") == ["20个工作日。"]
    assert imported.whole
