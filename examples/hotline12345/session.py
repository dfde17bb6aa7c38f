"""A session as the platform keeps it: what the assistant has said in it, each reply once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from examples.hotline12345 import screen


class Session:
    """What came back in a session, by whichever way.

    Args:
        name: its id.
        show: prints a line.

    Attributes:
        replies: what the assistant has said, by number.
        doubles: how many replies came again.
        orders: work orders (工单) that the assistant's own agents have closed.
    """

    def __init__(self, name: str, show: Callable[[str], None]) -> None:
        self.name, self.replies, self.doubles = name, {}, 0
        self.orders: list[Mapping[str, Any]] = []
        self._show, self._handover = show, ("", "")
        self._news = asyncio.Event()

    def take(self, told: Mapping[str, Any]) -> None:
        """Take an answer or a call-back: show what is new in it."""
        if "work_order" in told:
            self.orders.append(told["work_order"])
            self._show(screen.work_order(told["work_order"]))
        for reply in told.get("replies", ()):
            if reply["seq"] in self.replies:
                self.doubles += 1
                continue
            self.replies[reply["seq"]] = reply
            self._show(screen.reply(reply))
        handover = told.get("handover")
        if handover and (handover.get("since", ""), handover["reason"]) != self._handover:
            self._handover = handover.get("since", ""), handover["reason"]
            self._show(screen.handover(handover))
        self._news.set()

    @property
    def newest(self) -> int:
        """The number of the last thing that the bot said; 0 before there is one."""
        return max((seq for seq, reply in self.replies.items() if reply["author"] == "bot"),
                   default=0)

    def choices(self, after: int) -> dict[str, str]:
        """Return ids of buttons by their labels, of the replies after a number."""
        return {choice["label"]: choice["id"] for seq, reply in sorted(self.replies.items())
                if seq > after for choice in reply.get("choices", ())}

    async def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds, for some seconds at most; tell whether it does."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not holds():
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except asyncio.TimeoutError:
                continue
        return True
