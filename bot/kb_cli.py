"""``yibao kb``: look after the knowledge base."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import typer

kb_app = typer.Typer(no_args_is_help=True, help="知识库：检查、收录、比较指南。")


@kb_app.command("check")
def kb_check(
    guides: Optional[Path] = typer.Option(
        None, exists=True, file_okay=False, help="指南原文所在的文件夹（每个指南一个 .txt）。"),
) -> None:
    """检查知识库：格式、引用、数字；给出指南原文时逐字核对，并打印覆盖率。"""
    from bot.kb_reports.check import check

    if not check(guides):
        raise typer.Exit(1)


@kb_app.command("coverage")
def kb_coverage(
    guides: Path = typer.Option(
        ..., exists=True, file_okay=False, help="指南原文所在的文件夹（每个指南一个 .txt）。"),
    html: Optional[Path] = typer.Option(
        None, file_okay=False, help="每份指南写一个网页到这个文件夹：原文逐条对应由它得出的内容。"),
) -> None:
    """核算指南全文：每个字是条文、标题，还是有原因的排除；有一处没有着落就算失败。"""
    from bot.kb_reports.coverage import coverage

    if not coverage(guides, html):
        raise typer.Exit(1)


@kb_app.command("lint")
def kb_lint(
    everything: bool = typer.Option(False, "--all", help="也列出已经说明的。"),
) -> None:
    """找出矛盾：指南自身前后不一、市与省不一、同一份表格名称不一；没有说明的算失败。"""
    from bot.kb_reports.lint import lint

    if not lint(everything):
        raise typer.Exit(1)


@kb_app.command("search")
def kb_search(
    query: str = typer.Argument(..., help="事项名称、平时的说法、条文里的话或拼音。"),
    region: str = typer.Option("", help="只在这个地方的指南里找，例如 梅州市、武汉、福建。"),
    limit: int = typer.Option(8, min=1, help="最多几条。"),
) -> None:
    """查事项和条文：错别字、拼音、繁体字也查得到，事项在前，按相近程度排列。"""
    from bot.kb_reports.search import search

    if not search(query, region, limit):
        raise typer.Exit(1)


@kb_app.command("import")
def kb_import(
    file: Path = typer.Argument(..., help="指南文件：文本、DOCX 或 PDF。"),
    region: str = typer.Option(..., help="指南属于哪里，例如 梅州市、福建省。"),
    out: Optional[Path] = typer.Option(
        None, file_okay=False, help="草稿写到哪个文件夹，缺省为 var/drafts。"),
) -> None:
    """收录一份新指南：读文件，写出每个事项的草稿，标出并统计要人工核对的地方。"""
    from bot.kb_reports.import_ import import_file

    if not import_file(file, region, out):
        raise typer.Exit(1)


@kb_app.command("measure-import")
def kb_measure_import(
    guides: Path = typer.Option(
        ..., exists=True, file_okay=False, help="指南原文所在的文件夹（每个指南一个 .txt）。"),
) -> None:
    """评测收录：重新起草已有的指南，与人工核定的内容比较，给出各栏目的准确率和召回率。"""
    from bot.kb_reports.import_ import measure_import

    measure_import(guides)


@kb_app.command("diff")
def kb_diff(
    old: str = typer.Argument(..., help="旧版：指南文件、知识文件夹，或 git 版本（如 HEAD~1）。"),
    new: str = typer.Argument(..., help="新版：同上。"),
    guide: str = typer.Option("", help="只比较这份指南，例如 meizhou。"),
) -> None:
    """比较一份指南的两个版本：哪些更严、更宽、增加、删除，影响哪些提问、用例和清单。"""
    from bot.kb_reports.diff import report

    typer.echo(report(old, new, guide))


@kb_app.command("paths")
def kb_paths(
    write: Optional[Path] = typer.Option(None, dir_okay=False, help="写到这个文件，而不是打印。"),
) -> None:
    """每类事项要问几个问题：各指南有多少种结果，问题数的中位数和最多几个。"""
    from bot.kb_reports.paths import paths

    paths(write)


@kb_app.command("flows")
def kb_flows(
    write: Optional[Path] = typer.Option(None, file_okay=False, help="每类事项写一个文件到这里。"),
) -> None:
    """由规则画出流程图（Mermaid）：每类事项问什么、怎么答、得到什么。"""
    from bot.kb_reports.flows import flows

    flows(write)


__all__ = ["kb_app"]
