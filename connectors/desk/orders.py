"""Work orders and call-back numbers at the desk: ``/desk/api/orders``, ``/desk/api/number``.

A work order is addressed by its own id, or by its conversation's, whose last one is meant then.
"""

from __future__ import annotations

from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, json

from bot.errors import BadInput
from bot.orders.acts import OrderActs
from bot.orders.orders import Order
from bot.orders.page import order_page
from bot.orders.tables import exported
from bot.orders.texts import categories
from bot.staff.accounts import Account
from bot.staff.opening import Staff
from bot.staff.sessions import Session
from bot.store import Store
from bot.wording import say
from connectors.desk.rights import ALL, DESK, has, is_held
from connectors.guard import json_body
from connectors.intake import text_from
from connectors.signed_in import SignedIn

_PRIVATE = {"cache-control": "private, no-store"}


class OrderRoutes:
    """The routes of work orders and call-back numbers.

    Args:
        store: of the conversations.
        staff: whose orders, numbers and notes these are.
        signed_in: tells who asks.
        acts: what can be done with work orders.
    """

    def __init__(
        self, store: Store, staff: Staff, signed_in: SignedIn, acts: OrderActs
    ) -> None:
        self._store, self._staff, self._acts = store, staff, acts
        self._orders, self._signed_in = staff.orders, signed_in

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes to those of the desk."""
        one = "/api/orders/<key:str>"
        self._signed_in.add_api(routes, DESK, (
            ("/api/orders", "GET", self._list), (one, "GET", self._read),
            (one, "POST", self._draft), (one, "PUT", self._save),
            (f"{one}/close", "POST", self._close), (f"{one}/json", "GET", self._export),
            ("/api/number/<conversation:str>", "GET", self._show_number)),
            "order")
        routes.add_route(self._signed_in.page(DESK)(self._print),
                         "/orders/<order_id:str>/print", methods=["GET"], name="order_print")

    # --- what there is ------------------------------------------------------------------------

    async def _list(self, request: Request, session: Session) -> HTTPResponse:
        account = session.account
        mine = "" if account.may(ALL) else account.id
        found = await self._orders.page(mine, request.args.get("before", ""))
        return _answer({"orders": found})

    async def _read(self, request: Request, session: Session, key: str) -> HTTPResponse:
        order = await self._of(key)
        await self._check(session.account, order, key)
        return _answer({"order": order, "categories": categories()})

    async def _export(self, request: Request, session: Session, key: str) -> HTTPResponse:
        order = await self._existing(session.account, key)
        await self._note(session, "order_exported", order, how="json")
        name = f'attachment; filename="{order["number"]}.json"'
        return _answer(exported(order), {"content-disposition": name}, indent=2)

    async def _print(self, request: Request, session: Session, order_id: str) -> HTTPResponse:
        order = await self._existing(session.account, order_id)
        await self._note(session, "order_exported", order, how="print")
        return html(order_page(order), headers=_PRIVATE)

    # --- what is done -------------------------------------------------------------------------

    async def _draft(self, request: Request, session: Session, key: str) -> HTTPResponse:
        _check_serves(session.account, (await self._store.load(key)).data)
        order = await self._acts.draft(key, session.account.id)
        return _answer({"order": order, "categories": categories()})

    async def _save(self, request: Request, session: Session, key: str) -> HTTPResponse:
        edits = json_body(request)
        order = await self._existing(session.account, key)
        order = await self._acts.save(order["id"], edits, text_from)
        await self._note(session, "order_saved", order)
        return _answer({"order": order})

    async def _close(self, request: Request, session: Session, key: str) -> HTTPResponse:
        order = await self._existing(session.account, key)
        order = await self._acts.close(order, session.account.id)
        await self._note(session, "order_closed", order)
        return _answer({"order": order})

    async def _show_number(
        self, request: Request, session: Session, conversation: str
    ) -> HTTPResponse:
        _check_serves(session.account, (await self._store.load(conversation)).data)
        number = await self._staff.numbers.show(conversation)
        # What cannot be noted is not shown.
        await self._staff.audit.note(session.account.id, "number_shown", conversation)
        return _answer({"number": number})

    # --- who may ------------------------------------------------------------------------------

    async def _of(self, key: str) -> Order | None:
        return await self._orders.find(key) or await self._orders.newest(key)

    async def _existing(self, account: Account, key: str) -> Order:
        """Return a work order that an account may see and change.

        Raises:
            BadInput: 404; there is none that it may.
        """
        order = await self._of(key)
        await self._check(account, order, key)
        if order is None:
            raise BadInput(say("order_missing"), "id", 404)
        return order

    async def _check(self, account: Account, order: Order | None, key: str) -> None:
        """See to it that an account may see the work orders of a conversation.

        Whoever drafted one may still see and close it when somebody else has the conversation.
        """
        if not (order and order["agent"] == account.id):
            conversation = order["conversation"] if order else key
            _check_serves(account, (await self._store.load(conversation)).data)

    async def _note(self, session: Session, action: str, order: Order, **detail: Any) -> None:
        await self._staff.audit.note(
            session.account.id, action, order["conversation"], number=order["number"], **detail)


def _check_serves(account: Account, data: Any) -> None:
    """See to it that an account has a conversation, or had it and nobody has it now, or may all.

    Raises:
        BadInput: 404; there is no such conversation that the account may know of.
    """
    served = account.id in data.get("served_by", ()) and not is_held(data)
    if not data or not (account.may(ALL) or has(account, data) or served):
        raise BadInput(say("order_not_yours"), "conversation", 404)


def _answer(body: Any, headers: Any = None, **how: Any) -> HTTPResponse:
    return json(body, ensure_ascii=False, headers={**_PRIVATE, **(headers or {})}, **how)


__all__ = ["OrderRoutes"]
