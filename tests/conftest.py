"""What the tests share: the trained model in this process, and conversations with it."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import pytest

from bot.rasa_environment import prepare

prepare()

_numbers = itertools.count(1)


class Conversation:
    """A citizen's conversation with the loaded assistant, message by message."""

    def __init__(self, assistant, sender: str | None = None) -> None:
        self.assistant = assistant
        self.sender = sender or f"test-{next(_numbers)}"
        self.messages: list[dict] = []

    async def say(self, text: str) -> str:
        """Send a message as a channel would; return the text of all replies to it."""
        from rasa.core.channels.channel import UserMessage

        from connectors.intake import WholeReplies, text_from

        replies = WholeReplies()
        message = text_from(text)
        await self.assistant.handle(UserMessage(message, replies, self.sender, input_channel="test"))
        self.messages = replies.messages
        return self.text

    async def press(self, *labels: str) -> str:
        """Press the buttons with these labels of the last reply that has buttons."""
        ids = [next(c["id"] for c in self.choices if c["label"].startswith(label))
               for label in labels]
        return await self.press_ids(*ids)

    async def press_ids(self, *ids: str) -> str:
        """Press buttons by their opaque ids."""
        return await self.say("choice:" + ",".join(ids))

    @property
    def text(self) -> str:
        """The text of the last replies."""
        return "\n".join(message.get("text", "") for message in self.messages)

    @property
    def cards(self) -> list[dict]:
        """The cards of the last replies."""
        return [message["custom"] for message in self.messages if message.get("custom")]

    @property
    def choices(self) -> list[dict]:
        """The buttons that are open after the last replies."""
        offered = [card["choices"] for card in self.cards if card.get("choices")]
        return offered[-1] if offered else []

    def lines(self, kind: str) -> list[str]:
        """The texts of the lines of one kind in the last answer card, open ones left out."""
        sections = [s for card in self.cards for s in card.get("sections", ())]
        return [line["text"] for s in sections if s["kind"] == kind
                for line in s["lines"] if not line.get("undecided")]


@pytest.fixture(scope="session")
def assistant(tmp_path_factory):
    """The trained model, loaded once, with conversations in a temporary folder."""
    from bot.conversations import Conversations
    from bot.server import Assistant
    from bot.training import train

    folder = tmp_path_factory.mktemp("conversations")
    loaded = Assistant(train(), Conversations(folder / "conversations.db"))
    loaded.load()
    return loaded


@pytest.fixture
def conversation(assistant):
    """A fresh conversation."""
    return Conversation(assistant)


@pytest.fixture
def new_conversation(assistant):
    """Starts fresh conversations."""
    return lambda sender=None: Conversation(assistant, sender)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of guides and development data, outside the project."""
    return Path(os.environ.get("SHARED", "../shared"))


def read_jsonl(path: Path) -> list[dict]:
    """Return the rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
