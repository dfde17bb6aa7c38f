"""A person in the citizen's web chat: asked for, waited for, there, gone; and what gets lost on
the way to the page. The channel runs in this process, so that a person can take part."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import time
from contextlib import asynccontextmanager
from datetime import datetime, timezone

import aiohttp
import pytest
from cryptography.fernet import Fernet
from sanic import Sanic
from talking import Notes

from bot.limits import Limits
from bot.settings import Settings
from bot.staff.database import StaffDatabase
from bot.staff.numbers import Numbers
from bot.store import StoreDown
from bot.store.sqlite import SqliteStore
from bot.switchboard import Switchboard
from connectors.hub import MemoryHub
from connectors.line import BACKLOG
from connectors.web.channel import WebChat
from connectors.web.pages import Page as ServedPage
from connectors.web.pages import Pages
from tests.connectors.test_web_chat import Page

pytestmark = pytest.mark.asyncio
_numbers = itertools.count()
DAY = 86400.0
NUMBER = "13655667788"
FORM = "我妈跟我住东莞，医保在梅州，异地看病怎么备案"


class BreakableStore(SqliteStore):
    """A store that can be taken away, and lets something happen while messages are read."""

    down = False
    meanwhile = None

    async def load(self, conversation):
        """Return a record, unless the store is away."""
        if self.down:
            raise StoreDown("away")
        return await super().load(conversation)

    async def since(self, conversation, seq):
        """Return messages, as they were before what happens meanwhile."""
        found, meanwhile = await super().since(conversation, seq), self.meanwhile
        self.meanwhile = None
        if meanwhile:
            await meanwhile()
        return found


class Office:
    """A worker of the web chat in this process; two may share a store and a hub."""

    def __init__(self, assistant, store, hub) -> None:
        self.store, self.hub, self.server = store, hub, None
        self.pages, self.silent, self.numbers = Pages(store, store.numbers), False, store.numbers
        hub.subscribe(self.pages.on_event)
        self.switchboard = Switchboard(assistant, store, Notes(), self.tell)

    async def tell(self, event: dict) -> None:
        """Publish an event, unless it gets lost on the way."""
        if not self.silent:
            await self.hub.publish(event)

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = Sanic(f"office-{next(_numbers)}", configure_logging=False)
        app.ctx.limits = Limits(Settings.from_environment(), b"of the tests")
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        app.blueprint(WebChat(self.switchboard, self.pages, self.numbers).blueprint())
        self.server = await app.create_server(
            sock=listening, return_asyncio_server=True, access_log=False)
        await self.server.startup()
        await self.server.start_serving()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server.sockets[0].getsockname()[1]}"

    async def person(self, page: Page, act) -> list:
        """Let a person do something in a page's conversation."""
        async def acting(talk):
            done = act(talk)
            return await done if asyncio.iscoroutine(done) else done
        return await self.switchboard.exchange(page.conversation, acting)


@pytest.fixture(autouse=True)
def several_apps(monkeypatch):
    """Sanic rewrites its own methods as an app starts; a second app needs them as they were."""
    monkeypatch.setattr(Sanic, "test_mode", True)


@pytest.fixture
async def hub():
    """The hub that workers share."""
    hub = MemoryHub()
    await hub.start()
    yield hub
    await hub.stop()


@pytest.fixture
async def store(tmp_path):
    """The store that workers share."""
    store = BreakableStore(tmp_path / "conversations.db")
    store.numbers = Numbers(
        StaffDatabase(f"sqlite:///{tmp_path}/staff.db"), [Fernet.generate_key()], 7)
    yield store
    await store.close()


@asynccontextmanager
async def opened(assistant, store, hub):
    """Open a worker for as long as it is needed."""
    office = Office(assistant, store, hub)
    await office.start()
    yield office
    office.server.close()
    await office.server.wait_closed()


@pytest.fixture
async def office(assistant, store, hub):
    """A worker."""
    async with opened(assistant, store, hub) as office:
        yield office


@pytest.fixture
async def other_office(assistant, store, hub):
    """A second worker over the same store and hub."""
    async with opened(assistant, store, hub) as office:
        yield office


