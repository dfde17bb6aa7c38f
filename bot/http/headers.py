"""The security headers of every answer: pages, files, data, errors."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot.http.sender import host_of

_SAME_ON_ALL = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
                          "payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Headers:
    """Adds the headers.

    Args:
        frame_ancestors: sites that may show our pages in a frame; '' for none.
    """

    def __init__(self, frame_ancestors: str) -> None:
        self._ancestors = frame_ancestors or "'none'"

    def add(self, request: Request, response: BaseHTTPResponse) -> None:
        """Add what an answer does not say otherwise; what says nothing is not to be kept."""
        for name, value in _SAME_ON_ALL.items():
            response.headers[name] = value
        response.headers["content-security-policy"] = self._policy(request)
        if self._ancestors == "'none'":
            response.headers["x-frame-options"] = "DENY"  # for browsers that ignore the policy's
        response.headers.setdefault("cache-control", "no-store")

    def _policy(self, request: Request) -> str:
        # Safari below 15.4 does not take 'self' to include WebSockets.
        host = host_of(request)
        sockets = f" ws://{host} wss://{host}" if host else ""
        return ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                f"connect-src 'self'{sockets}; base-uri 'none'; form-action 'self'; "
                f"frame-ancestors {self._ancestors}")


__all__ = ["Headers"]
