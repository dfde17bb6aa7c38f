"""Short words for what the tests write into a store."""

from __future__ import annotations

from typing import Any

from bot.store import Change, Store, StoredMessage


def message(seq: int, text: str = "你好", **more: Any) -> StoredMessage:
    """Return a citizen's message, or what ``more`` makes of it."""
    return StoredMessage(**{"seq": seq, "at": "2026-03-01T08:00:00+00:00", "author": "citizen",
                            "text": text, **more})


async def write(store: Store, conversation: str, *texts: str, **more: Any) -> None:
    """Commit a change to the present record; data and times of before go unless stated."""
    record = await store.load(conversation)
    messages = [message(record.last_seq + place, text) for place, text in enumerate(texts, 1)]
    await store.commit(conversation, Change(record.revision, more.pop("data", {}),
                                            more.pop("messages", messages), **more))
