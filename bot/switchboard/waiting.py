"""Waiting for a person: place in the queue, what is told of it, what they will have to know."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.assistant import Assistant
from bot.clock import CHINA
from bot.handover.hours import service_hours
from bot.handover.notes import Queue, still_waiting, stopped_waiting, wanted, with_queue
from bot.handover.standing import standing
from bot.handover.summary import summary
from bot.messages import Reason
from bot.store import Record, Store, StoredMessage
from bot.switchboard.gathering import PERSON, Gathering
from knowledge.store import load

_LOOKED_AT = 20
"""Messages from which the summary for a person is made."""


class Waiting(Gathering):
    """A conversation that may wait for a person."""

    def __init__(
        self, conversation: str, record: Record, token: str, store: Store, assistant: Assistant
    ) -> None:
        super().__init__(conversation, record, token)
        self._store, self._assistant = store, assistant

    async def said_since(self, seq: int) -> list[StoredMessage]:
        """Return the messages after number ``seq``, those of this exchange included."""
        new = [message for message in self._messages if message.seq > seq]
        return [*await self._store.since(self.conversation, seq), *new]

    async def ask_for_person(self, reason: Reason) -> list[StoredMessage]:
        """Let the conversation wait for a person; the bot goes on meanwhile."""
        if self.holder == PERSON:
            return []
        reply = wanted(reason)
        return [await self._reply({"text": reply.text, "custom": dict(reply.card)}, None)]

    async def _reply(self, reply: Mapping[str, Any], reply_to: int | None) -> StoredMessage:
        """Add a message of the bot; one that sends for a person begins the waiting."""
        text, card = reply.get("text", ""), reply.get("custom")
        if card and card.get("reason"):
            text, card = with_queue(text, card, await self._wait(card["reason"]))
        return self._add("bot", text, card, reply_to=reply_to)

    async def _wait(self, reason: Reason) -> tuple[str, Queue]:
        """Begin to wait, if that is not done already; return what is told about it."""
        place = await self.place()
        note = standing(place)
        if self.waiting:
            graver = reason if reason == "distress" else self.waiting["reason"]
            self._data["waiting"] = {**self.waiting, "reason": graver}
            return still_waiting(place, service_hours(), datetime.now(CHINA)).text, note[1]
        self._data["waiting"] = {"since": time.time(), "reason": reason}
        self._note("asked_for_person", reason=reason)
        return note

    async def place(self) -> int:
        """Return the place in the queue, 1 for the next; the one behind all who does not wait."""
        queue = await self._store.waiting()
        waits = self.conversation in queue
        return queue.index(self.conversation) + 1 if waits else len(queue) + 1

    async def stop_waiting(self, reply_to: int | None = None) -> list[StoredMessage]:
        """Let the conversation wait no longer."""
        if not self.waiting:
            return []
        self._data["waiting"] = None
        self._note("stopped_waiting")
        reply = stopped_waiting()
        return [self._add("bot", reply.text, dict(reply.card), reply_to=reply_to)]

    async def handover(self) -> dict[str, Any]:
        """Return what a person who takes over has to know; see ``summary.schema.json``."""
        before = await self._store.newest(self.conversation, _LOOKED_AT)
        reason = self.waiting["reason"] if self.waiting else self._data.get("joined_for", "none")
        return summary(load(), self._data.get("slots", {}), reason,
                       [*reversed(before), *self._messages])


__all__ = ["Waiting"]
