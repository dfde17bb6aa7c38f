"""What a citizen says and does in a conversation, and what the bot says to it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot import operation
from bot.errors import BadInput
from bot.handover.stopping import stops_waiting
from bot.journal.entries import turn_entry, turn_id
from bot.nlu.normalise import normalise
from bot.store import StoredMessage
from bot.switchboard.desk import AtDesk
from bot.switchboard.gathering import PERSON
from bot.switchboard.turns import open_question, outcome_of, take_turn
from bot.wording import say
from knowledge.store import load

GOOD, BAD = "good", "bad"
"""Ratings of an answer."""


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


class Talk(AtDesk):
    """A conversation, held by whoever speaks in it (see :meth:`Switchboard.exchange`).

    Every method returns the messages that it brought about, as they will be stored.
    """

    def begin(self, channel: str, state: Mapping[str, Any] | None = None) -> None:
        """Begin the conversation.

        Args:
            channel: ``web``, ``rest`` or ``hotline``.
            state: what the bot knows from the start (:func:`bot.opening.opening_state`).
        """
        self._data.update({"channel": channel, **(state or {})})

    def note(self, said: Said, answer: str) -> list[StoredMessage]:
        """Keep a citizen's message that nobody answers any more, and what they are told of that."""
        asked = self._add("citizen", said.shown, client_id=said.client_id)
        return [asked, self._add("system", answer, reply_to=asked.seq)]

    async def say(self, said: Said) -> list[StoredMessage]:
        """Take a citizen's message; return it as stored, and the replies behind it.

        A message that came before gives what it gave then. While a person has the conversation
        there are no replies.
        """
        known = await self.known(said.client_id)
        if known:
            return known
        self.channel = said.channel
        self._data.pop("ended_at", None)
        asked = self._add("citizen", said.shown, client_id=said.client_id)
        if self.at_desk:
            await self._listen(asked, said.text)
        elif self.holder == PERSON:
            self._note("said_to_agent", agent=self.agent, text=said.shown)
        else:
            return [asked, *await self._answer(asked, said)]
        return [asked]

    async def _answer(self, asked: StoredMessage, said: Said) -> list[StoredMessage]:
        if self.waiting and stops_waiting(normalise(said.text)):
            return await self.stop_waiting(asked.seq)
        started = time.perf_counter()
        turn = await take_turn(self._assistant, self.conversation, said.text, self._data)
        seconds = time.perf_counter() - started
        self._data.update(turn.state)
        replies = [await self._reply(reply, asked.seq) for reply in turn.replies]
        self._data["question"] = open_question(replies)
        operation.turn_taken(said.channel, outcome_of(turn), seconds)
        self.entries.append(turn_entry(
            self.conversation, said.channel, asked, replies, turn.reading, turn.state["slots"],
            model_version=turn.model_version, knowledge_version=load().version,
            milliseconds=1000 * seconds))
        return replies

    async def rate(self, seq: int, rating: str) -> list[StoredMessage]:
        """Rate a message of the bot; an unhappy rating asks for a person.

        Raises:
            BadInput: there is no such message of the bot, or no such rating.
        """
        rated = await self._message(seq)
        if rated is None or rated.author != "bot":
            raise BadInput(say("no_such_message"), "seq", 404)
        if rating not in (GOOD, BAD):
            raise BadInput(say("no_such_rating"), "rating")
        if self._ratings.get(str(seq)) == rating:
            return []
        self._ratings[str(seq)] = rating
        asked = await self._message(rated.reply_to or 0)
        turn = turn_id(self.conversation, asked) if asked else ""
        self._note("rated", seq=seq, turn=turn, rating=rating)
        return await self.ask_for_person("rating") if rating == BAD else []

    async def _message(self, seq: int) -> StoredMessage | None:
        first = next(iter(await self._store.since(self.conversation, seq - 1)), None)
        return first if first and first.seq == seq else None

    @property
    def _ratings(self) -> dict[str, str]:
        return self._data.setdefault("ratings", {})


__all__ = ["BAD", "GOOD", "Said", "Talk"]
