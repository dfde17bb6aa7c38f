"""The route of the 一次性告知单, ``/notice/<token>``, and its headers."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html
from sanic.response import text as plain

from bot import clock
from bot.errors import BadInput, UnknownId
from bot.http.sender import host_of
from bot.notice.notices import PREFIX, Notices
from bot.notice.page import missing_page, notice_page, notice_text
from bot.paths import site_address
from bot.wording import say

_HEADERS = {
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "private, no-store",
}


def notice_pages(notices: Notices) -> Blueprint:
    """Return the blueprint of ``/notice/<token>`` (``?text``: as plain text)."""
    pages = Blueprint("notice_pages")

    async def notice(request: Request, token: str) -> HTTPResponse:
        try:
            sheet = notices.open(token, clock.today())
        except UnknownId:
            return html(missing_page(), 404, _HEADERS)
        address = site_of(request) + PREFIX + token
        if "text" in request.get_args(keep_blank_values=True):
            return plain(notice_text(sheet, address), headers=_HEADERS)
        outdated = sheet.version != notices.version
        return html(notice_page(sheet, address, outdated), headers=_HEADERS)

    pages.add_route(notice, f"{PREFIX}<token:str>")
    return pages


def site_of(request: Request) -> str:
    """Return where the site is reached: ``$YIBAO_ADDRESS``, else as this request reached it.

    Raises:
        BadInput: the request names no host that could be one.
    """
    stated, host = site_address(), host_of(request)
    if not stated and not host:
        raise BadInput(say("bad_request"), "host")
    return stated or f"{request.scheme}://{host}"


__all__ = ["notice_pages", "site_of"]
