"""How often one session, one network address may ask, and who is not counted."""

from __future__ import annotations

import asyncio
import gc
import time

import aiohttp
import pytest
from guarded import application, serving

from bot.limits import Limits, TooMany
from bot.settings import Settings

BEHIND_NGINX = {"proxies": 1}


def via(address: str) -> dict[str, str]:
    return {"x-forwarded-for": f"10.9.9.9, {address}"}


async def statuses(settings: Settings, requests: list[tuple[str, dict, dict]]) -> list[int]:
    """Post each (path, body, headers); return the statuses."""
    async with serving(application(settings)) as url, aiohttp.ClientSession() as session:
        answered = []
        for path, body, headers in requests:
            async with session.post(url + path, json=body, headers=headers) as answer:
                answered.append(answer.status)
        return answered


async def test_a_session_is_stopped_and_others_go_on() -> None:
    settings = Settings(session_per_minute=2)
    requests = [("/take", {"sender": sender}, {}) for sender in ("a", "a", "a", "b")]
    assert await statuses(settings, requests) == [200, 200, 429, 200]


async def test_who_is_stopped_is_told_when_to_come_again() -> None:
    async with serving(application(Settings(session_per_minute=1))) as url:
        async with aiohttp.ClientSession() as session:
            for _ in range(2):
                answered = await session.post(f"{url}/take", json={"sender": "a"})
            seconds = int(answered.headers["retry-after"])
            body = await answered.json()
    assert answered.status == 429 and 1 <= seconds <= 60
    assert body["error"] == f"发得太快了，请过{seconds}秒再试。"


async def test_an_address_is_stopped_whatever_sessions_it_invents() -> None:
    settings = Settings(address_per_minute=2, **BEHIND_NGINX)
    addresses = ("203.0.113.7",) * 3 + ("203.0.113.8",)
    requests = [("/take", {"sender": str(n)}, via(a)) for n, a in enumerate(addresses)]
    assert await statuses(settings, requests) == [200, 200, 429, 200]


async def test_what_a_sender_writes_before_the_proxy_does_not_count() -> None:
    settings = Settings(address_per_minute=1, **BEHIND_NGINX)
    requests = [("/take", {}, {"x-forwarded-for": f"198.51.100.{n}, 203.0.113.7"})
                for n in range(2)]
    assert await statuses(settings, requests) == [200, 429]


async def test_an_ipv6_network_is_one_address() -> None:
    settings = Settings(address_per_minute=1, **BEHIND_NGINX)
    addresses = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1",
                 "::ffff:203.0.113.7", "203.0.113.7")
    requests = [("/take", {}, via(a)) for a in addresses]
    assert await statuses(settings, requests) == [200, 429, 200, 200, 429]


async def test_without_known_proxies_nobody_believes_the_header(log) -> None:
    requests = [("/take", {}, via(f"203.0.113.{n}")) for n in range(3)]
    assert await statuses(Settings(address_per_minute=2), requests) == [200, 200, 429]
    warnings = [line for line in log.lines() if line["level"] == "warning"]
    assert len(warnings) == 1 and "YIBAO_PROXIES" in warnings[0]["event"]


async def test_this_machine_itself_is_not_counted_by_address() -> None:
    assert await statuses(Settings(address_per_minute=1), [("/take", {}, {})] * 4) == [200] * 4


async def test_a_signed_platform_is_not_counted_by_address() -> None:
    settings = Settings(address_per_minute=1, **BEHIND_NGINX)
    assert await statuses(settings, [("/signed", {}, via("203.0.113.7"))] * 3) == [200] * 3


async def test_addresses_that_lead_nowhere_count_as_well() -> None:
    settings = Settings(address_per_minute=1, **BEHIND_NGINX)
    assert await statuses(settings, [("/nowhere", {}, via("203.0.113.7"))] * 2) == [404, 429]


async def test_frames_of_a_websocket_are_counted_and_answered() -> None:
    async with serving(application(Settings(session_per_minute=2))) as url:
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{url}/socket") as ws:
            answers = []
            for _ in range(3):
                await ws.send_str("{}")
                answers.append((await ws.receive(timeout=10)).data)
    assert answers[:2] == ["ok", "ok"] and answers[2].startswith("发得太快了")


async def test_open_websockets_of_an_address_are_limited_until_one_is_closed() -> None:
    settings = Settings(sockets_per_address=2, **BEHIND_NGINX)
    here, there = via("203.0.113.7"), via("203.0.113.8")
    app = application(settings)
    async with serving(app) as url, aiohttp.ClientSession() as session:
        address = f"{url}/socket"
        first = await session.ws_connect(address, headers=here)
        second = await session.ws_connect(address, headers=here)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(address, headers=here)
        assert refused.value.status == 429
        other = await session.ws_connect(address, headers=there)
        await first.close()
        third = await opened_at_last(session, address, here)
        for socket in (second, other, third):
            await socket.close()


async def opened_at_last(session, address, headers):
    """Try again until the server has noticed that a socket was closed."""
    deadline = time.monotonic() + 10
    while True:
        try:
            return await session.ws_connect(address, headers=headers)
        except aiohttp.WSServerHandshakeError:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)


def test_neither_addresses_nor_sessions_are_kept_in_the_clear() -> None:
    limits = Limits(Settings(address_per_minute=5), b"key")
    limits.count_address("203.0.113.7")
    limits.count_session("a-session-id")
    with limits.socket("203.0.113.7"):
        kept = [str(thing) for thing in gc.get_objects()
                if isinstance(thing, dict) and len(thing) < 1000
                and any(isinstance(k, str) and k.startswith("LIMITER") for k in thing)]
        held = repr(vars(limits))
    assert kept and "203.0.113.7" not in "".join(kept) + held
    assert "a-session-id" not in "".join(kept) + held


def test_the_counts_go_on_after_a_collection_of_garbage() -> None:
    limits = Limits(Settings(session_per_minute=1), b"key")
    gc.collect()
    limits.count_session("a")
    with pytest.raises(TooMany):
        limits.count_session("a")
