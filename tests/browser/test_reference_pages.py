"""The reference pages in a real browser: a small phone, the keyboard, structure, paper."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from outline import expect_sound_outline
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PAGES = {
    "index": "/guide", "guide": "/guide/meizhou", "item": "/guide/meizhou/outpatient_reimbursement",
    "table-item": "/guide/jiangmen/outpatient_reimbursement", "found": "/guide?q=menzhen%20baoxiao",
    "comparison": "/compare/inpatient_reimbursement?guides=meizhou,jiangmen",
    "comparison-of-all": "/compare/employee_enrolment",
    "flow": "/flow/meizhou/remote_filing", "flow-widest": "/flow/fujian/enrolment",
    "nothing-found": "/guide?q=qqqq", "missing": "/guide/nowhere",
}


def keep_screenshot(page: Page, name: str) -> None:
    """Keep a picture where ``$YIBAO_SCREENSHOTS`` names a folder."""
    folder = os.environ.get("YIBAO_SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"reference-{name}.png"), full_page=True)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("size", ["standard", "huge"])
def test_nothing_scrolls_sideways_on_a_phone(page, name, size):
    page.goto(PAGES["index"])
    page.evaluate("size => localStorage.setItem('yibao.type-size', size)", size)
    page.goto(PAGES[name])
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    keep_screenshot(page, f"{name}-{size}")


@pytest.mark.parametrize("name", PAGES)
def test_headings_landmarks_and_labels_are_in_order(page, name):
    page.goto(PAGES[name])
    expect_sound_outline(page)
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    for landmark in ("header", "main", "footer", "form[role=search]"):
        expect(page.locator(landmark).first).to_be_attached()
    named = page.evaluate("""
        [...document.querySelectorAll('[aria-labelledby]')].filter(e =>
          !document.getElementById(e.getAttribute('aria-labelledby'))).length""")
    assert named == 0


def test_a_search_by_keyboard_alone_leads_to_the_page_of_an_item(page):
    page.goto("/guide")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    while page.evaluate("document.activeElement.id") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("menzhen baoxiao")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("menzhen baoxiao")
    found = page.locator(".chips a", has_text="梅州市").first
    found.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("门诊费用报销")


def test_the_clause_behind_a_line_opens_in_place_by_keyboard(page):
    page.goto(PAGES["item"])
    summary = page.locator("details.cite summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.cite[open] blockquote").first).to_contain_text(
        "提供医保电子凭证或有效身份证件的需提供本人银行账号")


@pytest.mark.parametrize("name", ["item", "flow"])
def test_targets_are_large_enough_for_a_thumb(page, name):
    page.goto(PAGES[name])
    small = page.evaluate("""
        [...document.querySelectorAll('a, button, summary, input')].filter(e => {
          const box = e.getBoundingClientRect();
          return box.width && box.height < 24 && !e.closest('.skip');
        }).map(e => e.textContent.trim().slice(0, 20))""")
    assert small == []


def test_a_flow_is_folded_and_read_by_keyboard(page):
    page.goto(PAGES["flow"])
    page.get_by_role("heading", name="问题、回答和结果").wait_for()
    answer = page.locator(".flow__answers > li > details > summary").first
    inside = page.get_by_text("户口迁到现在住的地方了吗？")
    expect(inside).to_be_visible()
    answer.focus()
    page.keyboard.press("Enter")
    expect(inside).to_be_hidden()
    page.keyboard.press("Enter")
    why = page.locator(".flow__why > summary").first
    why.focus()
    page.keyboard.press("Space")
    expect(page.locator(".flow__why[open] a").first).to_be_visible()


def test_a_flow_is_nested_lists_for_a_screen_reader(page):
    page.goto(PAGES["flow"])
    tree = page.locator(".flow").aria_snapshot()
    assert "问题 参保人属于哪一种情形？" in tree
    for word in ("回答 没有迁", "结果 适用", "另需：《个人承诺书》"):
        assert word in tree
    assert tree.count("- listitem") > 20


def test_it_works_without_javascript(browser, server):
    context = browser.new_context(java_script_enabled=False, base_url=server.url)
    page = context.new_page()
    page.goto("/guide/hubei")
    page.get_by_role("searchbox").fill("转珍备案")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("main")).to_contain_text("异地转诊")
    context.close()


def test_paper_shows_the_sheet_without_the_page_around_it(page):
    page.goto(PAGES["item"])
    page.emulate_media(media="print")
    expect(page.locator(".ref-head")).to_be_hidden()
    expect(page.locator(".toc")).to_be_hidden()
    expect(page.get_by_text("医院收费票据原件（加盖医院印章）").first).to_be_visible()
    expect(page.locator(".facts")).to_contain_text("未注明日期")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(255, 255, 255)"


def test_the_item_is_taken_along_to_the_assistant(page):
    page.goto("/guide/jiangmen/outpatient_reimbursement")
    page.get_by_role("link", name="向助手咨询这一项").click()
    expect(page.locator("#composer-text")).to_have_value("江门市门诊费用报销怎么办？")
    assert page.url.endswith("/")


def test_other_guides_can_be_compared_by_keyboard(page):
    page.goto("/compare/inpatient_reimbursement?guides=meizhou,jiangmen")
    page.get_by_label("湖北省").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="对照").press("Enter")
    expect(page.get_by_text("不超过15个工作日")).to_be_visible()
