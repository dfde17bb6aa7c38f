"""Two processes over Redis: one conversation, whoever answers; ends, deaths and exchanges."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable

import aiohttp
from citizens import PRESSES, QUESTION, Citizen, Page
from workers_service import Workers, is_running, until

from bot.wording import say


class TestOneConversation:
    def test_it_goes_on_in_the_form_whichever_process_answers(self, workers: Workers) -> None:
        first, second = workers.pids()
        played = [_consultation(workers, order) for order in ((first, first), (first, second))]
        assert played[0] == played[1]
        assert len(played[1]) == len(PRESSES) + 1
        assert all(before != after for before, after in zip(played[1], played[1][1:]))

    async def test_a_page_at_one_process_shows_what_is_said_at_the_other(
        self, workers: Workers
    ) -> None:
        first, second = workers.pids()
        async with aiohttp.ClientSession() as session:
            here, there = Page(session, workers.url), Page(session, workers.url)
            with workers.only(first):
                await here.open()
                await here.send(type="say", id="one", text="你好")
                await here.next("ack")
            there.conversation = here.conversation
            with workers.only(second):
                await there.open()
            await here.send(type="say", id="two", text="湖北转诊备案要什么材料")
            await here.next("ack")
            while len(there.messages) < 4:
                await there.next("message")
            assert there.authors() == ["citizen", "bot", "citizen", "bot"]
            assert here.messages == there.messages


def _consultation(workers: Workers, order: tuple[int, int]) -> list[list[str]]:
    citizen, texts = Citizen(workers), []
    turns: list[Callable[[], object]] = [lambda: citizen.say(QUESTION)]
    turns += [lambda number=number: citizen.press(number) for number in PRESSES]
    for position, turn in enumerate(turns):
        with workers.only(order[position % 2]):
            turn()
        texts.append(citizen.texts())
    return texts


class TestRedisAway:
    async def test_one_honest_sentence_nothing_lost_and_all_works_again_without_a_restart(
        self, workers: Workers
    ) -> None:
        before, citizen = workers.pids(), Citizen(workers)
        async with aiohttp.ClientSession() as session:
            page = Page(session, workers.url)
            await page.open()
            await page.send(type="say", id="before", text="湖北转诊备案要什么材料")
            await page.next("ack")
            citizen.say(QUESTION)
            until(lambda: not workers.redis.client.info()["aof_buffer_length"], "the write")
            workers.redis.kill()
            status, refused = await asyncio.to_thread(citizen.press, 1)
            assert (status, refused["error"]) == (503, say("store_down"))
            await page.send(type="say", id="during", text="要多久")
            assert (await page.next("error"))["text"] == say("store_down")
            workers.redis.start()
            await asyncio.to_thread(
                until, lambda: citizen.press(1)[0] == 200, "an answer after Redis was back")
            assert citizen.texts() == _consultation_of_one(workers)
            await page.send(type="say", id="during", text="要多久")
            await page.next("ack")
            assert page.authors() == ["citizen", "bot", "citizen", "bot"]
        assert workers.pids() == before


def _consultation_of_one(workers: Workers) -> list[str]:
    citizen = Citizen(workers)
    citizen.say(QUESTION)
    citizen.press(1)
    return citizen.texts()


class TestADeath:
    async def test_a_message_whose_process_is_killed_in_the_turn_is_answered_once_when_repeated(
        self, workers: Workers
    ) -> None:
        first, second = workers.pids()
        async with aiohttp.ClientSession() as session:
            page = Page(session, workers.url)
            with workers.only(first):
                await page.open()
            await page.send(type="say", id="killed", text="湖北转诊备案要什么材料")
            await page.next("typing")
            os.kill(first, signal.SIGKILL)
            await page.closed()
            await page.open()
            await page.send(type="say", id="killed", text="湖北转诊备案要什么材料")
            await page.next("ack")
            assert page.authors() == ["citizen", "bot"]
        until(lambda: len(workers.pids()) == 2 and _ready_times(workers) == 3, "a new process")
        assert second in workers.pids() and first not in workers.pids()

    def test_a_repeated_request_of_the_rest_channel_gets_the_answer_that_was_given(
        self, workers: Workers
    ) -> None:
        first, second = workers.pids()
        citizen = Citizen(workers)
        with workers.only(first):
            given = citizen.say(QUESTION, "m-1")
        with workers.only(second):
            assert citizen.say(QUESTION, "m-1") == given


def _ready_times(workers: Workers) -> int:
    return workers.log.count("个进程已就绪")


class TestExchange:
    async def test_it_costs_nobody_a_request_and_conversations_go_on(
        self, workers: Workers
    ) -> None:
        before, load, citizen = workers.pids(), _Load(workers), Citizen(workers)
        citizen.say(QUESTION)
        async with aiohttp.ClientSession() as session:
            page = Page(session, workers.url)
            await page.open()
            await page.send(type="say", id="before", text="你好")
            await page.next("ack")
            with load:
                workers.process.send_signal(signal.SIGHUP)
                assert await page.closed() == 1012
                await page.open()
                await asyncio.to_thread(
                    until, lambda: "全部进程已更换" in workers.log, "the exchange")
            await page.open()
            assert page.authors() == ["citizen", "bot"]
        assert set(load.statuses) == {200} and len(load.statuses) > 20
        assert not set(before) & set(workers.pids()) and len(workers.pids()) == 2
        citizen.press(1)
        assert citizen.texts() == _consultation_of_one(workers)


class _Load:
    """Citizens who go on asking, in threads; notes the status of every answer."""

    def __init__(self, workers: Workers) -> None:
        self._workers, self.statuses = workers, []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(2)]

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        citizen = Citizen(self._workers)
        while not self._over.wait(0.1):
            try:
                self.statuses.append(citizen.say("你好")[0])
            except OSError as error:
                self.statuses.append(error)


class TestTheEnd:
    def test_when_the_supervisor_is_killed_its_processes_end_and_the_port_is_free(
        self, workers: Workers
    ) -> None:
        left = workers.pids()
        workers.process.kill()
        workers.process.wait()
        until(lambda: not any(map(is_running, left)), "the end of its processes")
        started = time.monotonic()
        assert _refused(workers), f"somebody still listens after {time.monotonic() - started} s"


def _refused(workers: Workers) -> bool:
    try:
        workers.get("/health")
    except OSError:
        return True
    return False
