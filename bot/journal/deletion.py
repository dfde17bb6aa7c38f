"""Deleting a conversation wherever something of it is kept.

The order matters while the server runs: from the store first, so that a turn that is under way
cannot be committed any more; then, holding the spool, from the spool and the database. What still
arrives from elsewhere is dropped, as the database remembers the deletion
(:meth:`bot.journal.database.Database.forget`).
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from bot.journal.journal import Journal
from bot.store import Store


class Keeping(Protocol):
    """The staff side, which keeps work orders and call-back numbers."""

    async def forget(self, conversation: str) -> list[tuple[str, int]]:
        """Delete what is kept of a conversation; return what and how much."""


class Forgetful(Protocol):
    """The hub, which holds events of conversations for a while."""

    async def forget(self, conversation: str) -> None:
        """Delete the events of a conversation."""


async def delete(
    conversation: str, store: Store, journal: Journal, hub: Forgetful, staff: Keeping
) -> list[tuple[str, int]]:
    """Delete a conversation.

    Returns:
        Where something can have been, in Chinese, and how much of it was deleted.

    Raises:
        StoreDown: nothing was deleted from the log.
        DatabaseDown: the staff database or that of the log may still hold something; all before it
            is deleted.
    """
    async with store.lock(conversation):
        record = await store.load(conversation)
        await store.forget(conversation)
        await hub.forget(conversation)
        of_staff = await staff.forget(conversation)
    waiting, logged = await asyncio.to_thread(journal.forget, conversation)
    kept = max(record.last_seq, min(record.revision, 1))
    return [("对话（状态和消息）", kept), *of_staff, ("本机待入库的记录", waiting),
            (f"对话记录数据库（{journal.database.name}）", logged)]


__all__ = ["Forgetful", "Keeping", "delete"]
