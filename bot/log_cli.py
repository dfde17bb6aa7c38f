"""``yibao log``: export, show and delete what is kept of conversations."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Optional

import typer

log_app = typer.Typer(no_args_is_help=True, help="对话记录：导出、查看、删除。")


@log_app.command("export")
def log_export(
    conversation: str = typer.Argument("", help="对话编号；导出一段时间的全部对话时不写。"),
    since: Optional[datetime] = typer.Option(
        None, formats=["%Y-%m-%d"], help="从这一天（北京时间）起的全部对话，例如 2026-11-01。"),
    out: Optional[Path] = typer.Option(None, dir_okay=False, help="写到这个文件，而不是打印。"),
) -> None:
    """导出对话记录：每行一个 JSON，每轮一行，评价、转人工等事件各一行，按时间排列。"""
    from bot.journal.reading import exported

    if bool(conversation) == bool(since):
        raise typer.BadParameter("请写对话编号，或者用 --since 指定从哪一天起")
    with out.open("w", encoding="utf-8") if out else nullcontext(sys.stdout) as file:
        count = sum(1 for entry in exported(conversation, since)
                    if file.write(json.dumps(entry, ensure_ascii=False) + "\n"))
    if conversation and not count:
        _unknown(conversation)
    typer.echo(f"共 {count} 条" + (f"，已写入 {out}" if out else ""), err=True)


@log_app.command("show")
def log_show(conversation: str = typer.Argument(..., help="对话编号。")) -> None:
    """查看一个对话：谁在什么时候说了什么，依据哪些条文，发生了什么。"""
    from bot.journal.reading import exported, transcript

    lines = list(transcript(exported(conversation, None)))
    if not lines:
        _unknown(conversation)
    typer.echo("\n".join(lines))


@log_app.command("delete")
def log_delete(
    conversation: str = typer.Argument(..., help="对话编号。"),
    yes: bool = typer.Option(False, "--yes", help="不再询问，直接删除。"),
) -> None:
    """删除一个对话的全部记录：对话本身、待入库的和已入库的。助手运行时也可以用。"""
    from bot.running import forget

    if not yes:
        typer.confirm(f"将删除对话 {conversation} 的全部记录，不能恢复。确定吗？", abort=True)
    deleted = asyncio.run(forget(conversation))
    if not any(count for _, count in deleted):
        _unknown(conversation)
    typer.echo(f"已删除对话 {conversation}：")
    typer.echo("\n".join(f"  {place}：{count} 条" for place, count in deleted))


def _unknown(conversation: str) -> None:
    typer.echo(f"没有对话 {conversation} 的记录。", err=True)
    raise typer.Exit(1)


__all__ = ["log_app"]
