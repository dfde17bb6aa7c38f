"""Signing in and out, one's own password, and the page to start from."""

from __future__ import annotations

from urllib.parse import urlencode

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.errors import BadInput
from bot.staff.accounts import Account
from bot.staff.opening import Staff
from bot.staff.passwords import LONGEST, SHORTEST
from bot.staff.sessions import Session
from bot.wording import say
from connectors.signed_in import ANYBODY, COOKIE, START, SignedIn, safe_next
from connectors.staff.shown import page
from connectors.staff_page import field, home_of


class SigningIn:
    """The pages that everybody of the staff uses.

    Args:
        staff: accounts and sessions.
        signed_in: lets staff in.
    """

    def __init__(self, staff: Staff, signed_in: SignedIn) -> None:
        self._staff, self._signed_in = staff, signed_in

    def add_to(self, public: Blueprint, guarded: Blueprint) -> None:
        """Add the routes, those for everybody and those for whoever is signed in."""
        @public.get("/login")
        async def login(request: Request) -> HTTPResponse:
            return await self._login(request)

        @public.post("/login")
        async def sign_in(request: Request) -> HTTPResponse:
            return await self._sign_in(request)

        shown = self._signed_in.page(ANYBODY)
        guarded.add_route(shown(self._start), START)
        guarded.add_route(shown(_to_start), "/logout", name="to_start")
        guarded.add_route(shown(self._sign_out), "/logout", methods=["POST"])
        guarded.add_route(shown(_password), "/password", name="password")
        guarded.add_route(shown(self._change), "/password", methods=["POST"])

    async def _login(self, request: Request) -> HTTPResponse:
        session = await self._signed_in.session_of(request)
        wanted = safe_next(request.args.get("next"))
        if session:
            return redirect(_target(session.account, wanted), status=303)
        note = say("signed_out") if request.cookies.get(COOKIE) else ""
        return page(request, "login.html", None, id="", next=wanted, note=note)

    async def _sign_in(self, request: Request) -> HTTPResponse:
        id, wanted = field(request, "id").strip(), safe_next(field(request, "next"))
        try:
            account, secrets = await self._signed_in.sign_in(
                request, id, field(request, "password"))
        except BadInput as error:
            return page(request, "login.html", None, error.status, id=id, next=wanted,
                        error=str(error))
        response = redirect(_target(account, wanted), status=303)
        self._signed_in.give(request, response, secrets)
        return response

    async def _sign_out(self, request: Request, session: Session) -> HTTPResponse:
        response = redirect("/login", status=303)
        await self._signed_in.sign_out(request, response)
        return response

    async def _start(self, request: Request, session: Session) -> HTTPResponse:
        if session.account.must_change:
            return redirect("/password", status=303)
        note = say("password_is_changed") if request.args.get("done") == "password" else ""
        return page(request, "start.html", session, note=note)

    async def _change(self, request: Request, session: Session) -> HTTPResponse:
        id, wanted = session.account.id, safe_next(field(request, "next"))
        try:
            new = field(request, "new")
            if new != field(request, "again"):
                raise BadInput(say("password_not_repeated"), "again", 422)
            await self._staff.accounts.change_password(id, field(request, "old"), new)
        except BadInput as error:
            return _password_page(request, session, wanted, error)
        # Its sessions have ended, this one as well.
        secrets = await self._staff.sessions.begin(id)
        response = redirect(f"{START}?done=password" if wanted == START else wanted, status=303)
        self._signed_in.give(request, response, secrets)
        return response


async def _to_start(request: Request, session: Session) -> HTTPResponse:
    """Where a form was sent without a session, its path is asked for after signing in."""
    return redirect(START, status=303)


async def _password(request: Request, session: Session) -> HTTPResponse:
    return _password_page(request, session, safe_next(request.args.get("next")))


def _password_page(
    request: Request, session: Session, wanted: str, error: BadInput | None = None
) -> HTTPResponse:
    status, wrong = (error.status, error.field) if error else (200, "")
    return page(request, "password.html", session, status, next=wanted, shortest=SHORTEST,
                longest=LONGEST, error=str(error or ""),
                field="new" if wrong == "password" else wrong)


def _target(account: Account, wanted: str) -> str:
    if account.must_change:
        return f"/password?{urlencode({'next': wanted})}"
    return home_of(account) if wanted == START else wanted


__all__ = ["SigningIn"]
