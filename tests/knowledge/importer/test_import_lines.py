"""What a draft makes of single clauses: choices, forms, conditions, deadlines."""

from __future__ import annotations

import pytest
from sample_guides import REGION

from knowledge.conditions import Has, Is
from knowledge.importer.importing import import_source
from knowledge.importer.source import of_text

GUIDE = """云岭市医疗保障办事指南
一、{name}
（一）服务对象
云岭市参保人员。
（二）办理材料
{materials}
（三）备注
{notes}
"""


def drafted(materials: str = "1.有效身份证件", notes: str = "无。", name: str = "门诊费用报销"):
    """Return the lines of an item with these materials and notes, by kind."""
    text = GUIDE.format(name=name, materials=materials, notes=notes)
    imported = import_source(of_text(text), REGION)
    (only,) = imported.kb.guide(imported.guide).items.values()
    assert imported.whole
    return only, imported


def choice(part) -> tuple | str | None:
    """Return a part as (kind, choices), nested; its name where it is a single paper."""
    if part is None:
        return None
    for how in ("any", "all", "as_applicable"):
        if getattr(part, how):
            return how, [choice(child) for child in getattr(part, how)]
    return part.name


@pytest.mark.parametrize(("wording", "wanted"), [
    ("医保电子凭证或有效身份证件或社保卡", ("any", ["医保电子凭证", "有效身份证件", "社保卡"])),
    ("医保电子凭证（或有效身份证件、社会保障卡）",
     ("any", ["医保电子凭证", "有效身份证件", "社会保障卡"])),
    ("派出证明、单位证明、工作合同任选其一或个人承诺书",
     ("any", [("any", ["派出证明", "单位证明", "工作合同"]), "个人承诺书"])),
    ("派出证明、单位证明、工作合同（任选其一）", ("any", ["派出证明", "单位证明", "工作合同"])),
    ("交警事故认定书、法院判决书等公安法院出具的证明材料",
     ("as_applicable", ["交警事故认定书", "法院判决书"])),
    ("长期居住认定材料（居住证明或个人承诺书）", ("any", ["居住证明", "个人承诺书"])),
    ("二级或三级定点医疗机构开具的转诊证明", None),
    ("医院收费票据", None),
])
def test_papers_that_may_stand_for_one_another_are_told_apart(wording: str, wanted) -> None:
    item, _ = drafted(f"1.{wording}；\n2.银行卡")
    assert choice(item.of_kind("materials")[0].line.parts) == wanted


@pytest.mark.parametrize(("wording", "form"), [
    ("医院收费票据原件（加盖医院印章）", {"original": True, "stamp": "医院印章"}),
    ("户口簿复印件一份", {"copies": 1}),
    ("《云岭市参保登记表》一式两份并加盖单位公章", {"copies": 2, "stamp": "单位公章"}),
    ("《生育津贴申请表》", {"fill_in": True}),
    ("诊断证明", {}),
])
def test_how_a_paper_has_to_look_is_read(wording: str, form: dict) -> None:
    item, _ = drafted(f"1.{wording}；\n2.银行卡")
    line = item.of_kind("materials")[0].line
    stated = line.form.dict(exclude_defaults=True) if line.form else {}
    assert stated == form


def test_a_choice_that_cannot_be_told_apart_is_marked() -> None:
    _, imported = drafted("1.二级或三级定点医疗机构开具的转诊证明；\n2.银行卡")
    assert "材料有几种选择，没能拆开" in imported.report


def test_a_note_that_asks_for_a_paper_becomes_a_material_of_that_case() -> None:
    item, imported = drafted(notes="1.急诊需提供急诊诊断证明。\n2.鼓励网上办理。")
    line = item.of_kind("materials")[-1].line
    assert (line.text, line.when_text, line.when) == (
        "急诊诊断证明", "急诊", Has("circumstances", "急诊"))
    assert "「急诊」，请核对条件" in imported.report


def test_two_cases_in_one_note_become_two_materials() -> None:
    item, _ = drafted(notes="意外伤害就医的应提供事故认定书，普通外伤案件需提供承诺书。")
    assert [(r.line.when_text, r.line.text) for r in item.of_kind("materials")[1:]] == [
        ("意外伤害就医的", "事故认定书"), ("普通外伤案件", "承诺书")]


def test_what_may_be_asked_for_is_not_required() -> None:
    item, _ = drafted(notes="急诊可要求提供急诊诊断证明。")
    assert item.of_kind("materials")[-1].line.modality == "may_be_required"


def test_a_paper_in_brackets_depends_on_what_is_shown() -> None:
    item, _ = drafted("1.医保电子凭证或社保卡（提供医保电子凭证的需提供本人银行账号）；\n2.发票")
    first, second, _ = (rule.line for rule in item.of_kind("materials"))
    assert choice(first.parts) == ("any", ["医保电子凭证", "社保卡"])
    assert (second.text, second.when_text) == ("本人银行账号", "提供医保电子凭证的")
    assert second.when == Is("identity_document", frozenset(["医保电子凭证"]))


def test_only_means_in_place_of_everything_else() -> None:
    item, _ = drafted(name="异地转诊人员备案", notes="办理更改、暂停的只需有效身份证件。")
    line = item.of_kind("materials")[-1].line
    assert line.effect == "replace_all"
    assert line.when == Is("operation", frozenset(["更改", "暂停"]))


def test_only_without_a_known_case_does_not_replace_anything() -> None:
    item, _ = drafted(notes="逢集市日前来的只需有效身份证件。")
    assert item.of_kind("materials")[-1].line.effect == "add"


def test_the_last_day_for_the_citizen_is_read_with_its_exceptions() -> None:
    item, _ = drafted(notes="参保人员应自出院之日起一年内向经办机构申请报销，"
                            "因不可抗力或存在法律纠纷等情况的除外。")
    deadline = item.of_kind("deadlines")[0].line.deadline
    assert (deadline.amount, deadline.unit, deadline.start) == (1, "年", "出院")
    assert deadline.except_for == ("不可抗力", "法律纠纷")


def test_the_time_the_agency_takes_is_no_deadline_of_the_citizen() -> None:
    item, _ = drafted(notes="经办机构应自受理之日起5个工作日内办结申请。")
    assert item.of_kind("deadlines") == ()


def test_a_label_over_several_papers_is_silent_and_marked() -> None:
    item, imported = drafted("在职职工：①登记表；②身份证复印件。\n灵活就业人员：①有效身份证件。")
    assert set(item.data.silent) == {"materials.1", "materials.4"}
    assert imported.report.count("分组的小标题") == 2
