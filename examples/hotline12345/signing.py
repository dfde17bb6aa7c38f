"""Signatures as docs/hotline.md describes them: ours on requests, the assistant's on call-backs."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

WINDOW = 300
"""Seconds that two clocks may differ."""


def signature(
    secret: str, method: str, path: str, timestamp: str, nonce: str, body: bytes
) -> str:
    """Return the signature of a request, in hex."""
    lines = (method, path, timestamp, nonce, hashlib.sha256(body).hexdigest())
    return hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()


@dataclass
class Key:
    """A key that the assistant's operator has given us.

    Attributes:
        name: its id.
        secret: known to both sides.
        used: nonces of the call-backs that came, so that none is taken twice.
    """

    name: str
    secret: str
    used: set[str] = field(default_factory=set)

    def sign(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """Return the headers that sign a request; new ones for each time that it is sent."""
        timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
        return {
            "X-Yibao-Key": self.name, "X-Yibao-Timestamp": timestamp, "X-Yibao-Nonce": nonce,
            "X-Yibao-Signature": signature(self.secret, method, path, timestamp, nonce, body)}

    def accepts(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether a call-back was signed with this key, just now, and comes the first time."""
        timestamp, nonce = headers.get("X-Yibao-Timestamp", ""), headers.get("X-Yibao-Nonce", "")
        expected = signature(self.secret, method, path, timestamp, nonce, body)
        if not hmac.compare_digest(expected, headers.get("X-Yibao-Signature", "")):
            return False
        if headers.get("X-Yibao-Key") != self.name or nonce in self.used:
            return False
        self.used.add(nonce)
        return abs(time.time() - int(timestamp)) <= WINDOW
