"""Another model takes the place of the live one while people talk: nothing lost, all in order."""

from __future__ import annotations

import asyncio
import gc
import json
import weakref

import aiohttp
import pytest
from citizens import PRESSES, QUESTION, Citizen, Page
from modelled import add_model, spoil
from talking import Conversation, Notes, switchboard_over
from workers_service import Workers, until

from bot.assistant import Assistant
from bot.journal.database import Database
from bot.learning.models.following import FollowLive
from bot.learning.models.models import Models
from bot.learning.models.processes import ModelProcesses
from bot.staff.database import StaffDatabase
from bot.tracker_store import TurnTrackerStore
from tests.postgres_service import postgres  # noqa: F401  (a fixture)
from tests.staff.conftest import clock, on_both, url  # noqa: F401  (fixtures)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A folder with one model under two versions; the first is live."""
    made = Models(tmp_path_factory.mktemp("swapping") / "models")
    add_model(made, "first")
    add_model(made, "second")
    made.promote("first", "8001")
    return made


@pytest.fixture(scope="module")
def assistant(models):
    """An assistant of one's own: that of the other tests keeps its model."""
    made = Assistant(models.archive("first"))
    made.load()
    return made


@pytest.fixture
async def at_first(assistant, models):
    """The same, with the first model."""
    if assistant.version != "first":
        await assistant.swap(models.archive("first"))
    return assistant


@pytest.fixture
def live_first(models):
    """The folder, the first model live."""
    if models.live()["version"] != "first":
        models.promote("first", "8001")
    return models


class TestOneProcess:
    async def test_an_open_form_is_filled_in_by_the_model_that_comes(
        self, at_first, models, tmp_path
    ):
        notes = Notes()
        switchboard = switchboard_over(at_first, tmp_path / "conversations.db", notes)
        talks = [Conversation(switchboard), Conversation(switchboard)]
        for talk in talks:
            await talk.say(QUESTION)
        asked = [await self.press_on(talks[0], number) for number in PRESSES]
        seen = []
        for position, number in enumerate(PRESSES):
            await at_first.swap(models.archive(("second", "first")[position % 2]))
            seen.append(await self.press_on(talks[1], number))
        assert seen == asked and "材料" in seen[-1]
        entries = [e for e in notes if e["conversation"] == talks[1].sender]
        assert [entry["model_version"] for entry in entries] == [
            "first", "second", "first", "second", "first", "second"]

    async def press_on(self, talk, number):
        choices = talk.choices
        return await talk.press_ids(choices[min(number, len(choices)) - 1]["id"])

    async def test_a_turn_keeps_the_model_it_began_with(self, at_first, models, monkeypatch):
        begun, go_on, retrieve = asyncio.Event(), asyncio.Event(), TurnTrackerStore.retrieve

        async def slowly(store, sender):
            if sender == "slow":
                begun.set()
                await go_on.wait()
            return await retrieve(store, sender)

        monkeypatch.setattr(TurnTrackerStore, "retrieve", slowly)
        turn = asyncio.ensure_future(at_first.answer("slow", QUESTION, None))
        await begun.wait()
        await at_first.swap(models.archive("second"))
        other = await at_first.answer("other", QUESTION, None)
        go_on.set()
        first = await turn
        assert (first.model_version, other.model_version) == ("first", "second")
        assert first.replies and first.state["loop"] == other.state["loop"]

    async def test_nothing_of_the_old_model_stays_in_memory(self, at_first, models):
        old = weakref.ref(at_first.agent)
        await at_first.swap(models.archive("second"))
        gc.collect()
        assert old() is None

    async def test_where_the_new_one_fails_everything_stays(self, at_first, tmp_path):
        broken = tmp_path / "yibao-broken.tar.gz"
        for make in (lambda: None, lambda: broken.write_bytes(b"nothing")):
            make()
            with pytest.raises(Exception, match=""):
                await at_first.swap(broken)
        answered = await at_first.answer("after", QUESTION, None)
        assert (at_first.version, answered.model_version) == ("first", "first")


