"""What a person who sits at our own desk does with a conversation.

Exactly one has it: whoever is not that one is refused (409). Texts are masked by who calls.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from bot import clock
from bot.desk.editing import edit
from bot.dialogue.context import Context, Turn
from bot.dialogue.listening import resume
from bot.errors import BadInput
from bot.handover.notes import agent_gone, agent_joined, agent_left, transferred
from bot.journal.entries import said_in, turn_id, understood
from bot.store import StoredMessage
from bot.switchboard.attending import Attending
from bot.switchboard.gathering import PERSON
from bot.switchboard.listening import (
    Suggestions,
    in_short,
    listen,
    suggest_anew,
    suggested_next,
    suggestion_of,
)
from bot.switchboard.turns import open_question
from bot.wording import say
from knowledge.store import load

_LOOKED_AT = 20
"""Messages among which the citizen's last one is looked for."""


class AtDesk(Attending):
    """A conversation that a person at our desk may have."""

    # --- who has it ---------------------------------------------------------------------------

    async def take(self, agent: str) -> list[StoredMessage]:
        """Give the conversation to a person at our desk, from the queue or from the bot.

        Returns:
            What the citizen is told; [] where this person has it already.

        Raises:
            BadInput: 404, there is no such conversation; 409, somebody else has it, or it is over.
        """
        if self.holder == PERSON and not (self.at_desk and self.agent == agent):
            raise BadInput(say("held_by_other", agent=self.agent), "conversation", 409)
        return await self._take(agent)

    async def take_over(self, agent: str) -> list[StoredMessage]:
        """Give the conversation to a person at our desk, also from another person there.

        Raises:
            BadInput: as for :meth:`take`; a person on the platform has it, who has to give it
                back there.
        """
        if self.holder == PERSON and not self.at_desk:
            raise BadInput(say("held_on_platform", agent=self.agent), "conversation", 409)
        return await self._take(agent)

    async def _take(self, agent: str) -> list[StoredMessage]:
        if not self._record.revision:
            raise BadInput(say("no_such_conversation"), "conversation", 404)
        if self._data.get("ended_at"):
            raise BadInput(say("conversation_over"), "conversation", 409)
        if self.agent == agent:
            return []
        before, reason = self.agent, self.waiting["reason"] if self.waiting else "none"
        self._seat(agent, desk=True)
        told = [self._tell(agent_joined(agent))]
        self._data["seen"] = self.last_seq
        offered = await self._suggest_anew()
        self._note("joined", agent=agent, reason=reason, desk=True, **offered,
                   **({"instead_of": before} if before else {}))
        return told

    def transfer(self, agent: str, to: str, note: str = "") -> list[StoredMessage]:
        """Give the conversation to another person at our desk, or back to the queue.

        In the queue it stands where it stood: nobody waits twice.

        Args:
            agent: who has it.
            to: who shall have it; '' for whoever takes it next.
            note: for them, never for the citizen; '' for none.

        Raises:
            BadInput: 409, ``agent`` has not got it; ``to`` is ``agent``.
        """
        self._must_have(agent)
        if to == agent:
            raise BadInput(say("transfer_to_oneself"), "to")
        if note:
            self.add_note(agent, note)
        self._note("transferred", agent=agent, to=to)
        told = [self._tell(transferred(agent, to))]
        if to:
            self._seat(to, desk=True)
            self._data["seen"] = 0
            self._note("joined", agent=to, reason="transferred", desk=True, instead_of=agent)
        else:
            self._back_to_the_queue()
        return told

    def abandon(self, agent: str) -> list[StoredMessage]:
        """Put the conversation of a person who is gone back into the queue; [] of any other."""
        if not self.at_desk or self.agent != agent:
            return []
        self._note("transferred", agent=agent, to="", gone=True)
        told = [self._tell(agent_gone())]
        self._back_to_the_queue()
        return told

    def _back_to_the_queue(self) -> None:
        since = self._data.get("waited_since") or time.time()
        self._back_to_the_bot()
        self._data["waiting"] = {"since": since, "reason": "transferred"}

    async def give_back(self, agent: str) -> list[StoredMessage]:
        """Give the conversation back to the bot, which goes on by what is known by now.

        In the middle of a form it asks what is to be asked next, or gives the outcome.

        Raises:
            BadInput: 409, ``agent`` has not got it.
        """
        self._must_have(agent)
        if self._data.get("question") or not self._data.get("loop"):
            return self.leave()
        turn = resume(load(), Context.from_slots(self._data["slots"]), clock.now())
        note = self._tell(agent_left(in_form=True))
        self._back_to_the_bot()
        return [note, *await self._go_on(agent, turn)]

    async def _go_on(self, agent: str, turn: Turn) -> list[StoredMessage]:
        """Say what a turn of the bot says that nobody's message has brought about."""
        slots = {**self._data["slots"], **turn.context.as_slots()}
        if not turn.form:
            slots.pop("requested_slot", None)
            self._data["loop"] = None
        self._data["slots"] = slots
        cards = [dict(reply.card) for reply in turn.replies]
        self._note("left", agent=agent, **said_in(slots, cards))
        replies = [await self._reply({"text": reply.text, "custom": card}, None)
                   for reply, card in zip(turn.replies, cards, strict=True)]
        self._data["question"] = open_question(replies)
        return replies

    # --- what they do with it -----------------------------------------------------------------

    def add_note(self, agent: str, text: str) -> list[StoredMessage]:
        """Keep a note that the citizen never sees, of a person who need not have it."""
        at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        self._data.setdefault("notes", []).append({"at": at, "agent": agent, "text": text})
        self._note("noted", agent=agent)
        return []

    def mark_seen(self, agent: str, seq: int) -> list[StoredMessage]:
        """Remember up to which message the person who has the conversation has seen it."""
        if self.at_desk and self.agent == agent:
            self._data["seen"] = max(self._data.get("seen", 0), min(seq, self.last_seq))
        return []

    async def edit(self, agent: str, edits: Mapping[str, Any]) -> list[StoredMessage]:
        """Enter what the person knows better; the suggestions are made anew.

        Args:
            agent: who has the conversation.
            edits: as for :func:`bot.desk.editing.edit`.

        Raises:
            BadInput: 409, ``agent`` has not got it; something of the edits is not known.
        """
        self._must_have(agent)
        slots = dict(self._data.get("slots", {}))
        after = edit(load(), slots, edits)
        if after == slots:
            return []
        self._hear(after, news=True)
        about_the_matter = "family" in edits or "item" in edits
        offered = await self._suggest_anew(about_the_matter)
        if "place" in edits:  # as it is known, not as it was typed
            edits = {**edits, "place": after["context"]["place"]["name"]}
        self._note("facts_edited", agent=agent, edits=dict(edits), **offered)
        return []

    def reject(self, agent: str, seq: int, rank: int, reason: str) -> list[StoredMessage]:
        """Note that a suggestion was of no use, and why; once for each.

        Args:
            agent: who has the conversation.
            seq: number of the citizen's message that it was made for.
            rank: the suggestion's place, from 1.
            reason: why, masked.

        Raises:
            BadInput: 409, ``agent`` has not got it; 404, there is no such suggestion (any more).
        """
        self._must_have(agent)
        suggested = self._data.get("suggested")
        known = suggestion_of(suggested, seq, rank)
        if known is None:
            raise BadInput(say("no_such_suggestion"), "rank", 404)
        if rank not in suggested["rejected"]:
            suggested["rejected"].append(rank)
            self._note("suggestion_rejected", agent=agent, rank=rank, reason=reason, **known)
        return []

    # --- listening ----------------------------------------------------------------------------

    async def _listen(self, asked: StoredMessage, text: str) -> None:
        """Take in what a citizen says to a person at our desk, and suggest answers to it."""
        heard = await listen(self._assistant, text, asked.text, self._data.get("slots", {}),
                             answers=bool(self._data.get("question")))
        self._hear(heard.slots, heard.news)
        offered = self._suggest(asked, heard.made)
        self._note("said_to_agent", agent=self.agent, text=asked.text,
                   **understood(heard.reading, heard.slots), **offered)

    def _hear(self, slots: Mapping[str, Any], news: bool) -> None:
        """Keep what is known by now; with news the bot's question would have to be put anew."""
        self._data.update(slots=dict(slots), loop=self._data.get("loop"))
        if news:
            self._data["question"] = None

    async def _suggest_anew(self, about_the_matter: bool = False) -> dict[str, Any]:
        """Suggest answers to what the citizen said last; return what the journal is told of it."""
        recent = [*reversed(await self._store.newest(self.conversation, _LOOKED_AT))]
        asked = _asked_last(recent)
        if asked is None:
            self._data["suggested"] = None
            return {}
        made = await suggest_anew(
            self._assistant, asked.text, self._data.get("slots", {}), about_the_matter)
        return self._suggest(asked, made)

    def _suggest(self, asked: StoredMessage, made: Suggestions) -> dict[str, Any]:
        turn = turn_id(self.conversation, asked)
        self._data["suggested"] = suggested_next(
            self._data.get("suggested"), asked.seq, turn, made)
        return {"seq": asked.seq, "turn": turn, "offered": in_short(made)}


def _asked_last(recent: Sequence[StoredMessage]) -> StoredMessage | None:
    """Return the citizen's last message; one that only wished for a person asks for nothing."""
    wishes = {m.reply_to for m in recent if m.card and m.card.get("reason") == "asked"}
    said = [m for m in reversed(recent) if m.author == "citizen"]
    return next((m for m in said if m.seq not in wishes), said[0] if said else None)


__all__ = ["AtDesk"]
