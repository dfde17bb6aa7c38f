"""What stands beside and above an agent's answer, in a real browser and by keyboard: suggested
answers, facts and outcome, clauses, search, canned replies, notes, the work order, the figures."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.desk.agents import Office

pytestmark = pytest.mark.browser

_SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def cookies(server):
    """Cookies of those who are signed in, by number."""
    async def sign_in() -> dict[str, str]:
        office = Office(server.folder)
        await office.hire()
        numbers = ("8001", "8100", "9001")
        held = {number: (await office.cookie(number))["Cookie"] for number in numbers}
        office.database.close()
        return held
    # Playwright's own loop runs in this thread.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, sign_in()).result()


@pytest.fixture
def visit(browser, server, cookies):
    """Opens a page, of a member of the staff or of a citizen; errors of it fail the test."""
    contexts, problems = [], []

    def open_page(path: str, number: str = "", **how) -> Page:
        context = browser.new_context(locale="zh-CN", base_url=server.url, **{
            "viewport": {"width": 1440, "height": 900}, **how})
        contexts.append(context)
        if number:
            name, value = cookies[number].split("=", 1)
            context.add_cookies([{"name": name, "value": value, "url": server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
        page.goto(path)
        return page
    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def citizen(visit):
    """A citizen of 梅州 after an emergency stay in hospital, who waits for a person."""
    page = visit("/")
    for text in ("我在梅州参保，急诊住的院，住院费用要回来报销", "转人工"):
        tell(page, text)
    expect(page.locator("#service")).to_be_visible()
    return page


@pytest.fixture
def desk(visit, citizen):
    """The desk of an agent who has taken the citizen's conversation and was asked something."""
    page = visit("/desk", "8001")
    take(page)
    tell(citizen, "那要带什么材料？多久能到账")
    expect(page.locator(".suggestions__of")).to_contain_text("那要带什么材料")
    return page


def tell(page: Page, text: str) -> None:
    """Let a citizen say something and hear an answer, where a person is not there yet."""
    before = page.locator(".message").count()
    page.locator("#composer-text").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator('.message[data-author="citizen"]').last).to_contain_text(text)
    expect(page.locator(".message").nth(before)).to_be_visible()
    expect(page.locator(".message[data-delivery]")).to_have_count(0)


def take(page: Page) -> None:
    """Take the last one who waits; others of earlier tests may wait, too."""
    page.locator("#queue .row__open").last.click()
    page.locator('[data-act="take"]').click()
    expect(page.locator("#composer-text")).to_be_visible()


def check_access(page: Page) -> None:
    """See that axe finds nothing serious."""
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in _SERIOUS] == []


def test_a_suggestion_goes_out_by_two_keys_as_it_is_or_changed(desk, citizen):
    desk.keyboard.press("Alt+Digit1")
    expect(desk.locator("#composer-text")).to_be_focused()
    desk.keyboard.press("Enter")
    said = citizen.locator('.message[data-author="agent"]')
    expect(said.last).to_contain_text("医院收费票据原件")
    expect(said.last).to_contain_text("〔五、办理材料（二）〕")
    expect(desk.locator(".suggestions__done")).to_be_visible()

    tell(citizen, "门诊的呢")
    expect(desk.locator(".suggestions__of")).to_have_text("门诊的呢")
    desk.keyboard.press("Alt+Digit1")
    desk.keyboard.type("您慢慢看。")
    desk.keyboard.press("Enter")
    expect(said.last).to_contain_text("您慢慢看。")


def test_a_rejected_suggestion_says_why_and_stays_marked_after_a_reload(desk):
    first = desk.locator(".suggestion").first
    desk.locator("#composer-text").focus()
    desk.keyboard.press("Alt+KeyX")
    expect(desk.locator("dialog[open]")).to_contain_text("不合适")
    desk.keyboard.press("Digit3")
    expect(first).to_contain_text("已记下不合适：没答到点上")
    desk.reload()
    expect(first).to_contain_text("已记下不合适")


def test_the_clauses_of_a_suggestion_open_where_it_is_read(desk):
    first = desk.locator(".suggestion").first
    first.locator("summary").click()
    first.get_by_role("button", name="八、办理时限").click()
    expect(desk.locator("#clause blockquote")).to_contain_text("20个工作日")
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog[open]")).to_have_count(0)


