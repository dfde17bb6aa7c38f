"""The line between a page and the server, in the hands of a test."""

from __future__ import annotations

import json

from playwright.sync_api import WebSocketRoute


class Line:
    """The page's line to the server: what passes can be held up, swallowed, cut or put in.

    Attributes:
        sent: frames of the page that reached this line.
        swallow: types of the server's frames that do not arrive.
        cut_at: the type of frame of the page that cuts the line, once, instead of passing.
        busy: a sentence that answers whatever is said, instead of the server.
    """

    def __init__(self) -> None:
        self.sent: list[dict] = []
        self.swallow: set[str] = set()
        self.cut_at = self.busy = ""
        self._page: WebSocketRoute | None = None
        self._server: WebSocketRoute | None = None
        self._held: list[str] | None = None

    def open(self, page: WebSocketRoute) -> None:
        """Let the page through to the server."""
        self._page, self._server = page, page.connect_to_server()
        page.on_message(self._up)
        self._server.on_message(self._down)

    def hold(self) -> None:
        """Let nothing of the server arrive for now."""
        self._held = []

    def release(self) -> None:
        """Let all that was held up arrive."""
        held, self._held = self._held or [], None
        for frame in held:
            self._down(frame)

    def cut(self) -> None:
        """Break the connection."""
        self._server.close()
        self._page.close()

    def put(self, **frame) -> None:
        """Send the page a frame as the server would."""
        self._down(json.dumps(frame))

    def _up(self, frame: str) -> None:
        self.sent.append(json.loads(frame))
        if self.sent[-1]["type"] == self.cut_at:
            self.cut_at = ""
            self.cut()
        elif self.busy and self.sent[-1]["type"] == "say":
            self.put(type="error", id=self.sent[-1]["id"], text=self.busy, again=True)
        else:
            self._server.send(frame)

    def _down(self, frame: str) -> None:
        if self._held is not None:
            self._held.append(frame)
        elif json.loads(frame)["type"] not in self.swallow:
            self._page.send(frame)
