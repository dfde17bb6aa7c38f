"""Guides in the outline style, however they word and number their headings, faults included."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sample_guides import ITEMS, REGION, STYLES, written

from knowledge.importer.importing import Imported, import_guide, import_source
from knowledge.importer.source import of_text
from knowledge.text import squeeze

FAULTY = Path(__file__).parent / "faulty_guide.txt"


@pytest.fixture(scope="module")
def faulty() -> Imported:
    """A guide with the faults that real ones have."""
    return import_guide(FAULTY, REGION)


def item(imported: Imported, name: str):
    """Return the drafted item of this name."""
    return next(i for i in imported.kb.guide(imported.guide).items.values() if i.name == name)


def clauses(imported: Imported, name: str, kind: str) -> list[str]:
    """Return the clauses of a section, squeezed, without number and final stop."""
    return [bare(c.text) for c in item(imported, name).clauses.values() if c.kind == kind]


def bare(text: str) -> str:
    return re.sub(r"^\(\d+\)", "", squeeze(text)).rstrip("。;")


def reasons(imported: Imported, file: str) -> list[str]:
    """Return why places of a file are marked for a person."""
    return [doubt.reason for doubt in imported.draft.doubts if doubt.file == file]


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_every_item_and_section_is_found_in_any_style(style) -> None:
    imported = import_source(of_text(written(style)), REGION)
    assert [i.name for i in imported.draft.items] == [i.name for i in ITEMS]
    for sample in ITEMS:
        for kind, wanted in sample.sections.items():
            assert clauses(imported, sample.name, kind) == [bare(text) for text in wanted]


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_a_draft_mirrors_its_text_character_by_character(style) -> None:
    text = written(style)
    imported = import_source(of_text(text), REGION)
    assert imported.whole
    files = [imported.draft.guide.file, *imported.draft.files]
    assert sum(end - start for f in files for start, end in f.spans) == len(squeeze(text))


def test_items_get_the_canonical_ids_of_the_catalog() -> None:
    imported = import_source(of_text(written(STYLES["numbered 1.0.1"])), REGION)
    assert [i.canonical for i in imported.draft.items] == [
        ("long_term_resident_filing",), ("outpatient_reimbursement",), ("maternity_allowance",),
        ("account_withdrawal",)]


def test_the_title_of_the_document_and_its_chapters_belong_to_no_section() -> None:
    imported = import_source(of_text(written(STYLES["numbered 1.0.1"])), REGION)
    assert imported.draft.guide.title == "云岭市医疗保障经办服务指南"
    data = item(imported, "生育津贴支付").data
    assert data.text["chapter"].heading == "第二章 待遇支付"
    assert data.number == "3"


def test_an_item_that_the_catalog_does_not_know_is_kept_and_marked() -> None:
    text = written(STYLES["numbered 1.0.1"]).replace("生育津贴支付", "宠物疫苗补贴领取")
    imported = import_source(of_text(text), REGION)
    drafted = next(i for i in imported.draft.items if i.name == "宠物疫苗补贴领取")
    assert drafted.canonical == () and drafted.stem == "chong_wu_yi_miao_bu_tie_ling_qu"
    assert any("catalog.yml" in reason for reason in reasons(imported, drafted.stem))


def test_lines_broken_inside_words_and_by_page_numbers_are_joined(faulty: Imported) -> None:
    assert clauses(faulty, "异地长期居住人员备案", "audience") == [
        "在云岭市参保、已经或者将要在市外同一地方连续居住三个月以上的参保人员"]
    assert clauses(faulty, "异地长期居住人员备案", "materials")[0].endswith("需提供本人银行账号)")
    assert clauses(faulty, "异地长期居住人员备案", "steps") == [
        "参保人携带材料到窗口申请", "窗口审核"]


def test_radicals_become_the_characters_they_look_like(faulty: Imported) -> None:
    assert item(faulty, "异地长期居住人员备案").data.text["title"].heading == (
        "一、异地长期居住人员备案")


def test_page_numbers_contents_and_scraps_of_charts_are_left_out_with_a_reason(faulty) -> None:
    guide, data = faulty.kb.guide(faulty.guide), item(faulty, "异地长期居住人员备案").data
    assert {e.reason for e in guide.data.excluded} == {"contents"}
    assert {(e.text, e.reason) for e in data.excluded} == {
        ("— 1 —", "page_number"), ("网上办理：窗口办理：", "lost_chart")}
    assert data.text["flow_chart"].lost


def test_a_misspelt_heading_is_taken_for_what_it_is_most_like_and_marked(faulty) -> None:
    assert clauses(faulty, "异地长期居住人员备案", "time_limits") == ["2个工作日"]
    assert "标题像是印错了：「四、办里时限」，请核对归入哪一栏" in reasons(
        faulty, "long_term_resident_filing")


def test_an_unknown_heading_opens_a_section_of_its_own_and_is_marked(faulty) -> None:
    assert clauses(faulty, "异地长期居住人员备案", "other") == [
        "办事遇到困难可向大厅值班长反映"]
    shown = [r.clause.kind for r in item(faulty, "异地长期居住人员备案").of_kind("notes")]
    assert shown.count("other") == 1
    assert any("标题不认识" in r for r in reasons(faulty, "long_term_resident_filing"))


def test_an_item_whose_title_is_lost_is_found_by_its_name(faulty: Imported) -> None:
    assert clauses(faulty, "异地转诊人员备案", "audience") == ["因病情需要转往市外治疗的参保人员"]
    assert reasons(faulty, "referral_filing") == ["没有事项标题，事项名称取自正文"]


def test_a_heading_for_several_sections_answers_each_of_them(faulty: Imported) -> None:
    rules = item(faulty, "异地转诊人员备案")
    for kind in ("materials", "steps", "time_limits"):
        assert [r.clause.text for r in rules.of_kind(kind)] == ["按照云岭市转诊转院管理规定执行。"]


def test_rules_of_a_chapter_hold_for_its_items_only(faulty: Imported) -> None:
    notes = {i.name: [r.clause.text for r in i.of_kind("notes")]
             for i in faulty.kb.guide(faulty.guide).items.values()}
    rule = "本章所列事项可在全市任一医保窗口办理。"
    assert rule in notes["异地长期居住人员备案"] and rule in notes["异地转诊人员备案"]
    assert rule not in notes["门诊费用报销"]


def test_counters_and_hotlines_at_the_end_are_read(faulty: Imported) -> None:
    data = faulty.kb.guide(faulty.guide).data
    assert [(o.name, o.address, o.phones) for o in data.offices] == [
        ("市直", "云岭市中山路1号政务服务中心", ("0999-1234567",)),
        ("白石县", "白石县东街2号", ("0999-7654321", "7654322"))]
    assert [(c.purpose, c.phone) for c in data.contacts] == [
        ("咨询", "12393"), ("投诉", "0999-12345")]


def test_every_marked_place_is_in_the_report_and_as_a_comment_in_its_file(faulty) -> None:
    assert f"待核 {faulty.unclear} 处" in faulty.report
    assert faulty.report.count("- [ ] 原文第 ") == faulty.unclear == 10
    comments = sum(text.count("# 待核：") for text in faulty.files.values())
    assert comments == faulty.unclear


def test_sections_after_the_last_item_hold_for_all_items() -> None:
    text = written(STYLES["numbered 1.0.1"]) + (
        "受理单位：云岭市各医保经办机构\n监督电话：市本级：0999-1234567转2\n白石县：0999-7654321\n")
    imported = import_source(of_text(text), REGION)
    for sample in ITEMS:
        assert clauses(imported, sample.name, "level") == ["云岭市各医保经办机构"]
    contacts = imported.kb.guide(imported.guide).data.contacts
    assert [c.phone for c in contacts] == ["0999-1234567转2", "0999-7654321"]


def test_a_text_without_any_item_is_kept_whole_and_marked() -> None:
    text = "关于做好医保服务工作的说明\n请各单位认真落实，不断改进服务。\n"
    imported = import_source(of_text(text), REGION)
    assert imported.draft.items == [] and imported.whole
    assert "全文没有找到事项" in imported.report
