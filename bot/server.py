"""One process that serves everything on one port: channels, clauses, health.

Only these routes are public; Rasa's own HTTP API is not.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic
from sanic.exceptions import NotFound, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import local_actions
from bot.conversations import Conversations
from bot.editions import Editions
from bot.errors import BadInput, UnknownId
from bot.notice.notices import notices
from bot.notice.routes import notice_pages
from bot.paths import state_folder
from bot.privacy import mask
from bot.reference.routes import reference_pages
from bot.tracker_store import StateTrackerStore
from bot.wording import say
from knowledge.search import index_of
from knowledge.store import load

_log = logging.getLogger(__name__)
_WARM_UP = (
    "我妈跟我住东莞，医保在梅州，怎么备案", "没迁", "门诊费用报销要带什么", "养老金怎么领", "你好")
_MAX_BODY = 64 * 1024


class Assistant:
    """The running bot: a model, the conversations, and the turns between them.

    Args:
        model: path of the trained model.
        conversations: the store of conversations.
    """

    def __init__(self, model: Path, conversations: Conversations) -> None:
        self.model, self.conversations = model, conversations
        self.agent: Agent | None = None

    @property
    def version(self) -> str:
        """The fingerprint of the model."""
        return self.model.name.removeprefix("yibao-").removesuffix(".tar.gz")

    def load(self) -> None:
        """Load the model; takes some seconds.

        Raises:
            FileNotFoundError: there is no such model (Rasa would take another without a word).
        """
        if not self.model.is_file():
            raise FileNotFoundError(self.model)
        local_actions.install()
        store = StateTrackerStore(Domain.empty(), self.conversations)
        self.agent = Agent.load(
            self.model, tracker_store=store, lock_store=InMemoryLockStore(),
            action_endpoint=EndpointConfig("local"))

    async def warm_up(self) -> None:
        """Play a conversation that is forgotten again, so that no citizen pays for the first."""
        conversation = f"warm-up-{secrets.token_hex(8)}"
        for text in _WARM_UP:
            replies = CollectingOutputChannel()
            await self.handle(UserMessage(mask(text).text, replies, conversation))
        self.conversations.forget(conversation)
        index_of(load()).find(_WARM_UP[0])

    async def handle(self, message: UserMessage) -> None:
        """Handle one message of a channel; the replies are in its output channel.

        Raises:
            BadInput: the model is not loaded yet.
        """
        if self.agent is None:
            raise BadInput(say("starting"), status=503)
        await self.agent.handle_message(message)


def create_app(assistant: Assistant, channels: Iterable[InputChannel]) -> Sanic:
    """Return the application: the channels' routes, ``/health`` and ``/api/clause``."""
    app = Sanic("yibao", configure_logging=False)
    app.config.update(REQUEST_MAX_SIZE=_MAX_BODY, WEBSOCKET_MAX_SIZE=_MAX_BODY,
                      FALLBACK_ERROR_FORMAT="json", MOTD=False, ACCESS_LOG=False)
    app.ctx.assistant, app.ctx.ready = assistant, False
    app.ctx.editions = Editions(load(), state_folder() / "editions")
    for channel in channels:
        prefix = "" if channel.name() == "web" else f"/webhooks/{channel.name()}"
        app.blueprint(channel.blueprint(assistant.handle), url_prefix=prefix)
    app.blueprint(reference_pages())
    app.blueprint(notice_pages(notices()))
    app.add_route(_health, "/health")
    app.add_route(_clause, "/api/clause/<knowledge_version:str>/<clause_id:path>")
    app.error_handler.add(Exception, _refuse)
    app.register_listener(_start_loading, "after_server_start")
    return app


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


def _refuse(request: Request, error: Exception) -> HTTPResponse:
    """Answer an error in Chinese, without a stack trace."""
    if isinstance(error, BadInput):
        return json({"error": str(error), "field": error.field}, status=error.status,
                    ensure_ascii=False)
    if isinstance(error, NotFound):
        return json({"error": say("not_found")}, status=404, ensure_ascii=False)
    status = error.status_code if isinstance(error, SanicException) else 500
    if status >= 500:
        _log.error("request failed: %s %s", request.method, request.path, exc_info=error)
    text = say("failed" if status >= 500 else "bad_request")
    return json({"error": text}, status=status, ensure_ascii=False)


__all__ = ["Assistant", "create_app"]
