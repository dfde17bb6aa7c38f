"""The citizen's web chat: a WebSocket at ``/chat/ws``, the page and its files.

The protocol is described in ``docs/web-chat.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, file

from bot.errors import BadInput
from bot.limits import TooMany
from bot.messages import press_of
from bot.store import StoreDown
from bot.switchboard import Said, Switchboard
from bot.wording import say
from connectors.guard import admit_socket, count_frame, json_object, open_socket
from connectors.intake import labels_of, text_from
from connectors.web.pages import Page, Pages

STATIC = Path(__file__).parent / "static"
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{16,64}$")
_CHOICE = re.compile(r"^[A-Za-z0-9_-]{1,31}$")


class WebChat:
    """The channel of the citizen's page.

    Args:
        switchboard: puts citizens through.
        pages: the pages that are open here.
    """

    def __init__(self, switchboard: Switchboard, pages: Pages) -> None:
        self._switchboard, self._pages = switchboard, pages

    def blueprint(self) -> Blueprint:
        """Return the page, its files and the WebSocket."""
        routes = Blueprint("web_chat")
        routes.static("/static", str(STATIC))

        @routes.route("/", methods=["GET"])
        async def page(request: Request) -> HTTPResponse:
            return await file(STATIC / "index.html", headers={"cache-control": "no-cache"})

        @routes.on_request
        async def admit(request: Request) -> None:
            admit_socket(request)

        @routes.websocket("/chat/ws")
        async def chat(request: Request, socket: Any) -> None:
            with open_socket(request):
                await self._serve(Page(socket, request))

        return routes

    async def _serve(self, page: Page) -> None:
        try:
            while True:
                frame = await page.socket.recv()
                if frame is None:
                    break
                await self._take(page, frame)
        finally:
            self._pages.leave(page)

    async def _take(self, page: Page, frame: str) -> None:
        """Handle one frame."""
        data: Mapping[str, Any] = {}
        try:
            data = _frame(frame)
            count_frame(page.request, page.conversation)
            if data["type"] != "hello" and not page.conversation:
                raise BadInput(say("bad_frame"))
            await self._act(page, data)
        except TooMany as error:
            await page.send(type="error", id=data.get("id"), text=str(error), again=True)
        except BadInput as error:
            await page.send(type="error", id=data.get("id"), text=str(error))
        except StoreDown:
            await page.send(type="error", id=data.get("id"), text=say("store_down"), again=True)

    async def _act(self, page: Page, data: Mapping[str, Any]) -> None:
        if data["type"] == "hello":
            await self._hello(page, data)
        elif data["type"] == "restart":
            await self._pages.welcome(page, "", 0)
        else:
            await self._say(page, data)

    async def _hello(self, page: Page, data: Mapping[str, Any]) -> None:
        asked, after = data.get("conversation"), data.get("after")
        known = isinstance(asked, str) and _TOKEN.match(asked) and await self._is_known(asked)
        start = after if known and isinstance(after, int) else 0
        await self._pages.welcome(page, str(asked) if known else "", start)

    async def _is_known(self, conversation: str) -> bool:
        return bool((await self._switchboard.store.load(conversation)).revision)

    async def _say(self, page: Page, data: Mapping[str, Any]) -> None:
        client_id = data.get("id")
        if not isinstance(client_id, str) or not 0 < len(client_id) <= 64:
            raise BadInput(say("bad_frame"), "id")
        shown, text = await self._read(page.conversation, data)
        said = Said(text, shown, client_id, "web")
        async with self._pages.typing(page.conversation):
            messages = await self._switchboard.exchange(
                page.conversation, lambda talk: talk.say(said))
            await self._pages.show(page.conversation, messages)
            await page.send(type="ack", id=client_id, seq=messages[0].seq)

    async def _read(self, conversation: str, data: Mapping[str, Any]) -> tuple[str, str]:
        """Return what the transcript shows and what the bot reads for a frame."""
        if data["type"] == "say":
            text = text_from(data.get("text"), "text")
            return text, text
        ids = [data.get("choice")] if data["type"] == "choose" else data.get("choices")
        if not _is_choice(ids):
            raise BadInput(say("bad_frame"), "choice")
        shown = await labels_of(self._switchboard.store, conversation, ids)
        return shown, text_from(press_of(ids))


def _is_choice(ids: Any) -> bool:
    return isinstance(ids, list) and 0 < len(ids) < 32 and all(
        isinstance(i, str) and _CHOICE.match(i) for i in ids)


def _frame(frame: Any) -> Mapping[str, Any]:
    data = json_object(frame, "bad_frame")
    if data.get("type") not in _TYPES:
        raise BadInput(say("bad_frame"), "type")
    return data


_TYPES = ("hello", "say", "choose", "choose_many", "restart")


__all__ = ["WebChat"]