class TestFollowing:
    @pytest.fixture
    def processes(self, url):  # noqa: F811
        database = StaffDatabase(url)
        yield ModelProcesses(database)
        database.close()

    @pytest.fixture
    def following(self, at_first, live_first, processes):
        return FollowLive(at_first, live_first, processes)

    @on_both
    async def test_what_is_put_live_is_taken_over_and_told(self, following, models, processes):
        await following.tell()
        models.promote("second", "8001")
        await following.look()
        (told,) = await processes.all()
        assert (told["version"], told["problem"]) == ("second", "")
        models.rollback("8001")
        await following.look()
        assert [process["version"] for process in await processes.all()] == ["first"]

    @pytest.mark.parametrize(("harm", "words"), [
        (lambda models: spoil(models, "third"), "损坏"),
        (lambda models: models.register(models.archive("third"), foundation="0"), "另一版"),
    ])
    async def test_what_cannot_serve_is_told_and_the_old_one_goes_on(
        self, following, models, processes, at_first, harm, words
    ):
        models.promote(add_model(models, "third"), "8001")
        harm(models)
        await following.look()
        (told,) = await processes.all()
        assert told["version"] == at_first.version == "first" and words in told["problem"]
        models.rollback("8001")
        await following.look()
        assert [process["problem"] for process in await processes.all()] == [""]
        models.archive("third").unlink()

    async def test_what_failed_is_not_tried_again_at_once(self, following, models, monkeypatch):
        tried = []
        models.promote("second", "8001")
        monkeypatch.setattr(models, "verify", lambda version: tried.append(version) or 1 / 0)
        for _ in range(3):
            await following.look()
        assert tried == ["second"]

    async def test_a_live_file_that_cannot_be_read_is_told(self, following, models, processes):
        held = models.live_file.read_bytes()
        models.live_file.write_text("{", "utf-8")
        await following.look()
        models.live_file.write_bytes(held)
        (told,) = await processes.all()
        assert told["version"] == "first" and "live.json" in told["problem"]

    async def test_a_process_without_a_sign_is_there_no_more(
        self, processes, clock  # noqa: F811
    ):
        await processes.beat("first", "", "")
        clock.pass_(30)
        assert await processes.all() == []

    async def test_a_process_that_ends_says_so(self, following, processes):
        await following.start()
        await following.tell()
        assert await processes.all()
        await following.stop()
        assert await processes.all() == []


@pytest.fixture(scope="module")
def workers(models, tmp_path_factory, redis_server):
    """Two processes over Redis that follow the folder."""
    redis_server.client.flushall()
    started = Workers(tmp_path_factory.mktemp("workers"), redis_server,
                      YIBAO_MODELS=str(models.folder))
    started.start()
    yield started
    started.end()


@pytest.fixture(scope="module")
def told(workers):
    """The table in which they tell what they serve with."""
    database = StaffDatabase(f"sqlite:///{workers.folder / 'staff.db'}")
    yield ModelProcesses(database)
    database.close()


class TestTwoProcesses:
    async def test_messages_flow_in_order_and_a_form_is_filled_in_while_both_swap(
        self, workers, told, live_first
    ):
        citizen, over = Citizen(workers), asyncio.Event()
        pages = [asyncio.ensure_future(talk(workers, over)) for _ in range(3)]
        await asyncio.to_thread(citizen.say, QUESTION)
        for number, version in zip(PRESSES, ["second", "first"] * 3):
            live_first.promote(version, "8001")
            status, _ = await asyncio.to_thread(citizen.press, number)
            assert status == 200
            await tells(told, lambda rows, version=version: (
                [row["version"] for row in rows] == [version] * 2))
        assert "材料" in "".join(citizen.texts())
        over.set()
        for said, page in await asyncio.gather(*pages):
            shown = [page.messages[seq] for seq in sorted(page.messages)]
            assert [m["text"] for m in shown if m["author"] == "citizen"] == said and len(said) > 5
            assert page.authors() == ["citizen", "bot"] * len(said)
        until(lambda: versions_logged(workers) == {"first", "second"}, "both in the log")

    async def test_each_says_what_it_runs(self, workers, told, live_first):
        await tells(told, lambda rows: {row["version"] for row in rows} == {"first"})
        for pid in workers.pids():
            with workers.only(pid):
                health = json.loads(workers.get("/health")[1])
            assert health["model_version"] == "first"

    async def test_a_file_damaged_after_it_was_put_live_keeps_nobody_from_being_answered(
        self, workers, told, live_first
    ):
        live_first.promote(add_model(live_first, "fourth"), "8001")
        spoil(live_first, "fourth")
        await tells(told, lambda rows: len(rows) == 2 and all(row["problem"] for row in rows))
        assert Citizen(workers).say(QUESTION)[0] == 200
        live_first.rollback("8001")
        await tells(told, lambda rows: not any(row["problem"] for row in rows))


async def tells(processes, condition):
    """Wait until the processes tell what is awaited."""
    await asyncio.to_thread(until, lambda: condition(asyncio.run(processes.all())), "the swap")


async def talk(workers, over):
    """Say one thing after the other on a page until it is over; return what was said, the page."""
    said = []
    async with aiohttp.ClientSession() as session:
        page = Page(session, workers.url)
        await page.open()
        while not over.is_set():
            said.append(f"湖北转诊备案要什么材料，第{len(said)}次问")
            await page.send(type="say", id=f"m{len(said)}", text=said[-1])
            await page.next("ack")
    return said, page


def versions_logged(workers):
    """The versions that the log holds for the turns so far."""
    kept = Database(f"sqlite:///{workers.folder / 'log.db'}")
    try:
        return {entry["model_version"] for entry in kept.entries() if "model_version" in entry}
    finally:
        kept.close()
