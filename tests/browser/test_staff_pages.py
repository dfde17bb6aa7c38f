"""The staff's own pages in a real browser: signing in, password, accounts, audit log."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from axe_playwright_python.sync_playwright import Axe
from outline import expect_sound_outline
from playwright.sync_api import Page, expect

from bot.settings import Settings
from bot.staff.opening import Staff, open_staff
from bot.staff.passwords import Passwords
from bot.staff.roles import Role

pytestmark = pytest.mark.browser

PASSWORD, OTHER = "kV7-tram-lotus", "lotus-tram-7Vk"
ROLES = {"sp-admin": Role.ADMIN, "sp-lead": Role.LEAD, "sp-agent": Role.AGENT,
         "sp-trainer": Role.TRAINER}
"""Accounts of these tests alone, on a server that all tests share."""

GUARDED = ("/staff", "/password", "/accounts", "/audit", "/logout", "/accounts/sp-agent/role")


def on_staff(server: Any, act: Callable[[Staff], Awaitable[Any]]) -> Any:
    """Act on the server's staff database as another process."""
    async def run() -> Any:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        address = f"sqlite:///{server.folder / 'staff.db'}"
        staff = open_staff(Settings(staff_database=address), Passwords(quick))
        try:
            return await act(staff)
        finally:
            staff.database.close()
    # Playwright's own loop runs in this thread.
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, run()).result()


@pytest.fixture(scope="module", autouse=True)
def accounts(server):
    """The accounts, each with a password of its owner's own."""
    async def add(staff: Staff) -> None:
        for id, role in ROLES.items():
            await staff.accounts.add(id, role, PASSWORD, id)
    on_staff(server, add)


def fill_in(page: Page, id: str, password: str) -> None:
    page.get_by_label("工号").fill(id)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def sign_in(page: Page, id: str, password: str = PASSWORD, path: str = "/login") -> None:
    page.goto(path)
    fill_in(page, id, password)


def enter(page: Page, server: Any, id: str, path: str = "/staff") -> None:
    """Open a page as somebody who has signed in already; the password takes its time."""
    secrets = on_staff(server, lambda staff: staff.sessions.begin(id))
    page.context.add_cookies([{"name": "yibao_staff", "value": secrets.token, "url": server.url,
                               "httpOnly": True, "sameSite": "Strict"}])
    page.goto(path)


def manage(page: Page, id: str, button: str) -> None:
    """Press a button of an account's."""
    row = page.locator(f"#account-{id}")
    if not row.locator("details[open]").count():
        row.locator("summary").click()
    row.get_by_role("button", name=button).click()


def path_of(page: Page) -> str:
    page.wait_for_load_state()
    return re.sub(r"^https?://[^/]+", "", page.url)