@pytest.fixture
async def session():
    """What pages connect through."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def page(office, session):
    """A page, connected."""
    page = Page(session, office)
    await page.open()
    return page


def authors(frames: list[dict]) -> list[str]:
    """Return who wrote the messages among frames."""
    return [f["message"]["author"] for f in frames if f["type"] == "message"]


async def messages(page: Page, count: int) -> list[dict]:
    """Return the next messages that a page gets, so many of them."""
    found = []
    while len(found) < count:
        found += [(await page.until("message"))[-1]["message"]]
    return found


async def test_the_bot_has_a_new_conversation(page):
    assert page.control == {
        "type": "control", "holder": "bot", "agent": "", "waiting": None, "callback": None}


async def test_a_person_is_asked_for_by_the_button_and_waited_for_until_that_is_taken_back(page):
    frames = await page.do(type="person")
    assert [f["type"] for f in frames] == ["message", "control", "ack"]
    assert frames[0]["message"]["card"]["reason"] == "asked"
    assert page.control["waiting"] == {"place": 1, "open": True, "hours": ""}
    page.control = None
    await page.open(after=1)
    assert page.control["waiting"]["place"] == 1
    frames = await page.do(type="stop_waiting")
    assert authors(frames) == ["bot"] and page.control["waiting"] is None


async def test_asking_twice_for_a_person_is_asking_once(page):
    await page.do(type="person", id="same")
    for again in ("same", "other"):
        assert [f["type"] for f in await page.do(type="person", id=again)] == ["ack"]


async def test_who_waits_hears_how_far_the_queue_has_moved(page, office, session):
    second = Page(session, office)
    await second.open()
    await page.do(type="person")
    await second.do(type="person")
    assert second.control["waiting"]["place"] == 2
    await office.person(page, lambda talk: talk.join("1024"))
    await office.pages.refresh_waiting()
    await second.until("control")
    assert second.control["waiting"]["place"] == 1


async def test_a_person_joins_writes_and_leaves_and_the_form_goes_on(page, office):
    question = (await page.say(FORM))[-1]["text"]
    await office.person(page, lambda talk: talk.join("1024"))
    joined = await page.until("control")
    assert authors(joined) == ["system"] and "1024" in joined[0]["message"]["text"]
    assert (page.control["holder"], page.control["agent"]) == ("person", "1024")

    await office.person(page, lambda talk: talk.agent_says("您好，请问办哪一项？", "a1"))
    said = (await page.next())["message"]
    assert said["text"] == "您好，请问办哪一项？"
    assert (said["author"], said["card"]["agent"]) == ("agent", "1024")
    assert await page.say("异地备案") == []  # the bot is silent

    await office.person(page, lambda talk: talk.leave())
    left = await page.until("control")
    assert authors(left) == ["system", "bot"] and left[1]["message"]["text"] == question
    assert (page.control["holder"], page.control["agent"]) == ("bot", "")
    assert "半年" in (await page.say("没迁"))[-1]["text"]


async def test_what_a_person_says_reaches_pages_on_every_worker_once(page, office, other_office):
    async with aiohttp.ClientSession() as session:
        elsewhere = Page(session, other_office)
        elsewhere.token = page.token
        await page.say("湖北转诊备案要什么材料")
        history = (await elsewhere.open())["history"]
        await office.person(page, lambda talk: talk.join("7"))
        await office.person(page, lambda talk: talk.agent_says("在的", "a1"))
        await elsewhere.do(type="say", text="谢谢")
        got = await elsewhere.open(after=history[-1]["seq"])
        assert [m["author"] for m in got["history"]] == ["system", "agent", "citizen"]
        assert [m["seq"] for m in await messages(page, 3)] == [3, 4, 5]


async def test_what_is_said_while_a_page_is_greeted_reaches_it(page, office, store, session):
    async def join() -> None:
        await office.person(page, lambda talk: talk.join("7"))
        await messages(page, 1)  # whoever hears of it has heard

    await page.say("你好")
    second = Page(session, office)
    second.token, store.meanwhile = page.token, join
    assert [m["seq"] for m in (await second.open())["history"]] == [1, 2]
    shown = [f["message"] for f in second.greeting if f["type"] == "message"]
    assert [m["seq"] for m in shown or await messages(second, 1)] == [3]


async def test_messages_of_which_nobody_told_are_shown_with_the_next(page, office):
    await page.say("你好")
    office.silent = True
    await office.person(page, lambda talk: talk.join("7"))
    office.silent = False
    await office.person(page, lambda talk: talk.agent_says("在的", "a1"))
    assert [m["author"] for m in await messages(page, 2)] == ["system", "agent"]


async def test_an_answer_is_rated_and_the_rating_can_be_changed(page):
    answer = (await page.say("湖北转诊备案要什么材料"))[-1]
    assert [f["type"] for f in await page.do(type="rate", seq=answer["seq"], rating="good")] == [
        "ack"]
    assert (await page.open(after=2))["ratings"] == {str(answer["seq"]): "good"}
    await page.do(type="rate", seq=answer["seq"], rating="bad")
    assert page.control["waiting"]  # whom an answer did not help, a person may
    assert (await page.open(after=2))["ratings"] == {str(answer["seq"]): "bad"}


async def test_a_restart_lets_nobody_wait_or_speak_where_the_citizen_has_gone(page, office, store):
    await page.do(type="person")
    await page.send(type="restart", id="one")
    await page.until("welcome")
    await page.until("control")
    assert await store.waiting() == [] and page.control["waiting"] is None


async def test_while_the_store_is_away_one_sentence_and_the_same_message_later_once(page, store):
    store.down = True
    for frame in ({"type": "say", "text": "你好"}, {"type": "person"}, {"type": "restart"}):
        error = (await page.do(**frame, id="same"))[-1]
        assert error["type"] == "error" and error["again"] and "再" in error["text"]
    refused = await Page(page.session, page.server).open(token=page.token)
    assert refused["type"] == "error" and refused["again"]
    store.down = False
    await page.do(type="say", id="same", text="你好")
    await page.do(type="say", id="same", text="你好")
    history = (await page.open())["history"]
    assert [m["author"] for m in history] == ["citizen", "bot"]


async def test_before_the_bot_is_ready_a_message_is_to_be_sent_again(assistant, page, monkeypatch):
    monkeypatch.setattr(assistant, "_loaded", None)
    error = (await page.do(type="say", text="你好"))[-1]
    assert error["type"] == "error" and error["again"]


async def test_an_answer_is_kept_when_the_line_is_lost_in_the_turn(page, office, assistant,
                                                                   monkeypatch):
    begun, answer = asyncio.Event(), assistant.answer

    async def slow(*arguments):
        begun.set()
        await asyncio.sleep(0.3)
        return await answer(*arguments)

    monkeypatch.setattr(assistant, "answer", slow)
    await page.send(type="say", id="one", text="你好")
    await begun.wait()
    page.socket._response.connection.transport.abort()
    deadline = time.monotonic() + 10
    while not await office.store.since(page.conversation, 1):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    assert [m["author"] for m in (await page.open())["history"]] == ["citizen", "bot"]


class Stuck:
    """A socket whose other end takes nothing."""

    closed = False

    async def send(self, frame: str) -> None:
        """Never come to an end."""
        await asyncio.Event().wait()

    def fail_connection(self) -> None:
        """Note that the connection is given up."""
        self.closed = True


async def test_a_page_that_takes_nothing_holds_nobody_up_and_is_given_up(page, office, monkeypatch):
    stuck = Stuck()
    beside = ServedPage(stuck, None)
    await page.say("你好")
    await office.pages.welcome(beside, page.token, 0)
    writing = asyncio.ensure_future(beside.write())
    assert await page.say("湖北转诊备案要什么材料")
    for _ in range(BACKLOG + 1):
        beside.send(type="typing", on=True)
    assert stuck.closed
    writing.cancel()


# --- the call-back number ---------------------------------------------------------------------

async def test_a_number_is_asked_for_only_of_who_waits_or_is_with_a_person(page, office):
    refused = await page.do(type="number", number=NUMBER, consent=True)
    assert refused[-1]["type"] == "error" and not refused[-1]["again"]
    assert await office.numbers.hint(page.conversation) == ""
    await page.do(type="person")
    assert page.control["callback"] == {"until": "", "consent": office.numbers.consent}
    assert "7天" in office.numbers.consent


@pytest.mark.parametrize("given", [
    {"number": NUMBER}, {"number": NUMBER, "consent": "yes"}, {"number": "12345", "consent": True},
    {"consent": True}, {"number": int(NUMBER), "consent": True},
])
async def test_without_consent_or_a_number_that_rings_nothing_is_kept(page, office, given):
    await page.do(type="person")
    refused = await page.do(type="number", **given)
    assert refused[-1]["type"] == "error" and NUMBER not in str(refused)
    assert page.control["callback"]["until"] == ""
    assert await office.numbers.hint(page.conversation) == ""


async def test_a_number_is_kept_shown_as_kept_and_withdrawn(page, office):
    await page.do(type="person")
    kept = await page.do(type="number", number="136 5566-7788", consent=True)
    assert [f["type"] for f in kept] == ["message", "control", "ack"]
    assert kept[0]["message"]["author"] == "system"
    assert await office.numbers.show(page.conversation) == NUMBER
    assert await office.numbers.hint(page.conversation) == "136****7788"
    until = page.control["callback"]["until"]
    assert (datetime.fromisoformat(until) - datetime.now(timezone.utc)).total_seconds() / DAY > 6.9
    again = await page.do(type="number", number=NUMBER, consent=True)  # lost on the way and resent
    assert [f["type"] for f in again] == ["ack"]

    gone = await page.do(type="number_withdrawn")
    assert [f["type"] for f in gone] == ["message", "control", "ack"]
    assert page.control["callback"]["until"] == ""
    assert await office.numbers.forget(page.conversation) == 0


async def test_whoever_begins_anew_leaves_no_number_behind(page, office):
    await page.do(type="person")
    await page.do(type="number", number=NUMBER, consent=True)
    await page.send(type="restart", id="r1")
    welcome = (await page.until("welcome"))[-1]
    assert welcome["conversation"] != page.token
    assert await office.numbers.hint(page.conversation) == ""


async def test_a_number_stands_in_no_record_message_event_or_frame(page, office, store):
    events = []
    office.hub.subscribe(lambda event: _kept_in(events, event))
    await page.do(type="person")
    frames = await page.do(type="number", number=NUMBER, consent=True)
    told = [frames, events, (await store.load(page.conversation)).data,
            [m.as_dict() for m in await store.since(page.conversation, 0)],
            list(office.switchboard._journal)]
    assert NUMBER[-8:] not in json.dumps(told) and NUMBER[-4:] not in json.dumps(frames)


async def _kept_in(events, event):
    events.append(event)
