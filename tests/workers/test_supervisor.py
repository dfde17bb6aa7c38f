"""The supervisor: processes that get ready, die, are exchanged and end; with light ones."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from typing import TypeVar

import aiohttp
import pytest
from services import free_port
from workers_service import is_running, until

from bot.paths import PROJECT

T = TypeVar("T")

STAND_IN = Path(__file__).with_name("stand_in.py")


class Supervised:
    """The stand-in's supervisor; see ``stand_in.py``."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.mode("serves")
        self.process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        """What it has printed."""
        return (self.folder / "said").read_text(encoding="utf-8")

    def mode(self, name: str) -> None:
        """Say how processes that start from now on behave: serves, dies or waits."""
        (self.folder / "mode").write_text(name, encoding="utf-8")

    def start(self, terminal: int | None = None) -> None:
        """Start it, in a terminal or with a log."""
        with (self.folder / "said").open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, str(STAND_IN), str(self.folder), str(self.port)],
                stdin=terminal or subprocess.DEVNULL, stdout=terminal or said, stderr=said,
                env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"})

    def until(self, line: str) -> None:
        """Wait until it has printed something."""
        until(lambda: line in self.log or self.process.poll() is not None, line)
        assert line in self.log, self.log

    def get(self, seconds: float = 0) -> int:
        """Return who answered a request that takes some seconds, and hangs up afterwards."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", f"/?seconds={seconds}")
        with connection.getresponse() as response:
            assert response.getheader("Connection") == "close"
            return int(response.read())

    def pids(self) -> set[int]:
        """Return the processes that it keeps."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in listed.read_text(encoding="ascii").split()}


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    """A supervisor, not started."""
    supervised = Supervised(tmp_path)
    yield supervised
    if supervised.process.poll() is None:
        supervised.process.kill()
        supervised.process.wait()


@pytest.fixture
def ready(supervised: Supervised) -> Supervised:
    """A supervisor with two processes that serve."""
    supervised.start()
    supervised.until("全部就绪")
    return supervised


def in_background(act: Callable[[], T]) -> Future[T]:
    """Begin a call in a thread; return its future."""
    pool = ThreadPoolExecutor(1)
    future = pool.submit(act)
    pool.shutdown(wait=False)
    return future


class TestTheStart:
    def test_nobody_can_connect_before_somebody_can_answer(self, supervised: Supervised) -> None:
        supervised.mode("waits")
        supervised.start()
        until(lambda: len([*supervised.folder.glob("loading-*")]) == 2, "two processes")
        with pytest.raises(OSError, match="refused"):
            supervised.get()
        supervised.mode("serves")
        supervised.until("全部就绪")
        assert supervised.get() in supervised.pids()
        assert "第 1 个进程已就绪" in supervised.log and "第 2 个进程已就绪" in supervised.log

    def test_it_gives_up_when_three_in_a_row_die_before_they_are_ready(
        self, supervised: Supervised
    ) -> None:
        supervised.mode("dies")
        supervised.start()
        assert supervised.process.wait(timeout=60) == 1
        assert "连续 3 次没有启动成功" in supervised.log and "退出码 3" in supervised.log


class TestADeadProcess:
    def test_a_new_one_takes_its_place(self, ready: Supervised) -> None:
        before = ready.pids()
        os.kill(min(before), signal.SIGKILL)
        ready.until("意外结束（信号 9）")
        until(lambda: ready.log.count("已就绪") == 3, "a new process")
        assert len(ready.pids()) == 2 and ready.pids() & before == {max(before)}


    def test_while_another_serves_it_does_not_give_up(self, ready: Supervised) -> None:
        dead, other = ready.pids()
        ready.mode("dies")
        os.kill(dead, signal.SIGKILL)
        ready.until("其余进程继续服务")
        assert ready.get() == other
        os.kill(other, signal.SIGKILL)
        assert ready.process.wait(timeout=60) == 1


class TestTheExchange:
    def test_all_are_new_afterwards_and_no_request_is_refused_or_cut(
        self, ready: Supervised
    ) -> None:
        before, over = ready.pids(), Event()

        def go_on_asking() -> set[int]:
            answered = set()
            while not over.is_set():
                answered.add(ready.get(seconds=0.3))
            return answered

        asking = [in_background(go_on_asking) for _ in range(6)]
        ready.process.send_signal(signal.SIGHUP)
        ready.until("全部进程已更换")
        over.set()
        answered = set.union(*(future.result() for future in asking))
        assert not ready.pids() & before and answered & before and answered & ready.pids()

    async def test_a_socket_is_closed_when_its_turn_is_done_and_told_to_come_again(
        self, ready: Supervised
    ) -> None:
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(f"http://127.0.0.1:{ready.port}/ws") as page:
                await page.send_str("2.5")
                assert await page.receive_str(timeout=10) == "begun"
                ready.process.send_signal(signal.SIGTERM)
                assert int(await page.receive_str(timeout=20)) > 0
                assert (await page.receive(timeout=20)).type is aiohttp.WSMsgType.CLOSE
                assert page.close_code == 1012
        assert await asyncio.to_thread(ready.process.wait, 30) == 0

    @pytest.mark.parametrize("trouble", ["mode", "unprepared"])
    def test_the_present_ones_stay_where_new_ones_do_not_come(
        self, ready: Supervised, trouble: str
    ) -> None:
        before = ready.pids()
        (ready.folder / trouble).write_text("dies", encoding="utf-8")
        ready.process.send_signal(signal.SIGHUP)
        ready.until("更换没有完成")
        assert ready.pids() == before and ready.get() in before


class TestTheEnd:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_what_is_under_way_is_finished_and_nobody_is_left(
        self, ready: Supervised, number: signal.Signals
    ) -> None:
        pids, under_way = ready.pids(), in_background(lambda: ready.get(seconds=1.5))
        until(lambda: _connected(ready.port), "the connection")
        ready.process.send_signal(number)
        assert under_way.result() in pids
        assert ready.process.wait(timeout=30) == 0
        assert not any(map(is_running, pids))

    def test_when_it_is_killed_its_processes_end_too(self, ready: Supervised) -> None:
        pids = ready.pids()
        ready.process.kill()
        until(lambda: not any(map(is_running, pids)), "their end")

    def test_it_ends_with_the_terminal_that_it_was_started_in(
        self, supervised: Supervised
    ) -> None:
        terminal, its = pty.openpty()
        supervised.start(its)
        os.close(its)
        printed = b""
        while "全部就绪".encode() not in printed:
            printed += os.read(terminal, 4096)
        os.close(terminal)
        supervised.process.send_signal(signal.SIGHUP)
        assert supervised.process.wait(timeout=30) == 0


def _connected(port: int) -> bool:
    """Tell whether somebody has a connection to a port of loopback."""
    rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    ends = [(row.split()[1], row.split()[3]) for row in rows]
    return any(local.endswith(f":{port:04X}") and state == "01" for local, state in ends)


def test_several_processes_without_redis_are_refused_with_what_to_do() -> None:
    command = [sys.executable, "-m", "bot", "run", "--workers", "2"]
    environment = {**os.environ, "YIBAO_REDIS_URL": ""}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "WORKERS=2 REDIS_URL=redis://" in ended.stderr and len(ended.stderr.splitlines()) == 1
