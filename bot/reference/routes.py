"""The routes of the reference pages, ``/guide``, ``/flow``, ``/compare``, and their headers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot.reference.comparison import comparison_page
from bot.reference.flow import flow_page
from bot.reference.pages import guide_page, index_page, item_page, missing_page, search_page
from knowledge.errors import UnknownId
from knowledge.store import load

_HEADERS = {
    "cache-control": "no-cache",  # kept by the browser, but asked about: it changes with the data
}


def reference_pages() -> Blueprint:
    """Return the blueprint: ``/guide[/<region>[/<item>]]``, ``/flow/…`` and ``/compare/<item>``."""
    pages = Blueprint("reference_pages")
    pages.add_route(_index, "/guide")
    pages.add_route(_guide, "/guide/<region:str>")
    pages.add_route(_item, "/guide/<region:str>/<item:str>")
    pages.add_route(_flow, "/flow/<region:str>/<family:str>")
    pages.add_route(_comparison, "/compare/<canonical:str>")
    pages.add_route(_nothing, "/guide/<region:str>/<item:str>/<rest:path>", name="nothing")
    return pages


async def _index(request: Request) -> HTTPResponse:
    query = _query(request)
    return _answer(request, lambda: search_page(load(), query) if query else index_page(load()))


async def _guide(request: Request, region: str) -> HTTPResponse:
    query = _query(request)
    return _answer(request, lambda: search_page(load(), query, region) if query
                   else guide_page(load(), region))


async def _item(request: Request, region: str, item: str) -> HTTPResponse:
    return _answer(request, lambda: item_page(load(), region, item))


async def _flow(request: Request, region: str, family: str) -> HTTPResponse:
    return _answer(request, lambda: flow_page(load(), region, family))


async def _comparison(request: Request, canonical: str) -> HTTPResponse:
    named = ",".join(request.args.getlist("guides") or []).split(",")
    guides = [guide for guide in named if guide]
    return _answer(request, lambda: comparison_page(load(), canonical, guides))


async def _nothing(request: Request, region: str, item: str, rest: str) -> HTTPResponse:
    return html(missing_page(load()), 404, _HEADERS)


def _query(request: Request) -> str:
    return (request.args.get("q") or "").strip()


def _answer(request: Request, page: Callable[[], str]) -> HTTPResponse:
    """Return a page; 304 where the browser has it already, 404 where it does not exist."""
    try:
        body = page()
    except UnknownId:
        return html(missing_page(load()), 404, _HEADERS)
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:24]}"'
    headers = {**_HEADERS, "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return HTTPResponse(status=304, headers=headers)
    return html(body, headers=headers)


__all__ = ["reference_pages"]
