"""Parameters of what is asked for, checked."""

from __future__ import annotations

from sanic.request import Request

from bot.errors import BadInput
from bot.wording import say

LONGEST = 200
"""Characters of a parameter, unless told otherwise."""


def text_of(request: Request, name: str, longest: int = LONGEST) -> str:
    """Return a parameter; '' where it was not sent.

    Raises:
        BadInput: 413; it is too long.
    """
    text = str(request.args.get(name) or "").strip()
    if len(text) > longest:
        raise BadInput(say("too_long", limit=longest), name, 413)
    return text


def number_of(request: Request, name: str, most: int) -> int | None:
    """Return a parameter as a number from 1 on; None where it was not sent.

    Raises:
        BadInput: it is none, or greater than ``most``.
    """
    text = request.args.get(name)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 12 and 0 < int(text) <= most):
        raise BadInput(say("bad_request"), name)
    return int(text)


__all__ = ["LONGEST", "number_of", "text_of"]
