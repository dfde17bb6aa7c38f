"""Deciding on a small guide of one's own, and what holds for every decision."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.conditions import evaluate
from knowledge.engine import UNKNOWN, Outcome, Question, assess, decide, with_defaults
from knowledge.errors import UnknownId
from knowledge.store import KnowledgeBase, load, read

CATALOG = """
- id: garden
  intent: 花园
  label: 花园
  name: 花园
  asked_as: 园子里的事
  items:
    - {id: tree_permit, label: 砍树许可, typical_when: {eq: [plant, 树]}, implies: {plant: 树}}
    - {id: bush_permit, label: 修枝许可, typical_when: {eq: [plant, 灌木]}}
    - {id: pond_permit, label: 水池许可, typical_when: {eq: [plant, 水池]}}
"""
FACTS = """
- {name: kind, label: 事由, question: 办哪一种？, default: 新办, options: [
    {value: 新办, label: 新办, condition: 新办}, {value: 终止, label: 终止, condition: 办理终止},
    {value: 查询, label: 查询, condition: 查询}]}
- {name: plant, label: 植物, question: 是什么？, options: [
    {value: 树, label: 树, condition: 是树}, {value: 灌木, label: 灌木, condition: 是灌木},
    {value: 水池, label: 水池, condition: 是水池}, {value: 草, label: 草, condition: 是草}]}
- {name: old, label: 年代, question: 是老树吗？, options: [
    {value: 老, label: 老, condition: 是老树}, {value: 新, label: 新, condition: 不是老树}]}
- {name: harm, label: 情形, question: 有这些情形吗？, multiple: true, options: [
    {value: 虫害, label: 虫害, condition: 有虫害}, {value: 倒伏, label: 倒伏, condition: 倒伏}]}
- {name: felled, label: 砍了没有, question: 砍了吗？, options: [
    {value: 砍了, label: 砍了, condition: 已经砍了}, {value: 没砍, label: 没砍, condition: 还没砍}]}
"""
GUIDE = """
title: 花园指南
short: 《花园指南》
region: 某市
code: '000000'
edition: 试用
sha256: ''
"""
TREE = """
name: 砍树许可
spans: []
text:
  name: {heading: 一、事项名称, body: 砍树许可}
  audience: {heading: 二、服务对象, body: 要砍树的人。}
  materials:
    heading: 三、材料
    body: ['1.申请表', '2.身份证明及老树证明', '3.虫害照片；拿不出老树证明的可写承诺书']
  notes:
    heading: 四、备注
    body: ['1.终止的只需申请表', '2.砍了的不再受理', '3.倒伏的可要求提供照片']
applies: {clause: audience, when: {eq: [plant, 树]}}
barred: [{clause: notes.2, when: {eq: [felled, 砍了]}, instead: bush_permit}]
base_when: {eq: [kind, 新办]}
lines:
  materials:
    - {id: form, clause: materials.1}
    - id: proof
      clause: materials.2
      parts: {all: [{id: who, name: 身份证明}, {id: age, name: 老树证明}]}
    - {id: photo, clause: materials.3, text: 虫害照片, when: {has: [harm, 虫害]}}
    - id: pledge
      clause: materials.3
      text: 承诺书
      when: {eq: [old, 新]}
      effect: substitute
      target: proof.age
    - id: fallen
      clause: notes.3
      text: 照片
      when: {has: [harm, 倒伏]}
      modality: may_be_required
    - {id: only, clause: notes.1, text: 申请表, when: {eq: [kind, 终止]}, effect: replace_all}
"""
BUSH = """
name: 修枝许可
spans: []
text:
  name: {heading: 一、事项名称, body: 修枝许可}
  audience: {heading: 二、服务对象, body: 有灌木的人。}
  materials: {heading: 三、材料, body: 申请表。}
