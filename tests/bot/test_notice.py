"""The 一次性告知单: whole, cited, of its version, and telling nobody whom it was made for."""

from __future__ import annotations

import html
import re
import shutil
import sqlite3
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import segno
import yaml

from bot.facet_kinds import WHOLE
from bot.lines import condition_of, line_text
from bot.notice.notices import PREFIX, Notices
from bot.notice.page import QUIET_ZONE, notice_page, notice_text
from bot.notice.routes import site_of
from bot.notice.sheet import Sheet
from bot.notice.texts import text, texts
from bot.wording import day
from knowledge.engine import Outcome, assess
from knowledge.errors import UnknownId
from knowledge.store import ROOT, Item, KnowledgeBase, load, read

KB = load()
TODAY = date(2026, 3, 9)
LAST = TODAY + timedelta(days=texts()["keep_days"])
ADDRESS = "https://yibao.example/notice/AAAAAAAAAAAAAAAAAAAAAA"
ITEMS = [item for guide in KB.guides.values() for item in guide.items.values()]
MATTERS = ("materials", "time_limits", "deadlines", "channels", "steps", "fee", "basis")
XINGNING = "441481"


@lru_cache(maxsize=1)
def cases() -> Mapping[tuple[str, str], list[dict[str, Any]]]:
    """Return the facts of every specification case, by guide and item."""
    folder = Path(__file__).parents[1] / "cases"
    return {(path.parent.name, path.stem): [
        {name: value_of(name, value) for name, value in case["facts"].items()}
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)]
        for path in folder.glob("*/*.yml")}


def value_of(name: str, value: str | list[str]) -> Any:
    options = [option.value for option in KB.facts[name].options]
    return value if isinstance(value, str) else {option: option in value for option in options}


def outcome_of(item: Item, facts: Mapping[str, Any]) -> Outcome:
    canonical = KB.canonical(item.canonical[0])
    family = KB.family_of(canonical.id).id
    return assess(KB, item.guide, family, {**canonical.implies, **facts}, canonical.id)


def situations(item: Item) -> Iterator[tuple[dict[str, Any], Outcome]]:
    """Yield what may be known about a person, and what comes of it: nothing, then each case."""
    for facts in ({}, *cases().get((item.guide, item.id), ())):
        outcome = outcome_of(item, facts)
        if outcome.item is not None:
            yield facts, outcome


@pytest.fixture
def notices(tmp_path: Path) -> Iterator[Notices]:
    store = Notices(KB, tmp_path / "notices")
    yield store
    store.close()


def made(notices: Notices, guide: str, item: str, place: str = "", **facts: Any) -> Sheet:
    path = notices.make(guide, item, facts, place, TODAY)
    return notices.open(path.removeprefix(PREFIX), TODAY)


def said(wording: str) -> str:
    return "".join(wording.split())


def page_of(sheet: Sheet, outdated: bool = False) -> str:
    return notice_page(sheet, ADDRESS, outdated)


def words(page: str) -> str:
    """Return what a page says, without tags and white space."""
    return said(html.unescape(re.sub(r"<[^>]*>", "", page)))


def part_of(page: str, kind: str) -> str:
    found = re.search(f'<section class="part part--{kind}".*?</section>', page, re.S)
    return words(found.group()) if found else ""


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.guide}-{item.id}")
def test_every_line_stands_there_with_its_clause_and_its_open_condition(notices, item):
    shown = 0
    for facts, outcome in situations(item):
        sheet = made(notices, item.guide, item.canonical[0], **facts)
        page, plain = page_of(sheet), said(notice_text(sheet, ADDRESS))
        lines = [line for line in outcome.lines if not line.other_case]
        for line in (line for line in lines if line.rule.kind in MATTERS):
            wanted = said(line_text(line)), said(line.rule.clause.heading)
            where = part_of(page, line.rule.kind)
            assert all(words in where and words in plain for words in wanted), line.rule.clause.id
            condition = said(condition_of(KB.facts, line))
            assert condition in where and condition in plain
            shown += 1
        boxes = page.count('<input type="checkbox"')
        assert boxes >= len({line_text(li) for li in lines if li.rule.kind == "materials"})
    assert shown or outcome_of(item, {}).status != "applies"


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.guide}-{item.id}")
def test_a_sheet_names_item_region_guide_edition_version_and_day(notices, item):
    sheet, data = made(notices, item.guide, item.canonical[0]), KB.guide(item.guide).data
    for there in (words(page_of(sheet)), said(notice_text(sheet, ADDRESS))):
        for wanted in (text("name"), sheet.name, data.region, data.title, data.edition, KB.version,
                       day(TODAY), day(LAST), ADDRESS):
            assert said(wanted) in there


