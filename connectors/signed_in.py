"""Who of the staff asks: the cookie's session, what it may do, and refusals where it may not.

Requests that change something have to come from our own page (its origin) and to state what only
our own page is told: as header ``x-csrf``, or as field ``csrf`` of a form. A page with a form says
``referrer-policy: same-origin``, or the browser would state ``Origin: null`` for it.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable
from functools import wraps
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from sanic import Blueprint
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, html, redirect

from bot import metrics
from bot.errors import BadInput
from bot.http.sender import address_of, of_this_site
from bot.paths import site_address
from bot.staff.accounts import Account
from bot.staff.opening import Staff
from bot.staff.sessions import Session, SessionSecrets
from bot.wording import say
from connectors.guard import admit_socket

ANYBODY = ""
"""Stands for a permission: whoever is signed in, also one who has to change the password first."""

COOKIE, CSRF = "yibao_staff", "x-csrf"

START = "/staff"
"""Where somebody goes who wants nothing in particular."""

_READING = ("GET", "HEAD")

Handler = Callable[..., Awaitable[BaseHTTPResponse]]


class SignedIn:
    """Lets staff in, and keeps everybody else out.

    Args:
        staff: accounts, sessions and audit log.
    """

    def __init__(self, staff: Staff) -> None:
        self._staff = staff

    async def sign_in(
        self, request: Request, id: Any, password: Any
    ) -> tuple[Account, SessionSecrets]:
        """Begin a session for whoever proves to be who they say; ends the one before.

        Hand the secrets to :meth:`give`. Failures are counted for account and address.

        Args:
            id: what was sent as id of an account, whatever it is.
            password: what was sent as its password.

        Raises:
            BadInput: 401, not proved; 403, a page of another site asks; 429, too many failures.
            DatabaseDown: nobody can sign in now.
        """
        _same_site(request)
        with request.app.ctx.limits.sign_in(address_of(request)):
            account = await self._staff.accounts.check(_text(id), _text(password))
            await self._staff.sessions.end(_token(request))
            return account, await self._staff.sessions.begin(account.id)

    async def sign_out(self, request: Request, response: BaseHTTPResponse) -> None:
        """End the session of a request, and take its cookie from the browser.

        Raises:
            DatabaseDown: the session holds still.
        """
        session = await self.session_of(request)
        await self._staff.sessions.end(_token(request))
        if session:
            await self._staff.audit.note(session.account.id, "signed_out")
        _set_cookie(request, response, "")
        response.cookies[COOKIE]["max-age"] = 0

    def give(self, request: Request, response: BaseHTTPResponse, secrets: SessionSecrets) -> None:
        """Put the cookie of a new session on a response; it goes when the browser is closed."""
        _set_cookie(request, response, secrets.token)

    async def session_of(self, request: Request) -> Session | None:
        """Return the session of a request, or None.

        Raises:
            DatabaseDown: it cannot be told.
        """
        if not hasattr(request.ctx, "session"):
            request.ctx.session = await self._staff.sessions.find(_token(request))
        session: Session | None = request.ctx.session
        return session

    def guard(self, routes: Blueprint, permission: str) -> None:
        """Let nobody reach a blueprint's routes, files and WebSockets without a permission.

        What :meth:`page` or :meth:`api` decorates answers for itself; all else, a route that
        forgets them as well, is treated as if :meth:`api` had decorated it.

        Args:
            permission: the least that it takes.
        """
        @routes.on_request
        async def admit(request: Request) -> None:
            if not getattr(request.route.handler, "admits", False):
                await self.socket(request, permission)

    def page(self, permission: str) -> Callable[[Handler], Handler]:
        """Let a route that shows a page, ``(request, session, …)``, be reached with a permission.

        Whoever is not signed in goes to sign in and then comes back.

        Args:
            permission: one of ``data/roles.yml``, or :data:`ANYBODY`.
        """
        def decorate(handler: Handler) -> Handler:
            @wraps(handler)
            async def show(request: Request, *args: Any, **kwargs: Any) -> BaseHTTPResponse:
                session = await self.session_of(request)
                if session is None:
                    return redirect(f"/login?next={quote(_here(request), safe='')}", status=303)
                if permission and session.account.must_change:
                    return redirect("/password", status=303)
                if not _may(session, permission):
                    return _no_right()
                _from_our_page(request, session)
                return await handler(request, session, *args, **kwargs)

            return _admitting(show)

        return decorate

    def api(self, permission: str) -> Callable[[Handler], Handler]:
        """Let a route that gives or takes data, ``(request, session, …)``, be reached.

        Args:
            permission: one of ``data/roles.yml``, or :data:`ANYBODY`.
        """
        def decorate(handler: Handler) -> Handler:
            @wraps(handler)
            async def answer(request: Request, *args: Any, **kwargs: Any) -> BaseHTTPResponse:
                session = await self._admitted(request, permission)
                return await handler(request, session, *args, **kwargs)

            return _admitting(answer)

        return decorate

    def add_api(
        self, routes: Blueprint, permission: str, handlers: Iterable[tuple[str, str, Handler]],
        prefix: str = "",
    ) -> None:
        """Add routes that give or take data, each reached with a permission; see :meth:`api`.

        Args:
            routes: where to.
            permission: one of ``data/roles.yml``, or :data:`ANYBODY`.
            handlers: path, method and handler of each.
            prefix: what the names of the routes begin with; the handlers' own follow.
        """
        for uri, method, handler in handlers:
            routes.add_route(self.api(permission)(handler), uri, methods=[method],
                             name=f"{prefix}{handler.__name__}".strip("_"))

    async def socket(self, request: Request, permission: str) -> Session:
        """Return who opens a WebSocket, before it is one. :meth:`guard` calls it.

        Every act of the WebSocket has to ask :meth:`bot.staff.sessions.Sessions.use` again, and
        whoever only looks on :meth:`bot.staff.sessions.Sessions.holding`, now and then.

        Raises:
            BadInput: 401, nobody is signed in; 403, the permission is missing, or a page of
                another site asks.
            TooMany: the address holds as many as it may.
        """
        admit_socket(request)
        return await self._admitted(request, permission)

    async def _admitted(self, request: Request, permission: str) -> Session:
        session = await self.session_of(request)
        if session is None:
            metrics.refused("session")
            raise BadInput(say("sign_in_needed"), status=401)
        if permission and session.account.must_change:
            raise BadInput(say("change_password_first"), status=403)
        if not _may(session, permission):
            metrics.refused("role")
            raise BadInput(say("no_right"), status=403)
        _from_our_page(request, session)
        return session


def safe_next(value: Any) -> str:
    """Return where to go after signing in: a path of this site, else :data:`START`.

    Args:
        value: what a request states as ``next``, whatever it is.
    """
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        return START
    try:
        parts = urlsplit(value)
    except ValueError:
        return START
    # Browsers read a backslash as a slash, and two of them at the front begin another host.
    outside = parts.scheme or parts.netloc or "\\" in value or value.startswith("//")
    return START if outside or not value.startswith("/") else value


def _admitting(handler: Handler) -> Handler:
    handler.admits = True  # type: ignore[attr-defined]
    return handler


def _may(session: Session, permission: str) -> bool:
    return permission == ANYBODY or session.account.may(permission)


def _same_site(request: Request) -> None:
    if not of_this_site(request):
        metrics.refused("origin")
        raise BadInput(say("page_outdated"), "origin", 403)


def _from_our_page(request: Request, session: Session) -> None:
    """See to it that what is to be changed is changed by our own page."""
    if request.method in _READING:
        return
    _same_site(request)
    stated = request.headers.get(CSRF) or _text((request.form or {}).get("csrf"))
    if not hmac.compare_digest(stated.encode(errors="replace"), session.csrf.encode()):
        metrics.refused("csrf")
        raise BadInput(say("page_outdated"), CSRF, 403)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _token(request: Request) -> str:
    return str(request.cookies.get(COOKIE, ""))


def _here(request: Request) -> str:
    return request.path + (f"?{request.query_string}" if request.query_string else "")


def _set_cookie(request: Request, response: BaseHTTPResponse, value: str) -> None:
    response.cookies[COOKIE] = value
    cookie = response.cookies[COOKIE]
    cookie["path"], cookie["httponly"], cookie["samesite"] = "/", True, "Strict"
    cookie["secure"] = request.scheme == "https" or site_address().startswith("https://")


def _no_right() -> HTTPResponse:
    metrics.refused("role")
    title, sentence, back = map(escape, map(say, ("no_right_title", "no_right", "no_right_back")))
    return html(
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="/static/css/tokens.css">'
        '<link rel="stylesheet" href="/static/css/base.css">'
        '<link rel="stylesheet" href="/staff/static/staff.css">'
        f'<main class="staff-column staff-column--narrow"><h1>{title}</h1>'
        f'<p class="box box--error">{sentence}</p>'
        f'<p class="aside"><a href="{START}">{back}</a></p></main></html>',
        status=403)


__all__ = ["ANYBODY", "COOKIE", "CSRF", "START", "SignedIn", "safe_next"]
