"""The agents' page in a real browser: what is written is neither lost nor sent twice, and all of it
can be used by keyboard, on any screen, and by those who hear it."""

from __future__ import annotations

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from connectors.signed_in import COOKIE
from tests.browser.line import Line
from tests.desk.agents import Office

pytestmark = pytest.mark.browser

WRITING = "#composer-text"


@pytest.fixture(scope="module")
def token(server):
    """A session of 8001, an agent."""
    async def sign_in() -> str:
        office = Office(server.folder)
        await office.hire()
        secrets = await office.sessions.begin("8001")
        office.database.close()
        return secrets.token

    # A thread of its own: the browser's loop runs in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, sign_in()).result()


@pytest.fixture
def line():
    """The line of the desk; nothing happens on it unless a test asks for it."""
    return Line()


@pytest.fixture
def desk(browser, server, token, line):
    """Opens desks of 8001; errors of a page fail the test."""
    contexts, problems = [], []

    def sit(**options) -> Page:
        # Without the page's policy: axe is put into it.
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 720}, **options}, locale="zh-CN",
            bypass_csp=True)
        contexts.append(context)
        context.add_cookies([{"name": COOKIE, "value": token, "url": server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        # The stand-in for the line closes it while the page speaks.
        page.on("console", lambda m: problems.append(m.text)
                if m.type == "error" and "CLOSING or CLOSED" not in m.text else None)
        page.route_web_socket("**/desk/ws", line.open)
        page.goto(f"{server.url}/desk")
        expect(page.locator("#app")).to_have_attribute("data-view", "ready")
        return page

    yield sit
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def waiting(server):
    """Lets a citizen wait for a person; returns what the conversation is called in lists."""
    def ask() -> str:
        sender = uuid.uuid4().hex
        server.ask(sender, "湖北门诊费用报销要带什么")
        server.ask(sender, "转人工")
        return sender[-4:].upper()
    return ask


def open_row(page: Page, code: str) -> None:
    """Open a conversation from the lists."""
    page.locator(".row__open", has_text=code).click()
    expect(page.locator("#subject-line")).to_contain_text(code)


def take(page: Page, code: str) -> None:
    """Take a conversation that waits."""
    open_row(page, code)
    page.get_by_role("button", name="接入", exact=True).click()
    expect(page.locator(WRITING)).to_be_focused()


def own_words(page: Page) -> list[str]:
    """Return what the agent said, as the transcript shows it once the server has it."""
    expect(page.locator("[data-pending]")).to_have_count(0, timeout=20_000)
    return page.locator("[data-own=true] .bubble").all_inner_texts()


def test_what_an_agent_says_arrives_once_though_the_line_breaks_and_the_page_reloads(
        desk, waiting, line):
    page, code = desk(), waiting()
    take(page, code)
    writing = page.locator(WRITING)
    writing.type("第一句")
    writing.press("Shift+Enter")
    writing.type("第二行")
    writing.press("Enter")
    assert own_words(page) == ["第一句\n第二行"]

    # The server has it, and the page does not hear so.
    line.swallow = {"ack", "transcript"}
    writing.fill("只说一遍")
    writing.press("Enter")
    expect(page.locator("[data-pending]")).to_have_count(1)
    line.cut()
    line.swallow = set()
    assert own_words(page)[1:] == ["只说一遍"]

    # The line breaks before the server has it, and the page is loaded anew.
    line.cut_at = "do"
    writing.fill("刷新以后再发")
    writing.press("Enter")
    writing.fill("写了一半")
    page.reload()
    expect(writing).to_have_value("写了一半")
    assert own_words(page)[2:] == ["刷新以后再发"]

    page.close()
    again = desk()
    open_row(again, code)
    expect(again.locator("[data-own=true]")).to_have_count(3)


def test_every_conversation_has_a_draft_of_its_own(desk, waiting):
    page = desk()
    first, second = waiting(), waiting()
    take(page, first)
    page.keyboard.type("给第一位")
    take(page, second)
    expect(page.locator(WRITING)).to_have_value("")
    page.keyboard.type("给第二位")
    open_row(page, first)
    expect(page.locator(WRITING)).to_have_value("给第一位")
    open_row(page, second)
    expect(page.locator(WRITING)).to_have_value("给第二位")


def test_enter_that_confirms_a_composition_sends_nothing(desk, waiting):
    page = desk()
    take(page, waiting())
    page.locator(WRITING).fill("nin hao")
    page.locator(WRITING).evaluate(
        "node => node.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))")
    expect(page.locator(WRITING)).to_have_value("nin hao")
    assert own_words(page) == []


def test_what_ends_a_conversation_asks_first_and_keys_do_it(desk, waiting):
    page = desk()
    take(page, waiting())
    for key in ("Alt+g", "Alt+q"):
        page.keyboard.press(key)
        expect(page.locator("#confirm")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#talk")).to_have_attribute("data-state", "mine")
    page.keyboard.press("Alt+g")
    expect(page.locator("#confirm")).to_be_visible()
    page.locator("#confirm-yes").press("Enter")
    expect(page.locator("#closed")).to_contain_text("已交还机器人")
    expect(page.locator(WRITING)).to_be_hidden()


@pytest.mark.parametrize("options", [
    {"color_scheme": "light"}, {"color_scheme": "dark"},
    {"viewport": {"width": 360, "height": 740}},
], ids=["light", "dark", "phone"])
def test_the_desk_can_be_used_by_everybody(desk, waiting, options):
    page = desk(**options)
    take(page, waiting())
    expect(page.locator(".suggestion").first).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
