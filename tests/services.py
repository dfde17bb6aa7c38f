"""Servers that tests start for themselves: real ones, on free ports of loopback."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

PATIENCE_SECONDS = 20


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RedisServer:
    """A redis-server of one's own that writes down every change before it answers.

    With ``appendfsync no`` a killed process loses nothing (power loss excepted). Not so with
    ``everysec``, Redis's default: it puts off writing for up to two seconds while the disk is busy,
    and answers meanwhile. ``always`` outlives power loss too, for some milliseconds per write.

    Args:
        folder: where its data and its log are; stays the same over restarts, as does the port.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> redis.Redis:
        """A client to look into it with."""
        return redis.Redis.from_url(self.url, decode_responses=True)

    def start(self) -> None:
        """Start it, or start it again, and wait until it has loaded its data and answers."""
        program = shutil.which("redis-server")
        assert program, "没有找到 redis-server：请运行 scripts/install-system-packages.sh"
        log = self.folder / "redis.log"
        self.process = subprocess.Popen(
            [program, "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder),
             "--appendonly", "yes", "--appendfsync", "no", "--save", "",
             "--logfile", str(log)])
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            assert self.process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "redis-server did not get ready"
            time.sleep(0.02)

    def answers(self) -> bool:
        """Tell whether it answers a PING."""
        try:
            return self.client.ping()
        except redis.ConnectionError:
            return False

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it by a signal; once ended it stays ended."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=PATIENCE_SECONDS)

    def kill(self) -> None:
        """End it as ``kill -9`` does."""
        self.stop(signal.SIGKILL)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis shared by the tests that only use it; whoever begins with it empties it."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of one's own, to be killed and started again."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()
