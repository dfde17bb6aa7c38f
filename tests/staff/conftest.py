"""What the tests of the staff share: a staff side on each kind of database, and a clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from argon2 import PasswordHasher

from bot.settings import Settings
from bot.staff import times
from bot.staff.opening import Staff, open_staff
from bot.staff.passwords import Passwords
from bot.staff.roles import Role
from tests.postgres_service import postgres  # noqa: F401  (a fixture)
from tests.security.conftest import log  # noqa: F401  (a fixture)

PASSWORD, OTHER = "kV7-tram-lotus", "lotus-tram-7Vk"


def quick() -> PasswordHasher:
    """argon2 with the least effort, for tests that verify many passwords."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    """The time as the staff side reads it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 8, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, seconds: float) -> None:
        """Let time go by."""
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is told."""
    made = Clock()
    monkeypatch.setattr(times, "now", made)
    return made


on_both = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
"""Runs a test on each kind of database: what relies on more than plain reading and writing."""


@pytest.fixture
def url(request, tmp_path):
    """The address of a fresh staff database; SQLite, unless a test says otherwise."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{tmp_path / 'staff.db'}"
    return request.getfixturevalue("postgres").new_database()


@pytest.fixture
def hasher():
    """What the passwords are hashed with."""
    return quick()


@pytest.fixture
def open_another(url, hasher):
    """Opens the staff side as another process or machine does."""
    opened: list[Staff] = []

    def open_one() -> Staff:
        opened.append(open_staff(Settings(staff_database=url), Passwords(hasher)))
        return opened[-1]

    yield open_one
    for staff in opened:
        staff.database.close()


@pytest.fixture
async def staff(open_another):
    """The staff side with an agent 8001 and an administrator 9001, who chose their passwords."""
    made = open_another()
    await made.accounts.add("8001", Role.AGENT, PASSWORD, "8001")
    await made.accounts.add("9001", Role.ADMIN, PASSWORD, "9001")
    return made
