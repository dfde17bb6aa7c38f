"""The assistant as several processes over a real Redis."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from served import Server
from services import RedisServer

PATIENCE_SECONDS = 180


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come in {PATIENCE_SECONDS} s"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Tell whether a process is there and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


class Workers(Server):
    """A supervisor and its processes.

    Args:
        folder: the state folder, with the log.
        redis: what they share.
        count: how many processes.
        **environment: variables that are set for them.
    """

    def __init__(
        self, folder: Path, redis: RedisServer, count: int = 2, **environment: str
    ) -> None:
        unlimited = {"YIBAO_SESSION_PER_MINUTE": "100000", "YIBAO_ADDRESS_PER_MINUTE": "1000000"}
        super().__init__(folder, ("--workers", str(count)),
                         **{**unlimited, **environment, "YIBAO_REDIS_URL": redis.url})
        self.redis = redis

    def ready(self) -> bool:
        """Tell whether all processes serve."""
        return "全部就绪" in self.log

    def pids(self) -> list[int]:
        """Return the processes that serve or will, the oldest first."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        children = [int(pid) for pid in listed.read_text(encoding="ascii").split()]
        return [pid for pid in children
                if is_running(pid) and b"bot.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    @contextmanager
    def only(self, pid: int) -> Iterator[None]:
        """Let one process answer: the others do not run meanwhile."""
        others = [other for other in self.pids() if other != pid]
        for other in others:
            os.kill(other, signal.SIGSTOP)
        try:
            yield
        finally:
            for other in others:
                os.kill(other, signal.SIGCONT)

    def end(self) -> None:
        """End whatever still runs."""
        left = self.pids() if self.process.poll() is None else []
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pid in left:
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """Two processes over a Redis of their own, which tests may kill, as they may kill them."""
    from bot.training import train

    train()
    redis = RedisServer(tmp_path_factory.mktemp("redis"))
    redis.start()
    started = Workers(tmp_path_factory.mktemp("workers"), redis)
    started.start()
    yield started
    started.end()
    redis.kill()
