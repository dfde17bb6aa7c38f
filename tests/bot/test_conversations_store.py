"""What is kept of a conversation, and what survives."""

from __future__ import annotations

import pytest

from bot.conversations import Conversations


@pytest.fixture
def path(tmp_path):
    """A file that does not exist yet, in a folder that does not exist yet."""
    return tmp_path / "var" / "conversations.db"


def test_messages_are_numbered_within_their_conversation(path):
    store = Conversations(path)
    assert [store.add("a", "citizen", "一").seq, store.add("b", "citizen", "二").seq,
            store.add("a", "bot", "三").seq] == [1, 1, 2]


def test_the_same_message_sent_twice_is_stored_once(path):
    store = Conversations(path)
    first = store.add("a", "citizen", "你好", client_id="x")
    assert store.add("a", "citizen", "你好", client_id="x") == first
    assert len(store.since("a", 0)) == 1


def test_everything_is_there_after_reopening(path):
    store = Conversations(path)
    store.add("a", "bot", "答复", {"type": "notice", "text": "答复"})
    store.keep_state("a", {"slots": {"facts": {"retired": "已退休"}}, "loop": None})
    store.close()
    again = Conversations(path)
    assert again.since("a", 0)[0].card == {"type": "notice", "text": "答复"}
    assert again.state("a")["slots"]["facts"] == {"retired": "已退休"}


def test_an_unknown_conversation_has_nothing(path):
    store = Conversations(path)
    assert store.state("a") is None and store.last("a") is None and not store.exists("a")
