"""Accounts: who is added, how somebody proves who they are, and when nobody is let in."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher, extract_parameters

from bot.errors import BadInput
from bot.settings import Settings
from bot.staff import accounts, passwords
from bot.staff.attempts import FIRST_LOCK, FORGOTTEN_AFTER, LONGEST_LOCK, MOST_FAILURES
from bot.staff.opening import open_staff
from bot.staff.passwords import AT_ONCE, MOST_WAITING, Passwords
from bot.staff.roles import Role, permissions
from tests.staff.conftest import OTHER, PASSWORD, on_both, quick


async def refused(act) -> BadInput:
    """Do what is refused; return how."""
    with pytest.raises(BadInput) as refusal:
        await act
    return refusal.value


async def fail(staff, account: str, times: int = MOST_FAILURES) -> list[int]:
    """Try wrong passwords; return the statuses."""
    return [(await refused(staff.accounts.check(account, "wrong"))).status for _ in range(times)]


def rows(url: str, table: str) -> list[dict]:
    """Everything a table holds."""
    engine = sa.create_engine(url)
    with engine.connect() as db:
        found = [dict(row) for row in db.execute(sa.text(f"select * from {table}")).mappings()]
    engine.dispose()
    return found


class Watching:
    """argon2 that notes who verifies what, and how many do at once."""

    def __init__(self) -> None:
        self.hasher, self.threads, self.at_once, self._now = quick(), [], 0, 0

    def verify(self, kept: str, password: bytes) -> bool:
        self.threads.append(threading.current_thread().name)
        self._now += 1
        self.at_once = max(self.at_once, self._now)
        time.sleep(0.01)
        try:
            return self.hasher.verify(kept, password)
        finally:
            self._now -= 1

    def __getattr__(self, name: str):
        return getattr(self.hasher, name)


@on_both
async def test_an_account_is_added_and_found_again_by_another_process(staff, open_another):
    assert [(a.id, a.role, a.active, a.must_change) for a in await open_another().accounts.all()] \
        == [("8001", Role.AGENT, True, False), ("9001", Role.ADMIN, True, False)]
    assert (await staff.accounts.get("8001")).id == "8001"
    assert await staff.accounts.get("8002") is None


@pytest.mark.parametrize("id", ["8001", "A-1"])
async def test_there_is_one_account_of_an_id_capitals_or_not(staff, id):
    await staff.accounts.add("a-1", Role.LEAD, PASSWORD, "9001")
    refusal = await refused(staff.accounts.add(id, Role.ADMIN, OTHER, "9001"))
    assert refusal.status == 409 and id in str(refusal)


@pytest.mark.parametrize("id", ["", "8", "8" * 33, "80 01", "张三", "8001\n", "80\0", "a@b.cn",
                                "13812345678", "110101199003074477"])
async def test_an_id_is_short_and_plain_and_no_personal_data(staff, id):
    assert (await refused(staff.accounts.add(id, Role.AGENT, PASSWORD, "9001"))).status == 422


@pytest.mark.parametrize("password", [
    "", "kV7-tram", "x" * 73, "1234567890", "qwertyuiop", "password123", "P@ssw0rd2026",
    "aaaaaaaaaaaa", "8002800280", "yibao12345", "19900101zhang"])
async def test_a_password_is_long_enough_and_not_easily_guessed(staff, password):
    assert (await refused(staff.accounts.add("8002", Role.AGENT, password, "9001"))).status == 422
    assert (await refused(staff.accounts.set_password("8001", password, "9001"))).status == 422
    change = staff.accounts.change_password("8001", PASSWORD, password)
    assert (await refused(change)).status == 422


async def test_of_a_long_password_the_beginning_is_judged_beside_the_event_loop(
        staff, monkeypatch):
    judged = []

    def judge(password: str, user_inputs: list[str]) -> dict[str, int]:
        judged.append((password, threading.current_thread().name.rpartition("_")[0]))
        return {"score": 4}

    monkeypatch.setattr(passwords, "zxcvbn", judge)
    await staff.accounts.set_password("8001", "a@4({[<6&9361!|170$5+7%2" * 3, "9001")
    assert judged == [("a@4({[<6&9361!|1", "passwords")]


@pytest.mark.parametrize(
    "password", ["kV7-tram-lotus", "梅州的荔枝六月里红了", "wo ai he lotus tram"])
async def test_a_password_may_be_a_sentence_in_any_script(staff, password):
    await staff.accounts.add("8002", Role.AGENT, password, "9001")
    assert (await staff.accounts.check("8002", password)).id == "8002"


async def test_full_width_characters_of_an_input_method_are_the_same_keys(staff):
    assert await staff.accounts.check("8001", "ｋV７-tram-lotus")


async def test_no_password_is_kept_but_its_argon2id_hash(staff, url):
    kept = [row["password"] for row in rows(url, "staff_account")]
    assert all(hash.startswith("$argon2id$") for hash in kept)
    assert len(set(kept)) == 2  # one password, two salts


async def test_whoever_has_the_password_is_who_they_say(staff):
    account = await staff.accounts.check("8001", PASSWORD)
    assert (account.id, account.role, account.active) == ("8001", Role.AGENT, True)


@on_both
async def test_a_refusal_does_not_tell_whether_there_is_such_an_account(staff):
    await staff.accounts.add("8002", Role.AGENT, PASSWORD, "9001")
    await staff.accounts.deactivate("8002", "9001")
    said = {(e.status, str(e), e.field) for e in [
        await refused(staff.accounts.check("8001", OTHER)),
        await refused(staff.accounts.check("8002", PASSWORD)),
        await refused(staff.accounts.check("7777", PASSWORD)),
        await refused(staff.accounts.check("no id \0", PASSWORD)),
        await refused(staff.accounts.check("", ""))]}
    assert len(said) == 1 and said.pop()[0] == 401


@pytest.mark.parametrize("hasher", [Watching()])
@pytest.mark.parametrize("id", ["8001", "7777", "8002"])
async def test_an_unknown_or_closed_account_takes_the_same_effort_as_a_known_one(
        staff, hasher, id):
    await staff.accounts.add("8002", Role.AGENT, PASSWORD, "9001")
    await staff.accounts.deactivate("8002", "9001")
    hasher.threads.clear()  # of what the accounts were made with
    await refused(staff.accounts.check(id, OTHER))
    assert len(hasher.threads) == 1


@pytest.mark.parametrize("hasher", [Watching()])
async def test_passwords_are_verified_beside_the_event_loop_few_at_a_time(staff, hasher):
    await asyncio.gather(*(staff.accounts.check(f"77{n:02}", PASSWORD) for n in range(8)),
                         return_exceptions=True)
    assert hasher.at_once <= AT_ONCE and len(hasher.threads) == 8
    assert {name.rpartition("_")[0] for name in hasher.threads} == {"passwords"}


async def test_who_comes_when_too_many_wait_is_asked_to_wait():
    passwords = Passwords(quick())
    waiting = [passwords.verify(None, PASSWORD) for _ in range(AT_ONCE + MOST_WAITING + 1)]
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert [e.status for e in done if isinstance(e, BadInput)] == [503]
    assert await passwords.verify(None, PASSWORD) is False


async def test_a_hash_of_other_parameters_is_renewed_at_the_next_sign_in(staff, url):
    today = open_staff(Settings(staff_database=url), Passwords(PasswordHasher(2, 16, 1)))
    await today.accounts.check("8001", PASSWORD)
    kept = {row["id"]: extract_parameters(row["password"]) for row in rows(url, "staff_account")}
    assert (kept["8001"].time_cost, kept["9001"].time_cost) == (2, 1)
    assert await today.accounts.check("8001", PASSWORD)
    today.database.close()


def test_passwords_are_hashed_with_the_effort_that_rfc_9106_asks_for_at_least():
    made = extract_parameters(asyncio.run(Passwords().hash(PASSWORD)))
    assert made.type.name == "ID" and made.memory_cost >= 64 * 1024 and made.time_cost >= 3


@on_both
@pytest.mark.parametrize("id", ["8001", "7777"])
async def test_after_some_failures_nobody_signs_in_for_a_while_account_or_not(staff, clock, id):
    assert await fail(staff, id) == [401] * MOST_FAILURES
    refusal = await refused(staff.accounts.check(id, PASSWORD))
    assert refusal.status == 429 and f"{FIRST_LOCK / 60:.0f}分钟" in str(refusal)
    clock.pass_(FIRST_LOCK - 1)
    assert (await refused(staff.accounts.check(id, PASSWORD))).status == 429
    clock.pass_(2)
    tried = staff.accounts.check(id, PASSWORD)
    assert (await tried).id == id if id == "8001" else (await refused(tried)).status == 401


async def test_the_right_password_of_a_closed_account_is_a_failure_like_any_other(staff):
    await staff.accounts.deactivate("8001", "9001")
    for _ in range(MOST_FAILURES):
        assert (await refused(staff.accounts.check("8001", PASSWORD))).status == 401
    assert (await refused(staff.accounts.check("8001", PASSWORD))).status == 429


async def test_each_further_lock_takes_twice_as_long_up_to_a_limit(staff, clock):
    took = []
    for _ in range(7):
        await fail(staff, "8001")
        refusal = await refused(staff.accounts.check("8001", PASSWORD))
        took.append(int("".join(filter(str.isdigit, str(refusal)))))
        clock.pass_(took[-1] * 60 + 1)
    assert took == [15, 30, 60, 120, 240, 240, 240] and max(took) * 60 == LONGEST_LOCK


async def test_the_right_password_and_a_quiet_day_make_failures_forgotten(staff, clock):
    for _ in range(3):
        assert await fail(staff, "8001", MOST_FAILURES - 1) == [401] * (MOST_FAILURES - 1)
        await staff.accounts.check("8001", PASSWORD)
    await fail(staff, "8001")
    clock.pass_(FORGOTTEN_AFTER + 1)
    await fail(staff, "8001")
    assert "15分钟" in str(await refused(staff.accounts.check("8001", PASSWORD)))


@on_both
async def test_of_many_attempts_at_once_over_all_processes_few_are_tried(staff, open_another):
    other = open_another()
    tried = await asyncio.gather(*(s.accounts.check("8001", "wrong") for s in (staff, other) * 8),
                                 return_exceptions=True)
    assert sorted(e.status for e in tried) == [401] * MOST_FAILURES + [429] * (16 - MOST_FAILURES)


async def test_an_administrator_sees_and_ends_a_lock(staff):
    await fail(staff, "8001")
    assert {a.id: a.locked for a in await staff.accounts.all()} == {"8001": True, "9001": False}
    await staff.accounts.unlock("8001", "9001")
    assert await staff.accounts.check("8001", PASSWORD)


@on_both
async def test_names_that_were_tried_are_not_kept_in_the_clear_nor_for_ever(staff, url, clock):
    await fail(staff, "my-secret-typed-here", 1)
    assert "secret" not in str(rows(url, "staff_attempt") + rows(url, "staff_audit"))
    clock.pass_(FORGOTTEN_AFTER + 1)
    assert await staff.accounts.forget_attempts() == 1
    assert rows(url, "staff_attempt") == []


async def test_a_password_that_somebody_else_set_has_to_be_changed(staff):
    added = await staff.accounts.add("8002", Role.AGENT, PASSWORD, "9001")
    assert added.must_change
    await staff.accounts.change_password("8002", PASSWORD, OTHER)
    assert not (await staff.accounts.check("8002", OTHER)).must_change
    await staff.accounts.set_password("8002", PASSWORD, "9001")
    assert (await staff.accounts.check("8002", PASSWORD)).must_change


async def test_ones_own_password_is_changed_by_proving_the_old_one(staff):
    assert (await refused(staff.accounts.set_password("9001", OTHER, "9001"))).status == 409
    change = staff.accounts.change_password
    assert (await refused(change("8001", OTHER, "another-tram-7"))).status == 403
    assert (await refused(change("8001", PASSWORD, PASSWORD))).status == 422
    await change("8001", PASSWORD, OTHER)
    assert (await refused(staff.accounts.check("8001", PASSWORD))).status == 401
    assert await staff.accounts.check("8001", OTHER)


async def test_guessing_the_old_password_locks_like_signing_in(staff):
    for _ in range(MOST_FAILURES):
        await refused(staff.accounts.change_password("8001", "wrong", OTHER))
    assert (await refused(staff.accounts.change_password("8001", PASSWORD, OTHER))).status == 429


async def test_what_is_verified_while_the_password_is_changed_proves_nothing(staff, open_another):
    class Slow(Passwords):
        async def verify(self, kept, password):
            right = await super().verify(kept, password)
            await staff.accounts.set_password("8001", OTHER, "9001")
            return right

    slow = open_another()
    slow.accounts._passwords = Slow(quick())
    assert (await refused(slow.accounts.check("8001", PASSWORD))).status == 401


@pytest.mark.parametrize("act", ["deactivate", "set_role"])
async def test_the_last_administrator_stays(staff, act):
    more = (Role.LEAD,) if act == "set_role" else ()
    remove = getattr(staff.accounts, act)
    await staff.accounts.add("9002", Role.ADMIN, PASSWORD, "9001")
    await staff.accounts.deactivate("9002", "9001")  # one who cannot sign in does not count
    assert (await refused(remove("9001", *more, "9001"))).status == 409
    await staff.accounts.activate("9002", "9001")
    await remove("9001", *more, "9002")
    assert not (await staff.accounts.get("9001")).may("accounts")
    await staff.accounts.set_role("8001", Role.LEAD, "9002")  # others can be changed


@on_both
async def test_of_two_administrators_who_remove_one_another_at_once_one_stays(
        staff, open_another, monkeypatch):
    await staff.accounts.add("9002", Role.ADMIN, PASSWORD, "9001")
    both, change = threading.Barrier(2), accounts.change

    def change_once_both_have_looked(*arguments: object, **values: object) -> None:
        with suppress(threading.BrokenBarrierError):  # the second is not let in to look
            both.wait(0.3)
        change(*arguments, **values)

    monkeypatch.setattr(accounts, "change", change_once_both_have_looked)
    done = await asyncio.gather(
        staff.accounts.deactivate("9002", "9001"),
        open_another().accounts.deactivate("9001", "9002"), return_exceptions=True)
    assert sorted(map(type, done), key=str) == sorted([BadInput, type(None)], key=str)
    assert len([a for a in await staff.accounts.all() if a.may("accounts")]) == 1


@pytest.mark.parametrize("act", ["set_role", "set_password", "deactivate", "activate", "unlock"])
async def test_an_account_that_is_not_there_cannot_be_changed(staff, act):
    more = {"set_role": (Role.LEAD,), "set_password": (PASSWORD,)}.get(act, ())
    assert (await refused(getattr(staff.accounts, act)("7777", *more, "9001"))).status == 404


def test_each_permission_belongs_to_the_roles_that_the_issue_names():
    has = {p: {r.label for r in Role if p in r.may} for p in permissions()}
    assert has == {
        "desk": {"坐席", "组长"}, "all_conversations": {"组长"}, "figures": {"组长", "管理员"},
        "shared_texts": {"组长", "管理员"}, "console": {"训练员", "管理员"},
        "override": {"管理员"}, "accounts": {"管理员"}, "audit": {"管理员"}}


def test_a_role_is_named_in_chinese_or_english():
    assert Role.named("组长") is Role.named("lead") is Role.LEAD
    with pytest.raises(BadInput, match="坐席、组长、训练员、管理员"):
        Role.named("boss")
