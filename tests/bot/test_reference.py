"""The reference pages over HTTP: every item of every guide, complete, safe, and with its source."""

from __future__ import annotations

import html
import re
import urllib.error
import urllib.request
from urllib.parse import quote

import pytest

from bot.paths import PROJECT
from bot.reference.texts import texts
from knowledge.engine import UNKNOWN
from knowledge.model import SECTION_TITLES
from knowledge.paths import paths
from knowledge.store import load

KB = load()
ITEMS = [item for guide in KB.guides.values() for item in guide.items.values()]
LINES = ("audience", "materials", "time_limits", "deadlines", "channels", "level", "steps", "fee",
         "notes", "basis")


def get(server, path: str) -> str:
    status, body = server.get(path)
    assert status == 200, path
    return body.decode()


def words(page: str) -> str:
    """Return what a page says, without tags and white space."""
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def said(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.guide}-{item.id}")
def test_an_item_has_a_page_with_all_its_lines_and_its_source(server, item):
    page = get(server, f"/guide/{item.guide}/{item.id}")
    there, data = words(page), KB.guide(item.guide).data
    assert said(item.name) in words(re.search("<h1>.*?</h1>", page, re.S).group())
    for kind in LINES:
        for rule in item.of_kind(kind):
            assert said(rule.text) in there, rule.clause.id
            assert said(rule.clause.heading) in there
    for wanted in (data.title, data.edition, KB.version):
        assert said(wanted) in there


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.guide}-{item.id}")
def test_every_clause_of_an_item_stands_there_word_for_word_where_its_lines_point(server, item):
    page = get(server, f"/guide/{item.guide}/{item.id}")
    for clause in item.clauses.values():
        anchor = re.escape(clause.id.split("/", 1)[1])
        place = re.search(f'<p id="c-{anchor}">(.*?)</p>', page, re.S)
        assert place and said(html.unescape(place.group(1))) == said(clause.printed)
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{anchor}"' in page


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.guide}-{item.id}")
def test_what_the_guide_leaves_empty_is_said_to_be_unstated(server, item):
    there = words(get(server, f"/guide/{item.guide}/{item.id}"))
    for kind in texts()["always"]:
        title = SECTION_TITLES[kind]
        assert (f"没有为这一项写明{title}" in there) == (not item.of_kind(kind))


def test_conditions_and_structure_are_shown_with_the_line(server):
    page = words(get(server, "/guide/meizhou/outpatient_reimbursement"))
    assert "如属于急诊急诊诊断证明" in page
    assert "任选其一医保电子凭证有效身份证件社保卡" in page
    assert "经办机构可要求提供" in words(get(server, "/guide/jiangmen/outpatient_reimbursement"))
    assert "代替“户口本首页" in words(get(server, "/guide/fujian/settled_retiree_filing"))


def test_a_page_names_the_other_guides_and_the_comparison(server):
    page = get(server, "/guide/meizhou/outpatient_reimbursement")
    assert 'href="/guide/jiangmen/outpatient_reimbursement"' in page
    assert 'href="/compare/outpatient_reimbursement?guides=meizhou,jiangmen"' in page
    assert 'href="/"' in page


@pytest.mark.parametrize("guide", sorted(KB.guides))
def test_a_guide_lists_all_its_items_its_counters_and_hotlines(server, guide):
    page, data = get(server, f"/guide/{guide}"), KB.guide(guide).data
    for item in KB.guide(guide).items.values():
        assert f'href="/guide/{guide}/{item.id}"' in page
        assert html.escape(item.name, quote=False) in page
    for office in data.offices:
        assert said(office.name + "地址" + office.address) in words(page) or not office.address
        assert all(f'href="tel:{phone}"' in page for phone in office.phones)
    for contact in data.contacts:
        assert f'href="tel:{contact.phone}"' in page
    assert data.title in page and data.edition in page


def test_the_index_leads_to_every_page(server):
    page = get(server, "/guide")
    for guide in KB.guides:
        assert f'href="/guide/{guide}"' in page
    for item in ITEMS:
        assert f'href="/guide/{item.guide}/{item.id}"' in page


@pytest.mark.parametrize("typed", ["门诊抱销", "menzhen baoxiao", "門診報銷"])
def test_the_search_box_finds_items_however_they_are_typed(server, typed):
    everywhere = get(server, f"/guide?q={quote(typed)}")
    assert 'href="/guide/meizhou/outpatient_reimbursement"' in everywhere
    here = get(server, f"/guide/hubei?q={quote(typed)}")
    assert 'href="/guide/hubei/outpatient_reimbursement"' in here
    assert "/guide/meizhou/" not in here and "<mark>" in here


def test_a_clause_that_is_found_is_linked_where_it_stands(server):
    page = get(server, f"/guide/meizhou?q={quote('交警事故认定书')}")
    target, anchor = re.search(r'href="(/guide/meizhou/\w+)#([^"]+)"', page).groups()
    assert f'id="{anchor}"' in get(server, target)
    assert "交警事故认定书" in "".join(re.findall("<mark>(.*?)</mark>", page))


