"""A page of another site cannot open a conversation in a citizen's browser."""

from __future__ import annotations

import aiohttp
import pytest
from guarded import application, serving

from bot.settings import Settings


async def status(headers: dict[str, str], settings: Settings | None = None) -> int:
    """Try to open a WebSocket; return 101 or the status of the refusal."""
    async with serving(application(settings or Settings())) as url:
        async with aiohttp.ClientSession() as session:
            try:
                async with session.ws_connect(f"{url}/socket", headers=headers):
                    return 101
            except aiohttp.WSServerHandshakeError as refused:
                return refused.status


@pytest.mark.parametrize(("origin", "allowed"), [
    (None, True),
    ("https://chat.example", True), ("http://chat.example", True), ("https://CHAT.example", True),
    ("https://evil.example", False), ("https://chat.example.evil.example", False),
    ("https://chat.example:8443", False), ("https://chat.example@evil.example", False),
    ("https://sub.chat.example", False),
    ("null", False), ("", False), ("file://", False), ("chat.example", False),
])
async def test_only_our_own_pages_are_let_in(origin, allowed) -> None:
    headers = {"host": "chat.example"} | ({} if origin is None else {"origin": origin})
    assert await status(headers) == (101 if allowed else 403)


async def test_a_port_is_part_of_a_site() -> None:
    assert await status({"host": "chat.example:8443", "origin": "https://chat.example:8443"}) == 101
    assert await status({"host": "chat.example:8443", "origin": "https://chat.example"}) == 403


async def test_behind_a_proxy_the_host_it_states_is_ours() -> None:
    forwarded = {"host": "10.0.0.5:5005", "x-forwarded-for": "203.0.113.7",
                 "x-forwarded-host": "chat.example", "origin": "https://chat.example"}
    assert await status(forwarded, Settings(proxies=1)) == 101
    assert await status(forwarded) == 403


async def test_the_stated_address_of_the_site_is_ours(monkeypatch) -> None:
    monkeypatch.setenv("YIBAO_ADDRESS", "https://chat.example/")
    assert await status({"host": "10.0.0.5:5005", "origin": "https://chat.example"}) == 101
    assert await status({"host": "10.0.0.5:5005", "origin": "https://evil.example"}) == 403


async def test_a_page_of_another_site_cannot_post_either() -> None:
    """What a form can send without being asked first is not JSON; see test_guarded_json.py."""
    async with serving(application(Settings())) as url, aiohttp.ClientSession() as session:
        async with session.options(f"{url}/take", headers={
                "origin": "https://evil.example", "access-control-request-method": "POST",
                "access-control-request-headers": "content-type"}) as answered:
            assert answered.status == 405
            assert "access-control-allow-origin" not in answered.headers
