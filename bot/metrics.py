"""What an operator watches, in Prometheus' format; nothing about persons.

Everybody else calls the small functions here. With several workers each process writes to files
in one folder, which :func:`share` has to name before any process counts (Prometheus' client reads
it when it is imported, and opens files when a meter is made: hence nothing happens on import).
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


@dataclass(frozen=True)
class _Meters:
    registry: Any
    turns: Any
    seconds: Any
    failures: Any
    refused: Any
    waiting: Any
    pending: Any
    spooled: Any
    sockets: Any
    models: Any


@lru_cache(maxsize=1)
def _meters() -> _Meters:
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    shared = {"registry": registry, "multiprocess_mode": "mostrecent"}
    summed = {"registry": registry, "multiprocess_mode": "livesum"}
    return _Meters(
        registry,
        Counter("yibao_turns", "Turns by channel and type of outcome.", ("channel", "outcome"),
                registry=registry),
        Histogram("yibao_turn_seconds", "How long a turn takes.", ("channel",),
                  buckets=_SECONDS, registry=registry),
        Counter("yibao_failures", "What failed, by where.", ("where",), registry=registry),
        Counter("yibao_refused", "What was refused, by reason.", ("reason",), registry=registry),
        Gauge("yibao_waiting", "Conversations that wait for a person.", **shared),
        Gauge("yibao_deliveries_pending",
              "Conversations with messages still to be posted to the hotline.", **shared),
        Gauge("yibao_spool_bytes", "Log entries not yet in the log database.", **shared),
        Gauge("yibao_websockets", "Open WebSockets.", **summed),
        Gauge("yibao_model_processes", "Processes by the version of the model they serve with.",
              ("version",), **summed))


def turn(channel: str, outcome: str, seconds: float) -> None:
    """Count a turn: the channel's name, the type of its main card, how long it took."""
    _meters().turns.labels(channel, outcome).inc()
    _meters().seconds.labels(channel).observe(seconds)


def failed(where: str) -> None:
    """Count a failure; ``where`` is one of few words of the code, never data."""
    _meters().failures.labels(where).inc()


def refused(reason: str) -> None:
    """Count a refusal; ``reason`` is one of few words of the code, never data."""
    _meters().refused.labels(reason).inc()


def waiting(count: int) -> None:
    """Tell how many conversations wait for a person, in the whole installation."""
    _meters().waiting.set(count)


def pending(count: int) -> None:
    """Tell how many conversations have deliveries pending, in the whole installation."""
    _meters().pending.set(count)


def spooled(size: int) -> None:
    """Tell how many bytes the spool of this machine holds."""
    _meters().spooled.set(size)


def socket_opened() -> None:
    """Count a WebSocket of this process."""
    _meters().sockets.inc()


def socket_closed() -> None:
    """Count a WebSocket of this process that is no more."""
    _meters().sockets.dec()


def serving_with(version: str) -> None:
    """Tell which model this process serves with, and no other."""
    gauge = _meters().models
    for metric in gauge.collect():
        for sample in metric.samples:
            gauge.labels(sample.labels["version"]).set(0)
    gauge.labels(version).set(1)


def exposition() -> tuple[bytes, str]:
    """Return all figures of all processes as Prometheus reads them, and their content type."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = _meters().registry
    if os.environ.get(_FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return generate_latest(registry), CONTENT_TYPE_LATEST


def share(folder: Path) -> None:
    """Empty ``folder`` and let the processes started from now on count in it together.

    To be called once by the parent, before it or any worker counts.

    Raises:
        RuntimeError: Prometheus' client is loaded already, and would count for one process.
    """
    if "prometheus_client" in sys.modules:
        raise RuntimeError("metrics.share() comes too late")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[_FOLDER] = str(folder)


def ended(pid: int) -> None:
    """Forget what a worker that is no more held open: its WebSockets."""
    if os.environ.get(_FOLDER):
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)


__all__ = [
    "ended", "exposition", "failed", "pending", "refused", "serving_with", "share", "socket_closed",
    "socket_opened", "spooled", "turn", "waiting",
]
