"""What can be said and done in a conversation: by the citizen, the bot, and a person."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.assistant import Assistant
from bot.errors import BadInput
from bot.journal.entries import turn_entry
from bot.store import Record, Store, StoredMessage
from bot.switchboard.gathering import BOT, PERSON, Gathering
from bot.switchboard.turns import take_turn
from bot.wording import say
from knowledge.store import load

GOOD, BAD = "good", "bad"
"""Ratings of an answer."""

_ASKING = ("question", "choices")


@dataclass(frozen=True)
class Said:
    """A citizen's message.

    Attributes:
        text: what the bot reads: masked, or a press of buttons.
        shown: what the transcript shows of it.
        client_id: the sender's own id of the message; the same one is answered once.
        channel: ``web``, ``rest`` or ``hotline``.
    """

    text: str
    shown: str
    client_id: str
    channel: str


class Talk(Gathering):
    """A conversation, held by whoever speaks in it (see :meth:`Switchboard.exchange`).

    Every method returns the messages that it brought about, as they will be stored.
    """

    def __init__(
        self, conversation: str, record: Record, store: Store, assistant: Assistant
    ) -> None:
        super().__init__(conversation, record)
        self._store, self._assistant = store, assistant

    async def known(self, client_id: str) -> list[StoredMessage]:
        """Return the message that came earlier with this id, and its replies; [] for a new id."""
        return await self._store.exchange(self.conversation, client_id)

    # --- the citizen --------------------------------------------------------------------------

    async def say(self, said: Said) -> list[StoredMessage]:
        """Take a citizen's message; return it as stored, and the replies behind it.

        A message that came before gives what it gave then. While a person has the conversation
        there are no replies.
        """
        known = await self.known(said.client_id)
        if known:
            return known
        self._data["channel"] = said.channel
        asked = self._add("citizen", said.shown, client_id=said.client_id)
        if self.holder == PERSON:
            return [asked]
        return [asked, *await self._answer(asked, said)]

    async def _answer(self, asked: StoredMessage, said: Said) -> list[StoredMessage]:
        started = time.perf_counter()
        turn = await take_turn(self._assistant, self.conversation, said.text, self._data)
        self._data.update(turn.state)
        replies = [self._add("bot", reply.get("text", ""), reply.get("custom"), reply_to=asked.seq)
                   for reply in turn.replies]
        self._data["question"] = _open_question(replies)
        self.entries.append(turn_entry(
            self.conversation, said.channel, asked, replies, turn.reading, turn.state["slots"],
            model_version=self._assistant.version, knowledge_version=load().version,
            milliseconds=1000 * (time.perf_counter() - started)))
        return replies

    async def rate(self, seq: int, rating: str) -> list[StoredMessage]:
        """Rate a message of the bot; an unhappy rating asks for a person.

        Raises:
            BadInput: there is no such message of the bot, or no such rating.
        """
        rated = next(iter(await self._store.since(self.conversation, seq - 1)), None)
        if rated is None or rated.seq != seq or rated.author != "bot":
            raise BadInput(say("no_such_message"), "seq", 404)
        if rating not in (GOOD, BAD):
            raise BadInput(say("no_such_rating"), "rating")
        if self._ratings.get(str(seq)) == rating:
            return []
        self._ratings[str(seq)] = rating
        self._note("rated", seq=seq, turn=f"{self.conversation}:{rated.reply_to}", rating=rating)
        return await self.ask_for_person("rating") if rating == BAD else []

    @property
    def _ratings(self) -> dict[str, str]:
        return self._data.setdefault("ratings", {})

    # --- waiting for a person -----------------------------------------------------------------

    async def ask_for_person(self, reason: str) -> list[StoredMessage]:
        """Let the conversation wait for a person; the bot goes on meanwhile."""
        raise NotImplementedError

    async def stop_waiting(self) -> list[StoredMessage]:
        """Let the conversation wait no longer."""
        if not self.waiting:
            return []
        self._data["waiting"] = None
        self._note("stopped_waiting")
        return [self._add("system", say("stopped_waiting"))]

    # --- the person ---------------------------------------------------------------------------

    def join(self, agent: str) -> list[StoredMessage]:
        """Give the conversation to a person; the bot falls silent.

        Args:
            agent: the number by which the person is known to citizens (工号).
        """
        if self.holder == PERSON and self.agent == agent:
            return []
        self._data.update(holder=PERSON, agent=agent, waiting=None)
        self._note("joined", agent=agent)
        return [self._add("system", say("agent_joined", agent=agent))]

    async def agent_says(self, text: str, client_id: str) -> list[StoredMessage]:
        """Take a message of the person who has the conversation.

        Raises:
            BadInput: the bot has it.
        """
        known = await self.known(client_id)
        if known:
            return known
        if self.holder != PERSON:
            raise BadInput(say("not_joined"), "type", 409)
        self._note("said_by_agent", agent=self.agent, text=text)
        return [self._add("agent", text, client_id=client_id)]

    def leave(self) -> list[StoredMessage]:
        """Give the conversation back to the bot, which goes on where it was."""
        if self.holder != PERSON:
            return []
        self._note("left", agent=self.agent)
        self._data.update(holder=BOT, agent="")
        note, question = self._add("system", say("agent_left")), self._data.get("question")
        return [note, self._add("bot", question["text"], question["card"])] if question else [note]

    def end(self) -> list[StoredMessage]:
        """End the conversation: nobody waits, nobody has it."""
        self._data.update(holder=BOT, agent="", waiting=None, question=None)
        self._note("ended")
        return [self._add("system", say("ended"))]


def _open_question(replies: Sequence[StoredMessage]) -> Mapping[str, Any] | None:
    """Return the question that the replies end with, to be put again as it was."""
    last = replies[-1] if replies else None
    asks = last is not None and last.card and last.card["type"] in _ASKING
    return {"text": last.text, "card": last.card} if last and asks else None


__all__ = ["BAD", "GOOD", "Said", "Talk"]
