"""Presence: who of the staff is there, as their pages tell."""

from __future__ import annotations

import pytest

from bot.errors import BadInput
from bot.staff.presence import SEEN_WITHIN
from bot.staff.roles import Role
from tests.staff.conftest import on_both


@on_both
async def test_whoever_has_a_page_open_is_there_on_every_process(staff, open_another, clock):
    await staff.presence.beat("8001")
    await staff.presence.set("9001", "busy")
    assert await open_another().presence.all() == {"8001": "online", "9001": "busy"}
    clock.pass_(SEEN_WITHIN - 1)
    await staff.presence.beat("9001")
    clock.pass_(2)
    assert await staff.presence.all() == {"9001": "busy"}  # a sign of life changes no status
    assert await staff.presence.all(within=300) == {"8001": "online", "9001": "busy"}


async def test_a_status_is_one_of_three(staff):
    with pytest.raises(BadInput):
        await staff.presence.set("8001", "asleep")
    assert await staff.presence.all() == {}


async def test_whoever_may_not_be_there_any_more_is_gone_at_once(staff):
    await staff.accounts.set_role("8001", Role.LEAD, "9001")
    await staff.presence.beat("8001")
    await staff.accounts.deactivate("8001", "9001")
    assert await staff.presence.all(within=300) == {}
