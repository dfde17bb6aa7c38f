"""Deleting a conversation everywhere: its store, this machine's spool, the log database.

The order matters while the server runs: from the store first, so that a turn that is under way
cannot be committed any more; then, holding the spool, from the spool and the database. What still
arrives from elsewhere is dropped, as the database remembers the deletion
(:meth:`bot.journal.database.Database.forget`).
"""

from __future__ import annotations

import asyncio

from bot.journal.opening import open_journal, open_store
from bot.settings import Settings


async def delete(conversation: str) -> list[tuple[str, int]]:
    """Delete a conversation.

    Returns:
        Where something can have been, and how much of it was deleted.

    Raises:
        StoreDown: nothing was deleted.
        DatabaseDown: the log database still holds it; all else is deleted.
    """
    settings = Settings.from_environment()
    store, journal = open_store(settings), open_journal(settings)
    try:
        async with store.lock(conversation):
            record = await store.load(conversation)
            await store.forget(conversation)
        waiting, logged = await asyncio.to_thread(journal.forget, conversation)
    finally:
        await store.close()
        journal.database.close()
    kept = max(record.last_seq, min(record.revision, 1))
    return [("对话（状态和消息）", kept), ("本机待入库的记录", waiting),
            (f"对话记录数据库（{journal.database.name}）", logged)]


__all__ = ["delete"]
