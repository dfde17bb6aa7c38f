"""From the spool to the log database: everything once, whatever is killed or away meanwhile."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.journal.database import DatabaseDown
from bot.journal.journal import Journal
from bot.journal.shipping import Shipper
from bot.journal.spool import Spool
from bot.paths import PROJECT
from tests.journal.conftest import entry, ids, rating, until


def process(*arguments: object) -> subprocess.Popen:
    """A process that appends or ships."""
    return subprocess.Popen([sys.executable, "-m", "tests.journal.processes", *map(str, arguments)],
                            cwd=PROJECT, stdout=subprocess.PIPE, text=True)


async def eventually(holds) -> None:
    """Wait, while the background task goes on, until something holds."""
    await asyncio.to_thread(until, holds)


class Away:
    """A log database that can be gone for a while."""

    def __init__(self, request, tmp_path: Path) -> None:
        self.postgres = (request.getfixturevalue("postgres") if request.param == "postgresql"
                         else None)
        self.file = tmp_path / "log.db"
        self.url = self.postgres.new_database() if self.postgres else f"sqlite:///{self.file}"

    def go(self) -> None:
        """Be gone: the server stopped, or a folder where the file should be."""
        self.postgres.stop() if self.postgres else self.file.mkdir()

    def come_back(self) -> None:
        """Be there again."""
        self.postgres.start() if self.postgres else self.file.rmdir()


@pytest.fixture(params=["sqlite", "postgresql"])
def away(request, tmp_path):
    """A database of each kind that is gone."""
    database = Away(request, tmp_path)
    database.go()
    yield database
    if database.postgres and not database.postgres.answers():
        database.come_back()


def test_what_was_appended_is_in_the_database_and_no_longer_in_the_spool(journal):
    for seq in range(1, 1203):
        journal.append(entry("c1", seq))
    journal.append(rating("c1:7", "bad"))
    assert journal.shipper.ship() == 1203
    logged = list(journal.database.entries("c1"))
    assert [e["seq"] for e in logged[:-1]] == list(range(1, 1203))
    assert [e["seq"] for e in logged[:-1] if e["feedback"] == "bad"] == [7]
    assert journal.spool.bytes_waiting == 0


def test_while_another_process_ships_we_leave_it_to_that_one(journal, tmp_path):
    journal.append(entry("c1", 1))
    with Spool(tmp_path / "spool").held():
        assert journal.shipper.ship() == 0
    assert journal.shipper.ship() == 1


def test_kill_nine_of_who_appends_and_who_ships_loses_nothing_and_doubles_nothing(
    journal, tmp_path, url
):
    writer = process("append", tmp_path / "spool", "c1", 0)
    until(lambda: journal.spool.bytes_waiting > 100_000)
    shipper = process("ship", tmp_path / "spool", url)
    for _ in range(3):
        assert shipper.stdout.readline()  # a batch has arrived, many have not
    for killed in (shipper, writer):
        killed.send_signal(signal.SIGKILL)
    told = writer.communicate()[0].split("\n")[:-1]
    shipper.communicate()
    arrived = len(ids(journal.database))
    assert 0 < arrived < len(told) and journal.spool.bytes_waiting
    journal.shipper.ship()
    found = ids(journal.database)
    assert set(told) <= set(found) and len(found) == len(set(found)) <= len(told) + 1


async def test_while_the_database_is_away_the_spool_grows_and_then_all_arrives_once(
    away, tmp_path
):
    journal = Journal(tmp_path, away.url)
    journal.shipper = Shipper(journal.spool, journal.database, 180, pause=0.02)
    await journal.start()
    for seq in range(1, 51):
        journal.append(entry("c1", seq))
    await eventually(lambda: journal.shipper.last_error)
    assert journal.spool.bytes_waiting
    await asyncio.to_thread(away.come_back)
    journal.append(entry("c1", 51))
    await eventually(lambda: not journal.spool.bytes_waiting)
    await eventually(lambda: not journal.shipper.last_error)
    assert len(ids(journal.database)) == 51 and journal.shipper.shipped == 51
    await journal.stop()


async def test_a_server_that_stops_while_the_database_is_away_leaves_the_spool_to_the_next(
    away, tmp_path
):
    first = Journal(tmp_path, away.url)
    await first.start()
    first.append(entry("c1", 1))
    await first.stop()
    assert first.spool.bytes_waiting
    await asyncio.to_thread(away.come_back)
    second = Journal(tmp_path, away.url)
    await second.start()
    await eventually(lambda: not second.spool.bytes_waiting)
    await second.stop()
    assert ids(Journal(tmp_path, away.url).database) == ["c1:1"]


async def test_a_server_ships_by_itself_and_on_stopping_what_is_left(journal, url, tmp_path):
    await journal.start()
    journal.append(entry("c1", 1))
    await eventually(lambda: journal.shipper.shipped == 1)
    journal.append(entry("c1", 3))
    await journal.stop()
    assert ids(Journal(tmp_path, url).database) == ["c1:1", "c1:3"]


async def test_the_event_loop_goes_on_while_the_database_is_slow(journal, monkeypatch):
    add, ticks = journal.database.add, []

    def slowly(entries) -> None:
        before = len(ticks)
        until(lambda: len(ticks) > before + 20, 2)  # never, were it to run in the event loop
        add(entries)

    monkeypatch.setattr(journal.database, "add", slowly)
    journal.append(entry("c1", 1))
    await journal.start()
    for _ in range(1000):
        ticks.append(0)
        await asyncio.sleep(0.005)
        if journal.shipper.shipped:
            break
    await journal.stop()
    assert not journal.shipper.last_error


async def test_an_error_that_nobody_thought_of_ends_an_attempt_and_not_the_shipping(
    tmp_path, monkeypatch
):
    journal = Journal(tmp_path, f"sqlite:///{tmp_path / 'log.db'}")
    journal.shipper = Shipper(journal.spool, journal.database, 180, pause=0.02)
    add = journal.database.add
    monkeypatch.setattr(journal.database, "add", lambda entries: entries[0]["no such key"])
    journal.append(entry("c1", 1))
    await journal.start()
    await eventually(lambda: journal.shipper.last_error == "KeyError")
    monkeypatch.setattr(journal.database, "add", add)
    await eventually(lambda: journal.shipper.shipped == 1)
    await journal.stop()


async def test_what_was_kept_long_enough_goes_when_the_server_starts(tmp_path, url):
    now = datetime.now(timezone.utc)
    journal = Journal(tmp_path, url, keep_days=30)
    for seq, days in ((1, 31), (3, 29)):
        journal.append(entry("c1", seq, at=(now - timedelta(days=days)).isoformat()))
    await journal.start()
    await eventually(lambda: ids(journal.database) == ["c1:3"])
    await journal.stop()


def test_a_conversation_is_forgotten_in_the_spool_and_the_database_and_when_it_comes_late(
    journal, tmp_path, url
):
    journal.append(entry("c1", 1))
    journal.shipper.ship()
    journal.append(entry("c1", 3))
    journal.append(entry("c2", 1))
    assert journal.forget("c1") == (1, 1)
    other_machine = Journal(tmp_path / "other", url)
    other_machine.append(entry("c1", 5))
    other_machine.shipper.ship()
    journal.shipper.ship()
    assert ids(journal.database) == ["c2:1"]


def test_where_the_database_is_away_nobody_is_told_that_it_forgot(away, tmp_path):
    journal = Journal(tmp_path, away.url)
    journal.append(entry("c1", 1))
    with pytest.raises(DatabaseDown):
        journal.forget("c1")
