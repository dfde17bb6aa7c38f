"""Personal data is told to running servers in every way; then all that they kept is searched.

Once it is one process with its own files, once a process over Redis with its log on PostgreSQL,
which is away while the messages come, so that they wait in the spool.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import aiohttp
import pytest
from careless import (
    REST,
    SAID,
    Traffic,
    by_hotline,
    by_mistake,
    by_page,
    by_rest,
    in_addresses,
    with_ids,
)
from cryptography.fernet import Fernet
from leaks import find_leaks
from personal import (
    CALLED_BACK,
    FRAGMENTS,
    ID_NUMBER,
    IDS,
    LOOK_ALIKES,
    MISSED,
    NAME,
    PERSONAL,
    PHONE,
)
from postgres_service import running_postgres
from served import Server
from services import RedisServer, free_port

from bot.journal.database import Database
from bot.secrets import number_keys
from bot.settings import Settings
from bot.training import train
from tests.hotline.conftest import KEYS

SETTINGS = {
    "YIBAO_SESSION_PER_MINUTE": "100000", "YIBAO_ADDRESS_PER_MINUTE": "1000000",
    "YIBAO_HOTLINE_GAP_SECONDS": "0.2", "YIBAO_LOG_LEVEL": "DEBUG",
    "YIBAO_HOTLINE_KEYS": ",".join(f"{name}:{secret}" for name, secret in KEYS.items()),
}
SPOILT = '{"slots": {"context": 5, "facts": 5}, "loop": null, "channel": "rest"}'
"""A state with which no turn can be taken."""

TOLD = [*FRAGMENTS, NAME, PHONE, ID_NUMBER, CALLED_BACK]
Spoil = Callable[[str], None]
"""Puts a conversation into :data:`SPOILT`."""


@dataclass(frozen=True)
class Kept:
    """What is left when the server has ended.

    Attributes:
        folder: its state folder and log, and the files of the services that it used.
        answers: a folder with all that was answered.
        redis: what it shared, or None.
        database_url: of the log database.
    """

    folder: Path
    answers: Path
    redis: RedisServer | None
    database_url: str

    def leaks(self, fragments: list[str]) -> dict[str, list[str]]:
        """Return where fragments are found, by place."""
        found: dict[str, list[str]] = {}
        url = self.redis.url if self.redis else ""
        for leak in find_leaks(fragments, self.folder, url, self.database_url):
            found.setdefault(leak.where, []).append(f"{leak.fragment} ({leak.form})")
        return found

    def transcripts(self) -> set[str]:
        """Return the texts of all messages of citizens."""
        if self.redis:
            client = self.redis.client
            messages = [json.loads(packed) for key in client.scan_iter("yibao:messages:*")
                        for packed in client.lrange(key, 0, -1)]
            return {message["text"] for message in messages if message["author"] == "citizen"}
        with closing(sqlite3.connect(self.folder / "conversations.db")) as database:
            rows = database.execute("select text from message where author = 'citizen'")
            return {text for (text,) in rows}


async def everything(server: Server, texts: list[str], spoil: Spoil, answers: Path) -> None:
    """Tell a server personal data in every way, ``texts`` on page and REST; keep its answers."""
    async with aiohttp.ClientSession() as http:
        traffic = Traffic(http, server.url)
        for act in (by_mistake, in_addresses, with_ids, by_hotline):
            await act(traffic)
        await by_page(traffic, texts)
        await by_rest(traffic, texts)
        await traffic.rest("spoilt", "你好")
        spoil("spoilt")
        failed = {"sender": "spoilt", "message": SAID}
        assert (await traffic.send("POST", REST, json=failed))[0] == 500
        await traffic.send("GET", "/metrics")
    for number, (asked, answered) in enumerate(traffic.answers):
        (answers / f"{number}.txt").write_bytes(answered + f"\n({asked})".encode())


@contextmanager
def alone(folder: Path, answers: Path) -> Iterator[Kept]:
    """One process with its own files."""
    def spoil(conversation: str) -> None:
        with closing(sqlite3.connect(folder / "conversations.db", timeout=20)) as database:
            database.execute("update conversation set data = ? where id = ?",
                             (SPOILT, conversation))
            database.commit()

    server = Server(folder, YIBAO_HOTLINE_CALLBACK=f"http://127.0.0.1:{free_port()}/", **SETTINGS)
    with started(server):
        asyncio.run(everything(server, PERSONAL[::2], spoil, answers))
    yield Kept(folder, answers, None, f"sqlite:///{folder / 'log.db'}")


@contextmanager
def shared(folder: Path, answers: Path) -> Iterator[Kept]:
    """A process over Redis, with its log on a PostgreSQL that was away for a while."""
    redis = RedisServer(folder)
    redis.start()
    with running_postgres() as postgres:
        url = postgres.new_database()
        postgres.stop()
        server = Server(
            folder, ("--workers", "1"), YIBAO_REDIS_URL=redis.url, YIBAO_LOG_DATABASE=url,
            YIBAO_HOTLINE_CALLBACK=f"http://127.0.0.1:{free_port()}/", **SETTINGS)
        with started(server):
            asyncio.run(everything(
                server, PERSONAL[1::2], lambda conversation: spoil_in(redis, conversation),
                answers))
            shutil.copytree(folder / "spool", folder / "spool before")
            postgres.start()
        shutil.copy(postgres.folder / "log", folder / "postgres.log")
        yield Kept(folder, answers, redis, url)
    redis.kill()


def spoil_in(redis: RedisServer, conversation: str) -> None:
    """Put a conversation into a state with which no turn can be taken."""
    redis.client.hset(f"yibao:record:{conversation}", "data", SPOILT)


@contextmanager
def started(server: Server) -> Iterator[None]:
    """Start a server, and end it as an administrator does."""
    train()
    try:
        server.start()
        yield
    finally:
        assert server.stop() == 0, server.log


@pytest.fixture(scope="module", params=[alone, shared], ids=lambda way: way.__name__)
def kept(request, tmp_path_factory) -> Iterator[Kept]:
    """What a server has kept that was told personal data in every way."""
    folder, answers = tmp_path_factory.mktemp("kept"), tmp_path_factory.mktemp("answers")
    with request.param(folder, answers) as left:
        yield left


def test_no_personal_data_is_kept_anywhere(kept):
    assert kept.leaks([*TOLD, *IDS]) == {}


def test_no_personal_data_is_answered_to_anybody(kept):
    assert find_leaks(TOLD, kept.answers) == []


def test_every_place_was_searched(kept):
    """The names that the masking does not find are where messages are kept."""
    places = {
        "file spool before/spool.jsonl", "database, table turn",
    } if kept.redis else {
        "file conversations.db", "file conversations.db, table message", "file log.db",
        "file log.db, table turn", "database, table turn",
    }
    found = {where.partition(", column")[0] for where in kept.leaks(list(MISSED))}
    assert places <= found, found
    if kept.redis:
        assert any(where.startswith("Redis 0, yibao:messages:") for where in found)
        assert any(where.endswith(".aof") for where in found)
        assert "Redis 0, yibao:events" not in found  # events carry no texts
    read_back = {leak.fragment for leak in find_leaks(MISSED, kept.answers)}
    assert read_back == set(MISSED)


def test_a_call_back_number_was_kept_all_the_same(kept):
    """By consent, and so that only the installation's key opens it."""
    with closing(sqlite3.connect(kept.folder / "staff.db")) as database:
        rows = database.execute("select conversation, ciphertext from callback_number").fetchall()
    key = kept.folder / "secrets" / "number-key"
    derived = number_keys(Settings(number_keys=(key.read_text().strip(),)))
    assert rows and {Fernet(derived[0]).decrypt(text.encode()) for _, text in rows} == {
        CALLED_BACK.encode()}


def test_what_only_looks_like_personal_data_is_kept_as_it_was(kept):
    database = Database(kept.database_url)
    logged = {entry.get("text") or entry["data"].get("text") for entry in database.entries()}
    database.close()
    assert set(LOOK_ALIKES) <= kept.transcripts()
    assert set(LOOK_ALIKES) <= logged


def test_only_the_own_user_reads_what_is_kept(kept):
    paths = [*kept.folder.glob("*.db*"), *kept.folder.glob("notices/*"),
             *kept.folder.glob("spool/*"), *kept.folder.glob("secrets/*")]
    wide = [path.name for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert paths and wide == []


def test_a_page_does_not_get_the_conversation_of_another_channel(server):
    sender = f"customer-{datetime.now(timezone.utc):%Y%m%d%H%M%S%f}"
    server.ask(sender, "湖北转诊备案要什么材料")

    async def hello() -> dict:
        async with aiohttp.ClientSession() as http, http.ws_connect(
            f"{server.url}/chat/ws"
        ) as page:
            await page.send_json({"type": "hello", "conversation": sender})
            return await page.receive_json(timeout=20)

    welcome = asyncio.run(hello())
    assert welcome["history"] == [] and welcome["conversation"] != sender
