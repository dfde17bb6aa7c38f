"""A server that is killed in the middle of turns: nothing is lost, nothing is answered twice."""

from __future__ import annotations

import asyncio
import signal

import pytest
from aiohttp import ClientError

from tests.hotline.conftest import Platform, server_for_a_platform, until

QUESTIONS = ("湖北转诊备案要什么材料", "多久能办好", "在哪里办", "门诊费用报销要带什么", "谢谢",
             "转人工")
LONGER_THAN_A_RESTART = 600.0


@pytest.fixture
def hotline_server(tmp_path):
    """A server of one's own, running; ended afterwards."""
    running = server_for_a_platform(tmp_path, LONGER_THAN_A_RESTART)
    running.start()
    yield running
    running.stop(signal.SIGKILL)


async def under_way(platform: Platform, messages: list[dict]) -> list[asyncio.Future]:
    """Send messages all at once, the third first; return once one of them has been answered."""
    assert (await platform.send(messages[2]))[1]["status"] == "held"
    sending = [asyncio.ensure_future(platform.send(m)) for m in messages if m != messages[2]]
    await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
    return sending


async def test_a_platform_that_repeats_what_it_sent_has_each_answer_once(
    hotline_server, http, callbacks
):
    platforms = [Platform(hotline_server.url, http) for _ in range(2)]
    for platform, reply_by in zip(platforms, ("response", "callback")):
        await platform.open(reply_by=reply_by)
    messages = [platforms[0].message(text, seq=n) for n, text in enumerate(QUESTIONS, start=1)]
    sending = [await under_way(platform, messages) for platform in platforms]
    hotline_server.stop(signal.SIGKILL)
    results = await asyncio.gather(*sending[0], *sending[1], return_exceptions=True)
    assert any(isinstance(result, ClientError) for result in results), "nothing was under way"

    hotline_server.start()
    for platform in platforms:
        told = [await platform.send(message) for message in messages]
        assert {status for status, _ in told} <= {200, 202}
        state = (await platform.read())[1]
        replies = [(reply["in_reply_to"], reply["text"]) for reply in state["replies"]]
        assert len(set(replies)) == len(replies), "something was answered twice"
        assert list(dict(replies)) == [message["message_id"] for message in messages]
        assert state["next_seq"] == len(QUESTIONS) + 1 and state["missing"] == []
        assert state["handover"]["reason"] == "asked"
    numbers = {reply["seq"] for reply in state["replies"]}
    await until(lambda: {r["seq"] for body in callbacks.got for r in body["replies"]} == numbers)
