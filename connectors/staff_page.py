"""The staff's pages as HTML: templates over a common base, their files, and forms that come back.

A template says ``{% extends "base.html" %}``; ``base.html``, ``message.html`` and ``parts.html``
stand in ``connectors/templates`` and are everybody's.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic.request import Request
from sanic.response import HTTPResponse, file, html

from bot.database import DatabaseDown
from bot.errors import BadInput
from bot.staff.accounts import Account
from bot.staff.sessions import Session
from bot.wording import say, wording

_COMMON = Path(__file__).parent / "templates"


class Templates:
    """The templates of a connector.

    Args:
        folder: where its own ones are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _environment(self) -> Environment:
        return Environment(loader=FileSystemLoader([self._folder, _COMMON]), autoescape=True,
                           trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)

    def page(
        self, request: Request, template: str, session: Session | None, status: int = 200,
        **values: Any,
    ) -> HTTPResponse:
        """Return a page.

        Args:
            request: what asks for it.
            template: file in the folder.
            session: of whoever looks at it; None where nobody is signed in.
            status: of the answer.
            **values: for the template; ``error`` and ``note`` are shown at its top.
        """
        given = {"session": session, "path": request.path, "error": "", "note": "",
                 "links": links_for(session.account) if session else [], **values}
        return html(self._environment.get_template(template).render(given), status)

    async def failure(self, request: Request, error: BadInput | DatabaseDown) -> HTTPResponse:
        """Answer what went wrong with a page that says so."""
        ours = isinstance(error, BadInput)
        answer = self.page(
            request, "message.html", getattr(request.ctx, "session", None),
            error.status if ours else 503, error=str(error) if ours else say("staff_database_down"))
        answer.headers.extend(getattr(error, "headers", {}))
        return answer


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


def field(request: Request, name: str) -> str:
    """Return a field of a form; '' where it was not sent."""
    return str((request.form or {}).get(name) or "")


async def part_of(folder: Path, name: str) -> HTTPResponse:
    """Answer with a file that pages are made of.

    Args:
        folder: the connector's own one.
        name: the file's path below it, as it was asked for.

    Raises:
        BadInput: there is none.
    """
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise BadInput(say("not_found"), "path", 404)
    return await file(path, headers={"cache-control": "no-cache"})


__all__ = ["Templates", "field", "home_of", "links_for", "part_of"]
