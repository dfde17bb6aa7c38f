"""A page's WebSocket: frames in are taken one after the other, frames out wait for nobody."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from sanic.request import Request

from bot.database import DatabaseDown
from bot.errors import BadInput
from bot.store import Conflict, StoreDown
from bot.wording import say
from connectors.guard import json_object

BACKLOG = 256
"""Frames that may wait for a page before it is given up."""

SEND_WITHIN = 30.0
"""Seconds that a page may take for a frame before it is given up."""

_PASSING = (429, 503)
"""What is refused with one of these is taken later: too many at once, not ready yet."""

_log = logging.getLogger(__name__)


class Line:
    """One page's WebSocket.

    Args:
        socket: the WebSocket.
        request: what opened it.
    """

    def __init__(self, socket: Any, request: Request) -> None:
        self._socket, self.request = socket, request
        self._frames: asyncio.Queue[str | None] = asyncio.Queue(BACKLOG)

    def send(self, **frame: Any) -> None:
        """Let a frame be sent; nobody waits for it. A page that takes none is given up."""
        self.send_packed(json.dumps(frame, ensure_ascii=False))

    def end(self) -> None:
        """Close the socket once all frames are sent."""
        self.send_packed(None)

    def send_packed(self, frame: str | None) -> None:
        """Let a frame be sent that is JSON already; see :meth:`send`. None is the end."""
        try:
            self._frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.close()

    def refuse(self, frame_id: Any, error: Exception) -> None:
        """Tell why a frame was not done; with ``again`` it is worth while to send it again."""
        text, again = say("failed"), False
        if isinstance(error, BadInput):
            text, again = str(error), error.status in _PASSING
        elif isinstance(error, (Conflict, StoreDown, DatabaseDown)):
            text, again = say("store_down"), True
        else:
            _log.error("a frame could not be handled", exc_info=error)
        self.send(type="error", id=frame_id, text=text, again=again)

    async def serve(self, take: Callable[[str], Awaitable[None]]) -> None:
        """Hand every frame of the page to ``take``, until none will come."""
        writing = asyncio.ensure_future(self.write())
        try:
            while (frame := await self._socket.recv()) is not None:
                await take(frame)
        finally:
            writing.cancel()

    async def write(self) -> None:
        """Send the frames in order, for as long as the page takes them."""
        try:
            while (frame := await self._frames.get()) is not None:
                await asyncio.wait_for(self._socket.send(frame), SEND_WITHIN)
            await asyncio.wait_for(self._socket.close(), SEND_WITHIN)
        finally:
            self.close()

    def close(self) -> None:
        """Close the socket; the page comes back by itself and asks for what it has missed."""
        self._socket.fail_connection()


def frame_of(text: Any, types: Collection[str]) -> Mapping[str, Any]:
    """Return a frame.

    Raises:
        BadInput: it is no JSON object, or of none of these types.
    """
    data = json_object(text, "bad_frame")
    if not isinstance(data.get("type"), str) or data["type"] not in types:
        raise BadInput(say("bad_frame"), "type")
    return data


def frame_id(data: Mapping[str, Any]) -> str:
    """Return the sender's own id of a frame.

    Raises:
        BadInput: it has none, or one that is too long.
    """
    found = data.get("id")
    if not isinstance(found, str) or not 0 < len(found) <= 64:
        raise BadInput(say("bad_frame"), "id")
    return found


def is_number(value: Any) -> bool:
    """Tell whether something can be the number of a message."""
    return type(value) is int and value > 0


__all__ = ["BACKLOG", "SEND_WITHIN", "Line", "frame_id", "frame_of", "is_number"]
