"""What was measured: figures with what is wanted of them, as a table and as a JSON file."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.load import Sample


@dataclass(frozen=True)
class Figure:
    """One measured value; ``at_most`` or ``at_least`` say what is wanted, where anything is."""

    group: str
    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def wanted(self) -> str:
        """What is wanted, in a word; '' for nothing."""
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return f"≥ {self.at_least:g}" if self.at_least is not None else ""

    @property
    def met(self) -> bool | None:
        """Whether the value is as wanted; None where nothing is."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return self.value >= self.at_least if self.at_least is not None else None

    def as_dict(self) -> dict[str, Any]:
        """Return the figure as JSON-ready data."""
        return {"group": self.group, "name": self.name, "value": round(self.value, 3),
                "unit": self.unit, "wanted": self.wanted, "met": self.met}


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which ``percent`` per cent of at least two ``values`` lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def load_figures(sample: Sample) -> Iterator[Figure]:
    """Yield the figures of one load test; the project's aims are stated for one client."""
    group, alone = f"{sample.clients} 个客户端", sample.clients == 1
    yield Figure(group, "每秒轮数", sample.turns_per_second, "轮/秒", at_least=80)
    yield Figure(group, "每轮 p50", percentile(sample.latencies, 50), "毫秒")
    yield Figure(group, "每轮 p95", percentile(sample.latencies, 95), "毫秒",
                 at_most=25 if alone else None)
    yield Figure(group, "每轮 p99", percentile(sample.latencies, 99), "毫秒")
    yield Figure(group, "服务器每轮占用 CPU", sample.cpu_ms, "毫秒")
    yield Figure(group, "出错的轮数", sample.failures, f"/ {len(sample.latencies)}", at_most=0)


def spread(
    group: str, name: str, values: Sequence[float], at_most: float | None = None
) -> Iterator[Figure]:
    """Yield median and p95 of milliseconds; ``at_most`` is what is wanted of the latter."""
    yield Figure(group, f"{name} p50", percentile(values, 50), "毫秒")
    yield Figure(group, f"{name} p95", percentile(values, 95), "毫秒", at_most=at_most)


def machine() -> dict[str, Any]:
    """Return what the figures were measured on, and how busy it was at this moment."""
    return {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "cores": os.cpu_count(), "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": [round(value, 2) for value in os.getloadavg()],
    }


def pace_ms() -> float:
    """Return the milliseconds of a fixed computation: how fast the machine is at this moment.

    On shared machines this varies by the hour, and all other figures with it.
    """
    started, total = time.perf_counter(), 0
    for number in range(1_000_000):
        total += number * number % 7
    return round(1000 * (time.perf_counter() - started), 1)


def show(figures: Sequence[Figure], about: dict[str, Any]) -> None:
    """Print the figures as a table, a block for each group."""
    model = f"模型 {about['model']}，" if about["model"] else ""
    title = (f"{about['cores']} 核，Python {about['python']}，{model}"
             f"测量前系统负载 {about['load'][0]}，"
             f"定量运算测前 {about['pace_before_ms']:.0f}、测后 {about['pace_after_ms']:.0f} 毫秒")
    table = Table("项目", "指标", "结果", "单位", "要求", "", title=title, title_justify="left")
    table.columns[2].justify = "right"
    before = ""
    for figure in figures:
        if before and figure.group != before:
            table.add_section()
        name = "" if figure.group == before else figure.group
        verdict = {True: "达到", False: "[bold]未达到[/bold]", None: ""}[figure.met]
        table.add_row(name, figure.name, _shown(figure.value), figure.unit, figure.wanted, verdict)
        before = figure.group
    Console(width=max(100, Console().width)).print(table)


def _shown(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10 and value != int(value) else f"{value:.0f}"


def write(path: Path, figures: Sequence[Figure], about: dict[str, Any]) -> None:
    """Write everything that was measured as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {**about, "figures": [figure.as_dict() for figure in figures]}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


__all__ = ["Figure", "load_figures", "machine", "pace_ms", "percentile", "show", "spread", "write"]
