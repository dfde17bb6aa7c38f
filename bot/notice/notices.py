"""The 一次性告知单 that were made: kept as they were, each under an address that tells nothing.

One SQLite file. A sheet's address is a random number; it says neither what the sheet is about nor
for whom it was made, and nothing leads from a sheet to a conversation. The same answer made twice
on a day is one sheet, so an address stands for a case rather than for a person.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import sqlite3
import zlib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from cachetools import LRUCache

from bot.counted import Days
from bot.notice.sheet import Case, Sheet, sheet_of
from bot.notice.texts import texts
from bot.paths import state_folder
from knowledge.conditions import Value
from knowledge.engine import assess
from knowledge.errors import UnknownId
from knowledge.store import KnowledgeBase, load

PREFIX = "/notice/"
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{22}$")
_BYTES = 16
_REMEMBERED = 4096
"""Cases of the day whose address is known without making their sheet again."""
_SCHEMA = """
create table if not exists notice (
    token text primary key, digest blob not null unique, until text not null,
    content blob not null);
create index if not exists notice_until on notice (until);
"""


class Notices:
    """The store of sheets.

    Args:
        kb: the knowledge base that new sheets are made from.
        folder: where they are kept; made where missing.
    """

    def __init__(self, kb: KnowledgeBase, folder: Path) -> None:
        self._kb, self._cleared = kb, date.min
        self._made: LRUCache[str, str] = LRUCache(_REMEMBERED)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "notices.db"
        path.touch(0o600)
        self._db = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.executescript(_SCHEMA)

    @property
    def version(self) -> str:
        """The version of the knowledge that new sheets are made from."""
        return self._kb.version

    def make(
        self, guide: str, item: str, facts: Mapping[str, Value], place_code: str, today: date,
        counter: str = "", dates: Mapping[str, Mapping[str, str]] | None = None,
    ) -> str:
        """Return the path of a case's page; the first time on a day it is made, in 1 to 2 ms.

        Args:
            guide: guide id.
            item: canonical item id.
            facts: what is known, as the engine takes it; what naming the item implies is added.
            place_code: division code of the place of insurance, '' where it is not known.
            today: the day of making.
            counter: the name of a counter that was asked for as such (市直), else ''.
            dates: the days the person stated (``bot.stated_dates``), to count from.

        Raises:
            UnknownId: no such guide or item, or these facts lead to no single item of the guide.
        """
        self._clear(today)
        case = (guide, item, facts, place_code, counter, dates)
        key = json.dumps(case, sort_keys=True)
        if key not in self._made:
            self._made[key] = PREFIX + self._new(today, *case)
        return self._made[key]

    def _new(
        self, today: date, guide: str, item: str, facts: Mapping[str, Value], place_code: str,
        counter: str, dates: Mapping[str, Mapping[str, str]] | None,
    ) -> str:
        family, implied = self._kb.family_of(item).id, self._kb.canonical(item).implies
        outcome = assess(self._kb, guide, family, {**implied, **facts}, item)
        if outcome.item is None:
            raise UnknownId("item", item)
        until = today + timedelta(days=texts()["keep_days"])
        answered = frozenset(facts) - frozenset(implied)
        case = Case(outcome, item, answered, place_code[:6], counter,
                    Days(dates or {}, today))
        sheet = sheet_of(self._kb, case, today, until)
        return self._kept(sheet)

    def open(self, token: str, today: date) -> Sheet:
        """Return a sheet as it was made.

        Raises:
            UnknownId: there is none under this token, or its time is over.
        """
        row = _TOKEN.match(token) and self._db.execute(
            "select content from notice where token = ? and until >= ?",
            (token, today.isoformat())).fetchone()
        if not row:
            raise UnknownId("notice", token)
        return Sheet.parse_raw(zlib.decompress(row[0]))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _kept(self, sheet: Sheet) -> str:
        content = sheet.json(ensure_ascii=False).encode()
        digest = hashlib.sha256(content).digest()
        self._db.execute(
            "insert or ignore into notice values (?, ?, ?, ?)",
            (secrets.token_urlsafe(_BYTES), digest, sheet.until.isoformat(),
             zlib.compress(content)))
        return self._db.execute(
            "select token from notice where digest = ?", (digest,)).fetchone()[0]

    def _clear(self, today: date) -> None:
        """Once a day, delete the sheets whose time is over, and forget the cases of the day."""
        if today != self._cleared:
            self._made.clear()
            self._db.execute("delete from notice where until < ?", (today.isoformat(),))
            self._cleared = today


@lru_cache(maxsize=1)
def notices() -> Notices:
    """Return the store of this installation, opened once."""
    return Notices(load(), state_folder() / "notices")


__all__ = ["Notices", "PREFIX", "notices"]