applies: {clause: audience, when: {eq: [plant, 灌木]}}
"""
TREE_FACTS: dict[str, Any] = {"plant": "树", "old": "老", "felled": "没砍",
                              "harm": {"虫害": False, "倒伏": False}}


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """A knowledge base of one guide that has two of three canonical items."""
    root = tmp_path_factory.mktemp("knowledge")
    folder = root / "guides" / "town"
    folder.mkdir(parents=True)
    (root / "facts").mkdir()
    for path, text in [(root / "catalog.yml", CATALOG), (root / "facts" / "shared.yml", FACTS),
                       (folder / "guide.yml", GUIDE), (folder / "tree_permit.yml", TREE),
                       (folder / "bush_permit.yml", BUSH)]:
        path.write_text(text, encoding="utf-8")
    return read(root)


def outcome(kb: KnowledgeBase, facts: dict[str, Any], item: str = "") -> Outcome:
    decision = decide(kb, "town", "garden", facts, item)
    assert isinstance(decision, Outcome), f"asks {decision.fact.name}"
    return decision


def asked(kb: KnowledgeBase, facts: dict[str, Any], item: str = "") -> Question:
    decision = decide(kb, "town", "garden", facts, item)
    assert isinstance(decision, Question), decision
    return decision


def materials(found: Outcome, undecided: bool = False) -> list[str]:
    return [line.rule.text for line in found.of_kind("materials")
            if not line.other_case and (line.remaining is not None) == undecided]


def test_the_first_question_finds_the_item(garden: KnowledgeBase) -> None:
    question = asked(garden, {})
    assert question.fact.name == "plant"
    assert [clause.text for clause in question.why] == ["要砍树的人。", "有灌木的人。"]


def test_an_item_with_nothing_open_is_answered_without_a_question(garden: KnowledgeBase) -> None:
    found = outcome(garden, {"plant": "灌木"})
    assert (found.status, found.item and found.item.name) == ("applies", "修枝许可")
    assert [line.rule.text for line in found.lines if line.rule.kind == "materials"] == ["申请表"]


def test_what_people_have_elsewhere_but_this_guide_lacks_is_said_to_be_missing(
    garden: KnowledgeBase,
) -> None:
    for found in (outcome(garden, {"plant": "水池"}), outcome(garden, {}, "pond_permit")):
        assert found.status == "not_in_guide" and found.item is None
        assert found.canonical and found.canonical.label == "水池许可"


def test_where_no_item_fits_nothing_is_made_up(garden: KnowledgeBase) -> None:
    found = outcome(garden, {"plant": "草"})
    assert (found.status, found.item, found.lines) == ("not_applicable", None, ())


def test_an_item_named_by_someone_it_is_not_for_says_which_condition_failed(
    garden: KnowledgeBase,
) -> None:
    found = outcome(garden, {"plant": "灌木"}, "tree_permit")
    assert found.status == "not_applicable"
    assert [(r.fact, r.value, r.clause.text) for r in found.failed] == [
        ("plant", "灌木", "要砍树的人。")]
    assert [item.name for item in found.instead] == ["修枝许可"]


def test_a_bar_that_holds_ends_it_and_names_what_may_apply(garden: KnowledgeBase) -> None:
    found = outcome(garden, {**TREE_FACTS, "felled": "砍了"})
    assert found.status == "not_applicable" and found.lines == ()
    assert [(r.fact, r.value, r.clause.text) for r in found.failed] == [
        ("felled", "砍了", "砍了的不再受理")]
    assert [item.name for item in found.instead] == ["修枝许可"]


def test_all_facts_known_gives_a_list_without_conditions(garden: KnowledgeBase) -> None:
    found = outcome(garden, TREE_FACTS)
    assert found.status == "applies"
    assert materials(found) == ["申请表", "身份证明及老树证明"]
    assert materials(found, undecided=True) == []


def test_a_circumstance_adds_its_line(garden: KnowledgeBase) -> None:
    found = outcome(garden, {**TREE_FACTS, "harm": {"虫害": True, "倒伏": False}})
    assert materials(found) == ["申请表", "身份证明及老树证明", "虫害照片"]


def test_a_line_that_stands_in_for_a_part_drops_that_part_only(garden: KnowledgeBase) -> None:
    found = outcome(garden, {**TREE_FACTS, "old": "新"})
    assert materials(found) == ["申请表", "身份证明及老树证明", "承诺书"]
    dropped = {line.rule.line.id: set(line.dropped) for line in found.of_kind("materials")}
    assert dropped["proof"] == {"age"}


def test_a_line_that_replaces_all_leaves_no_other(garden: KnowledgeBase) -> None:
    found = outcome(garden, {**TREE_FACTS, "kind": "终止"})
    assert materials(found) == ["申请表"]
    assert [line.rule.line.id for line in found.of_kind("materials")] == ["only"]


def test_a_case_the_plain_list_is_not_for_has_no_materials(garden: KnowledgeBase) -> None:
    assert materials(outcome(garden, {**TREE_FACTS, "kind": "查询"})) == []


def test_what_is_assumed_is_not_asked_and_its_other_case_is_kept_apart(
    garden: KnowledgeBase,
) -> None:
    assert with_defaults(garden, {})["kind"] == "新办"
    other = [line for line in outcome(garden, TREE_FACTS).lines if line.other_case]
    assert [line.rule.line.id for line in other] == ["only"]
    said = outcome(garden, {**TREE_FACTS, "kind": "新办"})
    assert [line for line in said.lines if line.other_case] == []


def test_not_knowing_is_an_answer_and_leaves_the_lines_open(garden: KnowledgeBase) -> None:
    found = outcome(garden, {**TREE_FACTS, "harm": UNKNOWN})
    assert found.status == "conditional"
    assert materials(found, undecided=True) == ["虫害照片", "照片"]


def test_not_knowing_the_rest_keeps_what_was_said_of_one_option(garden: KnowledgeBase) -> None:
    found = outcome(garden, {**TREE_FACTS, "harm": {"虫害": True, "倒伏": UNKNOWN}})
    assert found.status == "conditional"
    assert "虫害照片" in materials(found)
    assert materials(found, undecided=True) == ["照片"]


def test_not_knowing_whether_one_is_meant_is_said(garden: KnowledgeBase) -> None:
    found = outcome(garden, {**TREE_FACTS, "plant": UNKNOWN}, "tree_permit")
    assert found.status == "conditional"
    assert [clause.text for clause in found.unsure] == ["要砍树的人。"]


def test_who_may_not_be_meant_is_still_asked_what_the_list_depends_on(
    garden: KnowledgeBase,
) -> None:
    assert asked(garden, {"plant": UNKNOWN}, "tree_permit").fact.name == "old"


def test_a_bar_that_is_not_known_to_hold_is_said(garden: KnowledgeBase) -> None:
    found = outcome(garden, {**TREE_FACTS, "felled": UNKNOWN})
    assert found.status == "conditional"
    assert [clause.text for clause in found.unsure] == ["砍了的不再受理"]


def test_a_bar_is_for_the_case_that_the_list_is_for(garden: KnowledgeBase) -> None:
    assert outcome(garden, {**TREE_FACTS, "felled": "砍了", "kind": "终止"}).status == "applies"


def test_not_knowing_which_item_leaves_those_in_question(garden: KnowledgeBase) -> None:
    found = outcome(garden, {"plant": UNKNOWN})
    assert (found.status, found.item) == ("conditional", None)
    assert [item.name for item in found.instead] == ["砍树许可", "修枝许可"]


def test_only_options_that_something_depends_on_are_offered(garden: KnowledgeBase) -> None:
    question = asked(garden, {"plant": "树", "old": "老", "harm": {"虫害": True}})
    assert question.fact.name == "harm"
    assert [option.value for option in question.options] == ["倒伏"]


def test_every_question_names_the_clauses_that_depend_on_it(garden: KnowledgeBase) -> None:
    facts: dict[str, Any] = {}
    reasons = {}
    while isinstance(decision := decide(garden, "town", "garden", facts), Question):
        name = decision.fact.name
        reasons[name] = [clause.id.rsplit("/", 1)[1] for clause in decision.why]
        facts[name] = TREE_FACTS[name]
    assert reasons == {
        "plant": ["audience", "audience"],
        "old": ["materials.3"],
        "harm": ["materials.3", "notes.3"],
        "felled": ["notes.2"],
    }


def test_nothing_more_is_asked_about_a_list_that_was_replaced(garden: KnowledgeBase) -> None:
    facts = {"plant": "树", "kind": "终止"}
    assert outcome(garden, facts).status == "applies"


def test_the_outcome_says_which_facts_decided_it(garden: KnowledgeBase) -> None:
    found = outcome(garden, {**TREE_FACTS, "old": "新", "harm": {"虫害": True, "倒伏": False}})
    assert {(r.fact, r.value) for r in found.reasons} == {
        ("plant", "树"), ("old", "新"), ("harm", "虫害")}


def test_facts_that_decided_nothing_are_no_reasons(garden: KnowledgeBase) -> None:
    found = outcome(garden, {**TREE_FACTS, "plant": "灌木"})
    assert {(r.fact, r.value) for r in found.reasons} == {("plant", "灌木")}


def test_assessing_early_shows_everything_with_its_condition(garden: KnowledgeBase) -> None:
    found = assess(garden, "town", "garden", {"plant": "树"})
    assert found.status == "conditional"
    assert materials(found) == ["申请表", "身份证明及老树证明"]
    assert materials(found, undecided=True) == ["虫害照片", "承诺书", "照片"]


@pytest.mark.parametrize(
    ("guide", "family", "item"),
    [("atlantis", "garden", ""), ("town", "kitchen", ""), ("town", "garden", "cellar_permit")],
)
def test_ids_that_are_not_there_are_refused(
    garden: KnowledgeBase, guide: str, family: str, item: str
) -> None:
    with pytest.raises(UnknownId):
        decide(garden, guide, family, {}, item)


def test_a_family_goes_by_its_id_intent_or_label() -> None:
    kb = load()
    facts = {"away_reason": "转诊转院"}
    found = {decide(kb, "hubei", name, facts).item
             for name in ("remote_filing", "异地备案", "异地就医备案")}
    assert len(found) == 1


def test_no_line_of_another_guide_is_ever_shown() -> None:
    kb = load()
    for guide in kb.guides:
        for item in kb.guide(guide).items.values():
            family = kb.family_of(item.canonical[0]).id
            shown = assess(kb, guide, family, {}, item.canonical[0])
            assert {line.rule.clause.guide for line in shown.lines} <= {guide}


def test_no_rule_can_never_hold() -> None:
    for guide in load().guides.values():
        for item in guide.items.values():
            impossible = [r.line for r in item.rules if evaluate(r.condition, {}) is False]
            assert impossible == []
