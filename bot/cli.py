"""The command ``yibao``: run, train, ask, evaluate, and look after the knowledge base."""

from __future__ import annotations

import asyncio
import json as jsonlib
import sys
import time
from pathlib import Path

import typer

from bot import models_cli
from bot.errors import YibaoError
from bot.evaluation_cli import add_to
from bot.kb_cli import kb_app
from bot.log_cli import log_app
from bot.review_cli import review_app
from bot.runs_cli import run_and_report
from bot.user_cli import user_app

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="医保办事助手：回答医疗保障经办政务服务事项，每一条都注明指南出处。")


@app.command()
def run(
    host: str = typer.Option("127.0.0.1", help="监听地址；默认只有本机能访问。"),
    port: int = typer.Option(5005, help="端口。"),
    workers: int = typer.Option(1, min=1, max=64, help="进程数；多于一个要有 YIBAO_REDIS_URL。"),
) -> None:
    """启动助手：缺模型时先训练，然后在 http://HOST:PORT 打开网页对话。按 Ctrl-C 停止。"""
    from bot.running import serve

    serve(host, port, workers)


@app.command()
def train(
    force: bool = typer.Option(False, "--force", help="没有变化也重新训练。"),
    labels: bool = typer.Option(
        False, "--labels", help="先把标注写进训练数据，再训练，并和在用模型比较；不换上新模型。"),
) -> None:
    """训练模型；训练数据、配置和代码都没变时立即返回。--labels 时退出码 0 是能上线，3 是不能。"""
    from bot import training

    if labels:
        return run_and_report("train")
    path = training.model_path()
    if path.is_file() and not force:
        typer.echo(f"模型已是最新：{path.name}")
        return
    started = time.monotonic()
    typer.echo("正在训练模型（一般不到一分钟）…")
    path = training.train(force)
    typer.echo(f"训练完成：{path.name}，用时 {time.monotonic() - started:.0f} 秒")


@app.command()
def ask(
    question: str = typer.Argument(..., help="要问的话，例如 门诊费用报销要带什么"),
    region: str = typer.Option("", help="参保地，例如 梅州市、武汉、福建。"),
    json: bool = typer.Option(False, "--json", help="输出消息的 JSON（含卡片）。"),
) -> None:
    """问一句话，打印回答。"""
    from bot.running import ask_once

    messages = asyncio.run(ask_once(question, region))
    if json:
        typer.echo(jsonlib.dumps(messages, ensure_ascii=False, indent=2))
        return
    typer.echo("\n\n".join(message["text"] for message in messages))


@app.command()
def insight(
    weeks: str = typer.Option("4", help="最近几周，本周算一周；最多 26。"),
    out: Path = typer.Option(..., file_okay=False, help="把各表写成 CSV 文件，放进这个文件夹。"),
) -> None:
    """统计大家问什么、什么没有答上：写出控制台“统计”页的各张表。"""
    from bot.learning.insight.writing import write

    sentences, files = write(weeks, out)
    typer.echo("\n".join(sentences))
    typer.echo(f"已写入 {out}：{'、'.join(file.name for file in files)}")


add_to(app)
models_cli.add_to(app)
app.add_typer(kb_app, name="kb")
app.add_typer(log_app, name="log")
app.add_typer(review_app, name="review")
app.add_typer(user_app, name="user")


def main() -> None:
    """Run the command line; known errors are one clear line."""
    try:
        app(standalone_mode=True)
    except YibaoError as error:
        typer.echo(f"出错了：{error}", err=True)
        sys.exit(1)


__all__ = ["app", "main"]