@pytest.mark.parametrize("canonical", [i.id for f in KB.families for i in f.items if not i.under])
def test_a_comparison_shows_each_guide_in_its_own_words_and_says_who_lacks_the_item(
        server, canonical):
    there = words(get(server, f"/compare/{canonical}?guides={','.join(KB.guides)}"))
    for guide in KB.guides.values():
        item = KB.item(guide.id, canonical)
        assert said(guide.data.title) in there
        if item is None:
            assert f"《{said(guide.data.title)}》里没有" in there
        for rule in item.of_kind("materials") if item else ():
            assert said(rule.text) in there, rule.clause.id


FLOWS = [(guide, family.id) for guide in KB.guides for family in KB.families
         if KB.items(guide, family.id)]


@pytest.mark.parametrize("guide,family", FLOWS, ids=map("-".join, FLOWS))
def test_a_flow_has_every_question_answer_and_result_with_the_clauses_behind_them(
        server, guide, family):
    page = get(server, f"/flow/{guide}/{family}")
    there = words(page)
    for path in paths(KB, guide, family):
        for fact, value in path.facts.items():
            assert said(KB.facts[fact].asked_of("参保人")) in there
            if isinstance(value, str) and value != UNKNOWN:
                assert said(KB.facts[fact].option(value).label) in there
        if path.outcome.item:
            assert f'href="/guide/{guide}/{path.outcome.item.id}"' in page
    clauses = set(re.findall(r'href="(/guide/\w+/\w+)#([^"]+)"', page))
    targets = {target: get(server, target) for target, _ in clauses}
    assert all(f'id="{anchor}"' in targets[target] for target, anchor in clauses)


def test_an_end_says_what_is_different_about_it(server):
    page = words(get(server, "/flow/meizhou/remote_filing"))
    assert "结果适用异地长期居住人员备案" in page
    assert "回答提供不了另需：《个人承诺书》" in page
    assert "结果指南未载这份指南里没有“生育异地备案”" in page


@pytest.mark.parametrize("guide,family", FLOWS, ids=map("-".join, FLOWS))
def test_the_flow_is_reached_from_the_guide_and_from_each_item(server, guide, family):
    link = f'href="/flow/{guide}/{family}"'
    assert link in get(server, f"/guide/{guide}")
    for item in KB.items(guide, family):
        if KB.family_of(item.canonical[0]).id == family:
            assert link in get(server, f"/guide/{guide}/{item.id}")


@pytest.mark.parametrize("path", [
    "/flow/beijing/remote_filing", "/flow/meizhou/nothing", "/flow/meizhou/family_sharing",
    "/compare/no_such_item", "/compare/inpatient_reimbursement?guides=meizhou,atlantis"])
def test_a_page_of_what_is_not_there_is_in_chinese(server, path):
    status, body = server.get(path)
    assert status == 404 and texts()["missing_title"] in body.decode()


@pytest.mark.parametrize("typed", [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "'--", "门" * 300])
def test_what_was_typed_is_shown_as_text(server, typed):
    page = get(server, f"/guide?q={quote(typed)}")
    assert "<script>alert" not in page and "<img" not in page
    assert typed[:100] in html.unescape(page)


@pytest.mark.parametrize("path", [
    "/guide/beijing", "/guide/meizhou/nothing", "/guide/meizhou/guide", "/guide/a/b/c",
    "/guide/beijing?q=x", "/guide/..%2f..%2fetc", "/guide/meizhou/_hidden"])
def test_an_unknown_address_is_a_page_in_chinese(server, path):
    status, body = server.get(path)
    assert status == 404
    assert "没有这一页" in body.decode() and 'lang="zh-CN"' in body.decode()


def test_a_page_is_sent_once_and_runs_no_script_of_its_own(server):
    url = f"{server.url}/guide/meizhou/outpatient_reimbursement"
    with urllib.request.urlopen(url, timeout=20) as first:
        tag, policy = first.headers["etag"], first.headers["content-security-policy"]
        assert not re.search(r"<script(?! src=)|style=|\son\w+=", first.read().decode())
    assert "default-src 'none'" in policy and "unsafe" not in policy
    again = urllib.request.Request(url, headers={"if-none-match": tag})
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(again, timeout=20)
    assert answer.value.code == 304


def test_everything_a_page_loads_is_there(server):
    page = get(server, "/guide")
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        assert server.get(path)[0] == 200


def test_every_wording_of_the_pages_is_used():
    folder = PROJECT / "bot" / "reference"
    code = "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*"))
                     if path.suffix in (".html", ".py"))
    unused = {key for key in texts() if not re.search(rf"\bt\.{key}\b|[\"']{key}[\"']", code)}
    assert unused == set()


