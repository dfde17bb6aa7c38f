"""Without a login nothing of the desk answers: every route of the application, one by one."""

from __future__ import annotations

import re

import aiohttp
import pytest
from sanic import Sanic

from bot.settings import Settings
from connectors.signed_in import COOKIE

FILLED = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def routes() -> list[tuple[str, str, bool]]:
    """Method and address of every route under /desk, and whether it is a WebSocket."""
    from bot.application import application
    from bot.training import train

    before, Sanic.test_mode = Sanic.test_mode, True
    app = application(train(), Settings())
    app.router.finalize()
    Sanic.test_mode = before
    found = [(method, "/" + FILLED.sub("desk.js", route.path), route.ctx.websocket)
             for route in app.router.routes for method in route.methods
             if route.path.split("/")[0] == "desk"]
    return sorted(set(found))


def test_there_is_something_to_look_at(routes):
    addresses = {address for _, address, _ in routes}
    assert len(addresses) > 12 and {"/desk/ws", "/desk/api/texts", "/desk/static/desk.js"} <= {
        address.rstrip("/") for address in addresses}


@pytest.mark.parametrize("cookie", [None, "wrong", "x" * 43], ids=["no", "short", "unknown"])
async def test_no_route_answers(server, routes, cookie):
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    answered = {}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        for method, address, is_socket in routes:
            async with session.request(
                    method, server.url + address, headers=headers, json={},
                    allow_redirects=False) as response:
                answered[method, address, is_socket] = (
                    response.status, response.headers.get("location", "")[:6])
    # A page leads to where one signs in.
    assert set(answered.values()) <= {(401, ""), (303, "/login")}
    pages = {address.rstrip("/") for (_, address, _), (status, _) in answered.items()
             if status == 303}
    assert pages == {"/desk", "/desk/figures", "/desk/orders/desk.js/print"}


async def test_no_socket_opens(server):
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(server.url.replace("http", "ws") + "/desk/ws")
    assert refused.value.status == 401


async def test_a_file_outside_the_page_is_not_served(session, server, office):
    cookie = await office.cookie("8001")
    for path in ("../channel.py", "..%2fchannel.py", "%2e%2e/%2e%2e/hub.py", "js", "none.js"):
        async with session.get(f"{server.url}/desk/static/{path}", headers=cookie) as response:
            assert response.status in (400, 404), path
    async with session.get(f"{server.url}/desk/static/js/desk.js", headers=cookie) as response:
        assert response.status == 200 and "javascript" in response.content_type


async def test_a_socket_is_not_for_pages_of_others(session, server, office):
    headers = {**await office.cookie("8001"), "Origin": "https://elsewhere.example"}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await session.ws_connect(server.url.replace("http", "ws") + "/desk/ws", headers=headers)
    assert refused.value.status == 403
