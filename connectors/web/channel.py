"""The citizen's web chat: a WebSocket at ``/chat/ws``, the page and its files.

The protocol is described in ``docs/web-chat.md``.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, file

from bot.errors import BadInput
from bot.messages import press_of
from bot.staff.numbers import Numbers
from bot.store import StoredMessage
from bot.switchboard import PERSON, Said, Switchboard, Talk
from bot.wording import say
from connectors.guard import admit_socket, count_frame, open_socket
from connectors.intake import id_from, labels_of, text_from
from connectors.line import frame_id, frame_of, is_number
from connectors.web import callback
from connectors.web.pages import CHANNEL, Page, Pages

STATIC = Path(__file__).parent / "static"
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{16,64}$")
_CHOICE = re.compile(r"^[A-Za-z0-9_-]{1,31}$")
Act = Callable[[Talk], Awaitable["list[StoredMessage]"]]


class WebChat:
    """The channel of the citizen's page.

    Args:
        switchboard: puts citizens through.
        pages: the pages that are open here.
        numbers: call-back numbers that citizens leave.
    """

    def __init__(self, switchboard: Switchboard, pages: Pages, numbers: Numbers) -> None:
        self._switchboard, self._pages, self._numbers = switchboard, pages, numbers
        self._acts: dict[str, Callable[[Page, Mapping[str, Any]], Awaitable[None]]] = {
            "hello": self._hello, "restart": self._restart, "say": self._say,
            "choose": self._say, "choose_many": self._say, "rate": self._rate,
            "person": self._person, "stop_waiting": self._stop_waiting,
            "number": self._number, "number_withdrawn": self._number_withdrawn,
        }

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
            await page.serve(partial(self._take, page))
        finally:
            self._pages.leave(page)

    async def _take(self, page: Page, frame: str) -> None:
        """Handle one frame."""
        data: Mapping[str, Any] = {}
        try:
            data = frame_of(frame, self._acts)
            count_frame(page.request, page.conversation)
            if data["type"] != "hello" and not page.conversation:
                raise BadInput(say("bad_frame"))
            await self._acts[data["type"]](page, data)
        except Exception as error:
            page.refuse(data.get("id"), error)

    async def _hello(self, page: Page, data: Mapping[str, Any]) -> None:
        asked, after = data.get("conversation"), data.get("after")
        known = asked if isinstance(asked, str) and _TOKEN.match(asked) else ""
        await self._pages.welcome(page, known, after if is_number(after) else 0)

    async def _restart(self, page: Page, data: Mapping[str, Any]) -> None:
        await self._exchange(page, self._finish)
        await self._pages.welcome(page, "", 0)

    async def _say(self, page: Page, data: Mapping[str, Any]) -> None:
        client_id = frame_id(data)
        shown, text = await self._read(page.conversation, data)
        said = Said(text, shown, id_from(client_id, "id"), CHANNEL)
        with self._pages.typing(page.conversation):
            messages = await self._exchange(page, lambda talk: talk.say(said))
            page.send(type="ack", id=client_id, seq=messages[0].seq)

    async def _rate(self, page: Page, data: Mapping[str, Any]) -> None:
        seq, rating = data.get("seq"), data.get("rating")
        if not is_number(seq):
            raise BadInput(say("bad_frame"), "seq")
        await self._do(page, data, lambda talk: talk.rate(seq, rating))

    async def _person(self, page: Page, data: Mapping[str, Any]) -> None:
        await self._do(page, data, _ask_for_person)

    async def _stop_waiting(self, page: Page, data: Mapping[str, Any]) -> None:
        await self._do(page, data, lambda talk: talk.stop_waiting())

    async def _number(self, page: Page, data: Mapping[str, Any]) -> None:
        await self._do(page, data, lambda talk: callback.keep(talk, self._numbers, data))

    async def _number_withdrawn(self, page: Page, data: Mapping[str, Any]) -> None:
        await self._do(page, data, lambda talk: callback.withdraw(talk, self._numbers))

    async def _finish(self, talk: Talk) -> list[StoredMessage]:
        """Let nobody wait, speak or call where the citizen has gone."""
        withdrawn = await callback.withdraw(talk, self._numbers) if talk.callback else []
        ended = talk.end() if talk.holder == PERSON else await talk.stop_waiting()
        return [*withdrawn, *ended]

    async def _do(self, page: Page, data: Mapping[str, Any], act: Act) -> None:
        """Do what is no message; tell who has the conversation then, and that it is done."""
        client_id = frame_id(data)
        await self._exchange(page, act)
        await self._pages.show_control(page.conversation)
        page.send(type="ack", id=client_id, seq=page.last)

    async def _exchange(self, page: Page, act: Act) -> list[StoredMessage]:
        """Speak in the page's conversation; what has begun is brought to its end without it, too.

        (A handler is cancelled when its WebSocket is lost.)
        """
        conversation = page.conversation
        messages = await asyncio.shield(self._switchboard.exchange(conversation, act))
        self._pages.show(conversation, messages)
        return messages

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


async def _ask_for_person(talk: Talk) -> list[StoredMessage]:
    """Ask for a person; asking again changes nothing."""
    if talk.waiting or talk.holder == PERSON:
        return []
    talk.channel = CHANNEL
    return await talk.ask_for_person("asked")


def _is_choice(ids: Any) -> bool:
    return isinstance(ids, list) and 0 < len(ids) < 32 and all(
        isinstance(i, str) and _CHOICE.match(i) for i in ids)


__all__ = ["WebChat"]
