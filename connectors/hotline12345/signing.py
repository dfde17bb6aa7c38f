"""Signatures of requests, ours and the platform's: who sent it, when, and only once.

A signature covers method, path with query, time, nonce and body, so that a signed body can be
sent neither elsewhere nor later nor twice. ``docs/hotline.md`` has a worked example.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Protocol

from bot.errors import BadInput
from bot.secrets import keyed_name
from bot.wording import say

WINDOW = 300
"""Seconds that a timestamp may differ from our clock."""

KEY, TIMESTAMP, NONCE, SIGNATURE = (
    "X-Yibao-Key", "X-Yibao-Timestamp", "X-Yibao-Nonce", "X-Yibao-Signature")

_FORMS = {
    KEY: re.compile(r"[A-Za-z0-9._-]{1,64}"),
    TIMESTAMP: re.compile(r"[0-9]{1,12}"),
    NONCE: re.compile(r"[A-Za-z0-9_-]{8,64}"),
    SIGNATURE: re.compile(r"[0-9a-f]{64}"),
}


class Once(Protocol):
    """Remembers keys; part of :class:`bot.store.Store`."""

    async def once(self, key: str, seconds: float) -> bool:
        """Tell whether ``key`` is seen for the first time within ``seconds``, and remember it."""


def signature(
    secret: str, method: str, target: str, timestamp: str, nonce: str, body: bytes
) -> str:
    """Return the signature of a request: HMAC-SHA256 in lower-case hex.

    Args:
        secret: the key's secret.
        method: in capitals.
        target: path with query, as it stands in the request line.
        timestamp: seconds since the epoch.
        nonce: never used before.
        body: as sent; empty where there is none.
    """
    lines = (method, target, timestamp, nonce, sha256(body).hexdigest())
    return hmac.new(secret.encode(), "\n".join(lines).encode(), sha256).hexdigest()


def signed(keys: Mapping[str, str], method: str, target: str, body: bytes) -> dict[str, str]:
    """Return the headers that sign a request of ours, with the first of the keys."""
    key = next(iter(keys))
    timestamp, nonce = str(int(time.time())), secrets.token_urlsafe(16)
    return {KEY: key, TIMESTAMP: timestamp, NONCE: nonce,
            SIGNATURE: signature(keys[key], method, target, timestamp, nonce, body)}


async def check(
    keys: Mapping[str, str], once: Once, method: str, target: str, headers: Mapping[str, str],
    body: bytes,
) -> None:
    """Check that a request was signed with one of our keys, just now, and comes the first time.

    The nonce is remembered only once the signature was found right, so that nobody without a key
    can fill the memory or use up a nonce.

    Raises:
        BadInput: 401, or 403 for a nonce that was used before; ``field`` is the header.
    """
    given = {name: _header(headers, name) for name in _FORMS}
    secret = keys.get(given[KEY])
    if secret is None:
        raise BadInput(say("hotline_unknown_key", header=KEY), KEY, 401)
    if abs(time.time() - int(given[TIMESTAMP])) > WINDOW:
        raise BadInput(say("hotline_old", header=TIMESTAMP, seconds=WINDOW), TIMESTAMP, 401)
    expected = signature(secret, method, target, given[TIMESTAMP], given[NONCE], body)
    if not hmac.compare_digest(expected, given[SIGNATURE]):
        raise BadInput(say("hotline_bad_signature", header=SIGNATURE), SIGNATURE, 401)
    kept = keyed_name(secret.encode(), given[KEY], given[NONCE])  # whatever a platform makes it of
    if not await once.once(f"nonce:{kept}", 2 * WINDOW):
        raise BadInput(say("hotline_replayed", header=NONCE), NONCE, 403)


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name) or ""
    if not _FORMS[name].fullmatch(value):
        raise BadInput(say("hotline_header", header=name), name, 401)
    return value


__all__ = [
    "KEY", "NONCE", "SIGNATURE", "TIMESTAMP", "WINDOW", "Once", "check", "signature", "signed",
]
