"""Every data file of the knowledge base, each by name: shape, references, the guides' own text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.catalog import Fact, Family, Option
from knowledge.conditions import atoms
from knowledge.errors import DataError
from knowledge.model import GuideFile, ItemFile, Line, Part
from knowledge.store import ROOT, Item, KnowledgeBase, conditions_of, load, read, read_yaml
from knowledge.text import squeeze
from knowledge.verify import check_guides, check_references
from knowledge.vocabulary import Facet, Mention, Referral, Topic, fires, longest

FILES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.yml"))
ITEM_FILES = [f for f in FILES if f.startswith("guides/") and not f.endswith("/guide.yml")]
GUIDE_FILES = [f for f in FILES if f.endswith("/guide.yml")]
FACT_FILES = [f for f in FILES if f.startswith("facts/")]
FACTS = [entry["name"] for file in FACT_FILES for entry in read_yaml(ROOT / file)]
LISTS = {
    "catalog.yml": Family,
    "facets.yml": Facet,
    **dict.fromkeys(FACT_FILES, Fact),
    "mentions.yml": Mention,
    "not_in_guide.yml": Topic,
    "referrals.yml": Referral,
}

CANONICAL = {
    "参保登记": ["单位参保登记", "职工参保登记", "城乡居民参保登记"],
    "参保信息变更": ["单位参保信息变更登记", "职工参保信息变更登记", "城乡居民参保信息变更登记"],
    "参保信息查询": ["参保单位参保信息查询", "参保人员参保信息查询", "两定机构查询",
               "医保经办机构查询", "医药信息查询"],
    "个人账户": ["参保人员个人账户一次性支取", "个人账户资金跨统筹区转移", "个人账户资金归集",
             "变更个人账户开户银行"],
    "亲情账号(家庭共济)": ["亲情账号绑定"],
    "关系转移接续": ["出具《参保凭证》", "转移接续手续办理"],
    "退休待遇核定": ["退休待遇核定"],
    "异地就医备案": ["异地安置退休人员备案", "异地长期居住人员备案", "常驻异地工作人员备案",
               "异地转诊人员备案", "临时异地就医人员备案", "生育异地备案"],
    "门诊慢特病(门诊特定病种)认定": ["基本医疗保险参保人员享受门诊慢特病病种待遇认定"],
    "医疗费用手工(零星)报销": ["门诊费用报销", "住院费用报销"],
    "生育保险待遇": ["产前检查定点医疗机构选定", "产前检查费支付", "生育医疗费支付",
               "计划生育医疗费支付", "生育津贴支付", "产前登记"],
    "医疗救助": ["符合资助条件的救助对象参加城乡居民基本医疗保险个人缴费补贴",
             "医疗救助对象手工（零星）报销"],
    "定点医药机构协议/结算": ["医疗机构申请定点协议管理", "零售药店申请定点协议管理",
                    "基本医疗保险定点医疗机构费用结算", "基本医疗保险定点零售药店费用结算"],
}
"""The canonical items of each family, as the evaluation names them."""

SECTIONS = {
    "meizhou": [("四、基本医疗保险参保人员异地就医备案", "五、基本医疗保险参保人员享受"),
                ("六、基本医疗保险参保人员医疗费用手工(零星)报销", "生育保险待遇核准支付产前检查")],
    "guangdong": [("十七、异地安置退休人员备案", "二十三、基本医疗保险参保人员享受门诊特定"),
                  ("二十四、门诊费用报销", "二十六、产前检查")],
    "jiangmen": [("四、基本医疗保险异地就医备案", "五、基本医疗保险参保人员享受门诊特定病种"),
                 ("六、基本医疗保险参保人员医疗费用手工(零星)报销", "七、生育保险待遇核准支付")],
    "hubei": [("12.异地安置退休人员备案", "16.基本医疗保险参保人员享受门诊慢特病"),
              ("17.门诊费用报销", "19.产前检查费支付")],
    # Not the table of contents, where the chapters are named differently or without this text.
    "fujian": [("第四章基本医疗保险参保人员异地就医备案12.异地安置退休人员备案12.0.1",
                "第五章基本医疗保险参保人员享受门诊慢特病病种待遇认定"),
               ("第六章医疗保障参保人员医疗费用手工(零星)报销", "第七章生育保险待遇核准支付本章")],
}
"""Where the sections of the loaded families begin and end in each guide, in squeezed text."""


class _NoRepeatedKeys(yaml.CSafeLoader):
    """Refuses what YAML allows: a key that stands twice, of which the first is dropped."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        repeated = [key for key, count in Counter(keys).items() if count > 1]
        assert not repeated, f"line {node.start_mark.line + 1}: {repeated} stands twice"
        return super().construct_mapping(node, deep)


