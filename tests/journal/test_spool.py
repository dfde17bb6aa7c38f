"""The spool: what was written is there, whoever is killed."""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading

import pytest

from bot.journal.spool import Spool, entries_of
from bot.paths import PROJECT
from bot.store import StoreDown
from tests.journal.conftest import entry, until


@pytest.fixture
def spool(tmp_path):
    """A spool in a folder that does not exist yet."""
    return Spool(tmp_path / "var" / "spool")


def waiting(spool: Spool) -> list[str]:
    """The ids of what waits in ``spool.jsonl``."""
    return [found["id"] for found in entries_of(spool._spool)]


def appending(spool: Spool, name: str, count: int) -> subprocess.Popen:
    """A process that appends."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journal.processes", "append", str(spool._spool.parent), name,
         str(count)], cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def test_an_entry_is_one_line_that_others_can_read_and_strangers_cannot(spool):
    spool.append(entry("c1", 1, text="一行\n又一行", replies=["\ud800"]))
    line, = spool._spool.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["text"] == "一行\n又一行" and "第" not in line
    assert spool._spool.stat().st_mode & 0o077 == 0
    assert spool.bytes_waiting == spool._spool.stat().st_size


def test_processes_that_append_at_once_do_not_mix_their_lines(spool):
    both = [appending(spool, name, 300) for name in ("a", "b")]
    for process in both:
        process.communicate(timeout=60)
    found = waiting(spool)
    assert sorted(found) == sorted(f"{name}:{n}" for name in "ab" for n in range(1, 301))
    assert [i for i in found if i[0] == "a"] == [f"a:{n}" for n in range(1, 301)]
    assert len(spool._spool.read_bytes().splitlines()) == 600


def test_threads_of_one_process_wait_for_one_another_too(spool):
    with spool.held() as first:
        held = []

        def try_to_hold() -> None:
            with spool.held() as second:
                held.append(second)

        thread = threading.Thread(target=try_to_hold)
        thread.start()
        thread.join()
        assert first and held == [False]


def test_a_killed_process_loses_nothing_that_it_had_written(spool):
    process = appending(spool, "a", 0)
    until(lambda: spool.bytes_waiting > 200_000)
    process.send_signal(signal.SIGKILL)
    told = process.communicate()[0].split("\n")[:-1]
    found = waiting(spool)
    assert len(told) > 100 and found[:len(told)] == told and len(found) <= len(told) + 1


def test_a_line_torn_by_a_kill_costs_nothing_but_itself(spool, caplog):
    spool.append(entry("c1", 1))
    with spool._spool.open("ab") as file:
        file.write(json.dumps(entry("torn", 1)).encode()[:60])
    spool.append(entry("c1", 3))
    with caplog.at_level(logging.WARNING):
        assert waiting(spool) == ["c1:1", "c1:3"]
    assert "torn line" in caplog.text and "c1" not in caplog.text


def test_where_the_disk_is_full_nothing_of_an_entry_stays_and_the_turn_is_refused(spool):
    spool.append(entry("c1", 1))
    before = spool.bytes_waiting
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before + 50, limits[1]))
        with pytest.raises(StoreDown):
            spool.append(entry("c1", 3))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert spool.bytes_waiting == before
    spool.append(entry("c1", 3))
    assert waiting(spool) == ["c1:1", "c1:3"]


def test_no_line_is_written_to_a_file_that_is_being_shipped(spool, monkeypatch):
    spool.append(entry("c1", 1))
    write, taken = os.write, []

    def ship() -> None:
        with spool.held():
            path = spool.take()
            taken.extend(found["id"] for found in entries_of(path))
            path.unlink()

    def write_late(handle: int, line: bytes) -> int:
        shipping.start()
        shipping.join(0.3)  # it waits; without the lock the line would go into a deleted file
        return write(handle, line)

    shipping = threading.Thread(target=ship)
    monkeypatch.setattr(os, "write", write_late)
    spool.append(entry("c1", 3))
    shipping.join(20)
    assert taken == ["c1:1", "c1:3"]


def test_what_is_forgotten_is_in_no_file_of_the_spool(spool):
    spool.append(entry("gone", 1))
    spool.append(entry("kept", 1))
    with spool.held():
        spool.take()
        spool.append(entry("kept", 3, text="提到 gone"))
        spool.append(entry("gone", 3))
        assert spool.forget("gone") == 2
        assert spool.forget("gone") == 0
    left = [e["id"] for p in (spool._shipping, spool._spool) for e in entries_of(p)]
    assert left == ["kept:1", "kept:3"]


def test_a_file_without_the_forgotten_belongs_to_whom_it_belonged(spool):
    spool.append(entry("gone", 1))
    owner = 65534 if os.geteuid() == 0 else os.geteuid()
    os.chown(spool._spool, owner, -1)
    with spool.held():
        spool.forget("gone")
    kept = spool._spool.stat()
    assert kept.st_uid == owner and kept.st_mode & 0o077 == 0
