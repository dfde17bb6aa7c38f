"""The routes of the 12345 platform, and what runs beside them; ``openapi.yml`` is the contract."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import unquote

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.errors import BadInput, YibaoError
from bot.housekeeping import Repeated
from bot.logs import logger
from bot.messages import press_of
from bot.opening import opening_state
from bot.secrets import hotline_keys, installation_key, keyed_name
from bot.settings import Settings
from bot.suggest import suggest
from bot.switchboard import Switchboard, Talk
from bot.wording import say
from connectors.guard import count_frame, count_session, json_body
from connectors.hotline12345 import signing
from connectors.hotline12345.callbacks import Callbacks, Patience
from connectors.hotline12345.contract import checked, document
from connectors.hotline12345.order import Arrival
from connectors.hotline12345.render import replies_of
from connectors.hotline12345.session import ANSWERED, CALLBACK, HELD, Outcome, Session
from connectors.intake import labels_of, tells_who, text_from

PREFIX = "/api/hotline12345/v1"
TICK = 0.5
"""Seconds between two looks for sessions in which something was waited for long enough."""

LEASE = 30.0
"""Seconds in which a process that took it upon itself to go on with a session has to be done."""

_LIKE_A_NAME = frozenset({"account"})
"""What one in fifty ids of random letters is taken for: a WeChat name, for it holds ``vx``."""

_log = logger(__name__)
Handler = Callable[..., Awaitable[HTTPResponse]]


class Hotline:
    """The channel of the 12345 platform.

    Args:
        switchboard: puts citizens through.
        keys: secrets of the platform by id; the first signs what we post.
        secret: of this installation; under it a session's id becomes a conversation's.
        gap: seconds that a message waits for a missing one before it.
        callbacks: posts replies; None where no address is set.
    """

    def __init__(
        self, switchboard: Switchboard, keys: Mapping[str, str], secret: bytes, gap: float,
        callbacks: Callbacks | None,
    ) -> None:
        self._switchboard, self._keys, self._secret = switchboard, keys, secret
        self._gap, self._callbacks = gap, callbacks

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("hotline12345")

        @routes.route(f"{PREFIX}/openapi.json", methods=["GET"])
        async def contract(request: Request) -> HTTPResponse:
            return json(document(), ensure_ascii=False)

        session = f"{PREFIX}/sessions/<session_id:str>"
        for uri, method, handler in (
            (f"{PREFIX}/sessions", "POST", self._open), (session, "GET", self._read),
            (f"{session}/messages", "POST", self._message),
            (f"{session}/events", "POST", self._event), ("/api/suggest", "POST", self._suggest),
        ):
            routes.add_route(self._signed(handler), uri, methods=[method],
                             name=handler.__name__.strip("_"), ctx_signed=True)
        return routes

    def _signed(self, handler: Handler) -> Handler:
        """Let only signed requests reach a handler."""
        @wraps(handler)
        async def guarded(request: Request, **parts: str) -> HTTPResponse:
            try:
                await signing.check(
                    self._keys, self._switchboard.store, request.method,
                    request.raw_url.decode("latin-1"), request.headers, request.body)
            except BadInput:
                # Only what is signed is free of the limit by address.
                count_frame(request, "")
                raise
            return await handler(request, **parts)
        return guarded

    async def wake(self) -> None:
        """Go on with sessions in which a missing message was waited for long enough."""
        if self._switchboard.assistant.agent is None:
            return
        for conversation in await self._switchboard.store.woken(time.time(), LEASE):
            try:
                await self._switchboard.exchange(
                    conversation, lambda talk: Session(talk, self._gap).wake())
            except YibaoError as error:
                _log.warning("a session was not gone on with", problem=type(error).__name__)
        self._look()

    @property
    def services(self) -> tuple[Any, ...]:
        """What runs beside the routes."""
        posting = (self._callbacks,) if self._callbacks else ()
        return (Repeated(self.wake, TICK), *posting)

    def _look(self) -> None:
        if self._callbacks:
            self._callbacks.look()

    def _conversation(self, session_id: str) -> str:
        return "h-" + keyed_name(self._secret, "hotline", session_id)[:32]

    # --- what is asked ------------------------------------------------------------------------

    async def _open(self, request: Request) -> HTTPResponse:
        body = checked("SessionRequest", json_body(request))
        session_id = _plain(body, "session_id")
        if body["reply_by"] == CALLBACK and not self._callbacks:
            raise BadInput(say("hotline_no_callback"), "reply_by", 422)
        state = opening_state(_plain(body, "region")) if "region" in body else None

        async def act(talk: Talk) -> bool:
            return Session(talk, self._gap).open(body, state)

        new = await self._switchboard.exchange(self._conversation(session_id), act)
        return _answer({"session_id": session_id, "greeting": say("greeting")}, 201 if new else 200)

    async def _read(self, request: Request, session_id: str) -> HTTPResponse:
        conversation = self._conversation(_path_id(session_id))
        after = _after(request.get_args(keep_blank_values=True).get("after", "0"))

        async def act(talk: Talk) -> tuple[dict[str, Any], bool]:
            session = Session(talk, self._gap)
            return await session.state(), session.cards

        state, cards = await self._switchboard.exchange(conversation, act)
        messages = await self._switchboard.store.since(conversation, 0)
        return _answer({**state, "replies": replies_of(messages, cards, after)})

    async def _message(self, request: Request, session_id: str) -> HTTPResponse:
        conversation = self._conversation(_path_id(session_id))
        body = checked("MessageRequest", json_body(request))
        count_session(request, conversation)
        if "choices" in body:
            text = press_of(body["choices"])
            shown = await labels_of(self._switchboard.store, conversation, body["choices"])
        else:
            text = shown = _text(body)
        message_id = _plain(body, "message_id")
        arrival = Arrival(message_id, body["seq"], {"text": text, "shown": shown})
        outcome = await self._receive(conversation, arrival)
        if outcome.session["reply_by"] == CALLBACK and outcome.status == ANSWERED:
            return _answer({"status": "accepted"}, 202)
        return await self._tell(conversation, outcome)

    async def _event(self, request: Request, session_id: str) -> HTTPResponse:
        conversation = self._conversation(_path_id(session_id))
        body = checked("EventRequest", json_body(request))
        count_session(request, conversation)
        event_id = _plain(body, "event_id")
        content = {key: body[key] for key in ("type", "message_seq", "rating") if key in body}
        if "agent" in body:
            content["agent"] = _plain(body, "agent")
        if "text" in body:
            content["text"] = _text(body)
        arrival = Arrival(event_id, body["seq"], content)
        return await self._tell(conversation, await self._receive(conversation, arrival))

    async def _suggest(self, request: Request) -> HTTPResponse:
        body = checked("SuggestRequest", json_body(request))
        slots = await self._slots(_plain(body, "session_id")) if "session_id" in body else {}
        options = {key: body[key] for key in ("region", "limit") if key in body}
        try:
            found = await suggest(self._switchboard.assistant, _text(body), slots=slots, **options)
        except BadInput as error:
            raise BadInput(str(error), error.field, 422 if error.field else error.status) from None
        return _answer({"suggestions": found})

    async def _slots(self, session_id: str) -> Mapping[str, Any]:
        """Return what the bot knows in a session."""
        data = (await self._switchboard.store.load(self._conversation(session_id))).data
        if not data:
            raise BadInput(say("hotline_no_session"), "session_id", 404)
        return dict(data.get("slots", {}))

    async def _receive(self, conversation: str, arrival: Arrival) -> Outcome:
        outcome = await self._switchboard.exchange(
            conversation, lambda talk: Session(talk, self._gap).receive(arrival))
        self._look()
        return outcome

    # --- what is answered ---------------------------------------------------------------------

    async def _tell(self, conversation: str, outcome: Outcome) -> HTTPResponse:
        if outcome.status == HELD:
            return _answer({"status": HELD, **outcome.facts}, 202)
        replies = []
        if outcome.session["reply_by"] != CALLBACK:
            messages = await self._switchboard.store.since(conversation, outcome.after)
            told = [m for m in messages if m.seq <= outcome.until]
            replies = replies_of(told, outcome.session["capabilities"]["cards"])
        return _answer({"status": outcome.status, "replies": replies, **outcome.facts})


def hotline(switchboard: Switchboard, settings: Settings) -> Hotline:
    """Return the channel as this installation has set it.

    Raises:
        SetupError: its secrets cannot be kept to this installation's own user.
    """
    keys, address = hotline_keys(settings), settings.hotline_callback
    callbacks = Callbacks(switchboard.store, address, keys, Patience()) if address else None
    return Hotline(
        switchboard, keys, installation_key(), settings.hotline_gap_seconds, callbacks)


def _answer(body: Mapping[str, Any], status: int = 200) -> HTTPResponse:
    return json(body, status=status, ensure_ascii=False)


def _path_id(text: str) -> str:
    return str(checked("Id", unquote(text), "session_id"))


def _plain(body: Mapping[str, Any], field: str) -> str:
    """Return what names something in a request, for it is kept as it is and sent back.

    Raises:
        BadInput: it tells who somebody is (a telephone number).
    """
    value = str(body[field])
    if tells_who(value, but=_LIKE_A_NAME):
        raise BadInput(say("hotline_personal_id", field=field), field, 422)
    return value


def _after(text: str) -> int:
    number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else text
    return int(checked("After", number, "after"))


def _text(body: Mapping[str, Any]) -> str:
    try:
        return text_from(body["text"], "text")
    except BadInput as error:
        raise BadInput(str(error), "text", 422) from None


__all__ = ["PREFIX", "Hotline", "hotline"]
