"""What is kept of conversations: one contract, in a file for one process, in Redis for several.

A conversation is a *record* (JSON-ready data with a revision) and its *messages*, numbered from 1.
Everything a turn changes is one :class:`Change`, written whole or not at all; one that was made
from an outdated record is refused (:class:`Conflict`), so that nothing is answered twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.errors import YibaoError


class Conflict(YibaoError):
    """The conversation has changed since it was read: read it again and decide anew."""


class StoreDown(YibaoError):
    """The store cannot be reached; nothing was written, as far as can be told."""


@dataclass(frozen=True)
class StoredMessage:
    """One message of a transcript, masked; ``seq`` counts from 1 within the conversation.

    ``author`` is ``citizen``, ``bot``, ``agent`` (a person) or ``system`` (what happened, as
    工作人员已接入).
    ``client_id`` is the sender's own id of the message, unique within the conversation;
    ``reply_to`` the ``seq`` of the message that this one answers.
    """

    seq: int
    at: str
    author: str
    text: str
    card: Any = None
    client_id: str | None = None
    reply_to: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the message as channels send it."""
        return dict(vars(self))


@dataclass(frozen=True)
class Record:
    """What is known of a conversation: ``revision`` 0 and no data where there is none.

    ``last_seq`` is the number of its last message.
    """

    revision: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    last_seq: int = 0


@dataclass(frozen=True)
class Change:
    """What a turn writes.

    Attributes:
        revision: of the record that the change was made from.
        data: the new data, whole.
        messages: new messages; their numbers follow the record's ``last_seq``.
        deliveries: bodies to be posted to the conversation's platform, in this order.
        waiting_since: when the conversation began to wait for a person (seconds since the epoch),
            None while it does not wait.
        wake_at: when the conversation is to be looked at again without a message, or None.
        agent: the person who has the conversation; '' while none has.
    """

    revision: int
    data: dict[str, Any]
    messages: Sequence[StoredMessage] = ()
    deliveries: Sequence[dict[str, Any]] = ()
    waiting_since: float | None = None
    wake_at: float | None = None
    agent: str = ""


@dataclass(frozen=True)
class Delivery:
    """A body to be posted; ``attempts`` counts this one. ``id`` grows and is never used again."""

    conversation: str
    id: int
    body: dict[str, Any]
    attempts: int


class Store(Protocol):
    """The store of conversations. All methods may raise :class:`StoreDown`."""

    async def close(self) -> None:
        """Close files and connections."""

    def lock(self, conversation: str) -> AbstractAsyncContextManager[None]:
        """Hold a conversation: one message at a time, over all processes."""

    async def load(self, conversation: str) -> Record:
        """Return the record of a conversation."""

    async def commit(self, conversation: str, change: Change) -> None:
        """Write a change, whole or not at all.

        Raises:
            Conflict: the record is not of the change's revision any more, or the number or the
                client id of a message is taken.
        """

    async def since(self, conversation: str, seq: int) -> list[StoredMessage]:
        """Return the messages after number ``seq``, in order."""

    async def newest(self, conversation: str, count: int) -> list[StoredMessage]:
        """Return the last ``count`` messages, newest first."""

    async def exchange(self, conversation: str, client_id: str) -> list[StoredMessage]:
        """Return the message that was stored with ``client_id`` and those that answer it."""

    async def forget(self, conversation: str) -> None:
        """Delete everything that is kept of a conversation; its lock stays with its holder."""

    async def expire(self, before: float) -> int:
        """Delete conversations last changed before a time; return how many."""

    async def waiting(self) -> list[str]:
        """Return the conversations that wait for a person, the longest waiting first."""

    async def held(self) -> list[tuple[str, str]]:
        """Return ``(conversation, agent)`` of those that a person has, by conversation."""

    async def recent(self, count: int, before: float | None = None) -> list[tuple[str, float]]:
        """Return ``(conversation, when it was last changed)``, the newest ``count`` first.

        Args:
            count: how many at most.
            before: only those last changed before this time (seconds since the epoch).
        """

    async def woken(self, now: float, lease: float) -> list[str]:
        """Return conversations whose ``wake_at`` has come; none comes again for ``lease`` s."""

    async def claim(self, now: float, lease: float, limit: int) -> list[Delivery]:
        """Return deliveries that are due, the first of each conversation, for ``lease`` seconds."""

    async def delivered(self, delivery: Delivery) -> None:
        """Drop a delivery that has arrived; the conversation's next one is due at once."""

    async def postpone(self, delivery: Delivery, until: float) -> None:
        """Let a delivery, and those behind it, wait until a time."""

    async def undelivered(self) -> int:
        """Return how many conversations have deliveries that have not arrived."""

    async def once(self, key: str, seconds: float) -> bool:
        """Tell whether ``key`` is seen for the first time within ``seconds``, and remember it."""


__all__ = [
    "Change", "Conflict", "Delivery", "Record", "Store", "StoreDown", "StoredMessage",
]
