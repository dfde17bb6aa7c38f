"""``yibao evaluate``, ``cross-validate``, ``training-data``, ``why``: how well it understands."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import typer

from bot.runs_cli import run_and_report

_PICTURES = typer.Option(None, file_okay=False, help="把图（PNG）画到这个文件夹。")
_PAGE = typer.Option(None, dir_okay=False, help="把表格也写进这份 Markdown 的标记之间。")


def evaluate(
    file: Optional[Path] = typer.Argument(
        None, help="问题（JSONL，每行一个，标注可有可无）；不写就比较最新的候选模型和在用模型。"),
    predictions: Optional[Path] = typer.Option(None, help="把每一行的判断写到这个 JSONL 文件。"),
    compare: Optional[Path] = typer.Option(
        None, help="以前的模型的判断（--predictions 写出的）：逐条列出变对、变错的。"),
    pictures: Optional[Path] = _PICTURES,
    disturbed: bool = typer.Option(
        False, "--disturbed", help="也评测同样的问题换成同音错字、繁体、无标点以后。"),
    record: Optional[Path] = typer.Option(None, help="把这次的数字记到这个 YAML 文件。"),
    page: Optional[Path] = _PAGE,
    mark: str = typer.Option("evaluation", help="Markdown 里标记的名称。"),
) -> None:
    """在一份问题上评测理解：事项大类、事项、询问方面、范围、参保地，附样本数、区间和最错的五十条。"""
    from bot.evaluation.commands import Page, Wanted, evaluation

    if file is None:
        return run_and_report("compare")
    typer.echo("正在载入模型（约十秒）…", err=True)
    wanted = Wanted(predictions, compare, pictures, record,
                    Page(page, mark) if page else None, disturbed)
    typer.echo(evaluation(file, wanted))


def cross_validate(
    curve: bool = typer.Option(True, help="也在部分数据上训练，画学习曲线；不画快一倍。"),
    pictures: Optional[Path] = _PICTURES,
    page: Optional[Path] = _PAGE,
) -> None:
    """在训练数据上做五折交叉验证（相近的说法不拆开），并算各个阈值的代价；需要几分钟。"""
    from bot.evaluation.commands import Page, cross_validation

    found = Page(page, "cross-validation") if page else None
    typer.echo(cross_validation(curve, pictures, found))


def training_data(page: Optional[Path] = _PAGE) -> None:
    """训练数据有多少条、重复多少、在各类标注上怎样分布。"""
    from bot.evaluation.commands import Page, training_data

    typer.echo(training_data(Page(page, "training-data") if page else None))


def why(text: str = typer.Argument(..., help="市民的一句话。")) -> None:
    """为什么这样理解一句话：判断、词表认出了什么、哪些字词支持或反对。"""
    from bot.evaluation.why import why
    from bot.running import trained_model

    typer.echo(why(text, trained_model()))


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(evaluate)
    app.command("cross-validate")(cross_validate)
    app.command("training-data")(training_data)
    app.command()(why)


__all__ = ["add_to", "cross_validate", "evaluate", "training_data"]
