"""``yibao user``: accounts of staff, from the machine itself."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from bot.staff.opening import Staff

T = TypeVar("T")

user_app = typer.Typer(
    no_args_is_help=True, help="工作人员账号：新增、查看、改角色、改密码、停用、启用、解除锁定。")

_ID = typer.Argument(..., metavar="工号", help="例如 8001；不要用手机号、身份证号。")
_ROLE = typer.Option(..., "--role", metavar="角色", help="坐席、组长、训练员或管理员。")
_STDIN = typer.Option(False, "--password-stdin", help="从标准输入读密码（一行），不再询问。")


@user_app.command("add")
def user_add(id: str = _ID, role: str = _ROLE, password_stdin: bool = _STDIN) -> None:
    """新增账号；密码询问两遍，本人第一次登录后要改掉。第一个管理员也这样建立。"""
    from bot.staff.roles import Role

    given = Role.named(role)
    password = _password(password_stdin)
    _act(lambda staff, by: staff.accounts.add(id, given, password, by))
    typer.echo(f"已新增{given.label} {id}。第一次登录后要修改密码。")


@user_app.command("list")
def user_list() -> None:
    """列出全部账号：工号、角色、能不能登录。"""
    for account in _act(lambda staff, _: staff.accounts.all()):
        notes = ((not account.active, "已停用"), (account.locked, "已锁定"),
                 (account.must_change, "要修改密码"))
        told = "、".join(text for holds, text in notes if holds) or "正常"
        typer.echo(f"{account.id}\t{account.role.label}\t{told}")


@user_app.command("set-role")
def user_set_role(id: str = _ID, role: str = _ROLE) -> None:
    """更改角色；已登录的要重新登录。"""
    from bot.staff.roles import Role

    given = Role.named(role)
    _act(lambda staff, by: staff.accounts.set_role(id, given, by))
    typer.echo(f"{id} 现在是{given.label}。")


@user_app.command("set-password")
def user_set_password(id: str = _ID, password_stdin: bool = _STDIN) -> None:
    """设新密码并解除锁定；本人登录后要改掉。已登录的要重新登录。"""
    password = _password(password_stdin)
    _act(lambda staff, by: staff.accounts.set_password(id, password, by))
    typer.echo(f"已为 {id} 设新密码。登录后要修改密码。")


@user_app.command("deactivate")
def user_deactivate(id: str = _ID) -> None:
    """停用账号：立即退出登录，不能再登录。做过的事仍在操作记录里。"""
    _act(lambda staff, by: staff.accounts.deactivate(id, by))
    typer.echo(f"已停用 {id}。")


@user_app.command("activate")
def user_activate(id: str = _ID) -> None:
    """启用停用的账号。"""
    _act(lambda staff, by: staff.accounts.activate(id, by))
    typer.echo(f"已启用 {id}。")


@user_app.command("unlock")
def user_unlock(id: str = _ID) -> None:
    """解除登录失败太多次后的锁定。"""
    _act(lambda staff, by: staff.accounts.unlock(id, by))
    typer.echo(f"已解除 {id} 的锁定。")


def _act(act: Callable[[Staff, str], Awaitable[T]]) -> T:
    """Do something in the staff database, in the name of whoever is at the machine."""
    from bot.staff.audit import COMMAND_LINE
    from bot.staff.opening import with_staff

    return with_staff(lambda staff: act(staff, COMMAND_LINE))


def _password(from_stdin: bool) -> str:
    """Return a password; never an argument, which others on the machine could see."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked = typer.prompt("密码（输入时不显示）", hide_input=True, confirmation_prompt="再输一遍")
    return str(asked)


__all__ = ["user_app"]