def entries(file: str) -> Iterator[Any]:
    """Yield what has to fit the shape of a file: the rows of a list, or the file itself."""
    data = read_yaml(ROOT / file)
    yield from data if isinstance(data, list) else [data]


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.mark.parametrize("file", FILES)
def test_no_key_stands_twice(file: str) -> None:
    yaml.load((ROOT / file).read_text(encoding="utf-8"), Loader=_NoRepeatedKeys)


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_left_over_from_editing(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert text.endswith("\n") and "\t" not in text
    assert not [mark for mark in ("TODO", "FIXME", "XXX", "<<<<", ">>>>") if mark in text]


@pytest.mark.parametrize("file", [*LISTS, *GUIDE_FILES, *ITEM_FILES])
def test_it_has_its_shape(file: str) -> None:
    shape = LISTS.get(file) or (GuideFile if file in GUIDE_FILES else ItemFile)
    assert [shape.parse_obj(entry) for entry in entries(file)]


@pytest.mark.parametrize("file", ITEM_FILES)
def test_its_lines_are_told_apart_and_what_they_name_is_there(file: str) -> None:
    data = ItemFile.parse_obj(read_yaml(ROOT / file))
    for kind, lines in data.lines.items():
        ids = [line.id for line in lines if line.id]
        assert len(ids) == len(set(ids)), f"{kind}: an id stands twice"
        parts = {f"{line.id}.{part.id}" for line in lines for part in parts_of(line) if part.id}
        targets = {line.target for line in lines if line.target}
        assert targets <= set(ids) | parts, f"{kind}: {targets - set(ids) - parts}"
        stand_in = {line.effect in ("waive", "substitute") for line in lines if line.target}
        assert stand_in <= {True}, f"{kind}: a target without an effect on it"


def parts_of(line: Line) -> Iterator[Part]:
    pending = [line.parts] if line.parts else []
    while pending:
        part = pending.pop()
        yield part
        pending += part.children


LINKING = {"any": ("或", "任选其一", "任一"), "all": ("和", "及"), "as_applicable": ("、", "等")}
"""The words by which the guides say that one is enough, that all are meant, or what fits."""


@pytest.mark.parametrize("file", [f for f in ITEM_FILES if "/_" not in f])
def test_its_choices_are_those_of_the_wording(file: str) -> None:
    _, guide, name = file.removesuffix(".yml").split("/")
    for rule in load().guide(guide).items[name].rules:
        for part in parts_of(rule.line):
            kinds = [kind for kind in LINKING if getattr(part, kind)]
            assert len(kinds) == (0 if part.name else 1), rule.text
            assert all(any(word in rule.text for word in LINKING[kind]) for kind in kinds)


@pytest.mark.parametrize("file", ITEM_FILES)
def test_what_it_leaves_out_has_a_reason(file: str) -> None:
    data = ItemFile.parse_obj(read_yaml(ROOT / file))
    assert all(reason for reason in data.silent.values())
    assert all(e.text.strip() and e.reason for e in data.excluded)


@pytest.mark.parametrize("file", ITEM_FILES)
def test_every_section_holds_text_or_says_that_it_was_lost(file: str) -> None:
    sections = ItemFile.parse_obj(read_yaml(ROOT / file)).text
    bare = {name for name, section in sections.items() if not section.body and not section.lost}
    assert bare <= {"chapter", "title"}
    assert not [name for name, section in sections.items() if section.lost and section.body]


@pytest.mark.parametrize("file", [f for f in ITEM_FILES if "/_" in f])
def test_rules_printed_elsewhere_hold_for_exactly_the_items_that_include_them(file: str) -> None:
    _, guide, name = file.removesuffix(".yml").split("/")
    files = load().guide(guide).files
    shared = files[name]
    including = {stem for stem, data in files.items() if name in getattr(data, "includes", ())}
    assert isinstance(shared, ItemFile) and shared.printed_at
    assert set(shared.applies_to) == including


@pytest.mark.parametrize("file", GUIDE_FILES)
def test_a_guide_says_what_it_is(file: str) -> None:
    data = GuideFile.parse_obj(read_yaml(ROOT / file))
    assert data.title and data.short and data.region and data.edition
    assert len(data.code) == 6 and data.code.isdigit()
    assert len(data.sha256) == 64


def test_no_file_is_without_a_reader() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))
    loose = set(FILES) - {*GUIDE_FILES, *ITEM_FILES, *FACT_FILES}
    assert {file for file in loose if f'"{Path(file).name}"' not in sources} == set()


