"""What agents do with work orders: draft, change, close; what is closed goes to the platform."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from bot.orders.draft import draft
from bot.orders.editing import Clean, edited
from bot.orders.orders import Order, Orders
from bot.orders.tables import exported
from bot.staff.numbers import Numbers
from bot.switchboard import Switchboard, Talk
from knowledge.store import load


class OrderActs:
    """Work orders over conversations and the staff database. All may raise DatabaseDown.

    What is closed is left with its conversation's deliveries. These are in two databases: where
    the process ends between them, an order is left again under the same ``delivery_id``, by which
    the platform knows it.

    Args:
        switchboard: puts through to the conversations.
        orders: the work orders.
        numbers: the call-back numbers, of which an order says whether there is one.
        posted: whether an address of the platform is set to which closed ones are posted.
    """

    def __init__(
        self, switchboard: Switchboard, orders: Orders, numbers: Numbers, posted: bool
    ) -> None:
        self._switchboard, self._orders = switchboard, orders
        self._numbers, self._posted = numbers, posted

    async def draft(self, conversation: str, agent: str) -> Order:
        """Return the open draft of a conversation; where there is none, one made of it now.

        Args:
            conversation: its id.
            agent: 工号 of who drafts it.

        Raises:
            StoreDown: the conversation cannot be read.
        """
        store = self._switchboard.store
        data = (await store.load(conversation)).data
        content = draft(load(), data, await store.since(conversation, 0))
        callback = bool(await self._numbers.hint(conversation))
        return await self._orders.open(conversation, agent, {**content, "callback": callback})

    async def save(self, order_id: str, edits: Mapping[str, Any], clean: Clean) -> Order:
        """Change a draft; return it. See :func:`bot.orders.editing.edited`.

        Raises:
            BadInput: 404, there is none; 409, it is closed; or an edit is not allowed.
        """
        return await self._orders.save(
            order_id, lambda content: edited(load(), content, edits, clean))

    async def close(self, order: Order, agent: str) -> Order:
        """Close a work order and leave it for the platform; return it.

        Args:
            order: as it was found.
            agent: 工号 of who closes it.

        Raises:
            BadInput: 404, it is gone.
            StoreDown: it is closed, and left later (:meth:`leave_rest`).
        """
        callback = bool(await self._numbers.hint(order["conversation"]))
        closed = await self._orders.close(order["id"], agent, callback, self._posted)
        await self._leave(closed)
        return closed

    async def leave_rest(self) -> None:
        """Leave for the platform what was closed and not left yet."""
        for order in await self._orders.due():
            await self._leave(order)

    async def _leave(self, order: Order) -> None:
        async def act(talk: Talk) -> None:
            # The conversation is locked: whoever deletes it has not begun yet, or is done.
            if await self._orders.is_due(order["id"]):
                talk.deliver(_body(order))

        if self._posted:
            await self._switchboard.exchange(order["conversation"], act)
            await self._orders.left(order["id"])


def _body(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is posted: a ``WorkOrderBody`` of the hotline's contract."""
    session = {"session_id": order["session_id"]} if order["session_id"] else {}
    at = datetime.now(timezone.utc).isoformat(timespec="seconds")
    return {"delivery_id": order["id"], "at": at, **session, "work_order": exported(order)}


__all__ = ["OrderActs"]