def test_lines_for_everybody_come_before_those_that_depend(notices):
    bring = part_of(page_of(made(notices, "meizhou", "inpatient_reimbursement")), "materials")
    assert bring.index("住院费用清单原件（加盖医院印章）") < bring.index("视情况另需")
    assert "如属于急诊急诊诊断证明十、备注（一）" in bring


def test_what_a_stated_fact_settles_is_no_longer_conditional(notices):
    sheet = made(notices, "meizhou", "inpatient_reimbursement", identity_document="社保卡")
    assert "本人银行账号" not in part_of(page_of(sheet), "materials")


def test_the_answers_that_decided_stand_there_and_what_is_only_assumed_does_not(notices):
    sheet = made(notices, "meizhou", "inpatient_reimbursement", identity_document="有效身份证件")
    assert any("有效身份证件" in answer for answer in sheet.told)
    assert all(said(answer) in words(page_of(sheet)) for answer in sheet.told)
    assert made(notices, "jiangmen", "resident_enrolment").told == ()


def test_forms_to_fill_in_originals_copies_and_what_may_be_required_are_marked(notices):
    seen: set[str] = set()
    for item in ITEMS:
        for facts, outcome in situations(item):
            sheet = made(notices, item.guide, item.canonical[0], **facts)
            part = sheet.part("materials")
            stated = {line.text: set(line.marks) for line in (part.lines if part else ())}
            for line in outcome.of_kind("materials"):
                if not line.other_case:
                    wording, form = line_text(line), line.rule.line.form
                    told = wording + "".join(stated[wording])
                    assert "需填写" in told or not (form and form.fill_in)
                    assert "原件" in told or not (form and form.original)
                    assert "复印件" in told or not (form and form.copies)
                    assert "可要求" in told or line.rule.line.modality == "required"
            seen |= set().union(*stated.values())
    assert {"需填写", "经办机构可要求提供"} <= seen


def test_the_counter_of_the_county_stands_there_with_address_window_and_number(notices):
    where = part_of(page_of(made(notices, "meizhou", "outpatient_reimbursement", XINGNING)),
                    "offices")
    assert "兴宁市人民大道中142号兴宁市医疗保障事业管理中心二楼（1-13号窗口）" in where
    assert "0753-3256057、3257220" in where and "梅江区" not in where


def test_without_a_county_all_counters_stand_there(notices):
    where = part_of(page_of(made(notices, "meizhou", "outpatient_reimbursement", "441400")),
                    "offices")
    assert all(said(office.address) in where for office in KB.guide("meizhou").data.offices)
    assert text("choose_office") in where


def test_a_counter_asked_for_by_name_stands_alone(notices):
    path = notices.make("meizhou", "outpatient_reimbursement", {}, "441400", TODAY, "市直")
    where = part_of(page_of(notices.open(path.removeprefix(PREFIX), TODAY)), "offices")
    assert "市直" in where and "兴宁市" not in where


def test_every_kind_of_line_of_a_whole_answer_has_its_place_on_the_sheet():
    there = {kind for kinds in texts()["areas"].values() for kind in kinds}
    assert {*WHOLE, "offices"} - there == {"own_office"}


def test_numbers_can_be_dialled(notices):
    page = page_of(made(notices, "meizhou", "outpatient_reimbursement", XINGNING))
    assert '<a class="phone" href="tel:0753-3256057">0753-3256057</a>' in page
    assert '<a class="phone" href="tel:12345">12345</a>' in page


def test_a_city_under_its_provinces_guide_is_told_so(notices):
    sheet = made(notices, "guangdong", "outpatient_reimbursement", "441900")
    assert sheet.place == "东莞市"
    assert "东莞市没有单独收录的指南，下面按广东省的指南回答" in page_of(sheet)


def test_a_finer_item_that_the_guide_does_not_list_is_told_apart(notices):
    finer = next(item for item in KB.family("enrolment").items
                 if item.under and (own := KB.item("hubei", item.id)) and item.id not in
                 own.canonical)
    sheet = made(notices, "hubei", finer.id)
    assert f"没有单列“{finer.label}”" in page_of(sheet)


def test_clauses_that_may_rule_the_person_out_come_first(notices):
    sheet = made(notices, "hubei", "settled_retiree_filing")
    page = page_of(sheet)
    assert "退休后在异地定居并且户籍迁入定居地的参保人员" in part_of(page, "check")
    assert page.index("part--check") < page.index("part--materials")


def test_an_item_that_does_not_apply_says_why_and_asks_for_nothing(notices):
    sheet = made(notices, "meizhou", "temporary_filing", discharged="已出院结算")
    assert not sheet.applies
    assert "不适用于您说的情况" in page_of(sheet) and "checkbox" not in page_of(sheet)
    assert any("原因：" in lead and "〔" in lead for lead in sheet.leads)


