"""Citizens, a platform and strangers who tell a running server personal data wherever they can."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import quote

import aiohttp
from personal import CALLED_BACK, ID_NUMBER, IDS, LOOK_ALIKES, MISSED, NAME, PERSONAL, PHONE

from tests.hotline.conftest import PREFIX, Platform

REST = "/webhooks/rest/webhook"
IN_A_ROW = 12
"""Messages of one conversation."""

BY_THE_BOT = 30
"""Of the platform's messages are answered by the bot; a person reads all of them."""

_NUMBERS = (
    {"type": "number", "number": CALLED_BACK}, {"type": "number", "number": [CALLED_BACK]},
    {"type": "number", "number": f"{CALLED_BACK}0", "consent": True},
    {"type": "number", "number": CALLED_BACK, "consent": CALLED_BACK},
    {"type": f"number {CALLED_BACK}"}, {"type": "number", "number": CALLED_BACK, "consent": True})
"""A call-back number in frames that are wrong, and then in one that is right."""

_UNMASKED = tuple(text for text in PERSONAL if any(name in text for name in MISSED))

SAID = f"我叫{NAME}，电话{PHONE}，身份证{ID_NUMBER}"


class Traffic:
    """What was sent to a server, and all it answered.

    Args:
        http: an HTTP client.
        url: the server's.

    Attributes:
        answers: what was asked, in words, with the answer.
    """

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self.url = http, url
        self.answers: list[tuple[str, bytes]] = []

    async def send(self, method: str, path: str, told: str = "", **more: Any) -> tuple[int, bytes]:
        """Send a request; return status and body."""
        async with self.http.request(method, self.url + path, **more) as response:
            body = await response.read()
            head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        self.answers.append((told or f"{method} {path}", head.encode() + b"\n\n" + body))
        return response.status, body

    async def rest(self, sender: str, message: Any, **more: Any) -> list[dict[str, Any]]:
        """Say something through the REST channel; return the replies."""
        body = {"sender": sender, "message": message, **more}
        status, answer = await self.send("POST", REST, f"REST {sender}", json=body)
        assert status == 200, answer
        return json.loads(answer)