def test_the_catalog_holds_the_canonical_items_of_every_family(kb: KnowledgeBase) -> None:
    labels = {family.label: [item.label for item in family.items if not item.under]
              for family in kb.families}
    assert labels == CANONICAL


def test_ids_and_names_of_the_catalog_are_unique_and_ids_are_ascii(kb: KnowledgeBase) -> None:
    items = [item for family in kb.families for item in family.items]
    for names in ([f.id for f in kb.families], [f.intent for f in kb.families],
                  [i.id for i in items], [i.label for i in items]):
        assert len(names) == len(set(names))
    assert all(name.isascii() and name.isidentifier()
               for name in [*(f.id for f in kb.families), *(i.id for i in items)])


def test_what_naming_an_item_implies_is_a_fact_and_typical_of_it(kb: KnowledgeBase) -> None:
    for family in kb.families:
        for item in family.items:
            for name, value in item.implies.items():
                assert kb.facts[name].option(value)
            assert not item.implies or item.typical_when is not None


def test_every_item_of_a_guide_is_in_the_catalog_under_one_family(kb: KnowledgeBase) -> None:
    for guide in kb.guides.values():
        for item in guide.items.values():
            assert len({kb.family_of(c).id for c in item.canonical}) == 1
    claimed = [(g.id, c) for g in kb.guides.values() for i in g.items.values() for c in i.canonical]
    assert len(claimed) == len(set(claimed))


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_can_be_asked(name: str, kb: KnowledgeBase) -> None:
    fact = kb.facts[name]
    values = [option.value for option in fact.options]
    assert name.isascii() and name.isidentifier() and fact.label
    assert fact.question.endswith(("？", "。"))
    assert fact.asked_of("您") and set("{}").isdisjoint(fact.asked_of("您"))
    assert len(fact.options) >= 2 and len(values) == len(set(values))
    assert fact.default in ("", *values)
    assert not (fact.multiple and fact.default), "what is assumed of several cannot be unlearnt"


@pytest.mark.parametrize("name", FACTS)
def test_every_option_of_a_fact_reads_well_in_a_sentence(name: str, kb: KnowledgeBase) -> None:
    options = kb.facts[name].options
    for text in (o.condition for o in options):
        assert text and not text.startswith("如") and not text.endswith(tuple("，。；、："))
    for texts in ([o.label for o in options], [o.condition for o in options]):
        assert all(texts) and len(texts) == len(set(texts))


def meant(options: Iterable[Option], text: str, short: bool = False) -> set[str]:
    """Return the options that a phrase says: those with the longest matching phrase."""
    lengths = {o.value: longest((*o.everyday, *(o.short if short else ())), text)
               for o in options if not fires(o.not_if, text)}
    best = max(lengths.values(), default=0)
    return {value for value, length in lengths.items() if best and length == best}


@pytest.mark.parametrize("name", FACTS)
def test_every_everyday_phrase_means_its_own_option_only(name: str, kb: KnowledgeBase) -> None:
    fact = kb.facts[name]
    for option in fact.options:
        for phrase in option.everyday:
            said = meant(fact.options, phrase)
            assert option.value in said if fact.multiple else said == {option.value}, phrase