def test_what_the_guide_leaves_out_is_said_to_be_left_out(notices):
    page = page_of(made(notices, "guangdong", "employee_info_change"))
    assert "没有列出要交的材料" in part_of(page, "materials")
    assert "没有写明办理时限" in part_of(page, "time_limits")


def test_facts_that_leave_several_items_make_no_sheet(notices):
    with pytest.raises(UnknownId):
        notices.make("meizhou", "account_bank_change", {"account_matter": "换银行"}, "", TODAY)
    with pytest.raises(UnknownId):
        notices.make("meizhou", "no_such_item", {}, "", TODAY)


def test_an_address_is_a_random_number_of_128_bits(notices):
    paths = {notices.make(item.guide, item.canonical[0], {}, "", TODAY) for item in ITEMS}
    assert len(paths) == len(ITEMS)
    assert all(re.fullmatch(r"/notice/[A-Za-z0-9_-]{22}", path) for path in paths)


def test_two_installations_give_the_same_case_different_addresses(tmp_path):
    one, other = (Notices(KB, tmp_path / name) for name in ("one", "other"))
    case = ("meizhou", "maternity_allowance", {}, "", TODAY)
    assert one.make(*case) != other.make(*case)


def test_the_same_answer_on_a_day_is_one_sheet_and_another_answer_is_another(notices):
    case = ("meizhou", "inpatient_reimbursement")
    first = notices.make(*case, {}, XINGNING, TODAY)
    assert notices.make(*case, {}, XINGNING, TODAY) == first
    assert notices.make(*case, {"identity_document": "社保卡"}, XINGNING, TODAY) != first
    assert notices.make(*case, {}, "441424", TODAY) != first
    assert notices.make(*case, {}, XINGNING, TODAY + timedelta(days=1)) != first


PERSONAL = {"name": "王小明", "id_number": "441481196303052314", "said": "我妈在五华住院",
            "discharge_date": "2026-02-17"}


def test_nothing_personal_is_kept_whatever_is_handed_over(notices, tmp_path):
    notices.make("meizhou", "inpatient_reimbursement",
                 {**PERSONAL, "identity_document": "社保卡"}, XINGNING + "001002", TODAY)
    notices.close()
    rows = sqlite3.connect(tmp_path / "notices" / "notices.db").execute(
        "select * from notice").fetchall()
    kept = "".join(zlib.decompress(row[-1]).decode() for row in rows)
    assert "住院费用清单" in kept
    for value in (*PERSONAL.values(), XINGNING + "001002", "identity_document"):
        assert value not in kept
    columns = {"token", "digest", "until", "content"}
    assert columns == {row[1] for row in sqlite3.connect(
        tmp_path / "notices" / "notices.db").execute("pragma table_info(notice)")}


def test_every_sentence_kept_is_the_guides_or_the_assistants_own(notices):
    sheet = made(notices, "meizhou", "inpatient_reimbursement", XINGNING, **PERSONAL)
    printed = said("".join(c.printed for c in KB.guide("meizhou").clauses.values()))
    agency = ("offices", "contacts")
    lines = [line for part in sheet.parts for line in part.lines if part.kind not in agency]
    assert lines and all(said(line.text) in printed for line in lines)


@pytest.fixture
def new_edition(tmp_path: Path) -> KnowledgeBase:
    """The knowledge with another time limit."""
    shutil.copytree(ROOT, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py"))
    path = tmp_path / "knowledge" / "guides" / "meizhou" / "outpatient_reimbursement.yml"
    wording = path.read_text(encoding="utf-8").replace("不超过20个工作日", "不超过15个工作日")
    path.write_text(wording, encoding="utf-8")
    return read(tmp_path / "knowledge")


def test_a_sheet_stays_as_it_was_after_a_new_edition(tmp_path, new_edition):
    folder, case = tmp_path / "notices", ("meizhou", "outpatient_reimbursement", {}, "", TODAY)
    path = Notices(KB, folder).make(*case)
    after = Notices(new_edition, folder)
    old = after.open(path.removeprefix(PREFIX), TODAY)
    new = after.open(after.make(*case).removeprefix(PREFIX), TODAY)
    assert "不超过20个工作日" in part_of(page_of(old), "time_limits")
    assert "不超过15个工作日" in part_of(page_of(new), "time_limits")
    assert (old.version, new.version) == (KB.version, new_edition.version)
    assert old.version != after.version == new.version


def test_a_sheet_from_before_says_that_the_knowledge_has_changed(notices):
    sheet = made(notices, "meizhou", "outpatient_reimbursement")
    assert text("newer") in page_of(sheet, outdated=True)
    assert text("newer") not in page_of(sheet)


def test_a_sheet_is_kept_until_its_last_day_and_then_deleted(notices, tmp_path):
    case = ("meizhou", "outpatient_reimbursement", {}, "")
    token = notices.make(*case, TODAY).removeprefix(PREFIX)
    assert notices.open(token, LAST).until == LAST
    with pytest.raises(UnknownId):
        notices.open(token, LAST + timedelta(days=1))
    notices.make(*case, LAST + timedelta(days=1))
    with pytest.raises(UnknownId):
        notices.open(token, TODAY)


def modules(page: str) -> list[list[int]]:
    """Return the dark and light modules of the code of a page, read off its drawing."""
    size = int(re.search(r'viewBox="0 0 (\d+) \d+"', page).group(1))
    drawn = re.search(r'stroke="#000"[^>]* d="([^"]+)"|d="([^"]+)"[^>]*stroke="#000"', page)
    grid, x, y = [[0] * size for _ in range(size)], 0, 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]+)", drawn.group(1) or drawn.group(2)):
        steps = [float(n) for n in numbers.split()]
        if command == "h":
            grid[int(y)][x:x + int(steps[0])] = [1] * int(steps[0])
            x += int(steps[0])
        else:
            x = int(steps[0]) + (x if command == "m" else 0)
            y = steps[1] + (y if command == "m" else 0)
    return grid


