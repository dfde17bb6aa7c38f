"""A person who has a conversation: joins, speaks, leaves. From the platform or from our own desk.

What whoever sits at our desk does is in :mod:`bot.switchboard.desk`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from bot.errors import BadInput
from bot.handover.notes import agent_joined, agent_left, ended
from bot.messages import Reply
from bot.store import StoredMessage
from bot.switchboard.gathering import BOT, PERSON
from bot.switchboard.listening import choice_made
from bot.switchboard.waiting import Waiting
from bot.wording import say


class Attending(Waiting):
    """A conversation that a person may have."""

    @property
    def at_desk(self) -> bool:
        """Whether a person who sits at our own desk has the conversation."""
        return self.holder == PERSON and bool(self._data.get("desk"))

    def join(self, agent: str) -> list[StoredMessage]:
        """Give the conversation to a person; the bot falls silent.

        Args:
            agent: the number by which the person is known to citizens (工号).
        """
        if self.holder == PERSON and self.agent == agent:
            return []
        self._seat(agent, desk=False)
        self._note("joined", agent=agent)
        return [self._tell(agent_joined(agent))]

    def _seat(self, agent: str, desk: bool) -> None:
        """Let a person have the conversation."""
        if self.holder != PERSON:
            waited = self.waiting or {"reason": "none", "since": None}
            self._data.update(joined_for=waited["reason"], waited_since=waited["since"])
        served = dict.fromkeys((*self._data.get("served_by", ()), agent))
        self._data.update(holder=PERSON, agent=agent, waiting=None, desk=desk,
                          served_by=list(served), joined_at=time.time())

    async def agent_says(
        self, text: str, client_id: str, agent: str = "", used: Mapping[str, Any] | None = None
    ) -> list[StoredMessage]:
        """Take a message of the person who has the conversation.

        Args:
            text: the message, masked.
            client_id: the sender's own id of it; the same one is taken once.
            agent: who sits at our desk and speaks; '' for a person on the platform.
            used: the suggestion that it was made from, ``{"seq", "rank", "edited"}``: the number
                of the citizen's message, the suggestion's place from 1, whether it was changed.

        Raises:
            BadInput: 409; the bot has it, or another person.
        """
        known = await self.known(client_id)
        if known:
            return known
        if agent or self.at_desk:
            self._must_have(agent)
            return self._said_at_desk(text, client_id, used)
        if self.holder != PERSON:
            raise BadInput(say("not_joined"), "type", 409)
        self._note("said_by_agent", agent=self.agent, text=text)
        return self.note_agent(self.agent, text, client_id)

    def _said_at_desk(
        self, text: str, client_id: str, used: Mapping[str, Any] | None
    ) -> list[StoredMessage]:
        choice = choice_made(self._data.get("suggested"), used)
        cited = [{"id": clause} for clause in choice.get("used", {}).get("citations", ())]
        card = {"type": "agent", "agent": self.agent, "desk": True,
                **({"citations": cited} if cited else {})}
        message = self._add("agent", text, card, client_id=client_id)
        # What the citizen says from here on is said to this person, no answer to the bot.
        self._data["question"] = None
        self._note("said_by_agent", agent=self.agent, seq=message.seq, text=text, **choice)
        return [message]

    def _must_have(self, agent: str) -> None:
        """Raise BadInput (409) unless a person sits at our desk and has the conversation."""
        if not self.at_desk or self.agent != agent:
            raise BadInput(say("not_held"), "conversation", 409)

    async def known(self, client_id: str) -> list[StoredMessage]:
        """Return the message that came earlier with this id, and its replies; [] for a new id."""
        return await self._store.exchange(self.conversation, client_id)

    def note_agent(self, agent: str, text: str, client_id: str) -> list[StoredMessage]:
        """Keep what a person on the platform said, also where it comes after they have left."""
        card = {"type": "agent", "agent": agent}
        return [self._add("agent", text, card, client_id=client_id)]

    def leave(self) -> list[StoredMessage]:
        """Give the conversation back to the bot, which goes on where it was."""
        if self.holder != PERSON:
            return []
        self._note("left", agent=self.agent)
        question = self._data.get("question")
        note = self._tell(agent_left(in_form=bool(question)))
        self._back_to_the_bot()
        return [note, self._add("bot", question["text"], question["card"])] if question else [note]

    def end(self, agent: str = "") -> list[StoredMessage]:
        """End the conversation: nobody waits, nobody has it.

        Args:
            agent: who sits at our desk and ends it; '' for the platform and the citizen.

        Raises:
            BadInput: 409; the person has not got it.
        """
        if agent:
            self._must_have(agent)
        self._note("ended", **({"agent": self.agent} if self.holder == PERSON else {}))
        note = self._tell(ended())
        self._back_to_the_bot()
        self._data.update(waiting=None, question=None, ended_at=time.time())
        return [note]

    def _back_to_the_bot(self) -> None:
        self._data.update(holder=BOT, agent="", suggested=None)

    def _tell(self, reply: Reply) -> StoredMessage:
        """Say what has happened; with a card where no platform has done it and knows."""
        return self._add("system", reply.text, dict(reply.card) if self.at_desk else None)


__all__ = ["Attending"]
