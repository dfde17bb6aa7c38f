"""The processes that are measured: each is started here, watched, and ended by its own id."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.errors import SetupError
from bot.paths import PROJECT

START_LIMIT, STOP_LIMIT = 120.0, 15.0
_ALL_READY = "全部就绪"
_UNLIMITED = {"YIBAO_SESSION_PER_MINUTE": "100000", "YIBAO_ADDRESS_PER_MINUTE": "1000000"}
"""All clients of a load test come from one address."""

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Run:
    """How a command went: seconds from start to end, and its largest resident memory in MB."""

    seconds: float
    peak_mb: float


def timed(command: Sequence[str], cwd: Path) -> Run:
    """Run a command to its end.

    Raises:
        SetupError: it failed; the message is the end of what it printed.
    """
    started = time.monotonic()
    with subprocess.Popen(command, cwd=cwd, env=_environment(), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        output = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        end = output.decode(errors="replace")[-800:]
        raise SetupError(f"{' '.join(command)} 没有成功：\n{end}")
    return Run(time.monotonic() - started, usage.ru_maxrss / 1024)


@dataclass(frozen=True)
class Server:
    """A running assistant: its address, process, and seconds until it was ready.

    Memory and processor time are those of the process and of the workers that it keeps.
    """

    url: str
    pid: int
    start_seconds: float

    @property
    def memory_mb(self) -> float:
        """Resident memory in MB (from ``/proc``)."""
        return sum(map(_memory_mb, self._pids))

    @property
    def cpu_seconds(self) -> float:
        """Processor time used so far."""
        return sum(map(_cpu_seconds, self._pids))

    @property
    def _pids(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [self.pid, *map(int, children.split())]


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if "VmRSS" in line)
    return int(kilobytes) / 1024


def _cpu_seconds(pid: int) -> float:
    status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    fields = status.rsplit(")", 1)[1].split()
    user, system = fields[11:13]
    return (int(user) + int(system)) / _TICKS


@asynccontextmanager
async def running(state: Path, redis_url: str = "", workers: int = 1) -> AsyncIterator[Server]:
    """Start the assistant on a free loopback port with its state in ``state``; end it after.

    Args:
        state: its state folder.
        redis_url: what its workers share; '' for one process on its own.
        workers: how many workers.

    Raises:
        SetupError: it did not become ready; the message is the end of its log.
    """
    port, log = _free_port(), state / "server.log"
    command = [sys.executable, "-m", "bot", "run", "--port", str(port), "--workers", str(workers)]
    own = {"YIBAO_VAR": str(state), "YIBAO_REDIS_URL": redis_url, **_UNLIMITED}
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT, env={**_environment(), **own},
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        await _ready(url, process, log, _ALL_READY if redis_url else "")
        yield Server(url, process.pid, time.monotonic() - started)
    finally:
        _end(process)


@asynccontextmanager
async def redis(folder: Path) -> AsyncIterator[str]:
    """Start a Redis as ``deploy/redis.conf`` sets it up, its data in ``folder``; yield its address.

    Raises:
        SetupError: there is no redis-server, or it did not start.
    """
    program, port = shutil.which("redis-server"), _free_port()
    if not program:
        raise SetupError("没有找到 redis-server：请运行 scripts/install-system-packages.sh")
    settings = str(PROJECT / "deploy" / "redis.conf")
    process = subprocess.Popen(
        [program, settings, "--port", str(port), "--dir", str(folder)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_LIMIT
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SetupError("redis-server 没有启动")
            await asyncio.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        _end(process)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def _ready(url: str, process: subprocess.Popen, log: Path, line: str) -> None:
    """Wait until it answers, and has printed ``line``."""
    deadline = time.monotonic() + START_LIMIT
    async with aiohttp.ClientSession() as session:
        while process.poll() is None and time.monotonic() < deadline:
            if line in log.read_text(encoding="utf-8") and await _healthy(session, url):
                return
            await asyncio.sleep(0.05)
    raise SetupError(f"服务没有启动：\n{log.read_text(encoding='utf-8', errors='replace')[-800:]}")


async def _healthy(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(f"{url}/health") as response:
            return response.status == 200
    except aiohttp.ClientConnectionError:
        return False


def _end(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment() -> dict[str, str]:
    """The environment without what ``make`` set for this process."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}


__all__ = ["Run", "Server", "redis", "running", "timed"]
