"""The search for leaks finds what is planted, in every kind of place and in every form."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zlib
from contextlib import closing
from urllib.parse import quote

import pytest
import redis
from leaks import Leak, find_leaks
from sqlalchemy import create_engine

NAME, PHONE, ID = "钟秀兰", "１３８ 1234-5678", "441421195803021235"
FRAGMENTS = (NAME, PHONE, ID)


def places(fragment: str, **where) -> list[str]:
    """Where a fragment was found."""
    return [leak.where for leak in find_leaks(FRAGMENTS, **where) if leak.fragment == fragment]


@pytest.mark.parametrize(("form", "written"), [
    ("as typed", f"您好，{NAME}。"),
    ("JSON", json.dumps({"text": f"我叫{NAME}"})),
    ("JSON in JSON", json.dumps({"card": json.dumps({"text": NAME})})),
    ("URL", f"GET /chat?text={quote(NAME)} HTTP/1.1"),
    ("URL", f"GET /chat?text={quote(NAME).lower()} HTTP/1.1"),
    ("bytes", f"invalid url {NAME.encode()!r}"),
    ("bytes in JSON", json.dumps(f"invalid url {NAME.encode()!r}")),
])
def test_every_form_of_a_name_is_found(tmp_path, form, written):
    (tmp_path / "server.log").write_text(f"一行\n{written}\n", encoding="utf-8")
    assert find_leaks(FRAGMENTS, tmp_path) == [Leak(NAME, form, "file server.log")]


@pytest.mark.parametrize(("form", "written"), [
    ("normalised", "138 1234-5678"), ("digits", "tel:+8613812345678")])
def test_a_number_is_found_however_it_is_divided(tmp_path, form, written):
    (tmp_path / "server.log").write_text(written, encoding="utf-8")
    assert find_leaks(FRAGMENTS, tmp_path) == [Leak(PHONE, form, "file server.log")]


def test_a_number_read_out_is_found_in_digits(tmp_path):
    (tmp_path / "a.txt").write_text("13812345607", encoding="utf-8")
    assert find_leaks(["幺三八一二三四五六洞七"], tmp_path)


def test_files_below_the_folder_their_names_and_what_is_packed_are_searched(tmp_path):
    (tmp_path / "spool" / ID).mkdir(parents=True)
    (tmp_path / "spool" / "old.jsonl.gz").write_bytes(gzip.compress(f"{ID}\n".encode()))
    torn = gzip.compress(f"{ID}\n".encode())[:-8]
    (tmp_path / "spool" / "torn.gz").write_bytes(torn)
    assert places(ID, folder=tmp_path) == [
        f"name of spool/{ID}", "file spool/old.jsonl.gz", "file spool/torn.gz"]


def test_rows_of_sqlite_are_found_also_while_only_in_the_log_and_after_deletion(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as database:
        database.execute("pragma journal_mode = wal")
        database.execute("create table message (seq integer, text text, packed blob)")
        database.execute("pragma wal_checkpoint(truncate)")
        database.execute("insert into message values (1, ?, ?)",
                         (NAME, zlib.compress(ID.encode())))
        assert places(NAME, folder=tmp_path) == ["file a.db, table message, column text",
                                                 "file a.db-wal"]
        assert places(ID, folder=tmp_path) == ["file a.db, table message, column packed"]
        database.execute("pragma wal_checkpoint(truncate)")
        database.execute("pragma secure_delete = off")
        database.execute("delete from message")
        database.execute("pragma wal_checkpoint(truncate)")
        assert places(NAME, folder=tmp_path) == ["file a.db"]


def test_every_kind_of_value_in_redis_is_searched(redis_server):
    client = redis_server.client
    client.flushall()
    client.set("text", json.dumps({"text": NAME}))
    client.set(f"key:{NAME}", 1)
    client.hset("hash", "field", NAME)
    client.hset("fields", NAME, "1")
    client.rpush("list", "一", NAME)
    client.sadd("set", NAME)
    client.zadd("sorted", {NAME: 1.0})
    client.xadd("stream", {"body": NAME})
    client.pfadd("other kind", "一")
    assert sorted(set(places(NAME, redis_url=redis_server.url))) == sorted([
        "Redis 0, text", f"Redis 0, name of key:{NAME}", "Redis 0, hash", "Redis 0, fields",
        "Redis 0, list", "Redis 0, set", "Redis 0, sorted", "Redis 0, stream"])


def test_every_database_of_redis_and_its_slow_log_are_searched(redis_server):
    client = redis.Redis.from_url(redis_server.url, single_connection_client=True)
    client.flushall()
    client.slowlog_reset()
    client.select(3)
    client.config_set("slowlog-log-slower-than", 0)
    client.set("text", ID)
    client.config_set("slowlog-log-slower-than", 10_000)
    found = places(ID, redis_url=redis_server.url)
    client.flushall()
    client.slowlog_reset()
    assert found == ["Redis, slow log", "Redis 3, text"]


def test_every_table_of_a_database_is_searched(tmp_path):
    url = f"sqlite:///{tmp_path / 'log.db'}"
    with create_engine(url).begin() as connection:
        connection.exec_driver_sql("create table turn (id text, text text)")
        connection.exec_driver_sql("insert into turn values ('a', ?)", (f"我叫{NAME}",))
        connection.exec_driver_sql("create table event (id text, data blob)")
        connection.exec_driver_sql("insert into event values ('b', ?)",
                                   (json.dumps([PHONE]).encode(),))
    assert places(NAME, database_url=url) == ["database, table turn, column text"]
    assert places(PHONE, database_url=url) == ["database, table event, column data"]


def test_where_nothing_is_planted_nothing_is_found(tmp_path, redis_server):
    redis_server.client.flushall()
    redis_server.client.set("text", "我的手机号是［手机号］")
    (tmp_path / "server.log").write_text("粤医保规〔2023〕1号 0753-2181980 12345", "utf-8")
    create_engine(f"sqlite:///{tmp_path / 'log.db'}").connect().close()
    assert find_leaks(FRAGMENTS, tmp_path, redis_server.url,
                      f"sqlite:///{tmp_path / 'log.db'}") == []


def test_what_would_be_found_by_chance_is_refused(tmp_path):
    with pytest.raises(ValueError):
        find_leaks(["1"], tmp_path)


def test_a_short_number_is_not_found_in_a_longer_one(tmp_path):
    (tmp_path / "times").write_text("1763837454.0733043491 1107330434", "utf-8")
    assert find_leaks(["07330434"], tmp_path) == []
    for written in ("证07330434", json.dumps("证07330434"), quote("证07330434")):
        (tmp_path / "told").write_text(written, "utf-8")
        assert [leak.where for leak in find_leaks(["07330434"], tmp_path)] == ["file told"]
