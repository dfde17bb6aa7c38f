"""``yibao models``, ``promote``, ``rollback``: which model is live, from the machine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

import typer

if TYPE_CHECKING:
    from bot.learning.models.models import Models


def models() -> None:
    """列出模型：哪个在用、以前在用的、候选的，能不能用，各进程用的是哪个。"""
    from bot.learning.models.models import Models
    from bot.learning.models.processes import ModelProcesses
    from bot.staff.opening import with_staff

    held = Models()
    for card in held.cards():
        problem = held.problem(card["version"])
        examples = "" if card["examples"] is None else f"{card['examples']} 条样例"
        typer.echo("\t".join((card["version"], _place(held, card), card["trained_at"][:16],
                              examples, problem or "可用")))
    for process in with_staff(lambda staff: ModelProcesses(staff.database).all()):
        typer.echo(f"进程 {process['process']}：{process['version']} {process['problem']}".rstrip())


def promote(
    version: Optional[str] = typer.Argument(None, help="模型的版本；不写就是最新的候选模型。"),
    reason: str = typer.Option("", help="没有通过比较也坚持上线的理由，至少 10 个字；会留存。"),
) -> None:
    """上线一个模型：各进程几秒内换上，对话不断。没有通过比较的，要用 --reason 写明理由。"""
    from bot.learning.models.candidate import newest_candidate
    from bot.learning.models.models import Models
    from bot.staff.audit import COMMAND_LINE

    held = Models()
    chosen = version or newest_candidate(held)
    live = held.promote(chosen, COMMAND_LINE, reason, override=bool(reason))
    note("model_promoted", live["version"], reason=reason)
    typer.echo(f"已上线：{live['version']}。用 yibao models 看各进程是否换上。")


def rollback() -> None:
    """退回上一个在用过的模型；各进程几秒内换上，对话不断。"""
    from bot.learning.models.models import Models
    from bot.staff.audit import COMMAND_LINE

    live = Models().rollback(COMMAND_LINE)
    note("model_rolled_back", live["version"])
    typer.echo(f"已退回：{live['version']}。用 yibao models 看各进程是否换上。")


def prepare() -> None:
    """准备好要用的模型，缺了就训练；由主进程在启动和更换进程前调用。"""
    from bot.running import trained_model

    trained_model()


def _place(held: Models, card: dict[str, Any]) -> str:
    live = held.live() or {"version": "", "before": []}
    if card["version"] == live["version"]:
        return "在用"
    if card["version"] in [entry["version"] for entry in live["before"]]:
        return "以前在用"
    return {True: "候选，通过比较", False: "候选，没有通过比较", None: "没有比较过"}[
        card["may_promote"]]


def note(action: str, version: str, **detail: Any) -> None:
    """Note in the audit log what was done; what is live keeps it, too, should that fail."""
    from bot.database import DatabaseDown
    from bot.staff.audit import COMMAND_LINE
    from bot.staff.opening import with_staff

    try:
        with_staff(lambda staff: staff.audit.note(COMMAND_LINE, action, version, **detail))
    except DatabaseDown as error:
        typer.echo(f"没有记进操作记录：{error}", err=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (models, promote, rollback):
        app.command()(command)
    app.command(hidden=True)(prepare)


__all__ = ["add_to", "note"]
