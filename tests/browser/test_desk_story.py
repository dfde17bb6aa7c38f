"""Two agents and three citizens at once, in real browsers on the real server: one story."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.journal.database import Database
from tests.desk.agents import PASSWORD, Office

pytestmark = [pytest.mark.browser, pytest.mark.full]

IN_A_FORM = "梅州看门急诊自己垫的钱怎么报"
PLAIN = "江门住院费用报销要带什么材料"
THIRD = "武汉参保怎么办异地就医备案"
PATIENCE_MS = 20_000


@pytest.fixture
def served(own_server):
    """A server of its own with its staff; SQLite's files are its store."""
    def hire() -> None:
        office = Office(own_server.folder)
        asyncio.run(office.hire())
        office.database.close()

    with ThreadPoolExecutor(1) as elsewhere:  # the browser's own loop runs in this thread
        elsewhere.submit(hire).result()
    own_server.start()
    return own_server


@pytest.fixture
def opened(browser: Browser, served):
    """Open a page of somebody's own; afterwards none may have had an error."""
    problems: list[str] = []

    def go(path: str) -> Page:
        page = browser.new_context(viewport={"width": 1360, "height": 820}, locale="zh-CN",
                                   base_url=served.url).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(path)
        return page

    expect.set_options(timeout=PATIENCE_MS)
    yield go
    expect.set_options(timeout=5_000)
    for context in browser.contexts:
        context.close()
    assert problems == []


@pytest.fixture
def citizen(opened) -> Callable[[str], Page]:
    """A citizen who asks something and then for a person."""
    def begin(text: str) -> Page:
        page = opened("/")
        say(page, text)
        expect(page.locator(".message").nth(1)).to_be_visible()
        say(page, "转人工")
        expect(page.locator(".handoff__text")).to_contain_text("您排在第")
        return page
    return begin


@pytest.fixture
def agent(opened) -> Callable[[str], Page]:
    """An agent who has signed in on the page for it."""
    def sign_in(number: str) -> Page:
        page = opened("/login?next=/desk")
        page.get_by_label("工号").fill(number)
        page.get_by_label("密码").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_text("已连接")).to_be_visible()
        return page
    return sign_in


def say(page: Page, text: str) -> None:
    """Type into the composer of a citizen or an agent and send."""
    page.locator("#composer-text").fill(text)
    page.keyboard.press("Enter")


def row(page: Page, group: str, text: str):
    """Return a conversation in one of the desk's lists."""
    return page.locator(f"#{group} .row").filter(has_text=text)


def talk(page: Page):
    """Return what is said on a page."""
    return page.locator("#transcript")


def heard(server) -> list[dict]:
    """Return what the log has of what agents did, in order, once it has arrived."""
    database = Database(f"sqlite:///{server.folder / 'log.db'}")
    entries = [e for e in database.entries() if e["kind"] == "event"]
    database.close()
    return entries


def of_type(entries: list[dict], kind: str) -> list[dict]:
    """Return the data of the entries of a type."""
    return [entry["data"] for entry in entries if entry["type"] == kind]


def test_two_agents_serve_three_citizens(served, citizen, agent) -> None:
    in_form, plain, third = citizen(IN_A_FORM), citizen(PLAIN), citizen(THIRD)
    first, second = agent("8001"), agent("8002")
    for desk in (first, second):
        expect(desk.locator("#queue .row")).to_have_count(3)

    both_take_one(first, second)
    answers_by_suggestions(first, plain)
    corrects_a_fact_and_passes_it_on(first, second, in_form)
    restarts_and_reloads(served, second, in_form)
    gives_back_in_the_form(second, in_form)
    wraps_up(first, plain)
    loses_nothing_and_doubles_nothing(third)

    assert served.stop() == 0
    log = heard(served)
    used = [said.get("used") for said in of_type(log, "said_by_agent")]
    assert [choice and choice["edited"] for choice in used if choice] == [False, True]
    assert all(choice["citations"] for choice in used if choice)
    assert of_type(log, "suggestion_rejected")[0]["reason"] == "没答到点上"
    assert len(of_type(log, "facts_edited")) == 1
    assert [data["to"] for data in of_type(log, "transferred")] == ["8002"]


def both_take_one(first: Page, second: Page) -> None:
    """Both press at once; one has it, the other is told who."""
    for desk in (first, second):
        row(desk, "queue", "武汉").click()
        expect(desk.get_by_role("button", name="接入", exact=True)).to_be_visible()
    for desk in (first, second):  # neither waits for the other's answer
        desk.evaluate("setTimeout(() => document.querySelector('[data-act=take]').click(), 300)")
    for desk in (first, second):
        expect(row(desk, "queue", "武汉")).to_have_count(0)
    has = [desk for desk in (first, second) if row(desk, "mine", "武汉").count()]
    assert len(has) == 1
    other = second if has[0] is first else first
    winner = "8001" if has[0] is first else "8002"
    told = other.locator("#toasts, #closed").filter(has_text=re.compile(f"{winner}|已由别人接入"))
    expect(told.first).to_be_visible()


