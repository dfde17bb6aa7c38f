"""Every route of the real server: what is not for everybody takes a session, and the right role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from argon2 import PasswordHasher
from sanic import Sanic

from bot.settings import Settings
from bot.staff.opening import Staff, open_staff
from bot.staff.passwords import Passwords
from bot.staff.roles import Role
from connectors.signed_in import COOKIE
from tests.security.guarded import serving
from tests.staff.conftest import PASSWORD

FOR_EVERYBODY = re.compile(
    "|(static|staff/static)/.*|chat/ws|health|metrics|login|compare/.*|flow/.*|guide(/.*)?"
    "|notice/.*|api/clause/.*|api/suggest|api/hotline12345/v1/.*|webhooks/rest(/.*)?")
"""Citizens' pages, programs that sign or state a token of their own, signing in and its looks.
A route that is not named here is the staff's."""

REACHED_BY = {
    r"desk/(api/)?figures": {"lead", "admin"}, "accounts": {"admin"}, "audit": {"admin"},
    "staff|password|desk/static/.*": {"agent", "lead", "trainer", "admin"},
    "desk(/.*)?": {"agent", "lead"}, "console(/.*)?": {"trainer", "admin"}}
"""Who reaches what; of several patterns that fit the first counts."""


@pytest.fixture
def application(tmp_path, monkeypatch) -> Sanic:
    """The real application, before it has loaded its model."""
    from bot import application as composition

    monkeypatch.setenv("YIBAO_VAR", str(tmp_path))
    Sanic.test_mode = True
    return composition.application(Path("no model"), Settings())


@pytest.fixture
def opened(application) -> Iterator[Staff]:
    """The staff side of the application."""
    made = open_staff(Settings(), Passwords(PasswordHasher(1, 8, 1)))
    yield made
    made.database.close()


def routes_for_staff(app: Sanic) -> list[tuple[str, str]]:
    """Method and path, its parts filled in, of each route that is not for everybody."""
    found = [(method, route.path) for route in app.router.routes for method in route.methods
             if not FOR_EVERYBODY.fullmatch(route.path)]
    return sorted((method, re.sub("<[^>]*>", "x", path)) for method, path in found)


async def answers(
    app: Sanic, routes: list[tuple[str, str]], token: str = ""
) -> dict[tuple[str, str], tuple[int, str]]:
    """Status and where it leads of each route, by method and path."""
    headers = {"cookie": f"{COOKIE}={token}"} if token else {}
    async with serving(app) as url, aiohttp.ClientSession() as session:
        found = {}
        for method, path in routes:
            async with session.request(method, f"{url}/{path}", headers=headers,
                                       allow_redirects=False) as answer:
                found[method, path] = answer.status, answer.headers.get("location", "")
        return found


async def test_without_a_session_no_route_of_the_staff_answers(application):
    routes = routes_for_staff(application)
    assert {("GET", "desk"), ("GET", "desk/ws"), ("GET", "accounts")} <= set(routes)
    found = await answers(application, routes)
    let_in = {route: answer for route, answer in found.items()
              if answer[0] != 401 and not (answer[0] == 303 and answer[1].startswith("/login?"))}
    assert let_in == {}


async def test_each_role_reaches_what_it_may_and_no_more(application, opened):
    routes = [(m, p) for m, p in routes_for_staff(application) if m == "GET"
              and any(re.fullmatch(pattern, p) for pattern in REACHED_BY) and p != "desk/ws"]
    for role in Role:
        await opened.accounts.add(f"no-{role.value}", role, PASSWORD, f"no-{role.value}")
        token = (await opened.sessions.begin(f"no-{role.value}")).token
        found = await answers(application, routes, token)
        reached = {path for (_, path), (status, _) in found.items() if status != 403}
        assert reached == {path for _, path in routes if role.value in reachers(path)}, role


def reachers(path: str) -> set[str]:
    return next(roles for pattern, roles in REACHED_BY.items() if re.fullmatch(pattern, path))
