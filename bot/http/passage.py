"""A request's way through the server: its id, how long it took, one line in the log."""

from __future__ import annotations

import re
import time
import uuid

from sanic.constants import HTTP_METHODS
from sanic.request import Request
from sanic.response import BaseHTTPResponse
from structlog.contextvars import bind_contextvars

from bot.logs import logger

_PLAIN = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What a proxy gives (nginx's ``$request_id``, a UUID): too long for a person's number."""

_QUIET = ("_health", "figures_of_now")
"""Handlers that are asked all the time."""

_log = logger(__name__)


def arrive(request: Request) -> None:
    """Note when a request came, and give it its id."""
    request.ctx.arrived = time.perf_counter()
    request_id(request)


def request_id(request: Request) -> str:
    """Return the id of a request: that of ``X-Request-ID`` if it is a plain one, else a new one.

    All log lines that are written for the request carry it.
    """
    if not hasattr(request.ctx, "id"):
        given = request.headers.get("x-request-id", "")
        request.ctx.id = given if _PLAIN.fullmatch(given) else uuid.uuid4().hex
        bind_contextvars(request_id=request.ctx.id)
    return str(request.ctx.id)


def leave(request: Request, response: BaseHTTPResponse) -> None:
    """Put the id on the answer, and write a line about it: the route's pattern, not the path."""
    response.headers["x-request-id"] = request_id(request)
    route = request.route
    quiet = route is not None and (getattr(route.ctx, "static", False)
                                   or route.name.rpartition(".")[2] in _QUIET)
    took = time.perf_counter() - getattr(request.ctx, "arrived", time.perf_counter())
    (_log.debug if quiet else _log.info)(
        "request", method=_method(request), route=route.path if route else None,
        status=response.status, milliseconds=round(took * 1000, 1))


def _method(request: Request) -> str:
    """Return the method; a word of the sender's own making is no method."""
    return request.method if request.method in HTTP_METHODS else "OTHER"


__all__ = ["arrive", "leave", "request_id"]
