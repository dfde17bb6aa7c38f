"""Plays a conversation as the 12345 platform does, and misbehaves where it is asked to."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from examples.hotline12345 import screen
from examples.hotline12345.client import PATIENCE, Client, Refused
from examples.hotline12345.receiver import Receiver
from examples.hotline12345.script import Script, Step, content
from examples.hotline12345.session import Session
from examples.hotline12345.signing import Key

PAUSE = 0.5
"""Seconds between two looks at whether an item's turn has come."""


@dataclass(frozen=True)
class Mischief:
    """What goes wrong; steps by their number from 1, 0 for none.

    Attributes:
        twice: the step that is sent twice.
        swap: the step that is sent after the next one.
        leave_out: the step that is never sent.
        forge: the step that is first sent with a wrong signature.
        down: seconds for which we do not take call-backs at first.
    """

    twice: int = 0
    swap: int = 0
    leave_out: int = 0
    forge: int = 0
    down: float = 0.0


@dataclass(frozen=True)
class Platform:
    """How we are attached to the assistant.

    Attributes:
        url: where it listens.
        key: the key that it knows us by.
        cards: whether our page shows cards and buttons.
        callback_port: where we take call-backs; 0 for replies in the response.
    """

    url: str
    key: Key
    cards: bool = True
    callback_port: int = 0


@dataclass(frozen=True)
class Outcome:
    """How a conversation went.

    Attributes:
        session: its id.
        replies: all that the citizen was told, in order.
        fetched: how many of them had not come by themselves, and were fetched at the end.
        doubles: how many replies and deliveries came again.
        refused: how many call-backs came that were not signed.
    """

    session: str
    replies: list[dict[str, Any]]
    fetched: int
    doubles: int
    refused: int


async def play(
    platform: Platform, script: Script, mischief: Mischief = Mischief(),
    show: Callable[[str], None] = print,
) -> Outcome:
    """Play a conversation; return how it went.

    Raises:
        Refused: the assistant did not take something.
        TimeoutError: an answer did not come.
    """
    session = Session(str(uuid.uuid4()), show)
    receiver = Receiver(platform.callback_port, platform.key, session.take)
    listening = asyncio.create_task(_listen(platform, receiver, mischief.down))
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as http:
            client = Client(http, platform.url, platform.key)
            player = _Player(client, session, platform, mischief, show)
            fetched = await player.play(script)
    finally:
        listening.cancel()
        await receiver.close()
    replies = [reply for _, reply in sorted(session.replies.items())]
    doubles = session.doubles + receiver.doubles
    return Outcome(session.name, replies, fetched, doubles, receiver.refused)


async def _listen(platform: Platform, receiver: Receiver, after: float) -> None:
    if platform.callback_port:
        await receiver.listen(after)


class _Player:
    def __init__(
        self, client: Client, session: Session, platform: Platform, mischief: Mischief,
        show: Callable[[str], None],
    ) -> None:
        self._client, self._session, self._platform = client, session, platform
        self._mischief, self._show = mischief, show
        self._agent, self._asked = "", 0
        self._late: list[tuple[Step, dict[str, Any]]] = []

    async def play(self, script: Script) -> int:
        """Play it to its end; return how many replies had not come by then."""
        await self._open(script.region)
        for number, step in enumerate(script.steps, 1):
            item = self._item(number, step)
            self._show(screen.step(number, step))
            if number == self._mischief.leave_out:
                self._show("   （故意不送）")
            elif number == self._mischief.swap:
                self._late.append((step, item))
                self._show("   （故意晚送：先送后面一件）")
            else:
                await self._send(number, [(step, item), *self._late])
                self._late.clear()
        return await self._compare()

    async def _open(self, region: str) -> None:
        told = await self._client.post("/sessions", {
            "session_id": self._session.name, "capabilities": {"cards": self._platform.cards},
            "reply_by": "callback" if self._platform.callback_port else "response",
            **({"region": region} if region else {})})
        self._show(f"会话 {self._session.name} 开好了\n助手：{told['greeting']}")

    def _item(self, number: int, step: Step) -> dict[str, Any]:
        """Return what is sent for a step; its number in the session is that in the script."""
        if step.kind == "joined":
            self._agent = step.value
        said = content(step, self._open_choices(), self._session.newest, self._agent)
        name = "message_id" if step.by_citizen else "event_id"
        return {name: f"{step.kind}-{number}", "seq": number, **said}

    def _open_choices(self) -> dict[str, str]:
        return self._session.choices(self._asked)

    async def _send(self, number: int, items: list[tuple[Step, dict[str, Any]]]) -> None:
        """Send items one after the other, then wait for what they bring."""
        if any(step.asks for step, _ in items):
            self._asked = max(self._session.replies, default=0)
        told = {}
        for step, item in items:
            path = f"/sessions/{self._session.name}/{'messages' if step.by_citizen else 'events'}"
            if number == self._mischief.forge:
                status = await self._client.forge(path, item)
                self._show(f"   （故意签错：助手答 {status}）")
            for _ in range(1 + (number == self._mischief.twice)):
                told[item["seq"]] = await self._post(path, item)
        if any(step.asks for step, _ in items):
            await self._catch_up(told)

    async def _post(self, path: str, item: dict[str, Any]) -> dict[str, Any]:
        told = await self._client.post(path, item)
        note = {"with_person": "人工接待中，助手不出声", "late": "到晚了",
                "held": f"前面的 {told.get('missing')} 还没到，助手先存着"}.get(told["status"])
        if note:
            self._show(f"   （{note}）")
        self._session.take(told)
        return told

    async def _catch_up(self, told: Mapping[int, Mapping[str, Any]]) -> None:
        """Wait for what sent items have brought, where the answers to them did not say it.

        Args:
            told: the answers, by the items' numbers.
        """
        if self._platform.callback_port or any(t["status"] == "held" for t in told.values()):
            state = await self._settled(max(told))
            if self._platform.callback_port:
                if not await self._all_arrived(state):
                    raise TimeoutError("回调没有送到")
            else:
                self._session.take({"replies": self._new(state)})

    async def _settled(self, number: int) -> dict[str, Any]:
        """Return the session's state once an item's turn has come."""
        for _ in range(int(PATIENCE / PAUSE)):
            state = await self._state()
            if state["next_seq"] > number:
                return state
            await asyncio.sleep(PAUSE)
        raise TimeoutError(f"第 {number} 件一直没有轮到")

    async def _all_arrived(self, state: Mapping[str, Any]) -> bool:
        recorded = {reply["seq"] for reply in state["replies"]}
        return await self._session.until(lambda: recorded <= self._session.replies.keys(), PATIENCE)

    async def _compare(self) -> int:
        """Fetch what the assistant's record holds and we have not got; return how many."""
        state = await self._state()
        if self._platform.callback_port:
            await self._all_arrived(state)
        lacking = self._new(state)
        self._session.take({"replies": lacking})
        return len(lacking)

    def _new(self, state: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [r for r in state["replies"] if r["seq"] not in self._session.replies]

    async def _state(self) -> dict[str, Any]:
        return await self._client.get(f"/sessions/{self._session.name}?after=0")


__all__ = ["Mischief", "Outcome", "Platform", "Refused", "play"]
