"""From where a request comes, and whether too many come from there."""

from __future__ import annotations

import ipaddress
import re

from sanic.request import Request

from bot.logs import logger
from bot.paths import site_address

_FORWARDING = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_HOST = re.compile(r"^[A-Za-z0-9.\-]{1,253}(:\d{1,5})?$|^\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?$")
_IPV6_SITE = 64
"""Bits that one household or office has in common; the rest they choose as they like."""

_log = logger(__name__)


def is_local(request: Request) -> bool:
    """Tell whether a request comes straight from this machine, not through a proxy."""
    forwarded = any(name in request.headers for name in _FORWARDING)
    return not forwarded and (not request.ip or ipaddress.ip_address(request.ip).is_loopback)


def address_of(request: Request) -> str:
    """Return the network address that a request is counted for; '' where it is this machine.

    Behind ``YIBAO_PROXIES`` proxies it is the one that the outermost of them saw. Of an IPv6
    address it is the network. It is for counting only: never stored, never logged.
    """
    if is_local(request):
        return ""
    for stated in (request.remote_addr, request.ip):
        try:
            found = ipaddress.ip_address(stated.strip("[]"))
        except ValueError:
            continue
        if isinstance(found, ipaddress.IPv6Address):
            found = found.ipv4_mapped or ipaddress.ip_network((found, _IPV6_SITE), strict=False)
        return str(found)
    return "unknown"


def limit_address(request: Request) -> None:
    """Count a request for its address; files and signed routes (``ctx_signed``) are not counted.

    Raises:
        TooMany: the address has sent as many as it may.
    """
    route = request.route
    if route is None or not (getattr(route.ctx, "static", False)
                             or getattr(route.ctx, "signed", False)):
        _warn_of_unknown_proxy(request)
        request.app.ctx.limits.count_address(address_of(request))


def _warn_of_unknown_proxy(request: Request) -> None:
    known, app = request.app.config.PROXIES_COUNT, request.app
    if not known and "x-forwarded-for" in request.headers and not hasattr(app.ctx, "warned"):
        app.ctx.warned = True
        _log.warning("requests come through a proxy, but YIBAO_PROXIES is 0: "
                     "all its visitors are counted as one address")


def host_of(request: Request) -> str:
    """Return host and port under which a request reached us; '' where they could not be any."""
    host = request.host or ""
    return host if _HOST.match(host) else ""


def of_this_site(request: Request) -> bool:
    """Tell whether a request comes from one of our own pages, or from no page at all.

    A browser states the page's origin with every WebSocket, and no page can change that; other
    programs state none, and have no citizen's cookies or pages to misuse. ``null`` (a sandboxed
    frame, a local file) is another site. Schemes are not compared: behind a proxy we see http.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return True
    stated = origin.lower().partition("://")[2]
    ours = {request.host.lower(), site_address().lower().partition("://")[2]}
    return bool(stated) and stated in ours


__all__ = ["address_of", "host_of", "is_local", "limit_address", "of_this_site"]
