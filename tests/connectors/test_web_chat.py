"""The citizen's WebSocket: history, order, doubles, restarts, bad frames, persons, ratings."""

from __future__ import annotations

import asyncio
import json
import signal
import uuid

import aiohttp
import pytest

from connectors.web.pages import conversation_of

pytestmark = pytest.mark.asyncio


class Page:
    """What a citizen's page does, frame by frame.

    ``control`` is what it last heard of who has the conversation, ``greeting`` what came between
    the welcome and the first of these.
    """

    def __init__(self, session: aiohttp.ClientSession, server) -> None:
        self.session, self.server = session, server
        self.token, self.socket, self.control = None, None, None
        self.greeting: list[dict] = []

    async def open(self, after: int = 0, token: str | None = None) -> dict:
        """Connect and say hello; return the welcome."""
        address = self.server.url.replace("http", "ws") + "/chat/ws"
        self.socket = await self.session.ws_connect(address)
        await self.send(type="hello", conversation=token or self.token, after=after)
        welcome = await self.next()
        if welcome["type"] == "welcome":
            self.token = welcome["conversation"]
            self.greeting = await self.until("control")
        return welcome

    @property
    def conversation(self) -> str:
        """The id under which the conversation is kept."""
        return conversation_of(self.token)

    async def send(self, **frame) -> None:
        """Send one frame."""
        await self.socket.send_str(json.dumps(frame))

    async def next(self) -> dict:
        """Return the next frame."""
        frame = json.loads((await self.socket.receive(timeout=20)).data)
        self.control = frame if frame["type"] == "control" else self.control
        return frame

    async def until(self, *kinds: str) -> list[dict]:
        """Return the frames up to the first of one of these kinds."""
        frames = [await self.next()]
        while frames[-1]["type"] not in kinds:
            frames.append(await self.next())
        return frames

    async def do(self, **frame) -> list[dict]:
        """Send a frame with an id; return all that comes up to its ack or error."""
        await self.send(**{"id": uuid.uuid4().hex, **frame})
        return await self.until("ack", "error")

    async def turn(self, **frame) -> list[dict]:
        """Send a frame with an id; return the bot's messages up to the end of its typing."""
        await self.send(**{"id": uuid.uuid4().hex, **frame})
        messages = []
        while True:
            got = await self.next()
            if got["type"] == "message" and got["message"]["author"] == "bot":
                messages.append(got["message"])
            if got["type"] == "error" or got == {"type": "typing", "on": False}:
                return messages

    async def say(self, text: str) -> list[dict]:
        """Say something; return the bot's messages."""
        return await self.turn(type="say", text=text)


@pytest.fixture
async def page(server):
    """A page on the shared server, connected."""
    async with aiohttp.ClientSession() as session:
        page = Page(session, server)
        await page.open()
        yield page


async def test_a_question_is_answered_and_acknowledged(page):
    await page.send(type="say", id="one", text="湖北转诊备案要什么材料")
    kinds = [(await page.next())["type"] for _ in range(5)]
    assert kinds == ["typing", "message", "message", "ack", "typing"]


async def test_a_reload_shows_the_conversation_again(page):
    await page.say("湖北转诊备案要什么材料")
    history = (await page.open())["history"]
    assert [m["author"] for m in history] == ["citizen", "bot"]
    assert [m["seq"] for m in history] == [1, 2] and history[1]["card"]["type"] == "answer"


async def test_only_what_came_after_is_sent_on_reconnecting(page):
    await page.say("你好")
    assert (await page.open(after=2))["history"] == []


async def test_the_same_message_twice_is_answered_once(page):
    await page.turn(type="say", id="twice", text="你好")
    await page.send(type="say", id="twice", text="你好")
    await page.send(type="say", id="other", text="谢谢")
    await asyncio.sleep(0)
    history = []
    while len([m for m in history if m["author"] == "bot"]) < 1:
        frame = await page.next()
        history += [frame["message"]] if frame["type"] == "message" else []
    assert [m["text"] for m in (await page.open())["history"]].count("你好") == 1


