"""A session of the platform: what it sends, in order, becomes talk; what that brings is kept."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from bot.errors import BadInput
from bot.handover.standing import standing
from bot.switchboard import PERSON, Said, Talk
from bot.wording import say
from connectors.hotline12345.order import DOUBLE, LATE, OTHER_CONTENT, OTHER_ID, Arrival, Order
from connectors.hotline12345.render import handover_of, replies_of

CHANNEL = "hotline"
CALLBACK = "callback"
HELD, ANSWERED, WITH_PERSON, NOTED = "held", "answered", "with_person", "noted"
"""What came of an arrival, beside :data:`LATE`: words of the contract."""


@dataclass(frozen=True)
class Outcome:
    """What the platform is told of an arrival.

    Attributes:
        status: a word of the contract.
        after: the replies are those of the transcript after this number …
        until: … up to this one.
        facts: what the answer says beside status and replies.
        session: what the session was opened with.
    """

    status: str
    after: int
    until: int
    facts: Mapping[str, Any]
    session: Mapping[str, Any]


class Session:
    """A session within one exchange; everything is kept with the conversation, or nothing.

    Args:
        talk: its conversation.
        gap: seconds that an arrival waits for missing ones before it.
    """

    def __init__(self, talk: Talk, gap: float) -> None:
        self._talk, self._gap, self._now = talk, gap, time.time()

    @property
    def _own(self) -> dict[str, Any]:
        """The session's data.

        Raises:
            BadInput: 404; there is no such session.
        """
        if "session" not in self._talk.own:
            raise BadInput(say("hotline_no_session"), "session_id", 404)
        return self._talk.own

    @property
    def _order(self) -> Order:
        return Order(self._own["order"], self._gap)

    def open(self, request: Mapping[str, Any], state: Mapping[str, Any] | None) -> bool:
        """Open the session; tell whether it was not open yet.

        Args:
            request: a ``SessionRequest`` of the contract.
            state: what the bot knows from the start, or None.

        Raises:
            BadInput: 409; it was opened with something else.
        """
        own = self._talk.own
        if "session" in own:
            if own["session"] != request:
                raise BadInput(say("hotline_other_session"), "session_id", 409)
            return False
        own.update(session=dict(request), order={}, told=0, control=0, closed=False)
        self._keep_posted()
        Order(own["order"], self._gap)  # fills it in, so that looking at it changes nothing
        self._talk.begin(CHANNEL, state)
        return True

    async def state(self) -> dict[str, Any]:
        """Return the ``SessionState`` of the contract without its replies."""
        own, order, talk = self._own, self._order, self._talk
        state = {
            "session_id": own["session"]["session_id"], "holder": talk.holder,
            "waiting": bool(talk.waiting), "closed": own["closed"], "next_seq": order.next,
            "missing": order.missing,
        }
        return {**state, **self._agent, **await self._handover()}

    @property
    def _agent(self) -> dict[str, str]:
        return {"agent": self._talk.agent} if self._talk.agent else {}

    @property
    def cards(self) -> bool:
        """Whether the platform shows cards."""
        return bool(self._own["session"]["capabilities"]["cards"])

    async def receive(self, arrival: Arrival) -> Outcome:
        """Take what the platform has sent, and all whose turn it is then.

        Raises:
            BadInput: 404, there is no such session; 409, its id or number stands for something
                else, or the session is closed; 422, the rated reply does not exist.
        """
        self._keep_posted()
        kind = self._order.kind(arrival)
        if kind in _REFUSED:
            field = {OTHER_CONTENT: _id_field(arrival), OTHER_ID: "seq"}[kind]
            raise BadInput(say(_REFUSED[kind]), field, 409)
        known = kind == DOUBLE
        if self._own["closed"] and not (known and self._order.result(arrival.id)):
            raise BadInput(say("hotline_closed"), "session_id", 409)
        if not known:
            await self._take(arrival, kind)
        return await self._outcome(arrival)

    async def wake(self) -> None:
        """Go on where missing arrivals have been waited for long enough, and post what is left.

        Left is what was said to the citizen without the platform's asking: at our own desk, and
        by housekeeping. The talk wakes by itself for it.
        """
        if "session" in self._talk.own:
            self._keep_posted()
            await self._go_on()
            await self._post()

    async def _take(self, arrival: Arrival, kind: str) -> None:
        told = self._own["told"]
        self._order.take(arrival, self._now)
        if kind == LATE:
            await self._settle(arrival, late=True)
        await self._go_on(arrival.id)
        result = self._order.result(arrival.id)
        if result:
            self._order.done(arrival.id, {**result, "after": told, "until": self._talk.last_seq})
            self._own["told"] = self._talk.last_seq

    async def _go_on(self, asking: str = "") -> None:
        """Settle all whose turn it is; ``asking``: the one that the platform waits for."""
        for arrival in self._order.due(self._now):
            await self._settle(arrival, asking=arrival.id == asking)
            if self._own["closed"]:
                self._order.drop()
        self._talk.wake_at(self._order.deadline)

    async def _settle(self, arrival: Arrival, late: bool = False, asking: bool = True) -> None:
        start, status, more = self._talk.last_seq, NOTED, None
        if "type" not in arrival.content:
            status = await self._message(arrival, late)
        else:
            try:
                more = await _EVENTS[arrival.content["type"]](self, arrival)
            except BadInput:
                # Nobody is there any more to be told that a held event was wrong.
                if asking:
                    raise
        self._order.done(arrival.id, {
            "status": LATE if late else status, "after": start, "until": self._talk.last_seq,
            **(more or {})})

    # --- what arrives -------------------------------------------------------------------------

    async def _message(self, arrival: Arrival, late: bool) -> str:
        talk, content = self._talk, arrival.content
        said = Said(content["text"], content["shown"], arrival.id, CHANNEL)
        if late:
            talk.note(said, say("hotline_late"))
            return LATE
        status = WITH_PERSON if talk.holder == PERSON else ANSWERED
        await talk.say(said)
        return status

    async def _joined(self, arrival: Arrival) -> dict[str, Any]:
        talk = self._talk
        if talk.at_desk:
            raise BadInput(say("hotline_at_desk", agent=talk.agent), "type", 409)
        handover = await self._handover(always=True)
        if self._is_newest(arrival):
            talk.join(arrival.content["agent"])
        return handover

    async def _left(self, arrival: Arrival) -> None:
        talk = self._talk
        if self._is_newest(arrival) and talk.holder == PERSON and not talk.at_desk:
            talk.leave()

    async def _agent_says(self, arrival: Arrival) -> None:
        talk, content = self._talk, arrival.content
        # Who speaks is there, even where it was never said that they joined.
        if talk.holder != PERSON and self._is_newest(arrival):
            talk.join(content["agent"])
        if talk.holder == PERSON and not talk.at_desk:
            await talk.agent_says(content["text"], arrival.id)
        else:
            talk.note_agent(content["agent"], content["text"], arrival.id)

    async def _closed(self, arrival: Arrival) -> None:
        self._own["closed"] = True
        self._talk.end()

    async def _rated(self, arrival: Arrival) -> None:
        content = arrival.content
        try:
            await self._talk.rate(content["message_seq"], content["rating"])
        except BadInput as error:
            raise BadInput(str(error), "message_seq", 422) from None

    def _is_newest(self, arrival: Arrival) -> bool:
        """Tell whether no later joining or leaving has taken effect, and note this one."""
        newest = arrival.seq > self._own["control"]
        if newest:
            self._own["control"] = arrival.seq
        return newest

    # --- what the platform is told ------------------------------------------------------------

    async def _outcome(self, arrival: Arrival) -> Outcome:
        own, order = self._own, self._order
        await self._post()
        result = order.result(arrival.id)
        if result is None:
            waits = {"missing": order.missing, "wait_seconds": self._gap}
            return Outcome(HELD, 0, 0, waits, own["session"])
        handover = {key: result[key] for key in ("handover",) if key in result}
        facts = {"holder": self._talk.holder, **await self._handover(), **handover}
        return Outcome(result["status"], result["after"], result["until"], facts, own["session"])

    async def _handover(self, always: bool = False) -> dict[str, Any]:
        """Return ``{"handover": …}`` while a person is waited for; ``always``: also else."""
        talk, waiting = self._talk, self._talk.waiting
        if not waiting and not always:
            return {}
        _, queue = standing(await talk.place())
        return {"handover": handover_of(await talk.handover(), queue, waiting)}

    def _keep_posted(self) -> None:
        """Know from which message on replies are to be posted, where that was asked for.

        (Sessions that were opened before there was a desk do not know it yet.)
        """
        if self._own["session"]["reply_by"] == CALLBACK:
            self._own.setdefault("posted", self._own["told"])

    async def _post(self) -> None:
        """Leave to be posted what the citizen was told since the last time."""
        own, talk = self._own, self._talk
        if "posted" not in own or own["posted"] == talk.last_seq:
            return
        replies = replies_of(await talk.said_since(own["posted"]), self.cards)
        own["posted"] = talk.last_seq
        if replies:
            talk.deliver({
                "delivery_id": secrets.token_hex(16),
                "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
                "session_id": own["session"]["session_id"], "replies": replies,
                "holder": talk.holder, **self._agent, **await self._handover()})


def _id_field(arrival: Arrival) -> str:
    return "event_id" if "type" in arrival.content else "message_id"


_REFUSED = {OTHER_CONTENT: "hotline_other_content", OTHER_ID: "hotline_other_id"}

_EVENTS = {
    "agent_joined": Session._joined, "agent_left": Session._left, "closed": Session._closed,
    "agent_message": Session._agent_says, "rated": Session._rated,
}

__all__ = ["ANSWERED", "CALLBACK", "CHANNEL", "HELD", "NOTED", "WITH_PERSON", "Outcome", "Session"]
