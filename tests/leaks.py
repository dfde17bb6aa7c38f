"""Whether fragments of personal data stand anywhere: in files, in Redis, in a database.

Used against running servers: say personal data through every channel, then look for it. It looks
for a fragment as it was typed and as it may have been rewritten on its way to a disk.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import sqlite3
import subprocess
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import quote

import redis
from sqlalchemy import MetaData, Table, create_engine, inspect, select

_SQLITE, _GZIP = b"SQLite format 3\0", b"\x1f\x8b"
_SHORTEST, _NUMBER, _CERTAIN = 2, 7, 10
_LARGE = 100_000
_ALONE = rb"(?:(?<![0-9.])|(?<=\\u[0-9a-f]{4})|(?<=%%[0-9a-f]{2})|(?<=\\x[0-9a-f]{2}))%s(?![0-9])"
_NUMERALS = str.maketrans("〇○零洞一幺二三四五六七八九", "00001123456789")

Content = Iterable[tuple[str, bytes]]
"""Places, in words, with what stands there."""


@dataclass(frozen=True)
class Leak:
    """A fragment that was found: ``form`` is how it was written, ``where`` the place in words."""

    fragment: str
    form: str
    where: str


def find_leaks(
    fragments: Iterable[str], folder: Path | None = None, redis_url: str = "",
    database_url: str = "",
) -> list[Leak]:
    """Return where any of the fragments is found.

    Args:
        fragments: personal data as it was typed; at least two characters each.
        folder: a state folder, searched with all below it: every file as bytes, ``.gz`` unpacked,
            SQLite files also table by table (with what is only in their ``-wal``).
        redis_url: a Redis, searched in all its databases: keys, values of every type, the slow log.
        database_url: an SQLAlchemy address; every table and view of its default schema.

    Raises:
        ValueError: a fragment is so short that it would be found by chance.
    """
    forms = {form: told for fragment in fragments for form, told in _forms(fragment)}
    places: defaultdict[str, list[bytes]] = defaultdict(list)
    for where, stored in chain(_files(folder), _redis(redis_url), _tables(database_url)):
        places[where] += (stored, *_unpacked(stored))
    found = (leak for where, parts in places.items() for leak in _in(parts, where, forms))
    return list(dict.fromkeys(found))


def _forms(fragment: str) -> Iterator[tuple[bytes, tuple[str, str]]]:
    """Yield what a fragment may be written as, in lower case, with the fragment and the form."""
    if len(fragment) < _SHORTEST:
        raise ValueError(f"too short to be looked for: {fragment!r}")
    plain = unicodedata.normalize("NFKC", fragment)
    escaped = json.dumps(fragment)[1:-1]
    in_bytes = repr(fragment.encode())[2:-1]
    digits = re.sub(r"\D", "", plain.translate(_NUMERALS))
    forms = {"as typed": fragment, "normalised": plain, "JSON": escaped,
             "JSON in JSON": json.dumps(escaped)[1:-1], "URL": quote(fragment, safe=""),
             "bytes": in_bytes, "bytes in JSON": json.dumps(in_bytes)[1:-1]}
    if len(digits) >= _NUMBER and len(digits) > len(fragment) / 2:
        forms["digits"] = digits
    for form, written in reversed(forms.items()):  # so that what is alike is called as typed
        yield written.encode().lower(), (fragment, form)


def _in(parts: list[bytes], where: str, forms: dict[bytes, tuple[str, str]]) -> Iterator[Leak]:
    lower = b"\n".join(parts).lower()
    if len(lower) < _LARGE or _any_in(lower, forms):
        yield from (Leak(*told, where) for form, told in forms.items() if _stands(form, lower))


def _any_in(lower: bytes, forms: Iterable[bytes]) -> bool:
    """Tell whether any form is there, looking for all of them at once: grep does, Python cannot."""
    with NamedTemporaryFile() as patterns:
        patterns.write(b"\n".join(forms))
        patterns.flush()
        command = ("grep", "--quiet", "--text", "--fixed-strings", f"--file={patterns.name}")
        found = subprocess.run(command, input=lower, env={"LC_ALL": "C", "PATH": os.defpath})
    assert found.returncode in (0, 1), "grep failed"
    return not found.returncode


def _stands(form: bytes, lower: bytes) -> bool:
    """Tell whether a form is there; short numbers not as a part of longer ones, by chance."""
    if form not in lower or not form.isdigit() or len(form) >= _CERTAIN:
        return form in lower
    return re.search(_ALONE % form, lower) is not None


def _unpacked(stored: bytes) -> Iterator[bytes]:
    """Yield what is packed in a value or file, as far as it is whole."""
    if stored.startswith(_GZIP):
        try:
            yield gzip.decompress(stored)
        except (EOFError, OSError, zlib.error):
            yield zlib.decompressobj(wbits=31).decompress(stored)  # its end is still to be written
    elif stored[:1] == b"\x78":
        try:
            yield zlib.decompress(stored)
        except zlib.error:
            return


def _files(folder: Path | None) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")) if folder else ():
        name = path.relative_to(folder).as_posix() if folder else ""
        yield f"name of {name}", name.encode()
        if path.is_file():
            stored = path.read_bytes()
            yield f"file {name}", stored
            if stored.startswith(_SQLITE):
                yield from _sqlite(path, f"file {name}")


def _sqlite(path: Path, where: str) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        names = "select name from sqlite_master where type in ('table', 'view')"
        for (table,) in database.execute(names).fetchall():
            rows = database.execute(f'select * from "{table}"')
            columns = [column[0] for column in rows.description]
            for row in rows:
                yield from _cells(where, table, zip(columns, row, strict=True))


def _tables(url: str) -> Iterator[tuple[str, bytes]]:
    engine = create_engine(url) if url else None
    if engine is None:
        return
    found = inspect(engine)
    with engine.connect() as connection:
        for name in (*found.get_table_names(), *found.get_view_names()):
            table = Table(name, MetaData(), autoload_with=engine)
            for row in connection.execute(select(table)).mappings():
                yield from _cells("database", name, row.items())
    engine.dispose()


def _cells(
    where: str, table: str, cells: Iterable[tuple[str, Any]]
) -> Iterator[tuple[str, bytes]]:
    for column, value in cells:
        yield f"{where}, table {table}, column {column}", _bytes(value)


def _bytes(value: Any) -> bytes:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False).encode()
    return str(value).encode("utf-8", "surrogatepass")


def _redis(url: str) -> Iterator[tuple[str, bytes]]:
    if not url:
        return
    with closing(redis.Redis.from_url(url, single_connection_client=True)) as client:
        for entry in client.slowlog_get(client.slowlog_len() or 1):
            yield "Redis, slow log", entry["command"]
        for name in client.info("keyspace"):
            number = int(name.removeprefix("db"))
            client.select(number)
            yield from _redis_database(client, f"Redis {number}")


def _redis_database(client: redis.Redis, where: str) -> Iterator[tuple[str, bytes]]:
    readers = {
        b"string": client.get, b"hash": client.hgetall, b"set": client.smembers,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"zset": lambda key: client.zrange(key, 0, -1), b"stream": client.xrange,
    }
    for key in client.scan_iter(count=1000):
        name = key.decode(errors="replace")
        yield f"{where}, name of {name}", key
        read = readers.get(client.type(key), client.dump)
        yield from ((f"{where}, {name}", part) for part in _parts(read(key)))


def _parts(value: Any) -> Iterator[bytes]:
    """Yield all bytes of a reply, also those within lists, sets and mappings."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _parts(pair)
    elif isinstance(value, (list, tuple, set)):
        for part in value:
            yield from _parts(part)


__all__ = ["Leak", "find_leaks"]
