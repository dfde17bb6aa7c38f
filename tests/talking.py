"""Conversations in the process of the tests: through the switchboard, as a channel has them."""

from __future__ import annotations

import json
import uuid
from functools import lru_cache
from pathlib import Path

from jsonschema import Draft7Validator

from bot.messages import press_of


@lru_cache(maxsize=1)
def card_schema() -> Draft7Validator:
    """The published schema of cards; every card of every test conversation is checked by it."""
    path = Path(__file__).parent.parent / "bot" / "message.schema.json"
    return Draft7Validator(json.loads(path.read_text(encoding="utf-8")))


class Conversation:
    """A citizen's conversation through the switchboard, message by message.

    ``state`` is what is kept of it.
    """

    def __init__(self, switchboard, sender: str | None = None) -> None:
        self.switchboard = switchboard
        self.sender = sender or f"test-{uuid.uuid4().hex}"
        self.messages: list[dict] = []
        self.state: dict = {}

    async def say(self, text: str) -> str:
        """Send a message as a channel would; return the text of all replies to it."""
        from bot.switchboard import Said
        from connectors.intake import text_from

        masked = text_from(text)
        said = Said(masked, masked, uuid.uuid4().hex, "rest")
        stored = await self.switchboard.exchange(self.sender, lambda talk: talk.say(said))
        self.messages = [{"text": m.text, "custom": m.card} for m in stored[1:]]
        self.state = (await self.switchboard.store.load(self.sender)).data
        for card in self.cards:
            card_schema().validate(json.loads(json.dumps(card)))
        return self.text

    async def press(self, *labels: str) -> str:
        """Press the buttons with these labels of the last reply that has buttons."""
        ids = [next(c["id"] for c in self.choices if c["label"].startswith(label))
               for label in labels]
        return await self.press_ids(*ids)

    async def press_ids(self, *ids: str) -> str:
        """Press buttons by their opaque ids."""
        return await self.say(press_of(ids))

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
        offered = [[*card["choices"], *card.get("others", ())]
                   for card in self.cards if card.get("choices")]
        return offered[-1] if offered else []

    def lines(self, kind: str) -> list[str]:
        """The texts of the lines of one kind in the last answer card, open ones left out."""
        sections = [s for card in self.cards for s in card.get("sections", ())]
        return [line["text"] for s in sections if s["kind"] == kind
                for line in s["lines"] if not line.get("undecided")]


def through(server):
    """Return what sends messages to a running server, as a new person."""
    sender = uuid.uuid4().hex

    async def say(message: str) -> list[dict]:
        return server.ask(sender, message)

    return say


class Notes(list):
    """A journal that is just a list of its entries."""


async def nobody(event) -> None:
    """Tell nobody what has happened: nobody shows these conversations."""


def switchboard_over(assistant, path: Path, journal: Notes | None = None):
    """Return a switchboard without a web, over the store in a file."""
    from bot.store.sqlite import SqliteStore
    from bot.switchboard import Switchboard

    journal = Notes() if journal is None else journal
    return Switchboard(assistant, SqliteStore(path), journal, nobody)
