"""The citizen's page in a real browser: asking, answering, the checklist, a reload."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

@pytest.fixture
def page(browser, server):
    """The page on a 360 px phone; errors of the page fail the test."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith((server.url, "ws://127.0.0.1", "data:"))
            else problems.append(f"outside request {r.url}"))
    page.goto(server.url)
    expect(page.locator("textarea")).to_be_enabled()
    yield page
    context.close()
    assert problems == []


def ask(page: Page, text: str) -> None:
    """Type a message and send it with Enter."""
    page.locator("textarea").fill(text)
    page.keyboard.press("Enter")


def choose(page: Page, label: str) -> None:
    """Press the open button or tick the open box with this label."""
    page.locator(".choices:not(.choices--locked)").last.get_by_text(label, exact=False).click()


def keep_screenshot(page: Page, name: str) -> None:
    """Keep a picture where ``$YIBAO_SCREENSHOTS`` names a folder."""
    folder = os.environ.get("YIBAO_SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), animations="disabled")


def test_from_a_question_to_the_checklist_and_back_after_a_reload(page):
    keep_screenshot(page, "welcome")
    ask(page, "梅州看门急诊没刷卡，自己垫的钱，怎么报")
    expect(page.locator(".question__text").last).to_contain_text("可以多选")
    keep_screenshot(page, "question")
    choose(page, "都不是")
    expect(page.locator(".question__text").last).to_contain_text("哪一种证件")
    choose(page, "身份证等有效身份证件")

    answer = page.locator(".answer").last
    expect(answer).to_contain_text("急诊诊断证明")
    expect(answer).to_contain_text("本人银行账号")
    expect(answer).not_to_contain_text("交警事故认定书")
    answer.evaluate("node => node.scrollIntoView({block: 'start', behavior: 'instant'})")
    keep_screenshot(page, "checklist")

    page.reload()
    expect(page.locator(".answer").last).to_contain_text("急诊诊断证明")
    expect(page.locator(".bubble").first).to_contain_text("梅州看门急诊")


def test_the_clause_behind_a_line_is_shown_on_demand(page):
    ask(page, "湖北门诊费用报销要带什么")
    page.locator(".answer").last.get_by_role("button", name="依据").first.click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("医保电子凭证（或有效身份证件、社会保障卡）")
    expect(dialog).to_contain_text("湖北省医疗保障经办政务服务事项办事指南")
    keep_screenshot(page, "clause")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_what_people_type_stays_text(page):
    ask(page, "<img src=x onerror=alert(1)> 湖北转诊备案多久")
    expect(page.locator(".bubble").first).to_contain_text("<img src=x")
    assert page.locator(".bubble img").count() == 0


def test_enter_that_confirms_a_composition_does_not_send(page):
    field = page.locator("textarea")
    field.fill("meizhou")
    field.evaluate(
        "node => node.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, keyCode: 229, bubbles: true, cancelable: true}))")
    expect(field).to_have_value("meizhou")
    expect(page.locator(".bubble")).to_have_count(0)


def test_offline_is_said_and_the_text_is_kept(page, browser):
    page.locator("textarea").fill("先打好的字")
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(page.locator("body")).to_contain_text("连接")
    expect(page.locator("textarea")).to_have_value("先打好的字")
    page.context.set_offline(False)


def test_no_sideways_scrolling_in_the_largest_type(page):
    page.get_by_role("button", name="字号").click()
    page.get_by_role("radio", name="特大").check()
    page.keyboard.press("Escape")
    ask(page, "梅州门诊费用报销要带什么")
    expect(page.locator(".answer").last).to_contain_text("医院收费票据原件")
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0
    keep_screenshot(page, "largest-type")


def test_a_counted_day_stands_below_its_line_and_the_sheet_is_one_click_away(page):
    ask(page, "梅州住院费用报销还来得及吗")
    choose(page, "昨天")
    line = page.locator(".answer").last.locator('[data-kind="deadlines"] .line')
    expect(line.locator(".line__counted")).to_contain_text("推算：申请的最后一天是")
    page.locator(".answer").last.evaluate(
        "node => node.scrollIntoView({block: 'start', behavior: 'instant'})")
    keep_screenshot(page, "deadline")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    line.evaluate("node => node.scrollIntoView({block: 'center', behavior: 'instant'})")
    keep_screenshot(page, "deadline-line")
    with page.context.expect_page() as opened:
        page.locator(".answer").last.get_by_role("link", name="打开一次性告知单").click()
    sheet = opened.value
    expect(sheet.locator("h1")).to_contain_text("住院费用报销")
    expect(sheet.locator(".part--deadlines")).to_contain_text("推算：申请的最后一天是")
    keep_screenshot(sheet, "sheet")
    sheet.emulate_media(media="print")
    sheet.set_viewport_size({"width": 794, "height": 1123})
    keep_screenshot(sheet, "sheet-print")
