"""Starting the assistant: as a server, or for a single question."""

from __future__ import annotations

import secrets
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import BadInput, SetupError
from bot.handover.hours import service_hours
from bot.logs import configure
from bot.rasa_environment import prepare
from bot.settings import Settings
from knowledge.store import load

if TYPE_CHECKING:
    from bot.journal.journal import Journal


def serve(host: str, port: int, workers: int = 1) -> None:
    """Serve until interrupted; trains first where the model is missing.

    With Redis it is a supervisor with ``workers`` processes, be it one: they are replaced when
    they die, and one by one on SIGHUP. Without Redis it is this process alone.

    Raises:
        SetupError: the port is taken or not allowed, there are several workers and no Redis, the
            disk is full, or training failed.
    """
    settings = Settings.from_environment()
    service_hours()  # a broken file is named before anything starts
    if settings.redis_url:
        from bot.supervisor import supervise

        welcome = f"全部就绪，请在浏览器打开 http://{host}:{port} （按 Ctrl-C 停止）"
        with bind(host, port) as listening:
            supervise(listening, workers, welcome)
        return
    if workers > 1:
        raise SetupError(
            f"{workers} 个进程要通过 Redis 共用会话：请加上 Redis 的地址，例如 make run "
            f"WORKERS={workers} REDIS_URL=redis://127.0.0.1:6379/0；没有 Redis 就只用 WORKERS=1")
    _serve_alone(host, port, settings)


def _serve_alone(host: str, port: int, settings: Settings) -> None:
    bind(host, port).close()
    # A shell that starts jobs in the background hands them an ignored SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    load()  # a broken data file is reported before anything starts
    model = trained_model()
    print("正在启动，约需十几秒…", flush=True)
    prepare()
    configure(settings.log_level)
    from bot.application import application

    app = application(model, settings)
    print(f"请在浏览器打开 http://{host}:{port} （按 Ctrl-C 停止）", flush=True)
    app.run(host=host, port=port, workers=1, access_log=False, motd=False)


def trained_model() -> Path:
    """Return the model to serve with, trained with a word of progress where it is missing.

    See :meth:`bot.learning.models.models.Models.serving`.
    """
    from bot.learning.models.models import Models  # the supervisor does without, and its memory

    return Models().serving(
        lambda: print("正在训练模型（一般不到一分钟）…", flush=True))


def bind(host: str, port: int) -> socket.socket:
    """Return a socket with this address, not listening yet.

    Raises:
        SetupError: the address cannot be had.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except (OSError, OverflowError) as error:
        bound.close()
        raise SetupError(
            f"端口 {port} 用不了（{error}）：请换一个，例如 make run PORT={port % 60000 + 1}"
        ) from None
    return bound


async def ask_once(question: str, region: str) -> list[dict[str, Any]]:
    """Return the messages that answer one question in a fresh conversation.

    Args:
        question: what a citizen would write.
        region: a place of insurance; '' where the question says it or it is to be asked.

    Raises:
        SetupError: no guide serves ``region``.
    """
    model = trained_model()
    prepare()
    from bot.assistant import Assistant
    from connectors.intake import text_from

    assistant = Assistant(model)
    assistant.load()
    state = _state_in(region) if region else None
    answered = await assistant.answer(secrets.token_urlsafe(8), text_from(question), state)
    return list(answered.replies)


async def forget(conversation: str) -> list[tuple[str, int]]:
    """Delete a conversation wherever this installation keeps something of it.

    Returns:
        See :func:`bot.journal.deletion.delete`.
    """
    from bot.journal.deletion import delete
    from bot.journal.opening import open_journal
    from bot.learning.runs.runs import Runs
    from bot.staff.opening import open_staff
    from bot.store.opening import open_store
    from connectors.hub import open_hub

    settings = Settings.from_environment()
    store, journal, staff = open_store(settings), open_journal(settings), open_staff(settings)
    hub = open_hub(settings.redis_url)
    try:
        said = _said(journal, conversation)
        deleted = await delete(conversation, store, journal, hub, staff)
        return [*deleted, ("训练结果里引用的话", Runs().forget(said))]
    finally:
        await staff.close()
        await store.close()
        journal.database.close()


def _said(journal: Journal, conversation: str) -> list[str]:
    """Return what was written in a conversation; [] where the log is away: deleting tells that."""
    from bot.database import DatabaseDown

    with suppress(DatabaseDown):
        return [entry.get("text") or entry.get("data", {}).get("text", "")
                for entry in journal.database.entries(conversation)]
    return []


def _state_in(region: str) -> dict[str, Any]:
    from bot.opening import opening_state

    try:
        return opening_state(region)
    except BadInput as error:
        raise SetupError(str(error)) from None


__all__ = ["ask_once", "bind", "forget", "serve", "trained_model"]
