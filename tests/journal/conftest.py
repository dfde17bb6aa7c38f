"""What the tests of the journal share: entries, and a log database of each kind."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.journal.database import Database
from bot.journal.journal import Journal
from tests.postgres_service import postgres  # noqa: F401  (a fixture)

START = datetime(2026, 11, 1, 8, tzinfo=timezone.utc)


def entry(conversation: str, seq: int, **changed: Any) -> dict[str, Any]:
    """The entry of a turn; the time goes on by a second with ``seq``."""
    at = (START + timedelta(seconds=seq)).isoformat(timespec="seconds")
    return {
        "kind": "turn", "id": f"{conversation}:{seq}", "conversation": conversation, "seq": seq,
        "at": at, "channel": "web", "text": f"第{seq}问", "intents": [["手工报销", 0.93]],
        "facets": ["办理材料"], "missing_topic": "", "region": "meizhou", "place": "梅州市",
        "family": "reimbursement", "item": "outpatient_reimbursement", "facts": {"retired": True},
        "outcome": {"types": ["answer"], "status": "applies", "item": "门诊费用报销", "asked": ""},
        "citations": ["meizhou/outpatient_reimbursement/materials.1"], "replies": [f"第{seq}答"],
        "model_version": "m1", "knowledge_version": "k1", "milliseconds": 31.5, **changed}


_ids = itertools.count(1)


def rating(of: str, value: str, at: datetime = START + timedelta(hours=1)) -> dict[str, Any]:
    """The entry of a rating of a turn."""
    return {"kind": "event", "id": f"event-{next(_ids)}", "conversation": of.rsplit(":", 1)[0],
            "at": at.isoformat(timespec="milliseconds"), "type": "rated",
            "data": {"seq": 2, "turn": of, "rating": value}}


def until(holds: Callable[[], Any], seconds: float = 20) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.02)


def ids(database: Database) -> list[str]:
    """The ids of everything logged, doubled ones as often as they are there."""
    return sorted(logged["id"] for logged in database.entries())


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of a fresh log database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'log.db'}"
    return request.getfixturevalue("postgres").new_database()


@pytest.fixture
def database(url):
    """A fresh log database of each kind in turn."""
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def journal(tmp_path, url):
    """A journal whose server is not running, over a database of each kind in turn."""
    made = Journal(tmp_path, url)
    yield made
    made.database.close()