def in_turns(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the texts of one conversation after the other."""
    rest = iter(texts)
    while part := list(islice(rest, IN_A_ROW)):
        yield part


async def by_rest(traffic: Traffic, texts: Sequence[str]) -> None:
    """Say messages through REST, and ask for a person."""
    for number, part in enumerate(in_turns(texts)):
        for text in (*part, "转人工"):
            await traffic.rest(f"visitor-{number}", text)


async def by_page(traffic: Traffic, texts: Sequence[str]) -> None:
    """Say messages on the page, ask for a person, and begin anew."""
    for part in in_turns(texts):
        async with traffic.http.ws_connect(f"{traffic.url}/chat/ws") as page:
            await page.send_json({"type": "hello"})
            frames = [{"type": "say", "text": text} for text in part]
            for frame in (*frames, {"type": "person"}, *_NUMBERS):
                await _sent(traffic, page, frame)
            await page.send_json({"type": "restart"})
            await _until(traffic, page, "welcome")
            for frame in ({"type": "person"}, *_NUMBERS):  # which is kept
                await _sent(traffic, page, frame)


async def _sent(traffic: Traffic, page: Any, frame: dict[str, Any]) -> None:
    await page.send_json({"id": uuid.uuid4().hex, **frame})
    await _until(traffic, page, "ack", "error")


async def _until(traffic: Traffic, page: Any, *kinds: str) -> dict[str, Any]:
    while True:
        packed = (await page.receive(timeout=20)).data
        traffic.answers.append(("page", packed.encode()))
        frame = json.loads(packed)
        if frame["type"] in kinds:
            return frame


async def by_hotline(traffic: Traffic) -> None:
    """Say all messages on the platform: to the bot, to a person, and as a person."""
    for reply_by in ("callback", "response"):
        platform = Platform(traffic.url, traffic.http)
        await platform.open(reply_by=reply_by, region="梅州市")
        for text in (*PERSONAL[:BY_THE_BOT], *_UNMASKED, "转人工"):
            _heard(traffic, await platform.say(text))
    _heard(traffic, await platform.event("agent_joined", agent="A1024"))
    for text in PERSONAL:
        _heard(traffic, await platform.event("agent_message", agent="A1024", text=text))
    for text in (*PERSONAL, *LOOK_ALIKES):
        _heard(traffic, await platform.say(text))
    _heard(traffic, await platform.event("agent_left", agent="A1024"))
    _heard(traffic, await platform.read())
    platform.seq += 3
    for seq in (platform.seq + 1, platform.seq - 1):  # held, and given up before it comes
        _heard(traffic, await platform.send(platform.message(SAID, seq=seq)))
    await _refused(traffic, platform)


def _heard(traffic: Traffic, answer: Any) -> None:
    traffic.answers.append(("hotline", json.dumps(answer, ensure_ascii=False).encode()))


async def _refused(traffic: Traffic, platform: Platform) -> None:
    """Send the platform's requests with personal data where none may be."""
    where, message = f"{PREFIX}/sessions/{platform.id}", platform.message(SAID)
    for name in IDS:
        statuses = [(await platform.call("POST", path, body))[0] for path, body in (
            (f"{where}/messages", {**message, "message_id": name}),
            (f"{where}/events", {**platform.happening("closed"), "event_id": name}),
            (f"{PREFIX}/sessions/{quote(name)}/messages", message),
            (f"{PREFIX}/sessions", {"session_id": name, "capabilities": {"cards": True},
                                    "reply_by": "response"}))]
        assert all(status in (404, 422) for status in statuses), statuses
    bodies: Sequence[Any] = (
        {**message, SAID: 1}, {**message, "text": [SAID]}, SAID.encode(), b'{"text": "' +
        SAID.encode(), [SAID], {**message, "choices": [PHONE]}, {**message, "seq": PHONE})
    for body in bodies:
        status, answer = await platform.call("POST", f"{where}/messages", body)
        assert 400 <= status < 500, answer
        _heard(traffic, answer)
    await platform.open(region=SAID)
    await traffic.send("POST", f"{where}/messages", "unsigned", json=message)
    await traffic.send("GET", f"{where}?after={PHONE}", "unsigned", headers={
        "X-Yibao-Key": PHONE, "X-Yibao-Nonce": PHONE, "X-Yibao-Timestamp": PHONE,
        "X-Yibao-Signature": SAID.encode().decode("latin-1")})


async def with_ids(traffic: Traffic) -> None:
    """Use personal data for what senders choose themselves: ids of conversations and messages.

    It is sent back to them, so that what is answered is not looked at.
    """
    before = len(traffic.answers)
    for name in IDS:
        await traffic.rest(name, "你好", message_id=name)
        async with traffic.http.ws_connect(f"{traffic.url}/chat/ws") as page:
            await page.send_json({"type": "hello", "conversation": name.rjust(20, "x")})
            await _sent(traffic, page, {"type": "say", "id": name, "text": "你好"})
            await _sent(traffic, page, {"type": "choose", "id": f"{name}-", "choice": name})
        platform = Platform(traffic.url, traffic.http)
        await platform.open()
        signed = await platform.call("GET", f"{PREFIX}/sessions/{platform.id}",
                                     headers={"X-Request-ID": name})
        assert signed[0] == 200
    del traffic.answers[before:]


async def by_mistake(traffic: Traffic) -> None:
    """Send personal data in what is no message, and where none is expected."""
    json_type = {"content-type": "application/json"}
    for body in (SAID.encode(), f'{{"message": "{SAID}'.encode(), SAID.encode("gbk"),
                 json.dumps([SAID]).encode(), json.dumps({SAID: SAID}).encode(),
                 json.dumps({"sender": "a", "message": f"/{SAID}"}).encode(),
                 json.dumps({"sender": SAID * 9, "message": SAID}).encode(),
                 json.dumps({"sender": "a", "message": SAID * 30}).encode(),
                 json.dumps({"sender": "a", "message": [SAID]}).encode(),
                 b"[" * 30 + SAID.encode(), SAID.encode() * 2000):
        status, _ = await traffic.send("POST", REST, "REST, wrong", data=body, headers=json_type)
        assert 400 <= status < 500, body[:80]
    await traffic.send("POST", REST, "REST, form", data={"message": SAID})
    async with traffic.http.ws_connect(f"{traffic.url}/chat/ws?name={quote(SAID)}") as page:
        for frame in (SAID, json.dumps({"type": SAID, "id": SAID}), f'{{"type": "{SAID}',
                      json.dumps({"type": "say", "text": SAID}), json.dumps({"type": "hello"}),
                      json.dumps({"type": "say", "id": {SAID: 1}, "text": SAID}),
                      json.dumps({"type": "rate", "id": "1", "seq": SAID, "rating": SAID}),
                      json.dumps({"type": "choose", "id": "2", "choice": SAID})):
            await page.send_str(frame)
        await page.send_bytes(SAID.encode())
        for _ in range(9):
            await page.receive(timeout=20)


async def in_addresses(traffic: Traffic) -> None:
    """Send personal data in paths, queries and headers."""
    said = quote(SAID)
    for path in ("/guide/{}", "/guide/meizhou/{}", "/guide/meizhou/x/{}", "/flow/{}/x", "/{}",
                 "/compare/{}", "/api/clause/{}/x", "/notice/{}", "/static/{}", "/chat/ws/{}",
                 "/guide?q={}", "/compare/x?where={}", "/health?q={}", "/static/index.html?{}",
                 "/guide/meizhou?item={}&phone={}", "/%zz{}", "/webhooks/{}", "/metrics?{}"):
        # What a page shows of its own address goes to its sender only.
        await traffic.send("GET", path.replace("{}", said), "own")
    traffic.answers = [answer for answer in traffic.answers if answer[0] != "own"]
    raw = SAID.encode().decode("latin-1")
    for name in ("User-Agent", "Referer", "Cookie", "X-Request-ID", "X-Forwarded-For", "Origin",
                 "Authorization", "Accept-Language", "X-Real-IP", "From"):
        await traffic.send("GET", "/guide", f"header {name}", headers={name: raw})
        await traffic.send("GET", "/chat/ws", f"header {name}", headers={
            name: raw, "Connection": "Upgrade", "Upgrade": "websocket"})
    for line in (f"GET /{SAID} HTTP/1.1\r\n\r\n", f"{SAID}\r\n\r\n", f"GET / HTTP/{SAID}\r\n\r\n",
                 f"GET / HTTP/1.1\r\n{SAID}\r\n\r\n", f"{SAID} / HTTP/1.1\r\nHost: x\r\n\r\n",
                 f"POST {REST} HTTP/1.1\r\nHost: {SAID}\r\nContent-Length: {PHONE}\r\n\r\n{SAID}",
                 f"POST {REST} HTTP/1.1\r\nHost: x\r\nExpect: {SAID}\r\nTransfer-Encoding: "
                 f"chunked\r\n\r\n{SAID}\r\n"):
        await _raw(traffic, line.encode())


async def _raw(traffic: Traffic, sent: bytes) -> None:
    """Send bytes that may be no request at all, and hang up."""
    reader, writer = await asyncio.open_connection(*traffic.url.removeprefix("http://").split(":"))
    writer.write(sent)
    writer.write_eof()
    traffic.answers.append(("bytes", await asyncio.wait_for(reader.read(), 20)))
    writer.close()


__all__ = [
    "REST", "SAID", "Traffic", "by_hotline", "by_mistake", "by_page", "by_rest", "in_addresses",
    "with_ids",
]
