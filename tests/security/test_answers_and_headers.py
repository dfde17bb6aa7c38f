"""Every answer, of errors too: security headers, an id, a sentence in Chinese, no stack trace."""

from __future__ import annotations

import asyncio
import json
import re

import aiohttp
import pytest
from guarded import application, serving

from bot.settings import Settings
from connectors.web.channel import STATIC

ID = re.compile(r"[0-9a-f]{32}")


async def answer(method: str, path: str, settings: Settings | None = None, **sent):
    """Send a request; return status, headers and body."""
    app = application(settings or Settings())
    app.static("/static", str(STATIC))
    async with serving(app) as url, aiohttp.ClientSession() as session:
        async with session.request(method, url + path, **sent) as answered:
            return answered.status, answered.headers, await answered.text()


async def raw_answer(sent: bytes) -> tuple[int, dict[str, str], str]:
    """Send bytes that no client would; return status, headers and body."""
    async with serving(application(Settings())) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(sent)
        received = await asyncio.wait_for(reader.read(), 10)
        writer.close()
    head, _, body = received.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines), body


def expect_protected(headers) -> None:
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy and "base-uri 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "geolocation=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert ID.fullmatch(headers["x-request-id"])
    assert "server" not in headers


def expect_plain_error(status: int, headers, body: str) -> None:
    expect_protected(headers)
    assert headers["content-type"] == "application/json" and headers["cache-control"] == "no-store"
    told = json.loads(body)
    assert any("一" <= sign <= "鿿" for sign in told["error"])
    assert told["request_id"] == headers["x-request-id"]
    assert set(told) <= {"error", "request_id", "field"}
    for leak in ("Traceback", "RuntimeError", "张建国", "13812345678", ".py", "sanic", "Sanic"):
        assert leak not in body, leak


@pytest.mark.parametrize(("method", "path"), [
    ("POST", "/signed"), ("GET", "/static/icon.svg"), ("HEAD", "/static/js/app.js")])
async def test_answers_and_files_carry_the_headers(method: str, path: str) -> None:
    status, headers, _ = await answer(method, path)
    assert status == 200
    expect_protected(headers)
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/fail/13812345678", 500), ("GET", "/nowhere", 404), ("DELETE", "/take", 405),
    ("TRACE", "/take", 405), ("GET", "/static/../../etc/passwd", 404),
    ("GET", "/static/js", 404), ("GET", "/static/%00", 404), ("GET", "/%ff%fe", 404),
    ("GET", "/fail/%ff", 500), ("GET", "/socket", 500)])
async def test_an_error_is_a_sentence_and_an_id(method: str, path: str, status: int) -> None:
    answered = await answer(method, path)
    assert answered[0] == status, answered
    expect_plain_error(*answered)


async def test_a_body_that_is_too_large_is_refused_unread() -> None:
    answered = await answer("POST", "/take", data=b"x" * 70_000)
    assert answered[0] == 413
    expect_plain_error(*answered)


@pytest.mark.parametrize("sent", [
    b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /\r\n\r\n",
    b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 5000 + b"\r\n",
    b"POST /take HTTP/1.1\r\nhost: a\r\ncontent-length: many\r\n\r\n",
    b"POST /take HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n",
], ids=["words", "version", "short", "header", "headers", "length", "chunk"])
async def test_a_malformed_request_is_answered_as_well(sent: bytes) -> None:
    answered = await raw_answer(sent)
    assert 400 <= answered[0] < 600
    expect_plain_error(*answered)


async def test_bytes_that_are_no_text_get_no_answer_rather_than_a_trace(log) -> None:
    with pytest.raises((IndexError, ValueError)):
        await raw_answer(b"GET /\xff\xfe HTTP/1.1\r\nhost: a\r\n\r\n")


async def test_methods_that_would_do_are_named() -> None:
    _, headers, _ = await answer("DELETE", "/take")
    assert headers["allow"] == "POST"


async def test_an_id_of_the_proxy_is_kept_and_anything_else_replaced() -> None:
    given = "0123456789abcdef0123456789abcdef"
    _, headers, _ = await answer("POST", "/signed", headers={"x-request-id": given})
    assert headers["x-request-id"] == given
    for other in ("13812345678", "a b", "x" * 200, "440301199001011234"):
        _, headers, _ = await answer("POST", "/signed", headers={"x-request-id": other})
        assert ID.fullmatch(headers["x-request-id"])


async def test_sites_that_may_frame_us_are_named_and_no_others() -> None:
    settings = Settings(frame_ancestors="'self' https://12345.example.cn")
    _, headers, _ = await answer("POST", "/signed", settings)
    assert headers["content-security-policy"].endswith(
        "frame-ancestors 'self' https://12345.example.cn")
    assert "x-frame-options" not in headers


async def test_a_forged_host_does_not_get_into_the_policy() -> None:
    _, headers, _ = await answer("POST", "/signed", headers={"host": "a; script-src *"})
    assert "connect-src 'self';" in headers["content-security-policy"]
    _, headers, _ = await answer("POST", "/signed", headers={"host": "a.example:8443"})
    assert "wss://a.example:8443;" in headers["content-security-policy"]


async def test_what_is_said_is_not_kept_by_browsers_and_proxies() -> None:
    _, headers, _ = await answer("POST", "/take", json={"sender": "a"})
    assert headers["cache-control"] == "no-store"
