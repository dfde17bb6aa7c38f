"""Nothing lost and nothing twice: lines that drop, a server that starts again, two processes."""

from __future__ import annotations

import signal
import uuid

import aiohttp
import pytest

from tests.connectors.test_web_chat import Page
from tests.desk.agents import Desk, Office

MATTER = "我妈跟我住东莞，医保在梅州，异地看病怎么备案"


def cut(desk: Desk) -> None:
    """Lose the line of a desk without a word."""
    desk.socket._response.connection.transport.abort()


async def come_back(desk: Desk, conversation: str) -> None:
    """Do what the page does when its line is back."""
    await desk.sit()
    await desk.send(type="open", id="opening", conversation=conversation,
                    after=desk.seqs(conversation)[-1])
    await desk.until(lambda frame: frame["type"] == "panel")


async def test_what_was_said_while_the_line_was_down_comes_once_and_in_order(at_desk, citizen):
    page, desk = await citizen(), await at_desk("8001")
    await desk.do("take", page.conversation)
    await desk.open(page.conversation)
    for text in ("一", "二"):
        await page.say(text)
    await desk.sees(lambda desk: len(desk.seqs(page.conversation)) == 4)
    cut(desk)
    await page.say("三")
    await come_back(desk, page.conversation)
    await page.say("四")
    await desk.sees(lambda desk: len(desk.seqs(page.conversation)) >= 6)
    assert desk.seqs(page.conversation) == [1, 2, 3, 4, 5, 6]


async def test_what_an_agent_said_into_a_dying_line_is_said_once(at_desk, citizen):
    page, desk = await citizen(), await at_desk("8001")
    await desk.do("take", page.conversation)
    await desk.open(page.conversation)
    said = {"id": uuid.uuid4().hex, "text": "请带身份证"}
    await desk.send(type="do", act="say", conversation=page.conversation, **said)
    cut(desk)
    await come_back(desk, page.conversation)
    assert (await desk.do("say", page.conversation, **said))["type"] == "ack"
    texts = [message["text"] for message in desk.scripts[page.conversation]]
    assert texts.count("请带身份证") == 1


async def test_two_desks_of_one_agent_show_the_same(at_desk, citizen):
    page, desk, beside = await citizen(), await at_desk("8001"), await at_desk("8001")
    await desk.do("take", page.conversation)
    for one in (desk, beside):
        await one.open(page.conversation)
    await desk.do("say", page.conversation, text="在的")
    await page.say("谢谢")
    for one in (desk, beside):
        await one.sees(lambda one: len(one.seqs(page.conversation)) == 4)
        assert one.seqs(page.conversation) == [1, 2, 3, 4]


async def test_switching_to_and_fro_shows_each_conversation_whole(at_desk, citizen):
    pages, desk = [await citizen(), await citizen()], await at_desk("8001")
    for page in pages:
        await desk.do("take", page.conversation)
    for page in (*pages, *pages):
        await page.say("在吗")
        await desk.open(page.conversation)
    for page, count in zip(pages, (4, 4), strict=True):
        await desk.open(page.conversation)
        assert desk.seqs(page.conversation) == list(range(1, count + 1))


async def whole_conversation(running, second, disturb) -> None:
    """An agent serves a citizen; ``disturb`` the server in the middle; nothing is lost or twice.

    Args:
        running: where the citizen's page connects.
        second: where the desk does.
    """
    office = Office(running.folder)
    await office.hire()
    cookie = await office.cookie("8001")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        page, desk = Page(session, running), await Desk(session, second, cookie).sit()
        await page.open()
        await page.say(MATTER)
        await page.do(type="person")
        await desk.sees(lambda desk: page.conversation in desk.listed("waiting"))
        await desk.do("take", page.conversation)
        await desk.open(page.conversation)
        said = {"id": uuid.uuid4().hex, "text": "请带身份证"}
        await desk.do("say", page.conversation, **said)
        disturb()
        await page.open(after=0)
        await come_back(desk, page.conversation)
        assert (await desk.do("say", page.conversation, **said))["type"] == "ack"
        await page.say("要带什么材料")
        await desk.sees(lambda desk: desk.panel["suggestions"]["of"] == "要带什么材料")
        assert desk.seqs(page.conversation) == [1, 2, 3, 4, 5, 6]
        texts = [message["text"] for message in desk.scripts[page.conversation]]
        assert texts.count("请带身份证") == 1
        await desk.sees(lambda desk: page.conversation in desk.listed("mine"))
    office.database.close()


@pytest.mark.full
async def test_a_desk_goes_on_after_the_server_was_killed(own_server):
    def kill() -> None:
        own_server.stop(signal.SIGKILL)
        own_server.start()

    own_server.start()
    await whole_conversation(own_server, own_server, kill)


@pytest.mark.full
async def test_a_desk_and_its_citizen_at_different_processes(workers):
    """The kernel gives each connection to either process: eight of them are on both."""
    for _ in range(8):
        await whole_conversation(workers, workers, lambda: None)
