"""The clients: citizens who talk to the assistant over its REST channel, and load its page."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.server import Server
from bot.paths import PROJECT
from knowledge.store import read_yaml

Turn = str | Mapping[str, int]
"""What is said, or ``{"press": n}``: the n-th button that is open, counted from 1."""

WITHOUT_BUTTON = "不知道"
_STATIC = PROJECT / "connectors" / "web" / "static"
_BROWSER_CONNECTIONS = 6
_numbers = itertools.count(1)


@dataclass
class Sample:
    """What the clients of one test saw: latencies in milliseconds, and turns that failed."""

    clients: int
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: int = 0

    @property
    def turns_per_second(self) -> float:
        """Turns per second of all clients together."""
        return len(self.latencies) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Processor time of the server per turn, in milliseconds."""
        return 1000 * self.cpu_seconds / len(self.latencies)


class Citizen:
    """One conversation over ``/webhooks/rest/webhook``."""

    def __init__(self, session: aiohttp.ClientSession, server: Server) -> None:
        self._session, self._url = session, f"{server.url}/webhooks/rest/webhook"
        self._sender = f"benchmark-{next(_numbers)}"
        self._buttons: Sequence[Mapping[str, Any]] = ()

    async def take(self, turn: Turn, sample: Sample) -> float:
        """Say or press what ``turn`` tells; return and note the milliseconds until the reply."""
        message = {"sender": self._sender, "message": self._message(turn)}
        started = time.perf_counter()
        async with self._session.post(self._url, json=message) as response:
            replies = await response.json()
        latency = 1000 * (time.perf_counter() - started)
        sample.latencies.append(latency)
        sample.failures += response.status != 200 or not replies
        offered = [r["buttons"] for r in replies if "buttons" in r]
        self._buttons = offered[-1] if offered else self._buttons
        return latency

    def _message(self, turn: Turn) -> str:
        if isinstance(turn, str):
            return turn
        if not self._buttons:
            return WITHOUT_BUTTON
        return self._buttons[min(turn["press"], len(self._buttons)) - 1]["payload"]


async def load(server: Server, clients: int, seconds: float, most: int) -> Sample:
    """Let ``clients`` citizens talk at once, each as fast as it gets replies.

    Args:
        seconds: when the test ends.
        most: turns after which it ends earlier.
    """
    sample, scripts = Sample(clients), itertools.cycle(_script()["conversations"])
    cpu, started = server.cpu_seconds, time.monotonic()
    async with _session() as session:
        await asyncio.gather(*(
            _talk(session, server, scripts, sample, started + seconds, most)
            for _ in range(clients)))
    sample.seconds, sample.cpu_seconds = time.monotonic() - started, server.cpu_seconds - cpu
    return sample


async def _talk(
    session: aiohttp.ClientSession, server: Server, scripts: Iterator[Sequence[Turn]],
    sample: Sample, end: float, most: int,
) -> None:
    while True:
        citizen = Citizen(session, server)
        for turn in next(scripts):
            if time.monotonic() >= end or len(sample.latencies) >= most:
                return
            await citizen.take(turn, sample)


async def long_conversations(
    server: Server, conversations: int, positions: Sequence[int]
) -> tuple[dict[int, list[float]], int]:
    """Hold long conversations one after the other; the same question stands at ``positions``.

    Returns:
        The latencies in milliseconds by position, one for each conversation, and the number of
        turns that failed.
    """
    seen: dict[int, list[float]] = {position: [] for position in positions}
    script, sample = _script(), Sample(1)
    async with _session() as session:
        for number in range(conversations):
            citizen, turns = Citizen(session, server), _endless(script["conversations"], number)
            for position in range(1, max(positions) + 1):
                turn = script["probe"] if position in seen else next(turns)
                latency = await citizen.take(turn, sample)
                if position in seen:
                    seen[position].append(latency)
    return seen, sample.failures


def _endless(conversations: Sequence[Sequence[Turn]], start: int) -> Iterator[Turn]:
    start %= len(conversations)
    return itertools.cycle(itertools.chain(*conversations[start:], *conversations[:start]))


async def page_loads(server: Server, times: int) -> tuple[list[float], int]:
    """Load the page and all its files as an empty browser does.

    Returns:
        The milliseconds of each load, and the bytes of one.
    """
    files = [f"/static/{f.relative_to(_STATIC).as_posix()}" for f in _files(_STATIC)]
    latencies, size = [], 0
    for _ in range(times):
        started = time.perf_counter()
        async with _session(_BROWSER_CONNECTIONS) as session:
            first = await _fetch(session, f"{server.url}/")
            rest = await asyncio.gather(*(_fetch(session, server.url + name) for name in files))
        latencies.append(1000 * (time.perf_counter() - started))
        size = first + sum(rest)
    return latencies, size


def _files(folder: Path) -> list[Path]:
    return sorted(f for f in folder.rglob("*") if f.is_file() and f.name != "index.html")


async def _fetch(session: aiohttp.ClientSession, url: str) -> int:
    async with session.get(url) as response:
        response.raise_for_status()
        return len(await response.read())


def texts() -> list[str]:
    """Return every text that the clients say."""
    return [turn for talk in _script()["conversations"] for turn in talk if isinstance(turn, str)]


def _session(connections: int = 0) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections))


def _script() -> dict[str, Any]:
    return read_yaml(Path(__file__).with_name("conversations.yml"))


__all__ = ["Citizen", "Sample", "load", "long_conversations", "page_loads", "texts"]
