"""Citizens who talk to several processes: over the REST channel, and on a page."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence

import aiohttp
from workers_service import Workers

QUESTION = "我爸退休了住在我这边，医保在武汉，怎么办异地就医备案"
PRESSES = (1, 1, 2, 3, 1)


class Citizen:
    """Who talks over the REST channel, by text and by the buttons that are open."""

    def __init__(self, workers: Workers) -> None:
        self._workers, self.sender = workers, f"citizen-{uuid.uuid4().hex}"
        self.replies: list[dict] = []

    def say(self, message: str, message_id: str | None = None) -> tuple[int, list[dict]]:
        """Send a message; return status and replies."""
        body = {"sender": self.sender, "message": message, "message_id": message_id}
        status, replies = self._workers.post("/webhooks/rest/webhook", body)
        self.replies = replies if status == 200 else self.replies
        return status, replies

    def press(self, number: int) -> tuple[int, list[dict]]:
        """Press a button of the last reply that has any."""
        offered = [reply["buttons"] for reply in self.replies if "buttons" in reply][-1]
        return self.say(offered[min(number, len(offered)) - 1]["payload"])

    def texts(self) -> list[str]:
        """The texts of the last replies."""
        return [reply["text"] for reply in self.replies]


class Page:
    """A citizen's page: it says hello again with what it has after each loss of its socket."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, url.replace("http", "ws") + "/chat/ws"
        self.socket: aiohttp.ClientWebSocketResponse
        self.conversation, self.messages = None, {}

    async def open(self) -> None:
        """Connect, also again."""
        self.socket = await self._session.ws_connect(self._url)
        await self.send(type="hello", conversation=self.conversation, after=len(self.messages))
        welcome = await self.next("welcome")
        self.conversation = welcome["conversation"]
        self._keep(welcome["history"])

    async def send(self, **frame: object) -> None:
        """Send a frame."""
        await self.socket.send_str(json.dumps(frame))

    async def next(self, kind: str) -> dict:
        """Return the next frame of a kind; messages on the way there are kept."""
        while True:
            got = await self.socket.receive(timeout=20)
            assert got.type == aiohttp.WSMsgType.TEXT, f"{got} instead of {kind}"
            frame = json.loads(got.data)
            if frame["type"] == "message":
                self._keep([frame["message"]])
            if frame["type"] == kind:
                return frame

    async def closed(self) -> int:
        """Wait until the other side has closed; return its code."""
        while True:
            got = await self.socket.receive(timeout=180)
            if got.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED,
                            aiohttp.WSMsgType.ERROR):
                return self.socket.close_code

    def _keep(self, messages: Sequence[dict]) -> None:
        for message in messages:
            assert message["seq"] not in self.messages, "a message was shown twice"
            self.messages[message["seq"]] = message

    def authors(self) -> list[str]:
        """Who said what is shown, in order."""
        return [self.messages[seq]["author"] for seq in sorted(self.messages)]


__all__ = ["PRESSES", "QUESTION", "Citizen", "Page"]
