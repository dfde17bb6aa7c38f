"""``yibao review``: the inbox from the command line, labels from a file, suspects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from bot.staff.opening import Staff

review_app = typer.Typer(
    no_args_is_help=True, help="待审：助手没听懂、拿不准的话；导出去看，把标注导入回来。")

_DAYS = typer.Option(30, min=1, max=180, help="看最近几天。")
_SIGNAL = typer.Option("", help="只看一种原因，例如 没听懂、反问过、不满意。")
_QUERY = typer.Option("", help="只看有这些字词的。")
_REGION = typer.Option("", help="只看一部指南的地区，例如 梅州市。")
_LIMIT = typer.Option(20, min=1, help="最多几组。")


@review_app.command("list")
def review_list(
    days: int = _DAYS, signal: str = _SIGNAL, query: str = _QUERY, region: str = _REGION,
    limit: int = _LIMIT,
) -> None:
    """列出待审的话，最值得教的在前；相近的说法并成一组。"""
    from rich.console import Console

    page = _page(days, signal, query, region, limit)
    columns = ("次数", "最近", "说法", "为什么", "建议的标注")
    Console().print(_table(columns, map(_row, page["groups"])))
    shown = len(page["groups"])
    typer.echo(f"共 {page['total']} 组、{page['messages']} 种说法，列出前 {shown} 组。")


@review_app.command("export")
def review_export(
    file: Path = typer.Argument(..., dir_okay=False, help="写到这个文件，每行一句（JSON）。"),
    days: int = _DAYS, signal: str = _SIGNAL, query: str = _QUERY, region: str = _REGION,
    limit: int = typer.Option(500, min=1, help="最多几组。"),
) -> None:
    """导出待审的话。看过以后把 label 改成 true（同意建议）或者写上标注，再导入。"""
    from bot.learning.inbox.review_file import lines_of

    lines = list(lines_of(_page(days, signal, query, region, limit)["groups"]))
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines),
                    encoding="utf-8")
    typer.echo(f"已写入 {file}：{len(lines)} 句。")


@review_app.command("import")
def review_import(
    file: Path = typer.Argument(..., exists=True, dir_okay=False, help="导出后标注好的文件。"),
    by: str = typer.Option(..., "--by", metavar="工号", help="谁标的；要有训练员或管理员的账号。"),
) -> None:
    """导入标注，与在控制台里标注一样：核对词表、查矛盾、记下是谁标的。"""
    from bot.learning.inbox.review_file import save_lines
    from bot.learning.labels.words import words
    from bot.staff.opening import with_staff

    lines = file.read_text(encoding="utf-8-sig").splitlines()

    async def act(staff: Staff) -> Any:
        account = await staff.accounts.get(by)
        if account is None or not account.may("console"):
            raise typer.BadParameter(f"{by} 不是能标注的账号（训练员或管理员）", param_hint="--by")
        return await save_lines(staff.labels, lines, by)

    taken = with_staff(act)
    for state, count in taken.states.items():
        typer.echo(f"{words()['states'][state]}：{count} 句")
    typer.echo(f"没有标注、跳过：{taken.skipped} 句")
    if taken.refused:
        typer.echo("\n".join(("没有导入：", *taken.refused)), err=True)
        raise typer.Exit(1)


@review_app.command("suspects")
def review_suspects() -> None:
    """列出现有样例里可能标错的：在控制台里查过一遍以后才有。"""
    from rich.console import Console

    from bot.learning.runs.runs import Runs
    from bot.learning.suspects import Suspects
    from bot.staff.opening import with_staff

    found = with_staff(lambda staff: Suspects(Runs(), staff.labels).page())
    if not found["at"]:
        typer.echo("还没有查过：请在控制台“标注”页的“存疑的老样例”下按“检查一遍”。")
        return
    rows = [(one["file"], one["text"], one["in_words"],
             f"{one['believed_in_words']}\n（{one['p']:.0%}）") for one in found["suspects"]]
    Console().print(_table(("文件", "说法", "现在的标注", "更像是"), rows))
    typer.echo(f"{found['examples']} 条样例里，还有 {len(rows)} 条存疑。")


def _page(days: int, signal: str, query: str, region: str, limit: int) -> Mapping[str, Any]:
    from bot.journal.opening import shipped_log
    from bot.learning.inbox.inbox import Inbox
    from bot.settings import Settings
    from bot.staff.opening import with_staff

    with shipped_log(Settings.from_environment()) as log:
        return with_staff(lambda staff: Inbox(log, staff.labels).page(
            days, _kind(signal), query, _guide(region), limit))


def _kind(named: str) -> str:
    """Return the kind of signal with a name; '' for ''."""
    from bot.learning.inbox.words import inbox_words

    return _id(named, {kind: one["label"] for kind, one in inbox_words()["signals"].items()},
               "--signal")


def _guide(named: str) -> str:
    """Return the guide of a region; '' for ''."""
    from knowledge.store import load

    return _id(named, {g.id: g.data.region for g in load().guides.values()}, "--region")


def _id(named: str, known: Mapping[str, str], option: str) -> str:
    found = next((key for key, label in known.items() if named in (key, label)), "")
    if named and not found:
        raise typer.BadParameter(f"没有“{named}”，可以是：{'、'.join(known.values())}",
                                 param_hint=option)
    return found


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row, end_section=True)
    return table


def _row(group: Mapping[str, Any]) -> Sequence[str]:
    """Return a group as a row: times, last time, typical message, why, what is proposed."""
    from bot.clock import CHINA
    from bot.learning.inbox.words import inbox_words
    from bot.learning.labels.label import Label

    typical = group["typical"]
    at = datetime.fromisoformat(typical["at"]).astimezone(CHINA)
    why = "\n".join(signal["text"] for signal in typical["signals"])
    evidence = inbox_words()["proposals"][group["evidence"]]
    proposed = Label.of_fields(group["proposed"]).in_words()
    return (str(group["size"]), f"{at:%m-%d %H:%M}", typical["text"], why,
            f"{proposed}\n（{evidence}）")


__all__ = ["review_app"]
