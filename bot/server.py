"""One process that serves everything on one port: channels, clauses, health.

Only these routes are public; Rasa's own HTTP API is not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol
from urllib.parse import unquote

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.assistant import Assistant
from bot.editions import Editions
from bot.errors import BadInput, UnknownId
from bot.http import protect
from bot.notice.notices import notices
from bot.notice.routes import notice_pages
from bot.paths import state_folder
from bot.reference.routes import reference_pages
from bot.settings import Settings
from bot.wording import say
from knowledge.store import load

_log = logging.getLogger(__name__)

class Service(Protocol):
    """Something that runs beside the channels."""

    async def start(self) -> None:
        """Begin, once the server listens."""

    async def stop(self) -> None:
        """End; what is under way is finished."""


def create_app(
    assistant: Assistant, settings: Settings, channels: Iterable[Blueprint],
    services: Sequence[Service] = (),
) -> Sanic:
    """Return the application: the channels' routes, ``/health`` and ``/api/clause``.

    Args:
        assistant: the bot; its model is loaded once the server listens.
        settings: what this installation has set.
        channels: the routes of each.
        services: what runs beside them, started in this order and stopped in the opposite one.
    """
    app = Sanic("yibao", configure_logging=False)
    protect(app, settings)
    app.ctx.assistant, app.ctx.ready = assistant, False
    app.ctx.editions = Editions(load(), state_folder() / "editions")
    for channel in channels:
        app.blueprint(channel)
    app.blueprint(reference_pages())
    app.blueprint(notice_pages(notices()))
    app.add_route(_health, "/health")
    app.add_route(_clause, "/api/clause/<knowledge_version:str>/<clause_id:path>")
    app.register_listener(_start_loading, "after_server_start")
    for service in services:
        app.register_listener(_call(service.start), "after_server_start")
        # Sanic calls these in the opposite order by itself, once the last turn has ended.
        app.register_listener(_call(service.stop), "after_server_stop")
    return app


def _call(act: Callable[[], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def listener(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        await act()
    return listener


async def _start_loading(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    app.ctx.loading = asyncio.ensure_future(_load(app))


async def _load(app: Sanic) -> None:
    try:
        await asyncio.get_running_loop().run_in_executor(None, app.ctx.assistant.load)
        await app.ctx.assistant.warm_up()
        app.ctx.editions.keep()
        app.ctx.ready = True
    except Exception:
        _log.exception("the model could not be loaded")
        app.stop()


async def _health(request: Request) -> HTTPResponse:
    """Answer 200 once a message would be answered at full speed, 503 before."""
    ready = request.app.ctx.ready
    state = {
        "status": "ok" if ready else "starting",
        "model_version": request.app.ctx.assistant.version,
        "knowledge_version": load().version,
    }
    return json(state, status=200 if ready else 503)


async def _clause(request: Request, knowledge_version: str, clause_id: str) -> HTTPResponse:
    """Return a clause of the version that a card was made from, be it an earlier one."""
    try:
        shown = request.app.ctx.editions.clause(knowledge_version, unquote(clause_id))
    except UnknownId as error:
        field = "knowledge_version" if error.kind == "version" else "clause_id"
        raise BadInput(say("unknown_clause"), field, 404) from None
    return json(shown, ensure_ascii=False)


__all__ = ["Service", "create_app"]
