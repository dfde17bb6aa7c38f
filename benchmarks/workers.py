"""One process on its own, one and two over a Redis: turns per second with the log on."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import load
from benchmarks.load import Sample
from benchmarks.report import Figure, percentile
from benchmarks.server import redis, running

WANTED = 1.5
"""How many times the turns of one worker two are to answer, from eight clients on."""

_MANY = 8


@dataclass(frozen=True)
class _Setup:
    name: str
    workers: int
    over_redis: bool


_ALONE, _ONE, _TWO = (
    _Setup("单独一个进程（SQLite）", 1, False),
    _Setup("一个进程（Redis）", 1, True),
    _Setup("两个进程（Redis）", 2, True),
)


def worker_figures(
    clients: Sequence[int], seconds: float, most: int, tell: Callable[[str], None]
) -> Iterator[Figure]:
    """Yield the figures of each set-up, then how many times the turns of one two answer.

    Args:
        clients: how many citizens talk at once, one test for each.
        seconds: how long each test takes at most.
        most: turns after which a test ends earlier.
        tell: is told what is being measured.
    """
    rates: dict[tuple[_Setup, int], float] = {}
    for setup in (_ALONE, _ONE, _TWO):
        memory, samples = asyncio.run(_measured(setup, clients, seconds, most, tell))
        yield Figure(setup.name, "内存", memory, "MB")
        for sample in samples:
            rates[setup, sample.clients] = sample.turns_per_second
            yield from _of(setup, sample)
    for before in (_ALONE, _ONE):
        for number in clients:
            yield Figure(f"两个进程比{before.name}", f"{number} 个客户端",
                         rates[_TWO, number] / rates[before, number], "倍",
                         at_least=WANTED if number >= _MANY else None)


async def _measured(
    setup: _Setup, clients: Sequence[int], seconds: float, most: int, tell: Callable[[str], None]
) -> tuple[float, list[Sample]]:
    """Return the memory of a set-up in MB, and a sample for each number of clients."""
    with tempfile.TemporaryDirectory(prefix="yibao-benchmark-") as folder:
        async with redis(Path(folder)) as url:
            tell(f"{setup.name}，启动")
            over = url if setup.over_redis else ""
            async with running(Path(folder), over, setup.workers) as server:
                await load.load(server, _MANY, seconds / 3, most)  # warms every worker up
                samples = []
                for number in clients:
                    tell(f"{setup.name}，{number} 个客户端")
                    samples.append(await load.load(server, number, seconds, most))
                return server.memory_mb, samples


def _of(setup: _Setup, sample: Sample) -> Iterator[Figure]:
    group = f"{setup.name}，{sample.clients} 个客户端"
    yield Figure(group, "每秒轮数", sample.turns_per_second, "轮/秒")
    yield Figure(group, "每轮 p50", percentile(sample.latencies, 50), "毫秒")
    yield Figure(group, "每轮 p95", percentile(sample.latencies, 95), "毫秒")
    yield Figure(group, "每轮占用 CPU", sample.cpu_ms, "毫秒")
    yield Figure(group, "出错的轮数", sample.failures, f"/ {len(sample.latencies)}", at_most=0)


__all__ = ["WANTED", "worker_figures"]
