"""Figures for Prometheus: what is counted, who may read it, several processes together."""

from __future__ import annotations

import os
import subprocess
import sys

import aiohttp
import pytest
from guarded import application, serving

from bot import metrics
from bot.housekeeping import tell_figures
from bot.journal.journal import Journal
from bot.settings import Settings
from bot.store import Change
from bot.store.sqlite import SqliteStore

TOKEN = "t" * 32
ELSEWHERE = {"x-forwarded-for": "203.0.113.7"}


def value(name: str, text: str | None = None) -> float:
    """Return the figure with this name and these labels; 0 where there is none yet."""
    lines = (text or metrics.exposition()[0].decode()).splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines
                 if line.rpartition(" ")[0] == name), 0.0)


def test_everything_that_is_told_is_counted() -> None:
    turns = 'yibao_turns_total{channel="test",outcome="answer"}'
    before = value(turns)
    metrics.turn("test", "answer", 0.03)
    metrics.waiting(3)
    metrics.pending(4)
    metrics.spooled(5)
    assert value(turns) == before + 1
    assert value('yibao_turn_seconds_bucket{channel="test",le="0.05"}') == before + 1
    assert value('yibao_turn_seconds_bucket{channel="test",le="0.02"}') == before
    assert (value("yibao_waiting"), value("yibao_deliveries_pending"),
            value("yibao_spool_bytes")) == (3, 4, 5)


async def test_refusals_failures_and_websockets_are_counted() -> None:
    names = ['yibao_refused_total{reason="session"}', 'yibao_refused_total{reason="depth"}',
             'yibao_failures_total{where="request"}', "yibao_websockets"]
    before = [value(name) for name in names]
    async with serving(application(Settings(session_per_minute=1))) as url:
        async with aiohttp.ClientSession() as session:
            for _ in range(2):
                await session.post(f"{url}/take", json={"sender": "a"})
            deep = {"a": [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}
            await session.post(f"{url}/take", json=deep)
            await session.get(f"{url}/fail/1")
            async with session.ws_connect(f"{url}/socket") as ws:
                await ws.send_str("{}")
                await ws.receive(timeout=10)
                assert [value(name) - old for name, old in zip(names, before)] == [1, 1, 1, 1]


@pytest.mark.parametrize(("headers", "status"), [
    ({}, 200),
    (ELSEWHERE, 401),
    ({"x-real-ip": "203.0.113.7"}, 401), ({"forwarded": "for=203.0.113.7"}, 401),
    ({"via": "1.1 proxy"}, 401),
    ({**ELSEWHERE, "authorization": f"Bearer {TOKEN}"}, 200),
    ({**ELSEWHERE, "authorization": f"Basic {TOKEN}"}, 401),
    ({**ELSEWHERE, "authorization": f"Bearer {TOKEN}x"}, 401),
    ({**ELSEWHERE, "authorization": "Bearer "}, 401),
])
async def test_figures_are_for_this_machine_and_for_who_knows_the_token(headers, status) -> None:
    app = application(Settings(metrics_token=TOKEN))
    async with serving(app) as url, aiohttp.ClientSession() as session:
        async with session.get(f"{url}/metrics", headers=headers) as answered:
            assert answered.status == status
            assert ("yibao_turns" in await answered.text()) == (status == 200)


async def test_what_waits_is_told_to_prometheus(tmp_path) -> None:
    store = SqliteStore(tmp_path / "conversations.db")
    journal = Journal(tmp_path, f"sqlite:///{tmp_path / 'log.db'}")
    for name in ("a", "b"):
        change = Change(0, {}, deliveries=[{"n": 1}, {"n": 2}], waiting_since=1.0)
        await store.commit(name, change)
    journal.append({"kind": "event", "id": "one", "conversation": "a"})
    await tell_figures(store, journal)
    assert (value("yibao_waiting"), value("yibao_deliveries_pending")) == (2, 2)
    assert value("yibao_spool_bytes") == journal.spool.bytes_waiting > 0
    await store.close()


def test_several_processes_count_together_and_who_ended_is_forgotten(tmp_path) -> None:
    script = """
import os, pathlib, sys
from bot import metrics
folder = pathlib.Path(sys.argv[1])
folder.mkdir()
(folder / "counter_1.db").write_bytes(b"of an earlier run")
metrics.share(folder)
workers = []
for number in (1, 2):
    worker = os.fork()
    if not worker:
        metrics.turn("web", "answer", 0.01)
        metrics.socket_opened()
        metrics.waiting(number)
        metrics.serving_with("before")
        metrics.serving_with("now")
        os._exit(0)
    os.waitpid(worker, 0)
    workers.append(worker)
metrics.ended(workers[0])
print(metrics.exposition()[0].decode())
"""
    shown = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "metrics")], text=True, timeout=60,
        check=True, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.getcwd()}).stdout
    assert value('yibao_turns_total{channel="web",outcome="answer"}', shown) == 2
    assert value("yibao_websockets", shown) == 1
    assert value("yibao_waiting", shown) == 2
    assert [value(f'yibao_model_processes{{version="{version}"}}', shown)
            for version in ("before", "now")] == [0, 1]


def test_sharing_that_comes_too_late_is_an_error(tmp_path) -> None:
    metrics.exposition()
    with pytest.raises(RuntimeError):
        metrics.share(tmp_path / "metrics")
