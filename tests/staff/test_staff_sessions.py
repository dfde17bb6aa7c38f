"""Sessions: what a browser holds, when it ends, and that it ends on every process at once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.errors import BadInput
from bot.staff.roles import Role
from bot.staff.sessions import IDLE, LONGEST, MOST_PER_ACCOUNT
from tests.staff.conftest import OTHER, PASSWORD, on_both


@on_both
async def test_a_session_holds_on_every_process(staff, open_another, clock):
    secrets = await staff.sessions.begin("8001")
    found = await open_another().sessions.find(secrets.token)
    assert found.account.id == "8001" and found.csrf == secrets.csrf
    assert found.expires == clock.at.timestamp() + LONGEST
    assert await staff.sessions.find(secrets.token[:-1]) is None
    assert await staff.sessions.find("") is None


async def test_neither_token_nor_csrf_is_kept_or_shown(staff, url):
    secrets = await staff.sessions.begin("8001")
    session = await staff.sessions.find(secrets.token)
    engine = sa.create_engine(url)
    with engine.connect() as db:
        kept = str(db.execute(sa.text("select * from staff_session")).mappings().all())
    shown = kept + repr(secrets) + repr(session)
    assert secrets.token not in shown and secrets.csrf not in shown
    assert secrets.csrf not in secrets.token and session.key not in (secrets.token, secrets.csrf)


async def test_each_session_has_secrets_of_its_own(staff):
    made = [await staff.sessions.begin("8001") for _ in range(3)]
    assert len({s.token for s in made}) == len({s.csrf for s in made}) == 3
    assert all(len(s.token) >= 43 for s in made)  # 256 bits


async def test_it_ends_when_nobody_uses_it_and_lasts_when_somebody_does(staff, clock):
    token = (await staff.sessions.begin("8001")).token
    for _ in range(3):
        clock.pass_(IDLE - 60)
        assert await staff.sessions.find(token)
    clock.pass_(IDLE + 1)
    assert await staff.sessions.find(token) is None


async def test_however_much_it_is_used_it_ends_after_a_working_day(staff, clock):
    token = (await staff.sessions.begin("8001")).token
    for _ in range(int(LONGEST // 3600)):
        assert await staff.sessions.find(token)
        clock.pass_(3600)
    clock.pass_(1)
    assert await staff.sessions.find(token) is None


ENDING = {
    "closed": lambda a: a.deactivate("8001", "9001"),
    "closed and opened again": lambda a: _closed_and_opened(a),
    "another role": lambda a: a.set_role("8001", Role.LEAD, "9001"),
    "another password": lambda a: a.set_password("8001", OTHER, "9001"),
    "its own new password": lambda a: a.change_password("8001", PASSWORD, OTHER),
}


async def _closed_and_opened(accounts) -> None:
    await accounts.deactivate("8001", "9001")
    await accounts.activate("8001", "9001")


@on_both
@pytest.mark.parametrize("change", ENDING)
async def test_a_change_of_its_account_ends_it_on_every_process(staff, open_another, change):
    other = open_another()
    token = (await staff.sessions.begin("8001")).token
    session = await other.sessions.find(token)
    await ENDING[change](staff.accounts)
    assert await other.sessions.find(token) is None
    assert await other.sessions.holding([session.key]) == set()
    with pytest.raises(BadInput) as refused:
        await other.sessions.use(session)
    assert refused.value.status == 401


async def test_the_same_role_again_ends_nothing(staff):
    token = (await staff.sessions.begin("8001")).token
    await staff.accounts.set_role("8001", Role.AGENT, "9001")
    assert await staff.sessions.find(token)


async def test_a_closed_account_gets_none_even_if_its_password_was_just_proved(staff):
    await staff.accounts.check("8001", PASSWORD)
    await staff.accounts.deactivate("8001", "9001")
    with pytest.raises(BadInput):
        await staff.sessions.begin("8001")


async def test_a_session_is_ended_by_itself(staff):
    first, second = [(await staff.sessions.begin("8001")).token for _ in range(2)]
    await staff.sessions.end(first)
    assert await staff.sessions.find(first) is None and await staff.sessions.find(second)


async def test_an_account_has_few_sessions_the_least_used_one_goes(staff, clock):
    tokens = []
    for _ in range(MOST_PER_ACCOUNT):
        tokens.append((await staff.sessions.begin("8001")).token)
        clock.pass_(61)
    await staff.sessions.find(tokens[0])  # used: the second is now the one unused for longest
    tokens.append((await staff.sessions.begin("8001")).token)
    hold = [bool(await staff.sessions.find(token)) for token in tokens]
    assert hold == [True, False, *[True] * (MOST_PER_ACCOUNT - 1)]


async def test_looking_whether_it_holds_is_no_use_of_it(staff, clock):
    token = (await staff.sessions.begin("8001")).token
    session = await staff.sessions.find(token)
    clock.pass_(IDLE - 60)
    assert await staff.sessions.holding([session.key, "another"]) == {session.key}
    clock.pass_(61)
    assert await staff.sessions.holding([session.key]) == set()
    with pytest.raises(BadInput):
        await staff.sessions.use(session)


async def test_an_act_of_a_websocket_is_a_use_of_it(staff, clock):
    token = (await staff.sessions.begin("8001")).token
    session = await staff.sessions.find(token)
    clock.pass_(IDLE - 60)
    assert (await staff.sessions.use(session)).account.id == "8001"
    clock.pass_(IDLE - 60)
    assert await staff.sessions.find(token)


async def test_what_a_page_says_by_itself_is_no_use_of_it(staff, clock):
    session = await staff.sessions.find((await staff.sessions.begin("8001")).token)
    clock.pass_(IDLE - 60)
    assert (await staff.sessions.use(session, by_hand=False)).account.id == "8001"
    clock.pass_(61)
    with pytest.raises(BadInput):
        await staff.sessions.use(session)


async def test_what_is_over_is_deleted(staff, clock):
    await staff.sessions.begin("8001")
    clock.pass_(IDLE - 60)
    used = (await staff.sessions.begin("9001")).token
    clock.pass_(61)
    assert await staff.sessions.expire() == 1
    assert await staff.sessions.find(used)
