"""The 一次性告知单 in a real browser: one sheet of paper, a small phone, the keyboard, the dark."""

from __future__ import annotations

import io
import logging
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
import yaml
from outline import expect_sound_outline
from playwright.sync_api import Page, expect

from bot.notice.fitting import size_of
from bot.notice.notices import PREFIX, Notices
from bot.notice.sheet import Sheet
from bot.notice.texts import texts
from knowledge.errors import UnknownId
from knowledge.store import Item, load
from knowledge.text import squeeze

pytestmark = pytest.mark.browser

KB = load()
GUIDES = list(KB.guides)
A4, PAPER = (210, 297), (184, 279)
"""Millimetres: the page, and what its margins leave."""
POINTS_PER_MM, PX_PER_MM = 72 / 25.4, 96 / 25.4
PRINTED = 4
SMALLEST_TYPE = 9
"""Points."""


@pytest.fixture
def notices(server):
    """The running server's own store of sheets."""
    store = Notices(KB, server.folder / "notices")
    yield store
    store.close()


def make(notices: Notices, guide: str, item: str, place: str = "", **facts: Any) -> str:
    return notices.make(guide, item, facts, place, date.today())


def sheet_at(notices: Notices, path: str) -> Sheet:
    return notices.open(path.removeprefix(PREFIX), date.today())


@pytest.fixture
def long_one(notices) -> str:
    """A sheet with conditional materials, deadlines, a counter and hotlines."""
    return make(notices, "meizhou", "inpatient_reimbursement", "441481")


def cases(item: Item) -> list[Mapping[str, Any]]:
    """Return the facts of the specification cases of an item."""
    path = Path(__file__).parents[1] / "cases" / item.guide / f"{item.id}.yml"
    stated = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader) if path.is_file() else []
    return [{name: value if isinstance(value, str) else
             {o.value: o.value in value for o in KB.facts[name].options}
             for name, value in case["facts"].items()} for case in stated]


def pages_of(page: Page, path: str) -> pdfplumber.PDF:
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    page.goto(path)
    return pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def is_one_page(page: Page, path: str) -> bool:
    """Tell whether a sheet is one page of A4 in print."""
    with pages_of(page, path) as printed:
        size = printed.pages[0].width, printed.pages[0].height
        assert size == pytest.approx([mm * POINTS_PER_MM for mm in A4], abs=2)
        return len(printed.pages) == 1


def height(page: Page, path: str) -> float:
    """Return how tall a sheet is in print, in millimetres of a page of A4."""
    page.goto(path)
    return page.locator("main").bounding_box()["height"] / PX_PER_MM


