"""The console at ``/console``: the frame of its pages, their files, and the parts of its API.

The routes are listed in ``docs/console.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import operation
from bot.database import DatabaseDown
from bot.errors import BadInput, DataError, SetupError
from bot.http.failures import answer_to
from bot.staff.sessions import Session
from bot.wording import say
from connectors.console.shown import CONSOLE, STATIC, failure, page
from connectors.signed_in import SignedIn
from connectors.staff_page import part_of

PAGES = {"/": "review", "/labels": "labels", "/training": "training", "/runs/<run:str>": "run",
         "/models": "models"}
"""Pages that fetch what they show; by path, the template of each."""


class Routes(Protocol):
    """A part of the console."""

    def add_to(self, routes: Blueprint) -> None:
        """Add its routes to those of the console."""


class ConsolePages:
    """The channel of the console.

    Args:
        signed_in: lets in who may review and retrain, and nobody else.
        parts: what can be asked for, and pages that are made with what they show.
    """

    def __init__(self, signed_in: SignedIn, parts: Sequence[Routes] = ()) -> None:
        self._signed_in, self._parts = signed_in, parts

    def blueprint(self) -> Blueprint:
        """Return pages, files and API; nothing of it without a login."""
        routes = Blueprint("console", url_prefix="/console")
        self._signed_in.guard(routes, CONSOLE)
        for uri, name in PAGES.items():
            shown = self._signed_in.page(CONSOLE)(partial(_page, f"{name}.html"))
            routes.add_route(shown, uri, name=name, strict_slashes=False)

        @routes.route("/static/<name:path>", methods=["GET"])
        @self._signed_in.api(CONSOLE)
        async def part(request: Request, session: Session, name: str) -> HTTPResponse:
            return await part_of(STATIC, name)

        for part_of_console in self._parts:
            part_of_console.add_to(routes)
        routes.exception(BadInput, DatabaseDown, DataError, SetupError)(_failed)
        return routes


async def _failed(
    request: Request, error: BadInput | DatabaseDown | DataError | SetupError
) -> HTTPResponse:
    """Say what went wrong: people see a page, scripts get JSON."""
    if isinstance(error, (DataError, SetupError)):
        operation.failed("request", error)
        error = BadInput(_sentence(error), status=503)
    if request.path.startswith("/console/api/"):
        return answer_to(request, error)
    return await failure(request, error)


def _sentence(error: DataError | SetupError) -> str:
    return say("data_broken", file=error.file) if isinstance(error, DataError) else str(error)


async def _page(
    template: str, request: Request, session: Session, run: str = ""
) -> HTTPResponse:
    return page(request, template, session, run=run)


__all__ = ["PAGES", "ConsolePages", "Routes"]
