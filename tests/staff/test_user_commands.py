"""``yibao user``: the first administrator, and whoever comes after."""

from __future__ import annotations

import asyncio

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import BadInput
from bot.settings import Settings
from bot.staff import passwords
from bot.staff.opening import open_staff
from tests.staff.conftest import OTHER, PASSWORD, quick


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    """An installation of its own, without anybody, that hashes with little effort."""
    made = quick()
    monkeypatch.setenv("YIBAO_VAR", str(tmp_path))
    monkeypatch.setattr(passwords, "PasswordHasher", lambda **_: made)


def yibao(*arguments: str, typed: str = "", code: int = 0) -> str:
    """Run ``yibao user …``; return what it says."""
    done = CliRunner().invoke(app, ["user", *arguments], input=typed)
    assert done.exit_code == code, done.output
    return done.output


def add(id: str, role: str, password: str = PASSWORD) -> str:
    return yibao("add", id, "--role", role, "--password-stdin", typed=f"{password}\n")


def proves(id: str, password: str) -> bool:
    """Tell whether somebody signs in with a password."""
    staff = open_staff(Settings.from_environment())
    try:
        return asyncio.run(staff.accounts.check(id, password)).must_change
    except BadInput:
        return False
    finally:
        staff.database.close()


def test_nobody_is_there_before_somebody_is_added():
    assert yibao("list") == ""


def test_the_first_administrator_types_the_password_twice_and_changes_it_later():
    said = yibao("add", "9001", "--role", "管理员", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert "已新增管理员 9001" in said and PASSWORD not in said
    assert yibao("list") == "9001\t管理员\t要修改密码\n"
    assert proves("9001", PASSWORD)


def test_a_password_that_was_typed_otherwise_the_second_time_is_asked_for_again():
    typed = f"{PASSWORD}\n{OTHER}\n{OTHER}\n{OTHER}\n"
    yibao("add", "9001", "--role", "admin", typed=typed)
    assert proves("9001", OTHER)


def test_a_password_is_no_argument_that_others_on_the_machine_could_see():
    yibao("add", "9001", "--role", "admin", "--password", PASSWORD, code=2)


def test_an_account_is_changed_locked_out_and_let_in_again():
    add("9001", "管理员")
    add("8001", "坐席")
    assert "8001 现在是组长" in yibao("set-role", "8001", "--role", "组长")
    yibao("set-password", "8001", "--password-stdin", typed=f"{OTHER}\n")
    assert proves("8001", OTHER)
    yibao("deactivate", "8001")
    assert not proves("8001", OTHER)
    assert "8001\t组长\t已停用、要修改密码" in yibao("list")
    yibao("activate", "8001")
    for _ in range(5):
        proves("8001", "wrong")
    assert "已锁定" in yibao("list")
    yibao("unlock", "8001")
    assert proves("8001", OTHER)


def test_what_was_done_at_the_machine_is_in_the_audit_log():
    add("9001", "管理员")
    staff = open_staff(Settings.from_environment())
    [entry] = asyncio.run(staff.audit.page())
    staff.database.close()
    assert (entry["account"], entry["action"], entry["target"]) == (
        "(yibao)", "account_added", "9001")


@pytest.mark.parametrize(("arguments", "typed", "says"), [
    (("add", "13812345678", "--role", "坐席", "--password-stdin"), PASSWORD, "工号应为"),
    (("add", "8001", "--role", "老板", "--password-stdin"), PASSWORD, "角色应为"),
    (("add", "8001", "--role", "坐席", "--password-stdin"), "1234567890", "太容易被猜到"),
    (("add", "8001", "--role", "坐席", "--password-stdin"), "", "密码应为"),
    (("deactivate", "9001"), "", "最后一个能登录的管理员"),
    (("set-role", "9001", "--role", "坐席"), "", "最后一个能登录的管理员"),
    (("unlock", "7777"), "", "没有这个工号")])
def test_what_cannot_be_done_is_one_clear_sentence(arguments, typed, says):
    add("9001", "管理员")
    done = CliRunner().invoke(app, ["user", *arguments], input=typed)
    assert isinstance(done.exception, BadInput) and says in str(done.exception)