async def test_buttons_answer_the_form(page):
    question = (await page.say("梅州看门急诊自己垫的钱怎么报"))[-1]["card"]
    assert question["multiple"]
    none = next(c for c in question["others"] if c["label"] == "都不是")
    following = await page.turn(type="choose", choice=none["id"], label="x")
    assert "证件" in following[-1]["text"]
    history = (await page.open())["history"]
    assert [m["text"] for m in history if m["author"] == "citizen"][-1] == "都不是"


async def test_several_boxes_are_one_answer(page):
    question = (await page.say("梅州看门诊自己垫的钱怎么报"))[-1]["card"]
    ids = [c["id"] for c in question["choices"] if c["label"].startswith(("急诊", "使用了"))]
    assert len(ids) == 2
    await page.turn(type="choose_many", choices=ids)
    shown = [m["text"] for m in (await page.open())["history"] if m["author"] == "citizen"][-1]
    assert shown == "急诊、使用了药品目录内的限制性药品"


async def test_a_restart_begins_anew(page):
    await page.say("梅州看门诊自己垫的钱怎么报")
    before = page.token
    await page.send(type="restart", id="again")
    welcome = (await page.until("control"))[0]
    assert welcome["type"] == "welcome" and welcome["conversation"] != before
    assert welcome["history"] == []


@pytest.mark.parametrize("frame", [
    "not json", "[]", '{"type":"unknown"}', '{"type":[]}', '{"type":"say","id":"a","text":""}',
    '{"type":"say","id":"a","text":5}', '{"type":"say","text":"没有编号"}',
    '{"type":"say","id":"a","text":"/异地备案{\\"region\\":\\"梅州市\\"}"}',
    pytest.param('{"type":' + "[" * 9000, id="deep"),
    '{"type":"choose","id":"a","choice":7}', '{"type":"choose_many","id":"a","choices":[]}',
    '{"type":"rate","id":"a","seq":2,"rating":"great"}', '{"type":"rate","seq":2,"rating":"good"}',
    '{"type":"rate","id":"a","seq":true,"rating":"good"}', '{"type":"rate","id":"a","seq":1,'
    '"rating":"good"}', '{"type":"rate","id":"a","seq":99,"rating":"bad"}', '{"type":"person"}',
    '{"type":"stop_waiting","id":5}',
])
async def test_a_bad_frame_gets_a_sentence_and_changes_nothing(page, frame):
    asked = (await page.say("我妈跟我住东莞，医保在梅州，异地看病怎么备案"))[-1]["text"]
    await page.socket.send_str(frame)
    error = await page.next()
    assert error["type"] == "error" and any("一" <= c <= "鿿" for c in error["text"])
    assert not error["again"] and (await page.open())["ratings"] == {}
    assert (await page.say("再说一遍"))[-1]["text"] == asked


async def test_someone_elses_conversation_cannot_be_guessed(page):
    guessed = await page.open(token="guessed-token-0123456789")
    assert guessed["conversation"] != "guessed-token-0123456789" and guessed["history"] == []


async def test_the_id_by_which_agents_and_logs_name_a_conversation_opens_nothing(page):
    await page.say("你好")
    named = page.conversation
    opened = await page.open(token=named)
    assert opened["history"] == [] and page.conversation != named
    said = {"sender": named, "message": "住院报销要带什么"}
    status, answer = page.server.post("/webhooks/rest/webhook", said)
    assert status == 403 and answer["field"] == "sender"


async def test_a_page_of_another_site_is_refused(server):
    async with aiohttp.ClientSession() as session:
        address = server.url.replace("http", "ws") + "/chat/ws"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(address, headers={"Origin": "http://evil.example"})


async def test_personal_data_is_shown_masked(page):
    await page.say("我的电话是13812345678，梅州门诊报销要什么")
    assert "13812345678" not in json.dumps((await page.open())["history"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_a_restart_of_the_server_in_the_middle_of_a_form_loses_nothing(own_server, number):
    own_server.start()
    async with aiohttp.ClientSession() as session:
        page = Page(session, own_server)
        await page.open()
        await page.say("我妈跟我住东莞，医保在梅州，异地看病怎么备案")
        before = (await page.open())["history"]
        own_server.stop(number)
        own_server.start()
        assert (await page.open())["history"] == before
        assert "半年" in (await page.say("没迁"))[-1]["text"]