def unfit(page: Page, paths: Iterable[str]) -> list[str]:
    """Return the sheets that are no single page; only the tallest are printed, for their time."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": round(PAPER[0] * PX_PER_MM), "height": 800})
    heights = {path: height(page, path) for path in paths}
    tallest = sorted(heights, key=heights.get)[-PRINTED:]
    return [path for path in heights
            if heights[path] > PAPER[1] or path in tallest and not is_one_page(page, path)]


@pytest.mark.parametrize("guide", [
    GUIDES[0], *(pytest.param(guide, marks=pytest.mark.full) for guide in GUIDES[1:])])
def test_the_sheet_of_every_item_is_one_page_of_a4(page, notices, guide):
    items = KB.guide(guide).items.values()
    paths = {make(notices, guide, item.canonical[0]): item.id for item in items}
    assert [paths[path] for path in unfit(page, paths)] == []


@pytest.mark.full
@pytest.mark.parametrize("guide", GUIDES)
def test_the_sheet_of_every_case_is_one_page_of_a4(page, notices, guide):
    paths: dict[str, str] = {}
    for item in KB.guide(guide).items.values():
        for facts in cases(item):
            with suppress(UnknownId):
                paths[make(notices, guide, item.canonical[0], **facts)] = item.id
    assert paths and [paths[path] for path in unfit(page, paths)] == []


@pytest.mark.parametrize("place", ["", "441481"], ids=["all counters", "one counter"])
def test_the_fullest_sheets_have_every_word_on_paper_in_readable_type(page, notices, place):
    paths = [make(notices, "meizhou", item, place) for item in
             ("inpatient_reimbursement", "outpatient_reimbursement", "referral_filing")]
    for path in paths:
        sheet = sheet_at(notices, path)
        with pages_of(page, path) as printed:
            letters = [letter for p in printed.pages for letter in p.chars]
            assert len(printed.pages) == 1
        assert min(letter["size"] for letter in letters) >= SMALLEST_TYPE - 0.05
        there = Counter(squeeze("".join(letter["text"] for letter in letters)))
        lines = [line for part in sheet.parts for line in part.lines]
        wanted = "".join(f"{line.text}{line.when}{''.join(line.marks)}" for line in lines)
        wanted += "".join(part.heading or "".join(line.heading for line in part.lines)
                          for part in sheet.parts)
        missing = Counter(squeeze(wanted)) - there
        assert not missing


def test_a_warning_that_the_knowledge_changed_still_leaves_it_one_page(page, notices, server):
    items = KB.guide("meizhou").items.values()
    made = {make(notices, "meizhou", item.canonical[0]): item.id for item in items}
    tight = [path for path in made if size_of(sheet_at(notices, path)) == "tight"]
    for path in tight:
        page.goto(path)
        page.evaluate("""text => {
            const warning = document.createElement('p');
            warning.className = 'newer';
            warning.textContent = text;
            document.querySelector('main').prepend(warning);
        }""", texts()["newer"])
        with pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
            assert len(printed.pages) == 1, made[path]


def test_paper_is_black_on_white_also_from_a_dark_screen(page, long_one):
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(long_one)
    for part in (".bar", ".tools--top", ".plain"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.get_by_text("医院收费票据原件（加盖医院印章）").first).to_be_visible()
    colours = page.evaluate("""
        [...document.querySelectorAll('.sheet, .line__text, h1, h2, .mark, .case')].map(e =>
          [getComputedStyle(e).color, getComputedStyle(e).backgroundColor].join(' '))""")
    assert set(colours) <= {"rgb(0, 0, 0) rgb(255, 255, 255)", "rgb(0, 0, 0) rgba(0, 0, 0, 0)"}


def test_the_code_is_large_enough_on_paper_and_black_on_white_on_every_screen(page, long_one):
    page.emulate_media(media="print")
    page.goto(long_one)
    width, modules = page.evaluate("""() => {
        const code = document.querySelector('.qr__code');
        return [code.getBoundingClientRect().width, code.viewBox.baseVal.width];
    }""")
    millimetres = width / 96 * 25.4
    assert millimetres >= 28 and millimetres / modules >= 0.6
    page.emulate_media(media="screen", color_scheme="dark")
    paths = page.evaluate("[...document.querySelectorAll('.qr__code path')].map(p => "
                          "getComputedStyle(p).fill + getComputedStyle(p).stroke)")
    assert paths == ["rgb(255, 255, 255)none", "rgb(0, 0, 0)rgb(0, 0, 0)"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["standard", "huge"])
def test_nothing_scrolls_sideways_on_a_phone(page, long_one, size, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(long_one)
    page.evaluate("size => localStorage.setItem('yibao.type-size', size)", size)
    page.goto(long_one)
    page.get_by_text("文字版（可以复制）").click()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    folder = os.environ.get("YIBAO_SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"notice-{size}-{scheme}.png"), full_page=True)


def test_an_unknown_address_can_be_read_on_a_phone(page):
    page.goto(PREFIX + "x")
    expect(page.get_by_role("heading", level=1)).to_have_text("打不开这张告知单")
    expect(page.get_by_role("link", name="重新问一次")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_headings_landmarks_and_labels_are_in_order(page, long_one):
    page.goto(long_one)
    expect_sound_outline(page)
    expect(page.get_by_role("img", name="这一页网址的二维码")).to_be_visible()


def test_papers_are_ticked_and_the_text_is_opened_by_keyboard(page, long_one):
    page.goto(long_one)
    paper = page.get_by_role("checkbox", name="医院收费票据原件（加盖医院印章）")
    paper.focus()
    page.keyboard.press("Space")
    expect(paper).to_be_checked()
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("告知单的文字版")).to_be_visible()


def test_targets_are_large_enough_for_a_thumb(page, long_one):
    page.goto(long_one)
    small = page.evaluate("""
        [...document.querySelectorAll('label, button, summary, .tools a')].filter(e => {
          const box = e.getBoundingClientRect();
          return box.width > 1 && box.height < 40;
        }).map(e => e.textContent.trim().slice(0, 20))""")
    assert small == []


def test_one_press_copies_all_of_it(page, long_one):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(long_one)
    page.get_by_text("文字版（可以复制）").click()
    page.get_by_role("button", name="复制全文").click()
    expect(page.get_by_role("status")).to_contain_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("一次性告知单：住院费用报销") and long_one in copied


def test_it_works_without_javascript(browser, server, long_one):
    context = browser.new_context(java_script_enabled=False, base_url=server.url)
    page = context.new_page()
    page.goto(long_one)
    expect(page.get_by_role("button", name="打印这张告知单")).to_be_hidden()
    page.get_by_text("文字版（可以复制）").click()
    expect(page.get_by_label("告知单的文字版")).to_have_value(
        re.compile("^一次性告知单：住院费用报销"))
    page.get_by_role("link", name="单独打开文字版").click()
    expect(page.locator("body")).to_contain_text("□ 医院收费票据原件")
    context.close()
