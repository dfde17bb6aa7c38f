"""What is gathered in a conversation for one commit: messages, data, deliveries, notes."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from types import MappingProxyType
from typing import Any

from bot.journal.entries import event_entry
from bot.store import Change, Record, StoredMessage

BOT, PERSON = "bot", "person"
"""Who has a conversation."""

_WATCHED = ("holder", "agent", "waiting", "callback")
_SEEN_AT_DESK = ("slots", "notes", "seen", "suggested")


class Gathering:
    """A conversation's record, and what is added to it; nothing is written before the commit.

    Attributes:
        conversation: its id.
        entries: what is noted in the journal.
    """

    def __init__(self, conversation: str, record: Record, token: str) -> None:
        self.conversation, self._token = conversation, token
        self.entries: list[Mapping[str, Any]] = []
        self._record, self._data = record, copy.deepcopy(record.data)
        self._messages: list[StoredMessage] = []
        self._deliveries: list[dict[str, Any]] = []

    @property
    def data(self) -> Mapping[str, Any]:
        """What is kept of the conversation, as it stands now; to be looked at only."""
        return MappingProxyType(self._data)

    @property
    def own(self) -> dict[str, Any]:
        """Data of the channel's own, kept with the conversation."""
        return self._data.setdefault("own", {})

    @property
    def channel(self) -> str:
        """Through which channel the citizen speaks: ``web``, ``rest``, ``hotline``; '' so far."""
        return self._data.get("channel", "")

    @channel.setter
    def channel(self, name: str) -> None:
        self._data["channel"] = name

    @property
    def holder(self) -> str:
        """Who has the conversation: :data:`BOT` or :data:`PERSON`."""
        return self._data.get("holder", BOT)

    @property
    def agent(self) -> str:
        """The person who has the conversation ('' where the bot has it)."""
        return self._data.get("agent", "")

    @property
    def waiting(self) -> Mapping[str, Any] | None:
        """``{"since", "reason"}`` while a person is waited for, else None."""
        return self._data.get("waiting")

    @property
    def callback(self) -> str:
        """Until when a call-back number is kept (ISO 8601, UTC; '' for none); never the number."""
        return self._data.get("callback", "")

    @property
    def last_seq(self) -> int:
        """The number of the last message, those of this exchange included."""
        return self._record.last_seq + len(self._messages)

    def deliver(self, body: dict[str, Any]) -> None:
        """Let a body be posted to the conversation's platform, after those before it."""
        self._deliveries.append(body)

    def call_back(self, until: str, note: str) -> list[StoredMessage]:
        """Keep until when a call-back number is kept ('' for no longer), and tell both sides."""
        self._data["callback"] = until
        return [self._add("system", note)]

    def wake_at(self, moment: float | None) -> None:
        """Let the conversation be looked at again at a time (seconds since the epoch), or not."""
        self._data["wake_at"] = moment

    def change(self) -> Change | None:
        """Return what is to be written; None where nothing has changed."""
        if not self._messages and not self._deliveries and self._data == self._record.data:
            return None
        waiting = self.waiting
        return Change(
            self._record.revision, self._data, tuple(self._messages), tuple(self._deliveries),
            waiting["since"] if waiting else None, self._wake_at(), self.agent)

    def _wake_at(self) -> float | None:
        """Return when to look at the conversation: at once where its platform lacks messages."""
        wake_at = self._data.get("wake_at")
        posted = self._data.get("own", {}).get("posted", self.last_seq)
        return wake_at if posted >= self.last_seq else min(time.time(), wake_at or math.inf)

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield what whoever shows the conversation has to be told after the commit."""
        if self._messages:
            yield self._event("messages", upto=self.last_seq)
        control = self._differs(_WATCHED)
        if control:
            yield self._event("control")
        # Whoever is told of either looks at the record, too.
        if not self._messages and not control and self._differs(_SEEN_AT_DESK):
            yield self._event("panel")

    def _differs(self, keys: Iterable[str]) -> bool:
        return any(self._data.get(key) != self._record.data.get(key) for key in keys)

    def _event(self, kind: str, **more: Any) -> dict[str, Any]:
        return {"type": kind, "conversation": self.conversation, **more}

    def _add(self, author: str, text: str, card: Any = None, **more: Any) -> StoredMessage:
        at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        message = StoredMessage(self.last_seq + 1, at, author, text, card, **more)
        self._messages.append(message)
        return message

    def _note(self, kind: str, **data: Any) -> None:
        event_id = f"{self._token}:{len(self.entries)}"
        self.entries.append(event_entry(kind, self.conversation, data, event_id))


__all__ = ["BOT", "PERSON", "Gathering"]
