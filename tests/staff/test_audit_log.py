"""The audit log: whatever changes an account stands in it, and nothing that nobody may read."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from bot.errors import BadInput
from bot.staff import accounts
from bot.staff.audit import COMMAND_LINE, LONGEST_DETAIL, LONGEST_TARGET, LONGEST_VALUE
from bot.staff.roles import Role
from tests.staff.conftest import OTHER, PASSWORD, on_both


async def told(staff, **chosen) -> list[tuple[str, str, str]]:
    """What is told, the oldest first, without what made the accounts."""
    page = await staff.audit.page(**chosen)
    return [(e["account"], e["action"], e["target"]) for e in page[::-1]
            if e["action"] != "account_added"]


@on_both
async def test_what_somebody_did_is_told_with_time_name_and_details(staff, clock):
    await staff.audit.note("8001", "opened", "conversation-1", channel="web", unread=3)
    [entry] = await staff.audit.page(limit=1)
    assert entry.pop("id") > 0
    assert entry == {"at": "2026-11-22T08:00:00.000+00:00", "account": "8001", "action": "opened",
                     "action_text": "查看会话", "target": "conversation-1",
                     "detail": {"channel": "web", "unread": 3}}


async def test_signing_in_and_failing_to_is_told(staff):
    with pytest.raises(BadInput):
        await staff.accounts.check("8001", OTHER)
    with pytest.raises(BadInput):
        await staff.accounts.check("no-account-of-ours", OTHER)
    await staff.accounts.check("8001", PASSWORD)
    assert await told(staff) == [("8001", "sign_in_refused", ""), ("8001", "signed_in", "")]


async def test_every_change_of_an_account_is_told_with_who_did_it(staff):
    change = staff.accounts
    await change.add("8002", Role.AGENT, PASSWORD, COMMAND_LINE)
    await change.set_role("8002", Role.LEAD, "9001")
    await change.set_password("8002", OTHER, "9001")
    await change.deactivate("8002", "9001")
    await change.activate("8002", "9001")
    await change.unlock("8002", COMMAND_LINE)
    await change.change_password("8002", OTHER, PASSWORD)
    by = await staff.audit.page(account="8002")
    assert [(e["account"], e["action"], e["target"]) for e in by[::-1]] == [
        (COMMAND_LINE, "account_added", "8002"), ("9001", "role_changed", "8002"),
        ("9001", "password_set", "8002"), ("9001", "deactivated", "8002"),
        ("9001", "activated", "8002"), (COMMAND_LINE, "unlocked", "8002"),
        ("8002", "password_changed", "8002")]
    assert by[-2]["detail"] == {"from": "agent", "to": "lead"}


@on_both
async def test_what_cannot_be_told_is_not_done(staff, monkeypatch):
    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(accounts, "note_in", full)
    with pytest.raises(Exception, match="用不了"):
        await staff.accounts.set_role("8001", Role.ADMIN, "9001")
    assert (await staff.accounts.get("8001")).role is Role.AGENT


async def test_only_known_actions_are_told(staff):
    with pytest.raises(KeyError):
        await staff.audit.note("8001", "did_something")


async def test_no_password_is_told(staff, url):
    with pytest.raises(BadInput):
        await staff.accounts.check("8001", OTHER)
    await staff.accounts.set_password("8001", OTHER, "9001")
    engine = sa.create_engine(url)
    with engine.connect() as db:
        kept = [str(db.execute(sa.select(table)).all()) for table in
                (sa.Table(name, sa.MetaData(), autoload_with=db) for name in
                 ("staff_audit", "staff_account", "staff_attempt", "staff_session"))]
    assert OTHER not in str(kept) and PASSWORD not in str(kept)


async def test_what_is_told_is_masked_and_bounded(staff):
    await staff.audit.note("8001", "noted", "c" * 500, said="手机13812345678", long="长" * 999)
    await staff.audit.note("8001", "noted", many=[0] * 5000)
    large, small = await staff.audit.page(limit=2)
    assert "13812345678" not in str(small) and len(small["target"]) == LONGEST_TARGET
    assert len(small["detail"]["long"]) == LONGEST_VALUE
    assert len(json.dumps(large["detail"])) <= LONGEST_DETAIL
    assert large["detail"] == {"left_out": ["many"]}


@on_both
async def test_it_is_read_page_by_page_of_all_or_of_one_account(staff):
    for number in range(5):
        await staff.audit.note(("8001", "9001")[number % 2], "opened", f"c{number}")
    first = await staff.audit.page(limit=2)
    second = await staff.audit.page(before=first[-1]["id"], limit=2)
    assert [e["target"] for e in (*first, *second)] == ["c4", "c3", "c2", "c1"]
    assert [e["target"] for e in await staff.audit.page(account="9001", limit=2)] == ["c3", "c1"]
    assert await staff.audit.page(account="nobody\0") == []


async def test_the_oldest_goes_in_time(staff, clock):
    await staff.audit.note("8001", "opened", "old")
    clock.pass_(40 * 86400)
    await staff.audit.note("8001", "opened", "new")
    await staff.audit.expire(keep_days=30)
    assert await told(staff) == [("8001", "opened", "new")]