@pytest.mark.parametrize("name", FACTS)
def test_every_short_reply_means_its_own_option_only(name: str, kb: KnowledgeBase) -> None:
    for option in kb.facts[name].options:
        for phrase in option.short:
            assert meant(kb.facts[name].options, phrase, short=True) == {option.value}, phrase


@pytest.mark.parametrize("name", FACTS)
def test_some_rule_depends_on_the_fact(name: str, kb: KnowledgeBase) -> None:
    used = {atom.fact for item in every_item(kb)
            for condition in conditions_of(item) for atom in atoms(condition)}
    assert name in used


@pytest.mark.parametrize(
    ("clause", "heading", "text"),
    [
        ("meizhou/outpatient_reimbursement/materials.2", "五、办理材料（二）", "医院收费票据原件"),
        ("guangdong/referral_filing/notes.3", "十二、备注 3", "原则上异地转诊人员备案由"),
        ("hubei/outpatient_reimbursement/notes", "备注", "使用限制药品需提供相关医学检查材料。"),
        ("fujian/settled_retiree_filing/materials.1", "12.0.5办理材料 1", "医保电子凭证或社保卡及"),
        ("jiangmen/_remote_filing_rules/notes.2", "备注 2", "办理更改、暂停、恢复和终止的只需"),
        ("meizhou/guide/offices.4", "全市医保经办机构业务办理网点", "4 兴宁市"),
    ],
)
def test_a_clause_is_cited_by_its_heading_and_number(
    kb: KnowledgeBase, clause: str, heading: str, text: str
) -> None:
    found = kb.clause(clause)
    assert found.heading == heading
    assert found.text.startswith(text)


def test_a_clause_is_one_numbered_clause(kb: KnowledgeBase) -> None:
    clauses = (clause for guide in kb.guides.values() for clause in guide.clauses.values())
    assert [c.id for c in clauses if re.search(r"[ 。；;）)]\d{1,2}[.．、]《", c.text)] == []


def test_the_data_holds_together(kb: KnowledgeBase) -> None:
    assert [str(problem) for problem in check_references(kb)] == []


def test_what_may_apply_instead_is_an_item_of_the_same_guide(kb: KnowledgeBase) -> None:
    for guide in kb.guides.values():
        for item in guide.items.values():
            named = [bar.instead for bar in item.data.barred if bar.instead]
            assert all(kb.item(guide.id, name) for name in named)


def every_item(kb: KnowledgeBase) -> Iterator[Item]:
    for guide in kb.guides.values():
        yield from guide.items.values()


def test_every_clause_id_leads_back_to_its_clause(kb: KnowledgeBase) -> None:
    for item in every_item(kb):
        for rule in item.rules:
            assert kb.clause(rule.clause.id) is rule.clause
            assert rule.clause.guide == item.guide


def test_reading_names_the_file_of_a_missing_key(tmp_path: Path) -> None:
    broken = tmp_path / "guides" / "x"
    broken.mkdir(parents=True)
    (tmp_path / "catalog.yml").write_text("- {id: a, intent: b}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"catalog\.yml: 0\.label"):
        read(tmp_path)


@pytest.mark.shared
def test_every_file_agrees_with_its_guide_word_for_word(kb: KnowledgeBase, shared: Path) -> None:
    problems, figures = check_guides(kb, shared / "guides")
    assert [str(problem) for problem in problems] == []
    for coverage in figures:
        accounted = coverage.quoted + coverage.headings + coverage.excluded
        assert accounted == coverage.characters > 0


@pytest.mark.shared
@pytest.mark.parametrize("guide", sorted(SECTIONS))
def test_every_character_of_the_loaded_families_lies_in_exactly_one_file(
    guide: str, kb: KnowledgeBase, shared: Path
) -> None:
    whole = squeeze((shared / "guides" / f"{guide}.txt").read_text(encoding="utf-8"))
    spans = [span for data in kb.guide(guide).files.values() for span in data.spans]
    held = Counter(at for start, end in spans for at in range(start, end))
    assert not [at for at, times in held.items() if times > 1], "two files hold the same text"
    for first, after in SECTIONS[guide]:
        start = whole.index(squeeze(first))
        end = whole.index(squeeze(after), start)
        missing = "".join(whole[at] for at in range(start, end) if at not in held)
        assert missing == ""
