"""``GET /metrics``: for whoever knows the token, and for this machine itself."""

from __future__ import annotations

import hmac

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot import metrics
from bot.errors import BadInput
from bot.http.sender import is_local
from bot.wording import say


def figures(token: str) -> Blueprint:
    """Return the blueprint of ``/metrics``.

    Args:
        token: what is to be stated as ``Authorization: Bearer …``.
    """
    routes = Blueprint("figures")

    @routes.get("/metrics")
    async def figures_of_now(request: Request) -> HTTPResponse:
        if not is_local(request) and not _states(request, token):
            metrics.refused("token")
            raise BadInput(say("token_needed"), "authorization", 401)
        body, content_type = metrics.exposition()
        return raw(body, content_type=content_type)

    return routes


def _states(request: Request, token: str) -> bool:
    scheme, _, stated = request.headers.get("authorization", "").partition(" ")
    right = hmac.compare_digest(stated.strip().encode(errors="replace"), token.encode())
    return right and scheme.lower() == "bearer"


__all__ = ["figures"]
