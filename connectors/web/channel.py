"""The citizen's web chat: a WebSocket at ``/chat/ws``, the page and its files.

The protocol is described in ``docs/web-chat.md``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, file
from websockets.exceptions import ConnectionClosed

from bot.conversations import Conversations
from bot.errors import BadInput
from bot.messages import press_of
from bot.wording import say
from connectors.intake import WholeReplies, text_from

RECENT = 12
"""Messages among which the labels of pressed buttons are looked for."""

STATIC = Path(__file__).parent / "static"
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{16,64}$")
_CHOICE = re.compile(r"^[A-Za-z0-9_-]{1,31}$")
_log = logging.getLogger(__name__)
OnMessage = Callable[[UserMessage], Awaitable[Any]]


class WebChat(InputChannel):
    """The channel of the citizen's page.

    Args:
        conversations: where transcripts are kept, so that a reload shows them again.
    """

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._sockets: dict[str, set[Any]] = defaultdict(set)

    @classmethod
    def name(cls) -> str:
        """Name of the channel in trackers and logs."""
        return "web"

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """Return the page, its files and the WebSocket."""
        routes = Blueprint("web_chat")
        routes.static("/static", str(STATIC))

        @routes.route("/", methods=["GET"])
        async def page(request: Request) -> HTTPResponse:
            return await file(STATIC / "index.html", headers={"cache-control": "no-cache"})

        @routes.on_request
        async def same_site(request: Request) -> None:
            _refuse_other_sites(request)

        @routes.websocket("/chat/ws")
        async def chat(request: Request, socket: Any) -> None:
            await self._serve(socket, on_new_message)

        return routes

    async def _serve(self, socket: Any, on_new_message: OnMessage) -> None:
        conversation = ""
        try:
            while True:
                frame = await socket.recv()
                if frame is None:
                    break
                conversation = await self._take(socket, conversation, frame, on_new_message)
        finally:
            self._leave(socket, conversation)

    async def _take(
        self, socket: Any, conversation: str, frame: str, on_new_message: OnMessage
    ) -> str:
        """Handle one frame; return the conversation that the socket belongs to."""
        data: Mapping[str, Any] = {}
        try:
            data = _frame(frame)
            if data["type"] == "hello":
                return await self._hello(socket, conversation, data)
            if not conversation:
                raise BadInput(say("bad_frame"))
            if data["type"] == "restart":
                return await self._welcome(socket, conversation, _new_token(), 0)
            await self._say(conversation, data, on_new_message)
        except BadInput as error:
            await _send(socket, type="error", id=data.get("id"), text=str(error))
        return conversation

    async def _hello(self, socket: Any, before: str, data: Mapping[str, Any]) -> str:
        asked, after = data.get("conversation"), data.get("after")
        known = isinstance(asked, str) and _TOKEN.match(asked) and self._conversations.exists(asked)
        start = after if known and isinstance(after, int) else 0
        return await self._welcome(socket, before, str(asked) if known else _new_token(), start)

    async def _welcome(self, socket: Any, before: str, conversation: str, start: int) -> str:
        """Join a socket to a conversation and send what was said since message ``start``."""
        self._leave(socket, before)
        self._sockets[conversation].add(socket)
        history = [m.as_dict() for m in self._conversations.since(conversation, start)]
        last = history[-1]["seq"] if history else start
        await _send(socket, type="welcome", conversation=conversation, seq=last, history=history)
        return conversation

    def _leave(self, socket: Any, conversation: str) -> None:
        self._sockets[conversation].discard(socket)
        if not self._sockets[conversation]:
            del self._sockets[conversation]

    async def _say(
        self, conversation: str, data: Mapping[str, Any], on_new_message: OnMessage
    ) -> None:
        shown, text = self._read(conversation, data)
        client_id = data.get("id")
        if not isinstance(client_id, str) or len(client_id) > 64:
            raise BadInput(say("bad_frame"), "id")
        stored = self._conversations.add(conversation, "citizen", shown, client_id=client_id)
        await self._tell(conversation, type="message", message=stored.as_dict())
        await self._tell(conversation, type="ack", id=client_id, seq=stored.seq)
        # A message that came twice is answered once, unless the first answer never came about.
        if self._conversations.last(conversation) == stored:
            await self._answer(conversation, text, on_new_message)

    def _read(self, conversation: str, data: Mapping[str, Any]) -> tuple[str, str]:
        """Return what the transcript shows and what the bot reads for a frame."""
        if data["type"] == "say":
            text = text_from(data.get("text"), "text")
            return text, text
        ids = [data.get("choice")] if data["type"] == "choose" else data.get("choices")
        if not _is_choice(ids):
            raise BadInput(say("bad_frame"), "choice")
        return self._labels(conversation, ids), text_from(press_of(ids))

    def _labels(self, conversation: str, ids: list[str]) -> str:
        """Return what pressed buttons say, as the server offered them."""
        cards = [m.card or {} for m in self._conversations.newest(conversation, RECENT)]
        labels = {c["id"]: c["label"] for card in cards
                  for c in (*card.get("choices", ()), *card.get("others", ()))}
        return "、".join(labels.get(i, say("old_button")) for i in ids)

    async def _answer(self, conversation: str, text: str, on_new_message: OnMessage) -> None:
        await self._tell(conversation, type="typing", on=True)
        try:
            for reply in await _replies(conversation, text, on_new_message):
                stored = self._conversations.add(
                    conversation, "bot", reply.get("text", ""), reply.get("custom"))
                await self._tell(conversation, type="message", message=stored.as_dict())
        finally:
            await self._tell(conversation, type="typing", on=False)

    async def _tell(self, conversation: str, **frame: Any) -> None:
        """Send a frame to every page that shows the conversation."""
        for socket in tuple(self._sockets.get(conversation, ())):
            try:
                await _send(socket, **frame)
            except ConnectionClosed:
                self._leave(socket, conversation)


def _new_token() -> str:
    return secrets.token_urlsafe(18)


def _refuse_other_sites(request: Request) -> None:
    """Refuse a WebSocket that a page of another site opens in a citizen's browser."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise BadInput(say("other_site"), "origin", 403)


def _is_choice(ids: Any) -> bool:
    return isinstance(ids, list) and 0 < len(ids) < 32 and all(
        isinstance(i, str) and _CHOICE.match(i) for i in ids)


async def _replies(
    conversation: str, text: str, on_new_message: OnMessage
) -> list[dict[str, Any]]:
    replies = WholeReplies()
    try:
        await on_new_message(UserMessage(text, replies, conversation, input_channel="web"))
    except asyncio.CancelledError:
        raise
    except Exception:
        _log.exception("a turn failed")
        return [{"text": say("failed")}]
    return replies.messages


def _frame(frame: Any) -> Mapping[str, Any]:
    try:
        data = json.loads(frame)
    except (TypeError, ValueError):
        raise BadInput(say("bad_frame")) from None
    if not isinstance(data, dict) or data.get("type") not in _TYPES:
        raise BadInput(say("bad_frame"), "type")
    return data


_TYPES = frozenset({"hello", "say", "choose", "choose_many", "restart"})


async def _send(socket: Any, **frame: Any) -> None:
    await socket.send(json.dumps(frame, ensure_ascii=False))


__all__ = ["WebChat"]
