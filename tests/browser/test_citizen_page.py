"""The citizen's page in a real browser: asking, answering, the checklist, a reload, a lost line,
rating, waiting for a person."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.line import Line

pytestmark = pytest.mark.browser


@pytest.fixture
def line():
    """The line of the page; nothing happens on it unless a test asks for it."""
    return Line()


@pytest.fixture
def page(browser, server, line):
    """The page on a 360 px phone; errors of the page fail the test."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith((server.url, "ws://127.0.0.1", "data:"))
            else problems.append(f"outside request {r.url}"))
    page.route_web_socket("**/chat/ws", line.open)
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


def own_words(page: Page) -> list[str]:
    """Return what the citizen said, as the transcript shows it."""
    return page.locator('[data-author="citizen"] .bubble').all_inner_texts()


def wait_until(page: Page, reached: Callable[[], bool]) -> None:
    """Let the page go on until something is so."""
    deadline = time.monotonic() + 20
    while not reached():
        assert time.monotonic() < deadline
        page.wait_for_timeout(20)


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


def test_what_is_said_offline_goes_out_in_order_and_once_when_the_line_is_back(page):
    ask(page, "你好")
    expect(page.locator('[data-author="bot"]')).to_have_count(1)
    page.locator("textarea").fill("先打好的字")
    page.context.set_offline(True)
    expect(page.locator("#banner")).to_contain_text("网络断开了")
    expect(page.locator("textarea")).to_have_value("先打好的字")
    ask(page, "湖北转诊备案多久")
    ask(page, "谢谢")
    expect(page.locator(".message__delivery:visible")).to_have_count(2)
    expect(page.locator('[data-delivery="held"]').first).to_contain_text("未送出，会自动再试")
    keep_screenshot(page, "offline")
    page.context.set_offline(False)
    expect(page.locator('[data-author="bot"]')).to_have_count(3)
    expect(page.locator(".message__delivery:visible")).to_have_count(0)
    assert own_words(page) == ["你好", "湖北转诊备案多久", "谢谢"]
    page.reload()
    expect(page.locator('[data-author="bot"]')).to_have_count(3)
    assert own_words(page) == ["你好", "湖北转诊备案多久", "谢谢"]


def test_a_message_typed_before_the_server_has_greeted_is_sent(page, line):
    line.hold()
    page.reload()
    ask(page, "湖北转诊备案多久")
    expect(page.locator(".bubble")).to_have_text(["湖北转诊备案多久"])
    line.release()
    expect(page.locator(".answer")).to_have_count(1)


def test_a_first_message_that_the_line_takes_with_it_is_sent_again(page, line):
    expect(page.locator("#state")).to_have_attribute("data-state", "ready")
    line.cut_at = "say"
    ask(page, "湖北转诊备案多久")
    expect(page.locator(".answer")).to_have_count(1)
    assert own_words(page) == ["湖北转诊备案多久"]


def test_an_answer_whose_way_back_is_cut_comes_once_with_the_next_line(page, line):
    expect(page.locator("#state")).to_have_attribute("data-state", "ready")
    line.swallow = {"message", "ack", "typing"}
    ask(page, "湖北转诊备案多久")
    expect(page.locator(".bubble")).to_have_count(1)
    line.cut()
    line.swallow = set()
    expect(page.locator(".answer")).to_have_count(1)
    assert own_words(page) == ["湖北转诊备案多久"]
    page.reload()
    expect(page.locator(".answer")).to_have_count(1)
    assert own_words(page) == ["湖北转诊备案多久"]


def test_what_the_server_cannot_take_now_is_tried_again_and_said_once(page, line):
    expect(page.locator("#state")).to_have_attribute("data-state", "ready")
    heard = page.evaluate_handle("""() => {
        const heard = [];
        new MutationObserver((changes) => changes.forEach(({ addedNodes }) =>
            addedNodes.forEach((node) => heard.push(node.textContent))))
            .observe(document.getElementById("announcer"), { childList: true });
        return heard;
    }""")
    line.busy = "系统暂时连不上。"
    ask(page, "湖北转诊备案多久")
    held = page.locator('[data-delivery="held"]')
    expect(held).to_contain_text("系统暂时连不上。")
    keep_screenshot(page, "store-down")
    held.get_by_role("button", name="重发").click()
    wait_until(page, lambda: [f["type"] for f in line.sent].count("say") >= 3)
    line.busy = ""
    expect(page.locator(".answer")).to_have_count(1, timeout=30_000)  # pauses grow to 20 s
    expect(page.locator(".message__delivery:visible")).to_have_count(0)
    assert len({f["id"] for f in line.sent if f["type"] == "say"}) == 1
    assert [text for text in heard.json_value() if "系统暂时连不上" in text] == [
        "未送出。系统暂时连不上。"]
    assert own_words(page) == ["湖北转诊备案多久"]