def test_the_code_leads_to_the_pages_own_address_and_has_its_quiet_zone(notices):
    page = page_of(made(notices, "meizhou", "outpatient_reimbursement"))
    wanted = segno.make(ADDRESS, error="m", micro=False).matrix_iter(border=QUIET_ZONE)
    assert modules(page) == [list(map(int, row)) for row in wanted]
    assert QUIET_ZONE >= 4 and 'fill="#fff"' in page


def test_whatever_stands_in_the_knowledge_is_escaped(notices):
    evil = "<script>alert(1)</script>&\"'"
    sheet = made(notices, "meizhou", "outpatient_reimbursement")
    line = sheet.parts[0].lines[0].copy(update={"text": evil, "marks": (evil,), "when": evil})
    phones = line.copy(update={"text": evil + "0753-3256057"})
    parts = (sheet.parts[0].copy(update={"lines": (line,)}),
             sheet.part("contacts").copy(update={"lines": (phones,)}))
    page = page_of(sheet.copy(update={"name": evil, "place": evil, "leads": (evil,),
                                      "told": (evil,), "parts": parts}))
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert evil in notice_text(sheet.copy(update={"name": evil}), ADDRESS)


@pytest.fixture
def served(server) -> str:
    """The path of a sheet of the running server."""
    store = Notices(KB, server.folder / "notices")
    path = store.make("meizhou", "inpatient_reimbursement", {}, XINGNING, date.today())
    store.close()
    return path


def test_the_page_is_private_and_runs_nothing_from_elsewhere(server, served):
    with urllib.request.urlopen(server.url + served) as response:
        page, headers = response.read().decode(), response.headers
    assert server.url + served in page
    assert headers["cache-control"].startswith("private")
    assert "noindex" in headers["x-robots-tag"] and 'content="noindex' in page
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert not re.findall(r' (?:src|style|on\w+)="(?!/static/)[^"]*"', page)


def test_the_text_alone_can_be_had(server, served):
    with urllib.request.urlopen(f"{server.url}{served}?text") as response:
        assert response.headers["content-type"].startswith("text/plain")
        wording = response.read().decode()
    assert "□ 医院收费票据原件（加盖医院印章）〔五、办理材料（二）〕" in wording
    assert server.url + served in wording


@pytest.mark.parametrize("token", ["A" * 22, "x", "..%2F..%2Fetc", "A" * 5000, "%00", "' or 1=1--"])
def test_an_unknown_address_says_what_to_do(server, token):
    status, body = server.get(PREFIX + token.replace(" ", "%20"))
    page = words(body.decode())
    assert status == 404
    assert said(text("missing_title")) in page and "12393" in page
    assert str(texts()["keep_days"]) in page


@pytest.mark.parametrize("host", ["<script>", "a b", "x" * 3000])
def test_a_forged_host_does_not_get_into_the_code(server, served, host):
    request = urllib.request.Request(server.url + served, headers={"Host": host})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 400


def test_behind_a_proxy_the_code_holds_the_address_that_was_set(monkeypatch):
    request = SimpleNamespace(scheme="http", host="10.0.0.5:5005")
    assert site_of(request) == "http://10.0.0.5:5005"
    monkeypatch.setenv("YIBAO_ADDRESS", "https://yibao.example/")
    assert site_of(request) == "https://yibao.example"
