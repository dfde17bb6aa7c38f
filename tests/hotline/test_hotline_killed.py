"""A server that is killed in the middle of turns: nothing is lost, nothing is answered twice."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter

import pytest
from aiohttp import ClientError

from tests.hotline.conftest import Platform, Receiver, server_for_a_platform, until

QUESTIONS = ("湖北转诊备案要什么材料", "多久能办好", "在哪里办", "门诊费用报销要带什么", "谢谢",
             "转人工")


@pytest.fixture
def killed_server(tmp_path):
    """A server of one's own, ended afterwards."""
    running = server_for_a_platform(tmp_path)
    yield running
    if running.process and running.process.poll() is None:
        running.stop(signal.SIGKILL)


@pytest.mark.parametrize("reply_by", ["response", "callback"])
async def test_a_platform_that_repeats_what_it_sent_has_each_answer_once(
    killed_server, http, reply_by
):
    killed_server.start()
    receiver = Receiver(killed_server.callback_port)
    await receiver.start()
    platform = Platform(killed_server.url, http)
    await platform.open(reply_by=reply_by)
    # Swapped on purpose, so that some are held when the server dies.
    messages = [platform.message(text, seq=n) for n, text in enumerate(QUESTIONS, start=1)]
    await platform.send(messages[2])
    sending = [asyncio.ensure_future(platform.send(m)) for m in messages if m != messages[2]]
    await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
    killed_server.stop(signal.SIGKILL)
    results = await asyncio.gather(*sending, return_exceptions=True)
    assert any(isinstance(result, ClientError) for result in results), "nothing was under way"

    killed_server.start()
    told = [await platform.send(message) for message in messages]
    assert {status for status, _ in told} <= {200, 202}
    state = (await platform.read())[1]
    answered = Counter(reply["in_reply_to"] for reply in state["replies"])
    once = [reply["in_reply_to"] for reply in state["replies"]]
    assert list(dict.fromkeys(once)) == [message["message_id"] for message in messages]
    assert state["next_seq"] == len(QUESTIONS) + 1 and state["missing"] == []
    assert answered["m-1"] == 1 and state["handover"]["reason"] == "asked"
    if reply_by == "callback":
        await until(lambda: _posted(receiver) == {reply["seq"] for reply in state["replies"]})
    await receiver.stop()


def _posted(receiver: Receiver) -> set[int]:
    return {reply["seq"] for body in receiver.got for reply in body["replies"]}