def keep_screenshot(page: Page, name: str) -> None:
    """Keep a picture where ``$YIBAO_SCREENSHOTS`` names a folder."""
    folder = os.environ.get("YIBAO_SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"staff-{name}.png"), full_page=True)


def test_a_wrong_password_says_one_sentence_and_keeps_what_was_typed(page):
    sign_in(page, "sp-agent", "not the password")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("工号或密码不对")
    expect(page.get_by_label("工号")).to_have_value("sp-agent")
    expect(page.get_by_label("密码")).to_be_focused()
    told = alert.inner_text()
    fill_in(page, "nobody-at-all", PASSWORD)
    assert page.get_by_role("alert").inner_text() == told


@pytest.mark.parametrize(("id", "path"), [
    ("sp-admin", "/accounts"), ("sp-lead", "/desk"), ("sp-agent", "/desk"),
    ("sp-trainer", "/console")])
def test_signing_in_leads_to_ones_work(page, id, path):
    sign_in(page, id)
    assert path_of(page) == path


def test_signing_in_leads_to_what_was_asked_for_and_nowhere_else(page):
    page.goto("/audit?account=sp-agent")
    fill_in(page, "sp-admin", PASSWORD)
    assert path_of(page) == "/audit?account=sp-agent"
    page.get_by_role("button", name="退出").click()
    assert path_of(page) == "/login"
    sign_in(page, "sp-trainer", path="/login?next=//example.org/")
    for elsewhere in ("", "//example.org/", "https://example.org/", "/\\example.org"):
        assert path_of(page) == "/console"
        page.goto(f"/login?next={elsewhere}")  # goes on at once: somebody is signed in


def test_who_signs_out_is_out(page, server):
    enter(page, server, "sp-admin")
    page.get_by_role("button", name="退出").click()
    page.goto("/accounts")
    assert path_of(page) == "/login?next=%2Faccounts"


def test_nothing_needs_a_script_and_the_keyboard_is_enough(browser, server):
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/login")
    expect(page.get_by_label("工号")).to_be_focused()
    page.keyboard.type("sp-admin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("账号")
    summary = page.locator("#account-sp-agent summary")
    summary.focus()
    page.keyboard.press("Enter")
    button = page.locator("#account-sp-agent").get_by_role("button", name="停用账号")
    expect(button).to_be_visible()
    context.close()


def test_too_many_failures_lock_an_account_until_an_administrator_unlocks_it(page, server):
    on_staff(server, lambda staff: staff.accounts.add("sp-lock", Role.AGENT, PASSWORD, "sp-lock"))
    page.goto("/login")
    for _ in range(6):
        fill_in(page, "sp-lock", "not the password")
    expect(page.get_by_role("alert")).to_contain_text("登录失败次数太多")
    keep_screenshot(page, "locked")
    fill_in(page, "sp-lock", PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("登录失败次数太多")
    enter(page, server, "sp-admin", "/accounts")
    expect(page.locator("#account-sp-lock")).to_contain_text("已锁定")
    manage(page, "sp-lock", "解除锁定")
    expect(page.get_by_role("status")).to_contain_text("sp-lock 已解除锁定")
    page.get_by_role("button", name="退出").click()
    sign_in(page, "sp-lock")
    assert path_of(page) == "/desk"


def test_whoever_gets_an_account_sets_a_password_of_their_own_first(page, server):
    enter(page, server, "sp-admin", "/accounts")
    page.get_by_role("textbox", name="工号").fill("sp-new")
    page.get_by_label("角色", exact=True).last.select_option(label="训练员")
    page.get_by_role("button", name="新增").click()
    expect(page.get_by_role("heading", name="sp-new 的初始密码")).to_be_visible()
    keep_screenshot(page, "issued")
    initial = page.locator(".secret").inner_text()
    page.get_by_role("button", name="退出").click()
    sign_in(page, "sp-new", initial)
    for path in ("/staff", "/accounts"):  # there is no way around it
        page.goto(path)
        assert path_of(page).startswith("/password")
    for old, new, again, sentence in (
            ("wrong", OTHER, OTHER, "现在的密码不对"), (initial, "short", "short", "到"),
            (initial, OTHER, PASSWORD, "不一样"), (initial, initial, initial, "不能和现在的一样"),
            (initial, "1234567890", "1234567890", "太容易被猜到")):
        change_password(page, old, new, again)
        expect(page.get_by_role("alert")).to_contain_text(sentence)
        assert page.locator("[aria-invalid]").count() == 1
    keep_screenshot(page, "password-refused")
    change_password(page, initial, OTHER, OTHER)
    assert path_of(page) == "/staff?done=password"
    expect(page.get_by_role("status")).to_contain_text("密码已修改")


def change_password(page: Page, old: str, new: str, again: str) -> None:
    for label, value in (("现在的密码", old), ("新密码", new), ("再输一遍新密码", again)):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="保存新密码").click()


def test_a_changed_role_and_a_closed_account_end_what_is_open_at_once(page, browser, server):
    id = "sp-moved"
    on_staff(server, lambda staff: staff.accounts.add(id, Role.AGENT, PASSWORD, id))
    context = browser.new_context(base_url=server.url)
    theirs = context.new_page()
    enter(theirs, server, "sp-moved")
    expect(theirs.get_by_text("您的角色是坐席")).to_be_visible()
    enter(page, server, "sp-admin", "/accounts")
    page.locator("#account-sp-moved summary").click()
    page.locator("#account-sp-moved").get_by_role("combobox").select_option(label="管理员")
    manage(page, "sp-moved", "更改角色")
    expect(page.get_by_role("status")).to_contain_text("sp-moved 的角色已更改")
    theirs.get_by_role("link", name="修改密码").first.click()
    expect(theirs.get_by_role("status")).to_contain_text("登录已经失效")
    enter(theirs, server, "sp-moved", "/accounts")
    manage(page, "sp-moved", "停用账号")
    expect(page.locator("#account-sp-moved")).to_contain_text("已停用")
    manage(theirs, "sp-agent", "停用账号")
    expect(theirs.get_by_role("status")).to_contain_text("登录已经失效")
    fill_in(theirs, "sp-moved", PASSWORD)
    expect(theirs.get_by_role("alert")).to_contain_text("工号或密码不对")
    page.reload()
    expect(page.locator("#account-sp-agent")).not_to_contain_text("已停用")
    context.close()


@pytest.fixture
def only_administrator(server):
    """The one administrator who can sign in; other tests have others on this server."""
    async def others(staff: Staff) -> list[str]:
        return [account.id for account in await staff.accounts.all()
                if account.active and account.role is Role.ADMIN and account.id != "sp-admin"]

    gone = on_staff(server, others)
    for id in gone:
        on_staff(server, lambda staff, id=id: staff.accounts.deactivate(id, "sp-admin"))
    yield "sp-admin"
    for id in gone:
        on_staff(server, lambda staff, id=id: staff.accounts.activate(id, "sp-admin"))


def test_what_cannot_be_done_to_an_account_is_said_where_it_was_tried(
    page, server, only_administrator,
):
    enter(page, server, "sp-admin", "/accounts")
    manage(page, "sp-admin", "停用账号")
    expect(page.get_by_role("alert")).to_contain_text("最后一个能登录的管理员")
    expect(page.locator("#account-sp-admin details")).to_have_attribute("open", "")
    for id, sentence in (
            ("sp-agent", "已经有了"), ("13812345678", "不要用手机号"), ("a b", "工号应为")):
        page.get_by_role("textbox", name="工号").fill(id)
        page.get_by_role("button", name="新增").click()
        expect(page.get_by_role("alert")).to_contain_text(sentence)
        expect(page.get_by_role("textbox", name="工号")).to_have_value(id)


def test_the_audit_log_tells_who_did_what_page_by_page(page, server):
    async def note(staff: Staff) -> None:
        for number in range(101):
            await staff.audit.note("sp-lead", "transferred", f"conversation-{number}", to="8003")
    on_staff(server, note)
    enter(page, server, "sp-admin", "/audit")
    page.get_by_label("工号").fill("sp-lead")
    page.get_by_role("button", name="筛选").click()
    entries = page.locator(".log__entry")
    expect(entries.first).to_contain_text("转接 conversation-100 转给：8003")
    expect(entries).to_have_count(100)
    page.get_by_role("link", name="更早的记录").click()
    expect(entries.first).to_contain_text("conversation-0")
    page.goto("/audit?account=nobody")
    expect(page.get_by_text("没有记录")).to_be_visible()


def test_without_a_session_every_page_leads_to_signing_in(page, server):
    for path in GUARDED:
        for answer in (page.request.get(path, max_redirects=0),
                       page.request.post(path, max_redirects=0)):
            assert answer.status in (303, 405)
            assert answer.status == 405 or answer.headers["location"].startswith("/login?next=")


@pytest.mark.parametrize("id", ["sp-agent", "sp-lead", "sp-trainer"])
def test_only_administrators_see_accounts_and_audit_log(page, server, id):
    enter(page, server, id)
    for path in ("/accounts", "/audit"):
        assert page.goto(path).status == 403
        expect(page.get_by_role("heading", level=1)).to_have_text("没有权限")
        expect(page.get_by_role("link", name="回到起始页")).to_be_visible()
    page.goto("/staff")
    assert page.get_by_role("link", name="账号").count() == 0


@pytest.mark.parametrize(("origin", "csrf"), [
    ("https://example.org", True), ("null", True), (None, False), ("own", False)])
def test_only_a_form_of_our_own_page_changes_anything(page, server, origin, csrf):
    enter(page, server, "sp-admin", "/accounts")
    token = page.locator("[name=csrf]").first.get_attribute("value") if csrf else "0" * 64
    stated = {"origin": server.url if origin == "own" else origin} if origin else {}
    for path in ("/accounts/sp-agent/deactivate", "/logout", "/password"):
        answer = page.request.post(path, form={"csrf": token}, headers=stated, max_redirects=0)
        assert answer.status == 403 and "页面已经过期" in answer.text()
    page.reload()
    expect(page.locator("#account-sp-agent")).not_to_contain_text("已停用")


def test_no_other_site_signs_anybody_in(page):
    form = {"id": "sp-agent", "password": PASSWORD}
    answer = page.request.post("/login", form=form, headers={"origin": "https://example.org"},
                               max_redirects=0)
    assert answer.status == 403 and "set-cookie" not in answer.headers


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(page):
    sign_in(page, "sp-trainer")
    cookie = next(c for c in page.context.cookies() if c["name"] == "yibao_staff")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and cookie["path"] == "/"
    assert page.evaluate("document.cookie") == ""


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.full)])
def test_every_page_is_sound_for_screen_readers_and_fits_a_phone(page, server, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto("/login")
    page.evaluate("localStorage.setItem('yibao.type-size', 'huge')")
    page.reload()
    look_at(page, f"login-{scheme}")
    fill_in(page, "sp-admin", "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page, f"login-refused-{scheme}")
    enter(page, server, "sp-admin", "/accounts")
    page.locator("#account-sp-agent summary").click()
    look_at(page, f"accounts-{scheme}")
    for path in ("/audit", "/staff", "/password"):
        page.goto(path)
        look_at(page, f"{path.strip('/')}-{scheme}")


def look_at(page: Page, name: str) -> None:
    page.wait_for_load_state()
    keep_screenshot(page, name)
    expect_sound_outline(page)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    found = Axe().run(page).response["violations"]
    assert [f"{v['id']}: {v['nodes'][0]['target']}" for v in found] == []