def answers_by_suggestions(desk: Page, page: Page) -> None:
    """One suggestion as it is, one changed, one rejected, all by keyboard."""
    row(desk, "queue", "江门").click()
    desk.get_by_role("button", name="接入", exact=True).click()
    expect(page.get_by_text("8001").first).to_be_visible()
    say(page, "这个多久能办好")
    suggestion = desk.locator("#suggestions .suggestion").first
    expect(suggestion).to_contain_text("办理时限")
    desk.locator("#composer-text").focus()
    desk.keyboard.press("Alt+1")
    expect(desk.locator("#composer-text")).not_to_have_value("")
    told = desk.locator("#composer-text").input_value()
    desk.keyboard.press("Enter")
    expect(talk(page)).to_contain_text(told.splitlines()[0])

    say(page, "那要到哪里去办")
    expect(desk.locator("#suggestions .suggestion").first).to_contain_text("办理渠道")
    desk.keyboard.press("Alt+1")
    desk.keyboard.press("Control+End")
    desk.keyboard.type("请带齐材料再去。")
    desk.keyboard.press("Enter")
    expect(talk(page)).to_contain_text("请带齐材料再去。")

    say(page, "能不能让我儿子去交材料")
    expect(desk.locator("#suggestions")).to_contain_text("能不能让我儿子去")
    desk.keyboard.press("Alt+x")
    expect(desk.locator("#reject")).to_be_visible()
    desk.keyboard.press("3")
    expect(desk.locator("#suggestions .suggestion__refused").first).to_be_visible()
    say(desk, "可以，请他带上您的证件。")
    expect(talk(page)).to_contain_text("可以，请他带上您的证件。")


def corrects_a_fact_and_passes_it_on(first: Page, second: Page, page: Page) -> None:
    """A fact is entered, the outcome follows at once; a colleague gets it with a note."""
    row(first, "queue", "梅州").click()
    first.get_by_role("button", name="接入", exact=True).click()
    outcome = first.locator("#panel .outcome")
    expect(outcome).to_contain_text("本人银行账号")
    voucher = first.locator("#panel .fact").filter(has_text="证件").locator("select")
    voucher.select_option(label="社保卡")
    expect(outcome).not_to_contain_text("本人银行账号")

    first.keyboard.press("Alt+z")
    first.locator("#transfer").get_by_text("8002").click()
    first.locator("#transfer textarea").fill("已问过证件，请接着办")
    first.locator("#transfer").get_by_role("button", name="转接", exact=True).click()
    expect(row(first, "mine", "梅州")).to_have_count(0)
    mine = row(second, "mine", "梅州")
    expect(mine).to_have_attribute("data-unread", "true")
    mine.click()
    expect(second.locator("#panel")).to_contain_text("已问过证件，请接着办")
    expect(talk(page)).to_contain_text("8002")


def restarts_and_reloads(server, desk: Page, page: Page) -> None:
    """The server goes away in the middle; what was said meanwhile arrives, once."""
    say(desk, "停机之前说的")
    expect(talk(page)).to_contain_text("停机之前说的")
    server.stop(signal.SIGKILL)
    expect(desk.get_by_text("已连接")).to_have_count(0)
    say(desk, "停机时坐席说的")
    say(page, "停机时市民说的")
    server.start()
    for where in (desk, page):
        for text in ("停机之前说的", "停机时坐席说的", "停机时市民说的"):
            expect(talk(where).get_by_text(text, exact=True)).to_have_count(1, timeout=60_000)
    desk.reload()
    row(desk, "mine", "梅州").click()
    for text in ("停机之前说的", "停机时坐席说的", "停机时市民说的"):
        expect(talk(desk).get_by_text(text, exact=True)).to_have_count(1)


def gives_back_in_the_form(desk: Page, page: Page) -> None:
    """The bot goes on with what is known by now, until the checklist is there."""
    desk.keyboard.press("Alt+g")
    desk.locator("#confirm-yes").click()
    expect(row(desk, "mine", "梅州")).to_have_count(0)
    expect(talk(page)).to_contain_text("助手")
    questions = page.locator(".question")
    for _ in range(6):
        if page.locator(".answer").count():
            break
        asked = questions.count()
        assert "出示" not in questions.last.inner_text(), "the agent has answered that"
        say(page, "不清楚")
        expect(page.locator(".question, .answer")).not_to_have_count(asked)
    expect(page.locator(".answer").last).to_contain_text("办理材料")
    expect(page.locator(".answer").last).not_to_contain_text("本人银行账号")


def wraps_up(desk: Page, page: Page) -> None:
    """The work order is drafted from what was said, closed, and the conversation ended."""
    # Since the server was away the page tries to come back, now and then only.
    expect(desk.get_by_text("已连接")).to_be_visible(timeout=60_000)
    row(desk, "mine", "江门").click()
    desk.keyboard.press("Alt+o")
    order = desk.locator("#order")
    expect(order).to_contain_text(re.compile(r"GD-\d{8}-\d{4}"))
    expect(order.get_by_label("市民诉求")).to_have_value(re.compile("江门住院费用报销"))
    expect(order.get_by_label("参保地")).to_have_value("江门市")
    expect(order.locator(".order__answers > li")).not_to_have_count(0)
    order.get_by_role("radio", name="咨询").check()
    order.get_by_label("处理说明").fill("已告知材料、时限和地点")
    order.get_by_role("button", name="办结").click()
    expect(order).to_contain_text("已办结")
    desk.keyboard.press("Escape")
    desk.keyboard.press("Alt+q")
    desk.locator("#confirm-yes").click()
    expect(row(desk, "mine", "江门")).to_have_count(0)
    expect(talk(page)).to_contain_text("结束")


def loses_nothing_and_doubles_nothing(page: Page) -> None:
    """Who was not spoken to since still has their own words, once, and who is there."""
    said = page.locator(".message").all_inner_texts()
    own = [text.splitlines()[-1] for text in said if text.startswith("我")]
    assert own == [THIRD, "转人工"]
    assert sum("已接入" in text for text in said) == 1
