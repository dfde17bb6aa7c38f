"""The staff's pages as HTML, and the forms that come back from them."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, html

from bot import metrics
from bot.database import DatabaseDown
from bot.errors import BadInput
from bot.http.sender import of_this_site
from bot.staff.accounts import Account
from bot.staff.sessions import Session
from bot.wording import say, wording

Handler = Callable[..., Awaitable[BaseHTTPResponse]]

_TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True,
                       lstrip_blocks=True, undefined=StrictUndefined)


def page(
    request: Request, template: str, session: Session | None, status: int = 200, **values: Any
) -> HTTPResponse:
    """Return a page.

    Args:
        request: what asks for it.
        template: file below ``templates``.
        session: of whoever looks at it; None where nobody is signed in.
        status: of the answer.
        **values: for the template; ``error`` and ``note`` are shown at its top.
    """
    given = {"session": session, "path": request.path, "error": "", "note": "",
             "links": links_for(session.account) if session else [], **values}
    return html(_environment().get_template(template).render(given), status)


def links_for(account: Account) -> list[dict[str, str]]:
    """Return the pages that an account may open: ``{"path", "label", "about", "permission"}``."""
    if account.must_change:
        return []
    return [link for link in wording()["staff_pages"]
            if not link["permission"] or account.may(link["permission"])]


def home_of(account: Account) -> str:
    """Return where an account's work is; where there are several pages or none, the start page."""
    work = [link["path"] for link in links_for(account) if link.get("home")]
    return work[0] if work else "/staff"


def form_only(handler: Handler) -> Handler:
    """Let a handler, ``(request, session, …)``, be reached only by a form of our own page.

    Raises:
        BadInput: 403; another site sent it, or the page is of a session that is over.
    """
    @wraps(handler)
    async def take(request: Request, session: Session, **kwargs: Any) -> BaseHTTPResponse:
        stated = field(request, "csrf").encode(errors="replace")
        if not of_this_site(request) or not hmac.compare_digest(stated, session.csrf.encode()):
            metrics.refused("csrf")
            raise BadInput(say("page_outdated"), "csrf", 403)
        return await handler(request, session, **kwargs)

    return take


def field(request: Request, name: str) -> str:
    """Return a field of a form; '' where it was not sent."""
    return str((request.form or {}).get(name) or "")


async def failure(request: Request, error: BadInput | DatabaseDown) -> HTTPResponse:
    """Answer what went wrong with a page that says so."""
    ours = isinstance(error, BadInput)
    answer = page(
        request, "message.html", getattr(request.ctx, "session", None),
        error.status if ours else 503, error=str(error) if ours else say("staff_database_down"))
    answer.headers.extend(getattr(error, "headers", {}))
    return answer


__all__ = ["Handler", "failure", "field", "form_only", "home_of", "links_for", "page"]
