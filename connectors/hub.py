"""Events between channels: what was said or changed in a conversation, to whoever shows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Event = Mapping[str, Any]
"""``{"type": "messages" | "control", "conversation": id, …}``; see :meth:`Talk.events`."""

Callback = Callable[[Event], Awaitable[None]]


class MemoryHub:
    """The hub of one process."""

    def __init__(self) -> None:
        self._callbacks: list[Callback] = []

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Let ``callback`` have every event; return what ends that."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    async def publish(self, event: Event) -> None:
        """Give an event to every subscriber."""
        for callback in tuple(self._callbacks):
            await callback(event)


__all__ = ["Callback", "Event", "MemoryHub"]
