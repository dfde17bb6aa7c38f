"""``yibao log``: export, show, delete; also while a server has everything open."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time

import pytest

from bot.journal.entries import event_entry
from bot.journal.journal import Journal
from bot.paths import PROJECT
from bot.store import Change, StoredMessage
from bot.store.redis import RedisStore
from bot.store.sqlite import SqliteStore
from connectors.hub import STREAM
from tests.journal.conftest import START, entry, rating

in_a_file = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
SECRET, QUESTION, ANSWER = "conversation-7f3a", "骨折的门诊费", "请带发票原件"


@pytest.fixture
def installation(tmp_path, url, monkeypatch):
    """The state folder of an installation, known to every command of the test."""
    for name in ("YIBAO_REDIS_URL", "YIBAO_KEEP_LOG_DAYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("YIBAO_VAR", str(tmp_path))
    monkeypatch.setenv("YIBAO_LOG_DATABASE", url)
    return tmp_path


def log(*arguments: str, answer: str = "") -> subprocess.CompletedProcess:
    """Run ``yibao log`` in a process of its own."""
    return subprocess.run([sys.executable, "-m", "bot", "log", *arguments], cwd=PROJECT, text=True,
                          capture_output=True, timeout=60, input=answer, env=dict(os.environ))


def said(conversation: str, seq: int, **more) -> dict:
    """The entry of a turn of ours."""
    return entry(conversation, seq, text=QUESTION, replies=[ANSWER], **more)


def test_export_gives_one_conversation_by_time_and_what_still_waits_in_the_spool(
    installation, journal
):
    journal.append(said(SECRET, 1))
    journal.append(entry("another", 1))
    journal.shipper.ship()
    journal.append(said(SECRET, 3))
    journal.append(rating(f"{SECRET}:1", "bad"))
    done = log("export", SECRET)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["kind"] for row in rows] == ["turn", "turn", "event"]
    assert [row.get("feedback") for row in rows] == ["bad", None, None]
    assert rows[0]["text"] == QUESTION and "共 3 条" in done.stderr


@in_a_file
def test_export_since_a_day_of_ours_goes_to_a_file(installation, journal, tmp_path):
    for seq, at in ((1, "2026-11-01T15:59:59+00:00"), (3, "2026-11-01T16:00:00+00:00")):
        journal.append(entry("c1", seq, at=at))
    out = tmp_path / "export.jsonl"
    done = log("export", "--since", "2026-11-02", "--out", str(out))
    assert done.returncode == 0 and not done.stdout
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == ["c1:3"]


@in_a_file
@pytest.mark.parametrize("command", ["export", "show", "delete"])
def test_an_unknown_conversation_is_said_to_be_none(installation, command):
    done = log(command, "nobody", *(["--yes"] if command == "delete" else []))
    assert done.returncode == 1 and "没有对话 nobody 的记录" in done.stderr


@in_a_file
def test_show_is_a_transcript_for_staff(installation, journal):
    journal.append(said(SECRET, 1))
    journal.append(rating(f"{SECRET}:1", "bad"))
    told = event_entry("said_by_agent", SECRET, {"agent": "8001", "text": "我来帮您"})
    journal.append({**told, "at": START.isoformat()})
    assert log("show", SECRET).stdout == f"""\
2026-11-01 16:00:00
  工作人员：我来帮您
2026-11-01 16:00:01
  市民：{QUESTION}
  助手：{ANSWER}
  依据：meizhou/outpatient_reimbursement/materials.1
  评价：没帮助
2026-11-01 17:00:00
  评价：没帮助
"""


@in_a_file
def test_nothing_is_deleted_without_consent(installation, journal):
    journal.append(said(SECRET, 1))
    assert log("delete", SECRET, answer="n\n").returncode == 1
    assert journal.shipper.ship() == 1


async def test_deleting_leaves_nothing_anywhere_while_the_server_runs(
    installation, url, request, tmp_path
):
    store = SqliteStore(tmp_path / "conversations.db")
    journal = Journal(tmp_path, url)
    for conversation in (SECRET, "kept"):
        await store.commit(conversation, change_of_everything())
    journal.append(said(SECRET, 1))
    journal.append(rating(f"{SECRET}:1", "bad"))
    journal.shipper.ship()
    await journal.start()
    with journal.spool.held():  # the last turn is still in the spool
        journal.append(said(SECRET, 3))
        journal.append(entry("kept", 1))
        deleting = asyncio.create_task(asyncio.to_thread(log, "delete", SECRET, "--yes"))
        await asyncio.wait({deleting}, timeout=0.1)
    done = await deleting
    held = everything(tmp_path, url, request)
    assert SECRET not in held and "kept" in held
    await journal.stop()
    assert done.returncode == 0, done.stderr
    assert "对话（状态和消息）：2 条" in done.stdout and "对话记录数据库" in done.stdout
    assert (await store.load("kept")).last_seq == 2
    await store.forget("kept")
    assert QUESTION not in everything(tmp_path, url, request)
    assert ANSWER not in everything(tmp_path, url, request)
    await store.close()


@in_a_file
async def test_deleting_leaves_nothing_in_redis(
    installation, url, request, tmp_path, redis_server, monkeypatch
):
    redis_server.client.flushall()
    monkeypatch.setenv("YIBAO_REDIS_URL", redis_server.url)
    store = RedisStore(redis_server.url)
    for conversation in (SECRET, "kept"):
        await store.commit(conversation, change_of_everything())
        message = StoredMessage(2, START.isoformat(), "bot", f"{conversation}：{ANSWER}")
        event = {"type": "messages", "conversation": conversation, "messages": [message.as_dict()]}
        await store.client.xadd(STREAM, {"event": json.dumps(event)})
    assert SECRET in in_redis(redis_server.client)
    done = await asyncio.to_thread(log, "delete", SECRET, "--yes")
    held = in_redis(redis_server.client) + everything(tmp_path, url, request)
    assert done.returncode == 0 and SECRET not in held and "kept" in held, done.stderr
    assert not (tmp_path / "conversations.db").exists()
    await store.close()


def change_of_everything() -> Change:
    """What leaves a trace in every place that a store has."""
    now = time.time()
    messages = [StoredMessage(1, START.isoformat(), "citizen", QUESTION, client_id="x"),
                StoredMessage(2, START.isoformat(), "bot", ANSWER, {"type": "notice"}, reply_to=1)]
    return Change(0, {"slots": {"context": {"last": QUESTION}}, "channel": "web"}, messages,
                  [{"text": ANSWER}], waiting_since=now, wake_at=now)


def in_redis(client) -> str:
    """All that a Redis holds, names and values."""
    readers = {"hash": client.hgetall, "string": client.get, "set": client.smembers,
               "zset": lambda key: client.zrange(key, 0, -1, withscores=True),
               "list": lambda key: client.lrange(key, 0, -1), "stream": client.xrange}
    return repr({key: readers[client.type(key)](key) for key in client.scan_iter()})


def everything(folder, url, request) -> str:
    """All that an installation holds: its files byte by byte, and its tables."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    found = [path.read_bytes().decode("utf-8", "replace") for path in files]
    found += ["\n".join(sqlite3.connect(path).iterdump()) for path in files
              if path.suffix == ".db"]
    if url.startswith("postgresql"):
        found.append(request.getfixturevalue("postgres").dump(url))
    return "\n".join(found)
