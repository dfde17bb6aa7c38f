"""The administrators' pages: accounts, and who saw and changed what."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.clock import CHINA
from bot.errors import BadInput
from bot.staff.opening import Staff
from bot.staff.roles import Role
from bot.staff.sessions import Session
from bot.wording import day, say, wording
from connectors.signed_in import SignedIn
from connectors.staff.shown import page
from connectors.staff_page import field

AT_ONCE = 100
"""Entries of the audit log on a page."""

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""What nobody takes for another sign when it is read out or copied."""


class Managing:
    """The pages.

    Args:
        staff: accounts and audit log.
        signed_in: lets administrators in.
    """

    def __init__(self, staff: Staff, signed_in: SignedIn) -> None:
        self._staff, self._signed_in = staff, signed_in
        accounts = staff.accounts
        self._acts = {"deactivate": accounts.deactivate, "activate": accounts.activate,
                      "unlock": accounts.unlock}

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes."""
        accounts, audit = self._signed_in.page("accounts"), self._signed_in.page("audit")
        routes.add_route(accounts(self._accounts), "/accounts")
        routes.add_route(accounts(self._add), "/accounts", methods=["POST"])
        routes.add_route(accounts(self._change), "/accounts/<id:str>/<act:str>",
                         methods=["POST"])
        routes.add_route(accounts(_to_accounts), "/accounts/<id:str>/<act:str>",
                         name="to_accounts")
        routes.add_route(audit(self._audit), "/audit")

    async def _accounts(self, request: Request, session: Session) -> HTTPResponse:
        done, id = wording()["staff_done"].get(request.args.get("done")), request.args.get("id")
        known = done and id and await self._staff.accounts.get(id)
        return await self._list(request, session, note=done.format(id=id) if known else "")

    async def _list(
        self, request: Request, session: Session, status: int = 200, **values: Any
    ) -> HTTPResponse:
        given = {"at": "", "id": "", "role": Role.AGENT, "field": "", "issued": None, **values}
        return page(request, "accounts.html", session, status, roles=list(Role),
                    accounts=await self._staff.accounts.all(), **given)

    async def _add(self, request: Request, session: Session) -> HTTPResponse:
        id, password = field(request, "id").strip(), _initial_password()
        role = Role.AGENT
        try:
            role = Role.named(field(request, "role"))
            await self._staff.accounts.add(id, role, password, session.account.id)
        except BadInput as error:
            return await self._list(request, session, error.status, error=str(error), id=id,
                                    role=role, field=error.field)
        return await self._list(request, session, at=id, note=say("account_is_added", id=id),
                                issued={"id": id, "password": password})

    async def _change(self, request: Request, session: Session, id: str, act: str) -> HTTPResponse:
        issued, by = None, session.account.id
        try:
            if act == "role":
                role = Role.named(field(request, "role"))
                await self._staff.accounts.set_role(id, role, by)
            elif act == "password":
                issued = {"id": id, "password": _initial_password()}
                await self._staff.accounts.set_password(id, issued["password"], by)
            elif act in self._acts:
                await self._acts[act](id, by)
            else:
                raise BadInput(say("not_found"), status=404)
        except BadInput as error:
            return await self._list(request, session, error.status, error=str(error), at=id)
        if issued:
            return await self._list(request, session, issued=issued, at=id)
        return redirect(f"/accounts?{urlencode({'done': act, 'id': id})}", status=303)

    async def _audit(self, request: Request, session: Session) -> HTTPResponse:
        account = (request.args.get("account") or "").strip()
        before = _number(request.args.get("before"))
        entries = await self._staff.audit.page(before, account, AT_ONCE + 1)
        shown, more = entries[:AT_ONCE], entries[AT_ONCE:]
        older = {"account": account, "before": shown[-1]["id"]} if more else None
        return page(
            request, "audit.html", session, account=account, days=list(_by_day(shown)),
            older=f"/audit?{urlencode(older)}" if older else "",
            ids=[known.id for known in await self._staff.accounts.all()])


async def _to_accounts(request: Request, session: Session, id: str, act: str) -> HTTPResponse:
    """Where a form was sent without a session, its path is asked for after signing in."""
    return redirect("/accounts", status=303)


def _initial_password() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def _by_day(
    entries: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield days in China with their entries, as they are shown."""
    shown = [{**entry, "moment": datetime.fromisoformat(entry["at"]).astimezone(CHINA)}
             for entry in entries]
    for date, of_day in groupby(shown, lambda entry: entry["moment"].date()):
        yield day(date), [
            {**entry, "time": f"{entry['moment']:%H:%M:%S}", "detail": _details(entry)}
            for entry in of_day]


def _details(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return name and value of each detail, in Chinese as far as there are words for them."""
    words = {**wording()["audit_details"], **{role.value: role.label for role in Role}}
    return [(words.get(f"{entry['action']}.{name}") or words.get(name, name),
             words.get(str(value), str(value)))
            for name, value in entry["detail"].items() if value]


__all__ = ["AT_ONCE", "Managing"]
