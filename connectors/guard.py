"""What every channel checks before it takes a request or a frame apart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from sanic.request import Request

from bot import metrics
from bot.errors import BadInput
from bot.http.sender import address_of, of_this_site
from bot.wording import say

DEEPEST = 16
"""How deep objects and lists may be nested; our own messages reach 4."""

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])', re.DOTALL)
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_JSON_TYPE = re.compile(r"application/json(\s*;\s*charset=\"?utf-8\"?)?", re.IGNORECASE)


def json_body(request: Request, stated: bool = True) -> dict[str, Any]:
    """Return the JSON object that a request carries.

    Args:
        stated: whether the type has to be stated. Rasa's own REST channel takes JSON however it
            is sent, and so do we there: no cookie or address gives a sender any rights.

    Raises:
        BadInput: another type, not UTF-8, not JSON, not an object, or nested too deep.
    """
    if stated and not _JSON_TYPE.fullmatch(request.headers.get("content-type", "").strip()):
        _refuse("type", say("bad_type"), 415)
    try:
        text = request.body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("json", say("bad_json"))
    return json_object(text)


def json_object(text: Any, sentence: str = "bad_json") -> dict[str, Any]:
    """Return the JSON object that a text is.

    Args:
        text: what came; anything but a string is refused.
        sentence: key of what to say where it is no JSON object.

    Raises:
        BadInput: no text, not JSON, not an object, or nested too deep.
    """
    if not isinstance(text, str):
        _refuse("json", say(sentence))
    if _depth(text) > DEEPEST:
        _refuse("depth", say("too_deep"))
    try:
        value = json.loads(text, parse_constant=_no_number)
    except ValueError:
        _refuse("json", say(sentence))
    if not isinstance(value, dict):
        _refuse("json", say(sentence))
    return _whole_characters(value) if _HALF.search(text) else value


def _depth(text: str) -> int:
    """How deep brackets are nested, counted in one pass: a parser would recurse."""
    depth = deepest = 0
    for bracket in _BRACKETS.finditer(text):
        depth += (bracket[1] is not None) - (bracket[2] is not None)
        deepest = max(deepest, depth)
    return deepest


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _whole_characters(value: dict[str, Any]) -> dict[str, Any]:
    r"""Put ``?`` for halves of characters (``\ud83d`` alone), which nothing can store."""
    written = json.dumps(value, ensure_ascii=False).encode(errors="replace")
    return dict(json.loads(written))


def _refuse(reason: str, sentence: str, status: int = 400) -> NoReturn:
    metrics.refused(reason)
    raise BadInput(sentence, "body", status) from None


def admit_socket(request: Request) -> None:
    """Let a request for a WebSocket pass, before it is one; other requests pass.

    Raises:
        BadInput: a page of another site asks for it in a citizen's browser.
        TooMany: its address holds as many as it may.
    """
    if not getattr(request.route.ctx, "websocket", False):
        return
    if not of_this_site(request):
        metrics.refused("origin")
        raise BadInput(say("other_site"), "origin", 403)
    request.app.ctx.limits.check_sockets(address_of(request))


@contextmanager
def open_socket(request: Request) -> Iterator[None]:
    """Count a WebSocket for as long as it is open."""
    with request.app.ctx.limits.socket(address_of(request)):
        yield


def count_frame(request: Request, conversation: str) -> None:
    """Count a frame of a WebSocket, as a request of its address and as one of its conversation.

    Args:
        request: the request that opened the WebSocket.
        conversation: its id; '' before there is one.

    Raises:
        TooMany: either has sent as many as it may.
    """
    request.app.ctx.limits.count_address(address_of(request))
    if conversation:
        count_session(request, conversation)


def count_session(request: Request, session: str) -> None:
    """Count a message of a session.

    Args:
        request: what carried it (its address is counted already).
        session: the channel's name and the session's id.

    Raises:
        TooMany: the session has sent as many as it may.
    """
    request.app.ctx.limits.count_session(session)


__all__ = [
    "DEEPEST", "admit_socket", "count_frame", "count_session", "json_body", "json_object",
    "open_socket",
]
