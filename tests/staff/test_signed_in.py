"""Routes for staff: nobody is let in by a route that forgets to ask, nor from elsewhere."""

from __future__ import annotations

from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from types import SimpleNamespace

import aiohttp
import pytest
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import json, text

from bot.database import DatabaseDown
from bot.http import protect
from bot.settings import Settings
from bot.staff.roles import Role
from bot.staff.sessions import IDLE
from connectors.guard import json_body
from connectors.signed_in import ANYBODY, COOKIE, START, SignedIn, safe_next
from tests.security.guarded import serving
from tests.staff.conftest import OTHER, PASSWORD

ROUTES = [("GET", "/desk"), ("GET", "/desk/api/rows"), ("POST", "/desk/api/rows"),
          ("GET", "/desk/forgotten"), ("POST", "/desk/forgotten"), ("GET", "/desk/files/a.txt"),
          ("GET", "/desk/ws")]
"""A route of each kind below the guard; ``forgotten`` has no decorator."""


def application(staff, settings: Settings, folder) -> Sanic:
    """A small application with routes as connectors have them."""
    Sanic.test_mode = True
    app = Sanic(f"staff-{id(staff)}", configure_logging=False)
    protect(app, settings)
    signed_in = SignedIn(staff)
    app.blueprint(signing(signed_in))
    app.blueprint(desk(signed_in, folder))
    return app


def signing(signed_in: SignedIn) -> Blueprint:
    routes = Blueprint("signing")

    @routes.post("/login")
    async def login(request: Request):
        body = json_body(request)
        account, secrets = await signed_in.sign_in(request, body.get("id"), body.get("password"))
        response = json({"id": account.id, "csrf": secrets.csrf})
        signed_in.give(request, response, secrets)
        return response

    @routes.post("/logout")
    @signed_in.api(ANYBODY)
    async def logout(request: Request, session):
        response = json({})
        await signed_in.sign_out(request, response)
        return response

    return routes


def desk(signed_in: SignedIn, folder) -> Blueprint:
    (folder / "a.txt").write_text("file")
    routes = Blueprint("desk", url_prefix="/desk")
    routes.static("/files", folder)
    signed_in.guard(routes, "desk")

    @routes.route("/", methods=["GET", "POST"])
    @signed_in.page("desk")
    async def page(request: Request, session):
        return text(session.account.id)

    @routes.route("/api/rows", methods=["GET", "POST"])
    @signed_in.api("desk")
    async def rows(request: Request, session):
        return text(session.account.id)

    @routes.get("/api/all")
    @signed_in.api("all_conversations")
    async def everything(request: Request, session):
        return text(session.account.id)

    @routes.get("/password")
    @signed_in.page(ANYBODY)
    async def password(request: Request, session):
        return text(session.account.id)

    @routes.route("/forgotten", methods=["GET", "POST"])
    async def forgotten(request: Request):
        return text("forgotten")

    @routes.websocket("/ws")
    async def socket(request: Request, ws):
        session = await signed_in.session_of(request)
        await ws.send(session.account.id)

    return routes


