"""Measures set-up, training, start, memory, turns and the parts of a turn; prints a table."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from benchmarks import load, parts, report
from benchmarks.console import console_figures
from benchmarks.desk import desk_figures
from benchmarks.report import Figure, load_figures, percentile, spread
from benchmarks.scale import scale_figures
from benchmarks.server import Server, running, timed
from benchmarks.workers import worker_figures
from bot.errors import YibaoError
from bot.paths import PROJECT, state_folder
from bot.training import train

CLIENTS, POSITIONS, GUIDES = (1, 8, 32), (1, 20, 60), 300
_LEFT_BEHIND = (".git", ".venv*", "var", "models", ".rasa", "__pycache__", "*.egg-info", ".*_cache")


@dataclass(frozen=True)
class Size:
    """How much is measured: seconds and turns at most of a load test, conversations, repeats."""

    seconds: float
    turns: int
    conversations: int
    repeats: int


FULL, QUICK = Size(15, 4000, 60, 10), Size(3, 600, 8, 3)


def measure(
    quick: bool = typer.Option(False, "--quick", help="少量测量，约一分钟；不测训练。"),
    setup: bool = typer.Option(False, "--setup", help="另测从全新克隆安装的时间（需下载软件包）。"),
    scale: bool = typer.Option(False, "--scale", help="只测 300 份指南时的装载、判定和检索。"),
    workers: bool = typer.Option(False, "--workers", help="只比较一个和两个进程，用 Redis。"),
    desk: bool = typer.Option(False, "--desk", help="只测坐席工作台：从市民发出到建议答复显示。"),
    console: bool = typer.Option(False, "--console", help="只测控制台：一次训练，换模型。"),
) -> None:
    """测量速度与内存，打印结果并写入 var/benchmarks.json。约四分钟；期间请勿运行别的程序。"""
    if scale:
        _measure("scale", "", scale_figures(GUIDES, _tell))
        return
    if workers:
        size = QUICK if quick else FULL
        _measure("workers", train().name, worker_figures(CLIENTS, size.seconds, size.turns, _tell))
        return
    if desk:
        size = QUICK if quick else FULL
        _measure("desk", train().name, desk_figures(2 * size.seconds, size.turns, _tell))
        return
    if console:
        _measure("console", train().name, console_figures(_tell))
        return
    model, size = train(), QUICK if quick else FULL
    about = {**report.machine(), "model": model.name, "quick": quick,
             "pace_before_ms": report.pace_ms()}
    figures = [*(_setup() if setup else ()), *(() if quick else _training())]
    with tempfile.TemporaryDirectory(prefix="yibao-benchmark-") as folder:
        figures += asyncio.run(_served(Path(folder), size))
    figures += asyncio.run(_parts(model, size))
    about["pace_after_ms"] = report.pace_ms()
    report.show(figures, about)
    path = state_folder() / "benchmarks.json"
    report.write(path, figures, about)
    typer.echo(f"已写入 {path}")


def _measure(name: str, model: str, figures: Iterable[Figure]) -> None:
    """Show figures and write them to a file of their own."""
    about = {**report.machine(), "model": model, "pace_before_ms": report.pace_ms()}
    measured = list(figures)
    about["pace_after_ms"] = report.pace_ms()
    report.show(measured, about)
    path = state_folder() / f"benchmarks-{name}.json"
    report.write(path, measured, about)
    typer.echo(f"已写入 {path}")


def _setup() -> Iterator[Figure]:
    _tell("从全新克隆安装")
    with tempfile.TemporaryDirectory(prefix="yibao-benchmark-") as folder:
        timed(("git", "clone", "--quiet", str(PROJECT), folder), PROJECT)
        yield Figure("安装", "make setup", timed(("make", "setup"), Path(folder)).seconds, "秒")


def _training() -> Iterator[Figure]:
    """Train in a copy of the project, so that its own model stays as it is."""
    _tell("训练")
    with tempfile.TemporaryDirectory(prefix="yibao-benchmark-") as folder:
        copy = Path(folder) / "project"
        shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns(*_LEFT_BEHIND))
        run = timed((sys.executable, "-m", "bot", "train"), copy)
    yield Figure("训练", "时间", run.seconds, "秒", at_most=90)
    yield Figure("训练", "内存峰值", run.peak_mb, "MB")


async def _served(state: Path, size: Size) -> list[Figure]:
    _tell("启动服务")
    async with running(state) as server:
        figures = [Figure("服务", "启动到 /health 为 200", server.start_seconds, "秒", at_most=30)]
        first = await load.load(server, 1, size.seconds, most=1)
        figures.append(Figure("服务", "启动后第一轮", first.latencies[0], "毫秒", at_most=25))
        await load.load(server, 1, size.seconds / 3, size.turns)
        figures.append(Figure("服务", "热身后内存", server.memory_mb, "MB", at_most=900))
        turns = [figure async for figure in _turns(server, size)]
        figures.append(Figure("服务", "测完后内存", server.memory_mb, "MB", at_most=900))
        figures += await _page(server, size)
    return figures + turns


async def _turns(server: Server, size: Size) -> AsyncIterator[Figure]:
    for clients in CLIENTS:
        _tell(f"{clients} 个客户端")
        for figure in load_figures(await load.load(server, clients, size.seconds, size.turns)):
            yield figure
    _tell("长对话")
    seen, failures = await load.long_conversations(server, size.conversations, POSITIONS)
    group = "长对话，1 个客户端"
    for position, latencies in seen.items():
        for figure in spread(group, f"第 {position} 轮", latencies, at_most=25):
            yield figure
    yield Figure(group, "出错的轮数", failures, f"/ {size.conversations * max(POSITIONS)}", 0)


async def _page(server: Server, size: Size) -> list[Figure]:
    latencies, size_bytes = await load.page_loads(server, size.repeats)
    return [Figure("网页", "首页及其全部文件", percentile(latencies, 50), "毫秒"),
            Figure("网页", "共计", size_bytes / 1024, "kB")]


async def _parts(model: Path, size: Size) -> list[Figure]:
    _tell("各部分")
    texts = load.texts() * size.repeats
    group = "各部分"
    loading = Figure(group, "读入知识库", parts.knowledge_load_ms(size.repeats), "毫秒")
    return [
        loading, *spread(group, "判定 decide()", parts.decide_ms(size.repeats)),
        *spread(group, "识别地名", parts.places_ms(texts)),
        *spread(group, "理解一句话", await parts.reading_ms(model, texts)),
    ]


def _tell(step: str) -> None:
    typer.echo(f"正在测量：{step} …", err=True)


if __name__ == "__main__":
    try:
        typer.run(measure)
    except YibaoError as error:
        typer.echo(f"出错了：{error}", err=True)
        sys.exit(1)
