"""What an agent does in a conversation: one exchange each, done once however often it is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import BadInput
from bot.staff.accounts import Account
from bot.store import StoredMessage
from bot.switchboard import Talk
from bot.wording import say
from connectors.desk.rights import ALL, check_readable, has, is_held
from connectors.intake import text_from
from connectors.line import is_number

LONGEST = 2000
"""Characters of an agent's text: the longest suggestion has 1000, and a greeting goes before it."""

KEPT = 32
"""Acts by whose ids a conversation knows what was done in it already."""

Said = list[StoredMessage]


@dataclass(frozen=True)
class Order:
    """What is to be done.

    Attributes:
        id: of the frame that asked for it.
        account: whose.
        fields: of the frame.
        check_colleague: raises BadInput where a number is of nobody who can be given a
            conversation now.
    """

    id: str
    account: Account
    fields: Mapping[str, Any]
    check_colleague: Callable[[str], Awaitable[None]]

    def text(self, name: str, needed: bool = True) -> str:
        """Return a text of the frame, masked; '' where it need not be there and is not.

        Raises:
            BadInput: it is missing, too long or a command.
        """
        value = self.fields.get(name)
        return text_from(value, name, LONGEST) if needed or value else ""

    def number(self, name: str) -> int:
        """Return a number of the frame.

        Raises:
            BadInput: it is none.
        """
        value = self.fields.get(name)
        if not is_number(value):
            raise BadInput(say("bad_frame"), name)
        return int(value)


@dataclass(frozen=True)
class Act:
    """A kind of act.

    Attributes:
        do: does it.
        allowed: raises BadInput where the account must not do it in such a conversation.
        noted: as what it stands in the audit log; '' where it does not.
        shown: fields of the frame that stand there, too.
        lasting: whether its id is kept with the conversation, so that it is not done again.
    """

    do: Callable[[Talk, Order], Awaitable[Any]]
    allowed: Callable[[Account, Mapping[str, Any]], None]
    noted: str = ""
    shown: tuple[str, ...] = ()
    lasting: bool = True

    async def done(self, talk: Talk, order: Order) -> bool:
        """Do it, unless it was done before; tell whether it was done now.

        Raises:
            BadInput: it must not or cannot be done; nothing has changed then.
        """
        if order.id in talk.own.get("acts", ()) or await talk.known(order.id):
            return False
        self.allowed(order.account, talk.data)
        await self.do(talk, order)
        if self.lasting:
            talk.own["acts"] = [*talk.own.get("acts", ()), order.id][-KEPT:]
        return True


# --- who may ----------------------------------------------------------------------------------

def _to_be_taken(account: Account, data: Mapping[str, Any]) -> None:
    """Let it be taken if it may be read; of one that somebody has, taking it tells so."""
    if not is_held(data):
        check_readable(account, data)


def _own(account: Account, data: Mapping[str, Any]) -> None:
    if not has(account, data):
        check_readable(account, data)
        raise BadInput(say("not_held"), "conversation", 409)


def _over_all(account: Account, data: Mapping[str, Any]) -> None:
    if not account.may(ALL):
        raise BadInput(say("desk_not_allowed"), "act", 403)
    check_readable(account, data)


def _noted(account: Account, data: Mapping[str, Any]) -> None:
    if not account.may(ALL):
        _own(account, data)
    check_readable(account, data)


# --- what is done -----------------------------------------------------------------------------

async def _take(talk: Talk, order: Order) -> None:
    await talk.take(order.account.id)


async def _take_over(talk: Talk, order: Order) -> None:
    await talk.take_over(order.account.id)


async def _say(talk: Talk, order: Order) -> None:
    await talk.agent_says(order.text("text"), order.id, order.account.id, _used(order))


def _used(order: Order) -> Mapping[str, Any] | None:
    """Return which suggestion a message was made of, None for none.

    Raises:
        BadInput: it is told in another form.
    """
    used = order.fields.get("used")
    if used is None:
        return None
    right = isinstance(used, Mapping) and is_number(used.get("seq")) and is_number(
        used.get("rank")) and isinstance(used.get("edited"), bool)
    if not right:
        raise BadInput(say("bad_frame"), "used")
    return {name: used[name] for name in ("seq", "rank", "edited")}


async def _reject(talk: Talk, order: Order) -> None:
    talk.reject(order.account.id, order.number("seq"), order.number("rank"),
                order.text("reason", needed=False))


async def _give_back(talk: Talk, order: Order) -> None:
    await talk.give_back(order.account.id)


async def _transfer(talk: Talk, order: Order) -> None:
    to = order.fields.get("to", "")
    if not isinstance(to, str):
        raise BadInput(say("bad_frame"), "to")
    if to:
        await order.check_colleague(to)
    talk.transfer(order.account.id, to, order.text("note", needed=False))


async def _add_note(talk: Talk, order: Order) -> None:
    talk.add_note(order.account.id, order.text("text"))


async def _seen(talk: Talk, order: Order) -> None:
    """Note how far the agent has read; whoever only looks on reads for nobody."""
    if has(order.account, talk.data):
        talk.mark_seen(order.account.id, order.number("seq"))


async def _edit(talk: Talk, order: Order) -> None:
    edits = order.fields.get("edits")
    if not isinstance(edits, Mapping):
        raise BadInput(say("bad_frame"), "edits")
    await talk.edit(order.account.id, edits)


async def _end(talk: Talk, order: Order) -> None:
    talk.end(order.account.id)


ACTS: Mapping[str, Act] = {
    "take": Act(_take, _to_be_taken, "took"),
    "take_over": Act(_take_over, _over_all, "took_over"),
    "say": Act(_say, _own, lasting=False),
    "reject": Act(_reject, _own),
    "give_back": Act(_give_back, _own, "gave_back"),
    "transfer": Act(_transfer, _own, "transferred", ("to",)),
    "note": Act(_add_note, _noted, "noted"),
    "seen": Act(_seen, check_readable, lasting=False),
    "edit": Act(_edit, _own, "facts_edited"),
    "end": Act(_end, _own, "ended"),
}
"""The acts by name."""


def act_of(data: Mapping[str, Any]) -> Act:
    """Return the act that a frame asks for.

    Raises:
        BadInput: there is no such act.
    """
    name = data.get("act")
    if not isinstance(name, str) or name not in ACTS:
        raise BadInput(say("bad_frame"), "act")
    return ACTS[name]


__all__ = ["ACTS", "KEPT", "Act", "Order", "act_of"]
