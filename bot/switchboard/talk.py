"""What can be said and done in a conversation: by the citizen, the bot, and a person."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import operation
from bot.assistant import Assistant
from bot.clock import CHINA
from bot.errors import BadInput
from bot.handover.hours import service_hours
from bot.handover.notes import (
    Queue,
    agent_joined,
    agent_left,
    ended,
    still_waiting,
    stopped_waiting,
    wanted,
    with_queue,
)
from bot.handover.standing import standing
from bot.handover.stopping import stops_waiting
from bot.handover.summary import summary
from bot.journal.entries import turn_entry, turn_id
from bot.messages import Reason
from bot.nlu.normalise import normalise
from bot.store import Record, Store, StoredMessage
from bot.switchboard.gathering import BOT, PERSON, Gathering
from bot.switchboard.turns import outcome_of, take_turn
from bot.wording import say
from knowledge.store import load

GOOD, BAD = "good", "bad"
"""Ratings of an answer."""

_LOOKED_AT = 20
"""Messages from which the summary for a person is made."""


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
        self, conversation: str, record: Record, token: str, store: Store, assistant: Assistant
    ) -> None:
        super().__init__(conversation, record, token)
        self._store, self._assistant = store, assistant

    async def known(self, client_id: str) -> list[StoredMessage]:
        """Return the message that came earlier with this id, and its replies; [] for a new id."""
        return await self._store.exchange(self.conversation, client_id)

    # --- the citizen --------------------------------------------------------------------------

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
        asked = self._add("citizen", said.shown, client_id=said.client_id)
        if self.holder == PERSON:
            self._note("said_to_agent", agent=self.agent, text=said.shown)
            return [asked]
        return [asked, *await self._answer(asked, said)]

    async def _answer(self, asked: StoredMessage, said: Said) -> list[StoredMessage]:
        if self.waiting and stops_waiting(normalise(said.text)):
            return await self.stop_waiting(asked.seq)
        started = time.perf_counter()
        turn = await take_turn(self._assistant, self.conversation, said.text, self._data)
        seconds = time.perf_counter() - started
        self._data.update(turn.state)
        replies = [await self._reply(reply, asked.seq) for reply in turn.replies]
        self._data["question"] = _open_question(replies)
        operation.turn_taken(said.channel, outcome_of(turn), seconds)
        self.entries.append(turn_entry(
            self.conversation, said.channel, asked, replies, turn.reading, turn.state["slots"],
            model_version=self._assistant.version, knowledge_version=load().version,
            milliseconds=1000 * seconds))
        return replies

    async def _reply(self, reply: Mapping[str, Any], reply_to: int | None) -> StoredMessage:
        """Add a message of the bot; one that sends for a person begins the waiting."""
        text, card = reply.get("text", ""), reply.get("custom")
        if card and card.get("reason"):
            text, card = with_queue(text, card, await self._wait(card["reason"]))
        return self._add("bot", text, card, reply_to=reply_to)

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

    # --- waiting for a person -----------------------------------------------------------------

    async def ask_for_person(self, reason: Reason) -> list[StoredMessage]:
        """Let the conversation wait for a person; the bot goes on meanwhile."""
        if self.holder == PERSON:
            return []
        reply = wanted(reason)
        return [await self._reply({"text": reply.text, "custom": dict(reply.card)}, None)]

    async def _wait(self, reason: Reason) -> tuple[str, Queue]:
        """Begin to wait, if that is not done already; return what is told about it."""
        place = await self.place()
        note = standing(place)
        if self.waiting:
            graver = reason if reason == "distress" else self.waiting["reason"]
            self._data["waiting"] = {**self.waiting, "reason": graver}
            return still_waiting(place, service_hours(), datetime.now(CHINA)).text, note[1]
        self._data["waiting"] = {"since": time.time(), "reason": reason}
        self._note("asked_for_person", reason=reason)
        return note

    async def place(self) -> int:
        """Return the place in the queue, 1 for the next; the one behind all who does not wait."""
        queue = await self._store.waiting()
        waits = self.conversation in queue
        return queue.index(self.conversation) + 1 if waits else len(queue) + 1

    async def stop_waiting(self, reply_to: int | None = None) -> list[StoredMessage]:
        """Let the conversation wait no longer."""
        if not self.waiting:
            return []
        self._data["waiting"] = None
        self._note("stopped_waiting")
        reply = stopped_waiting()
        return [self._add("bot", reply.text, dict(reply.card), reply_to=reply_to)]

    async def handover(self) -> dict[str, Any]:
        """Return what a person who takes over has to know; see ``summary.schema.json``."""
        before = await self._store.newest(self.conversation, _LOOKED_AT)
        reason = self.waiting["reason"] if self.waiting else self._data.get("joined_for", "none")
        return summary(load(), self._data.get("slots", {}), reason,
                       [*reversed(before), *self._messages])

    # --- the person ---------------------------------------------------------------------------

    def join(self, agent: str) -> list[StoredMessage]:
        """Give the conversation to a person; the bot falls silent.

        Args:
            agent: the number by which the person is known to citizens (工号).
        """
        if self.holder == PERSON and self.agent == agent:
            return []
        why = self.waiting["reason"] if self.waiting else "none"
        self._data.update(holder=PERSON, agent=agent, waiting=None, joined_for=why)
        self._note("joined", agent=agent)
        return [self._add("system", agent_joined(agent).text)]

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
        return self.note_agent(self.agent, text, client_id)

    def note_agent(self, agent: str, text: str, client_id: str) -> list[StoredMessage]:
        """Keep what a person said, also where it is heard of only after they have left."""
        return [self._add("agent", text, {"type": "agent", "agent": agent}, client_id=client_id)]

    def leave(self) -> list[StoredMessage]:
        """Give the conversation back to the bot, which goes on where it was."""
        if self.holder != PERSON:
            return []
        self._note("left", agent=self.agent)
        self._data.update(holder=BOT, agent="")
        question = self._data.get("question")
        note = self._add("system", agent_left(in_form=bool(question)).text)
        return [note, self._add("bot", question["text"], question["card"])] if question else [note]

    def end(self) -> list[StoredMessage]:
        """End the conversation: nobody waits, nobody has it."""
        self._data.update(holder=BOT, agent="", waiting=None, question=None)
        self._note("ended")
        return [self._add("system", ended().text)]


def _open_question(replies: Sequence[StoredMessage]) -> Mapping[str, Any] | None:
    """Return the question that the replies end with, to be put again as it was."""
    last = replies[-1] if replies else None
    asks = last is not None and last.card and last.card["type"] == "question"
    return {"text": last.text, "card": last.card} if last and asks else None


__all__ = ["BAD", "GOOD", "Said", "Talk"]
