"""Answers to what went wrong: JSON with a sentence in Chinese and the request's id, no more."""

from __future__ import annotations

from sanic.exceptions import NotFound, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import operation
from bot.database import DatabaseDown
from bot.errors import BadInput
from bot.http.passage import request_id
from bot.store import StoreDown
from bot.wording import say

_SENTENCES = {404: "not_found", 405: "wrong_method", 413: "too_large"}


def answer_to(request: Request, error: Exception) -> HTTPResponse:
    """Answer an error; one of ours is noted with the id that its sender is told."""
    if _no_file(request, error):
        error = NotFound(request.path)
    body = {"error": _sentence(error), "request_id": request_id(request)}
    if isinstance(error, BadInput):
        body["field"] = error.field
    status = _status(error)
    if status >= 500 and not isinstance(error, BadInput):
        operation.failed("request", error)
    return json(body, status=status, headers=getattr(error, "headers", None), ensure_ascii=False)


def _no_file(request: Request, error: Exception) -> bool:
    """Tell whether something was asked for as a file that is none: a folder, an odd name."""
    static = request.route is not None and getattr(request.route.ctx, "static", False)
    return static and isinstance(error, (OSError, ValueError))


def _sentence(error: Exception) -> str:
    if isinstance(error, BadInput):
        return str(error)
    if isinstance(error, StoreDown):
        return say("store_down")
    if isinstance(error, DatabaseDown):
        return say("staff_database_down")
    status = _status(error)
    return say(_SENTENCES.get(status, "failed" if status >= 500 else "bad_request"))


def _status(error: Exception) -> int:
    if isinstance(error, BadInput):
        return error.status
    if isinstance(error, (DatabaseDown, StoreDown)):
        return 503
    return error.status_code if isinstance(error, SanicException) else 500


__all__ = ["answer_to"]