def test_a_corrected_fact_and_place_change_the_outcome_at_once(desk):
    title = desk.locator(".outcome__title")
    expect(title).to_have_text("住院费用报销")
    desk.locator("#mine [aria-current=true]").click()  # it is open already
    expect(title).to_have_text("住院费用报销")
    stay = desk.locator('[data-fact="care_type"]')
    stay.locator("select").focus()
    desk.keyboard.press("ArrowUp")
    expect(title).to_have_text("门诊费用报销")
    expect(stay).to_contain_text("坐席填写")
    expect(stay.locator("select")).to_be_focused()

    several = desk.locator('[data-fact="circumstances"]')
    several.locator("summary").click()
    several.get_by_label("意外伤害").check()
    several.get_by_role("button", name="改好了").click()
    expect(several.locator("summary")).to_contain_text("急诊、意外伤害")

    place = desk.locator("#matter-place")
    place.fill("江门")
    place.press("Tab")
    expect(desk.locator("#matter-guide")).to_contain_text("江门市医疗保障经办政务服务事项清单")
    place.fill("火星")
    place.press("Tab")
    expect(desk.locator(".matter [role=alert]")).to_contain_text("不认识“火星”")
    expect(place).to_have_value("江门市")


def test_what_is_found_is_put_in_with_its_clause_and_canned_replies_by_a_slash(desk):
    desk.keyboard.press("Alt+KeyK")
    desk.keyboard.type("急诊诊断证明")
    expect(desk.locator("#search .hit").first).to_contain_text("急诊")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    field = desk.locator("#composer-text")
    expect(field).to_have_value(re.compile("急诊.*〔《梅州市医疗保障经办政务服务事项办事指南》"))

    field.fill("")
    desk.keyboard.type("/cbd")
    expect(desk.locator(".picker__one")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(field).to_have_value("各地的办事指南不一样。请问您的医保参保在哪个城市（或哪个县）？")


def test_a_text_of_ones_own_is_written_used_and_deleted(desk):
    desk.keyboard.press("Alt+Slash")
    dialog = desk.locator("#texts")
    dialog.get_by_role("button", name="新写一条").click()
    dialog.get_by_label("标题").fill("我的结束语")
    dialog.get_by_label("缩写").fill("wdjs")
    dialog.get_by_label("内容").fill("我是{工号}号，还有问题随时来问。")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_text("我的结束语")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.locator("#composer-text").focus()
    desk.keyboard.type("/wdjs")
    expect(desk.locator(".picker__one")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(desk.locator("#composer-text")).to_have_value("我是8001号，还有问题随时来问。")

    desk.keyboard.press("Alt+Slash")
    dialog.locator("li", has_text="我的结束语").get_by_role("button", name="修改").click()
    dialog.get_by_role("button", name="删除").click()
    dialog.get_by_role("button", name="确定删除").click()
    expect(dialog.get_by_text("我的结束语")).to_have_count(0)


def test_a_work_order_is_drafted_finished_and_exported(desk):
    desk.keyboard.press("Alt+KeyN")
    desk.keyboard.type("市民很急")
    desk.keyboard.press("Enter")
    expect(desk.locator(".note")).to_contain_text("市民很急")

    desk.keyboard.press("Alt+KeyO")
    order = desk.locator("#order")
    expect(order.get_by_label("参保地")).to_have_value("梅州市")
    expect(order.get_by_label("市民诉求")).to_have_value(re.compile("住院费用要回来报销"))
    check_access(desk)
    order.get_by_label("处理说明").fill("已说明材料和时限")
    order.get_by_role("button", name="办结工单").click()
    expect(order.locator("[data-part=state]")).to_contain_text("已办结")
    expect(order.get_by_label("处理说明")).to_have_attribute("readonly", "")
    with desk.expect_download() as download:
        order.get_by_role("button", name="导出 JSON").click()
    assert download.value.suggested_filename.startswith("GD-")
    desk.keyboard.press("Escape")
    expect(order).to_be_hidden()


def test_a_conversation_is_passed_on_by_keyboard_with_a_note(desk, visit):
    colleague = visit("/desk", "8100")
    desk.keyboard.press("Alt+KeyZ")
    dialog = desk.locator("#transfer")
    expect(dialog.get_by_label("放回排队")).to_be_focused()
    dialog.get_by_label("8100 号").check()
    dialog.get_by_label("留话").fill("材料已经说过，还差时限")
    check_access(desk)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    colleague.locator("#mine .row__open").last.click()
    expect(colleague.locator(".note")).to_contain_text("材料已经说过，还差时限")
    expect(colleague.locator("[data-part=served]")).to_have_text("8001 号、8100 号")


@pytest.mark.parametrize("how", [
    {}, pytest.param({"color_scheme": "dark"}, marks=pytest.mark.full),
    pytest.param({"viewport": {"width": 360, "height": 740}}, marks=pytest.mark.full)], ids=str)
def test_nothing_of_the_desk_bars_anybody(how, visit, citizen):
    page = visit("/desk", "8001", **how)
    take(page)
    expect(page.locator(".suggestion").first).to_be_visible()
    check_access(page)
    if "viewport" in how:
        page.locator('#tabs [data-tab="panel"]').click()
        check_access(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_figures_are_for_leads_and_administrators(visit):
    for number in ("8100", "9001"):
        page = visit("/desk/figures", number)
        expect(page.locator("#reasons")).to_contain_text("要求转人工")
        check_access(page)
    assert visit("/desk", "8001").request.get("/desk/figures").status == 403