def test_an_answer_is_rated_by_keyboard_and_the_rating_is_there_after_a_reload(page):
    ask(page, "湖北转诊备案多久")
    group = page.get_by_role("group", name="这条回答对您有帮助吗")
    good, bad = (group.get_by_role("button", name=name) for name in ("有帮助", "没帮助"))
    expect(good).to_have_attribute("aria-pressed", "false")
    good.focus()
    page.keyboard.press("Enter")
    expect(group).to_contain_text("谢谢，已记下")
    expect(good).to_have_attribute("aria-pressed", "true")
    keep_screenshot(page, "rated")
    for button in (good, bad):
        assert button.bounding_box()["height"] >= 44
    page.reload()
    expect(good).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Tab")
    bad.focus()
    page.keyboard.press("Space")
    expect(bad).to_have_attribute("aria-pressed", "true")
    expect(good).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#service")).to_contain_text("排队")  # a person may help


def test_waiting_for_a_person_is_shown_until_it_is_taken_back(page):
    page.get_by_role("banner").get_by_role("button", name="转人工").click()
    strip = page.get_by_role("region", name="人工服务")
    expect(strip).to_contain_text("排队")
    expect(page.locator(".handoff")).to_be_in_viewport()
    keep_screenshot(page, "waiting")
    page.reload()
    expect(strip).to_contain_text("排队")
    strip.get_by_role("button", name="取消等待").click()
    expect(strip).to_be_hidden()
    expect(page.locator("textarea")).to_be_focused()
    expect(page.locator('[data-author="bot"]').last).to_contain_text("不再排队")


def test_a_person_who_serves_is_named_and_seen_to_speak(page, line):
    ask(page, "湖北门诊费用报销要带什么")
    expect(page.locator(".answer")).to_have_count(1)
    message = {"seq": 3, "at": "2026-11-20T08:00:00+00:00", "author": "agent", "text": "我在。",
               "card": {"type": "agent", "agent": "1024"}}
    line.put(type="control", holder="person", agent="1024", waiting=None)
    line.put(type="message", message=message)
    strip = page.get_by_role("region", name="人工服务")
    expect(strip).to_have_text("正在由工作人员 1024 号为您服务", use_inner_text=True)
    expect(page.locator('[data-author="agent"]')).to_contain_text("工作人员 1024 号")
    expect(page.locator('[data-author="agent"]')).to_be_in_viewport()
    keep_screenshot(page, "person")
    line.put(type="control", holder="bot", agent="", waiting=None)
    expect(strip).to_be_hidden()


def test_a_person_who_types_is_seen_to_until_their_message_comes_or_they_stop(page, line):
    ask(page, "湖北门诊费用报销要带什么")
    expect(page.locator(".answer")).to_have_count(1)
    typing = page.locator("#typing")
    line.put(type="control", holder="person", agent="1024", waiting=None)
    line.put(type="typing", on=True)  # nobody looks anything up in the guides now
    expect(typing).to_be_hidden()
    line.put(type="typing", on=True, agent="1024")
    expect(typing).to_have_text("1024 号坐席正在输入…")
    keep_screenshot(page, "typing")
    message = {"seq": 3, "at": "2026-11-20T08:00:00+00:00", "author": "agent", "text": "我在。",
               "card": {"type": "agent", "agent": "1024"}}
    line.put(type="message", message=message)
    expect(typing).to_be_hidden()
    line.put(type="typing", on=True, agent="1024")
    expect(typing).to_be_visible()
    expect(typing).to_be_hidden(timeout=20_000)  # of itself


def test_a_call_back_number_is_left_by_keyboard_and_taken_back(page, line):
    page.get_by_role("banner").get_by_role("button", name="转人工").click()
    strip = page.get_by_role("region", name="回电号码")
    strip.get_by_role("button", name="留下回电号码").press("Enter")
    sheet = page.get_by_role("dialog", name="留下回电号码")
    expect(sheet.get_by_label("手机号，或带区号的固定电话")).to_be_focused()
    page.keyboard.type("1365566778")
    page.keyboard.press("Enter")
    expect(sheet.get_by_role("alert")).to_contain_text("勾选同意")
    expect(sheet.get_by_role("checkbox", name="7天后自动删除")).to_be_focused()
    page.keyboard.press("Space")
    keep_screenshot(page, "call-back-number")
    page.keyboard.press("Enter")
    expect(sheet.get_by_role("alert")).to_contain_text("不像一个能打通的电话号码")
    expect(sheet.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("8")

    line.cut_at = "number"
    page.keyboard.press("Enter")
    expect(sheet.get_by_role("status")).to_contain_text("正在保存")
    expect(sheet).to_be_hidden()  # it went out again by itself
    expect(strip).to_contain_text("已留回电号码")
    expect(strip).to_be_focused()
    page.reload()
    expect(strip).to_contain_text("已留回电号码")
    keep_screenshot(page, "call-back-number-kept")
    assert "1365566" not in page.content() + page.evaluate("JSON.stringify(localStorage)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    strip.get_by_role("button", name="撤回").press("Enter")
    expect(strip).to_contain_text("不想一直等着")
    expect(page.locator('[data-author="system"]').last).to_contain_text("已经删除")


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
