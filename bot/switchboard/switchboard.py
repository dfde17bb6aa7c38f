"""One conversation at a time, one commit for everything that a message brings about."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

from bot.assistant import Assistant
from bot.store import Conflict, Store
from bot.switchboard.talk import Talk

T = TypeVar("T")
Tell = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Publishes an event: see ``connectors/hub.py``."""

_TRIES = 3
"""How often an exchange is tried where the conversation changes under it (its lock expired)."""


class Journal(Protocol):
    """Where turns are noted before their replies are sent; see :mod:`bot.journal`."""

    def append(self, entry: Mapping[str, Any]) -> None:
        """Note an entry; on return it survives the end of the process."""


class Switchboard:
    """Puts citizens through to the bot or to a person.

    Args:
        assistant: the bot.
        store: where conversations are kept.
        journal: where turns are noted.
        tell: publishes what has changed to whoever shows the conversation.
    """

    def __init__(self, assistant: Assistant, store: Store, journal: Journal, tell: Tell) -> None:
        self.assistant, self.store = assistant, store
        self._journal, self._tell = journal, tell

    async def exchange(self, conversation: str, act: Callable[[Talk], Awaitable[T]]) -> T:
        """Let ``act`` speak in a conversation; keep all it brought about, or nothing.

        What ``act`` notes reaches the journal before the commit, so that no reply is ever sent
        of which the journal knows nothing; a repeated turn has the same id there. Then whoever
        shows the conversation is told.

        Args:
            conversation: its id; an unknown one begins.
            act: speaks through the :class:`Talk`; does nothing else that lasts, for it is called
                anew where the conversation has changed meanwhile.

        Returns:
            What ``act`` returned.

        Raises:
            StoreDown: the store cannot be reached.
            Conflict: the conversation changed under every try.
        """
        token = uuid.uuid4().hex
        for attempt in range(1, _TRIES + 1):
            try:
                result, talk = await self._once(conversation, token, act)
            except Conflict:
                if attempt == _TRIES:
                    raise
                continue
            for event in talk.events():
                await self._tell(event)
            return result
        raise AssertionError("unreachable")

    async def _once(
        self, conversation: str, token: str, act: Callable[[Talk], Awaitable[T]]
    ) -> tuple[T, Talk]:
        async with self.store.lock(conversation):
            record = await self.store.load(conversation)
            talk = Talk(conversation, record, token, self.store, self.assistant)
            result = await act(talk)
            change = talk.change()
            if change:
                for entry in talk.entries:
                    self._journal.append(entry)
                await self.store.commit(conversation, change)
        return result, talk


__all__ = ["Journal", "Switchboard", "Tell"]