class Browser:
    """What keeps cookies and knows its origin, unless told otherwise."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url, self._session = url, session
        self.token = self.csrf = self.set_cookie = ""

    async def send(self, method: str, path: str, csrf: bool = True, **options):
        """Send a request; return its status, headers and text."""
        headers = {"cookie": f"{COOKIE}={self.token}"} if self.token else {}
        if method == "POST":
            headers |= {"origin": self.url} | ({"x-csrf": self.csrf} if csrf else {})
        headers |= options.pop("headers", {})
        async with self._session.request(method, self.url + path, headers=headers,
                                         allow_redirects=False, **options) as answer:
            return SimpleNamespace(status=answer.status, headers=answer.headers,
                                   text=await answer.text())

    async def sign_in(self, id: str = "8001", password: object = PASSWORD, **options):
        """Sign in; return the answer."""
        answer = await self.send("POST", "/login", json={"id": id, "password": password},
                                 **options)
        self.set_cookie = answer.headers.get("set-cookie", "")
        if answer.status == 200:
            self.token = SimpleCookie(self.set_cookie)[COOKIE].value
            self.csrf = answer.text.partition('"csrf":"')[2].partition('"')[0]
        return answer

    def open(self, path: str, **headers: str):
        """Open a WebSocket."""
        return self._session.ws_connect(
            self.url + path, headers={"cookie": f"{COOKIE}={self.token}", **headers})


@pytest.fixture
def browsers(staff, tmp_path):
    """Serves the application; yields a browser at its door."""
    @asynccontextmanager
    async def open_browser(**settings):
        async with serving(application(staff, Settings(**settings), tmp_path)) as url:
            async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
                yield Browser(url, session)
    return open_browser


async def statuses(browser: Browser, **options) -> dict[str, int]:
    return {f"{method} {path}": (await browser.send(method, path, **options)).status
            for method, path in ROUTES}


async def test_without_a_session_no_route_answers(browsers):
    async with browsers() as browser:
        for token in ("", "no session of ours"):
            browser.token = token
            assert await statuses(browser) == {
                f"{method} {path}": 303 if path == "/desk" else 401 for method, path in ROUTES}


async def test_the_page_leads_to_signing_in_and_back(browsers):
    async with browsers() as browser:
        answer = await browser.send("GET", "/desk?open=%E4%BC%9A&x=1")
        assert answer.headers["location"] == "/login?next=%2Fdesk%3Fopen%3D%25E4%25BC%259A%26x%3D1"


async def test_with_a_session_each_route_answers(browsers):
    async with browsers() as browser:
        await browser.sign_in()
        found = await statuses(browser)
        assert found.pop("GET /desk/ws") in (400, 426, 500)  # let in, but no handshake
        assert set(found.values()) == {200}
        async with browser.open("/desk/ws", origin=browser.url) as socket:
            assert await socket.receive_str() == "8001"


async def test_another_role_is_not_let_in(browsers, staff):
    await staff.accounts.add("7001", Role.TRAINER, PASSWORD, "7001")
    async with browsers() as browser:
        await browser.sign_in("7001")
        assert set((await statuses(browser)).values()) == {403}
        page = await browser.send("GET", "/desk")
        assert "没有权限" in page.text and page.headers["content-type"].startswith("text/html")
        assert (await browser.send("GET", "/desk/password")).status == 200  # asks for nothing


async def test_a_route_may_ask_for_more_than_its_blueprint(browsers, staff):
    async with browsers() as browser:
        await browser.sign_in()
        assert (await browser.send("GET", "/desk/api/all")).status == 403
        await staff.accounts.set_role("8001", Role.LEAD, "9001")
        await browser.sign_in()
        assert (await browser.send("GET", "/desk/api/all")).status == 200


@pytest.mark.parametrize("path", ["/desk", "/desk/api/rows", "/desk/forgotten", "/logout"])
async def test_what_changes_something_comes_from_our_own_page(browsers, path):
    async with browsers() as browser:
        await browser.sign_in()
        for change in (
                {"csrf": False}, {"headers": {"x-csrf": "0" * 64}}, {"headers": {"x-csrf": "密"}},
                {"headers": {"origin": "https://evil.example"}}, {"headers": {"origin": "null"}}):
            assert (await browser.send("POST", path, **change)).status == 403, change
        assert (await browser.send("POST", path)).status == 200


async def test_a_form_states_its_token_as_a_field(browsers):
    async with browsers() as browser:
        await browser.sign_in()
        for csrf, status in ((browser.csrf, 200), ("0" * 64, 403)):
            answer = await browser.send("POST", "/desk", csrf=False, data={"csrf": csrf})
            assert answer.status == status


async def test_the_token_of_another_session_is_not_taken(browsers):
    async with browsers() as browser:
        await browser.sign_in("9001")
        others = browser.csrf
        browser.token = ""
        await browser.sign_in()
        refused = await browser.send("POST", "/desk/api/rows", headers={"x-csrf": others})
        assert refused.status == 403


@pytest.mark.parametrize(("headers", "status"), [
    ({"origin": "https://evil.example"}, 403), ({"cookie": ""}, 401)])
async def test_a_websocket_is_refused_before_it_is_one(browsers, headers, status):
    async with browsers() as browser:
        await browser.sign_in()
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with browser.open("/desk/ws", **headers):
                pass
        assert refused.value.status == status


async def test_whoever_has_a_password_of_somebody_else_changes_it_first(browsers, staff):
    await staff.accounts.set_password("8001", OTHER, "9001")
    async with browsers() as browser:
        await browser.sign_in(password=OTHER)
        found = await statuses(browser)
        assert found.pop("GET /desk") == 303 and set(found.values()) == {403}
        assert (await browser.send("GET", "/desk")).headers["location"] == "/password"
        assert (await browser.send("GET", "/desk/password")).status == 200


async def test_a_session_that_is_over_leads_to_signing_in(browsers, clock):
    async with browsers() as browser:
        await browser.sign_in()
        clock.pass_(IDLE + 1)
        assert (await browser.send("GET", "/desk/api/rows")).status == 401


async def test_signing_out_ends_the_session_and_takes_the_cookie(browsers, staff):
    async with browsers() as browser:
        await browser.sign_in()
        answer = await browser.send("POST", "/logout")
        gone = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
        assert gone.value == "" and gone["max-age"] == "0"
        assert (await browser.send("GET", "/desk/api/rows")).status == 401
        assert (await staff.audit.page(limit=1))[0]["action"] == "signed_out"


async def test_signing_in_gives_another_session_and_ends_the_one_before(browsers):
    async with browsers() as browser:
        await browser.sign_in()
        before = browser.token
        await browser.sign_in()
        assert browser.token != before
        browser.token = before
        assert (await browser.send("GET", "/desk/api/rows")).status == 401


FORWARDED = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}


@pytest.mark.parametrize(("settings", "headers", "address", "secure"), [
    ({}, {}, "", False),
    ({}, FORWARDED, "", False),  # nobody told us of a proxy
    ({"proxies": 1}, FORWARDED, "", True),
    ({"proxies": 1}, {**FORWARDED, "x-forwarded-proto": "http"}, "", False),
    ({}, {}, "https://yibao.example", True)])
async def test_the_cookie_is_for_our_pages_only_and_for_tls_where_there_is_tls(
        browsers, monkeypatch, settings, headers, address, secure):
    monkeypatch.setenv("YIBAO_ADDRESS", address)
    async with browsers(**settings) as browser:
        await browser.sign_in(headers=headers)
        cookie = SimpleCookie(browser.set_cookie)[COOKIE]
        assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/"
        assert bool(cookie["secure"]) is secure
        assert not cookie["domain"] and not cookie["max-age"] and not cookie["expires"]


async def test_a_wrong_sign_in_gives_nothing_and_tells_nothing(browsers):
    async with browsers() as browser:
        for id in ("8001", "7777", None, ["8001"], "8001\0", "x" * 9999):
            answer = await browser.sign_in(id, "wrong")
            assert answer.status == 401 and not browser.set_cookie
            assert "工号或密码不对" in answer.text
        assert (await browser.sign_in("8001", None)).status == 401


async def test_nobody_is_signed_in_by_a_page_of_another_site(browsers):
    async with browsers() as browser:
        answer = await browser.sign_in(headers={"origin": "https://evil.example"})
        assert answer.status == 403 and not browser.set_cookie


async def test_an_address_that_fails_too_often_has_to_wait_others_do_not(browsers):
    async with browsers(proxies=1, failed_sign_ins_per_address=3) as browser:
        def from_(address: str) -> dict:
            return {"headers": {"x-forwarded-for": address}}

        for number in range(3):  # one guess at each account
            answer = await browser.sign_in(f"80{number}", "wrong", **from_("203.0.113.7"))
            assert answer.status == 401
        answer = await browser.sign_in(**from_("203.0.113.7"))
        assert answer.status == 429 and int(answer.headers["retry-after"]) > 60
        assert (await browser.sign_in(**from_("203.0.113.8"))).status == 200


async def test_who_signs_in_rightly_is_not_counted_against_the_address(browsers):
    async with browsers(proxies=1, failed_sign_ins_per_address=1) as browser:
        for _ in range(3):
            answer = await browser.sign_in(headers={"x-forwarded-for": "203.0.113.7"})
            assert answer.status == 200


async def test_where_the_database_is_away_nobody_is_let_in(browsers, staff, monkeypatch):
    async with browsers() as browser:
        await browser.sign_in()
        monkeypatch.setattr(type(staff.database), "writing", _away)
        assert set((await statuses(browser)).values()) == {503}
        assert (await browser.sign_in()).status == 503


def _away(self):
    raise DatabaseDown("away")


async def test_the_log_holds_no_password_and_no_token(browsers, log):
    async with browsers() as browser:
        await browser.sign_in(password="wrong-tram-lotus")
        await browser.sign_in()
        await statuses(browser)
        for secret in ("wrong-tram-lotus", PASSWORD, browser.token, browser.csrf):
            assert secret not in log.text
        assert {line["status"] for line in log.lines("request")} >= {200, 401}


@pytest.mark.parametrize("wanted", ["/desk", "/desk?open=a&b=%E4%BC%9A", "/accounts#x", "/"])
def test_after_signing_in_one_goes_on_where_one_wanted(wanted):
    assert safe_next(wanted) == wanted


@pytest.mark.parametrize("wanted", [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "javascript:alert(1)", "desk", "", None, 7, ["/desk"], "/\t/evil.example",
    "/desk\r\nset-cookie: a=b", " //evil.example", "https:/evil.example", "http://[", "/会"])
def test_after_signing_in_nobody_is_sent_to_another_site(wanted):
    assert safe_next(wanted) == START
