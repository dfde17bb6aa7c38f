"""What people ask: the page of figures, its charts, and each table as a file."""

from __future__ import annotations

from urllib.parse import quote

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.errors import BadInput
from bot.learning.insight.captions import caption
from bot.learning.insight.headline import counted_at, headline
from bot.learning.insight.insight import Insight
from bot.learning.insight.tables import csv_of, in_words, tables
from bot.learning.insight.words import insight_words
from bot.staff.sessions import Session
from bot.wording import say
from connectors.console.shown import CONSOLE, page
from connectors.signed_in import SignedIn

SPANS = (4, 8, 13, 26)
"""Weeks to choose from."""


class InsightPages:
    """The page and its files.

    Args:
        insight: the figures.
        signed_in: lets in who may review and retrain.
    """

    def __init__(self, insight: Insight, signed_in: SignedIn) -> None:
        self._insight, self._signed_in = insight, signed_in

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes."""
        shown = self._signed_in.page(CONSOLE)
        routes.add_route(shown(self._page), "/insight", name="insight")
        routes.add_route(shown(self._chart), "/insight/charts/<name:str>", name="insight_chart")
        routes.add_route(shown(self._file), "/insight/tables/<name:str>", name="insight_file")

    async def _page(self, request: Request, session: Session) -> HTTPResponse:
        weeks = request.args.get("weeks") or str(SPANS[0])
        figures = await self._insight.figures(weeks)
        charts = [(name, told["part"], *caption(name, figures))
                  for name, told in insight_words()["charts"].items()]
        return page(request, "insight.html", session, weeks=weeks, spans=SPANS,
                    headline=headline(figures), counted=counted_at(figures),
                    tables=tables(figures), charts=charts, in_words=in_words)

    async def _chart(self, request: Request, session: Session, name: str) -> HTTPResponse:
        if name not in insight_words()["charts"]:
            raise _unknown()
        picture = await self._insight.chart(name, request.args.get("weeks"))
        return raw(picture, content_type="image/png", headers=_PRIVATE)

    async def _file(self, request: Request, session: Session, name: str) -> HTTPResponse:
        figures = await self._insight.figures(request.args.get("weeks"))
        table = next((table for table in tables(figures) if table.name == name), None)
        if table is None:
            raise _unknown()
        named = quote(f"{table.title} {figures['until'][:10]}.csv")
        return raw(csv_of(table), content_type="text/csv; charset=utf-8", headers={
            **_PRIVATE, "content-disposition": f"attachment; filename*=UTF-8''{named}"})


_PRIVATE = {"cache-control": "private, no-store"}


def _unknown() -> BadInput:
    return BadInput(say("not_found"), "name", 404)


__all__ = ["SPANS", "InsightPages"]
