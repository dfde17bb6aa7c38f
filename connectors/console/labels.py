"""The inbox and the labels as routes: what to look at, saying what it means, second readings."""

from __future__ import annotations

from asyncio import to_thread

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.errors import BadInput
from bot.learning.choices import choices
from bot.learning.inbox.inbox import MOST_DAYS, Inbox
from bot.learning.keys import key_of
from bot.learning.labels.checking import checked_label
from bot.learning.labels.labels import Labels
from bot.learning.labels.words import words
from bot.learning.suspects import Suspects
from bot.staff.sessions import Session
from bot.wording import say
from connectors.console.asked import number_of, text_of
from connectors.console.shown import CONSOLE, answer
from connectors.guard import json_body
from connectors.signed_in import SignedIn

DAYS, PAGE = 30, 50
"""How far back the inbox looks unless told otherwise; labels of a page."""


class LabelRoutes:
    """The routes of the inbox, of labels and of suspects.

    Args:
        inbox: what is worth a label.
        labels: what was labelled.
        suspects: examples that look wrong.
        signed_in: tells who asks.
    """

    def __init__(
        self, inbox: Inbox, labels: Labels, suspects: Suspects, signed_in: SignedIn
    ) -> None:
        self._inbox, self._labels, self._suspects = inbox, labels, suspects
        self._signed_in = signed_in

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes to those of the console."""
        one = "/api/labels/<label_id:str>"
        self._signed_in.add_api(routes, CONSOLE, (
            ("/api/inbox", "GET", self._groups), ("/api/vocabulary", "GET", self._vocabulary),
            ("/api/labels", "GET", self._find), ("/api/labels", "POST", self._save),
            ("/api/labels/counts", "GET", self._counts),
            ("/api/labels/history", "GET", self._history),
            (one, "DELETE", self._undo), (f"{one}/second", "POST", self._second),
            ("/api/suspects", "GET", self._suspected),
            ("/api/suspects/<key:str>", "POST", self._settle)),
            "label")

    # --- what to look at ----------------------------------------------------------------------

    async def _groups(self, request: Request, session: Session) -> HTTPResponse:
        days = number_of(request, "days", MOST_DAYS) or DAYS
        found = await self._inbox.page(
            days, text_of(request, "signal"), text_of(request, "q"), text_of(request, "region"))
        return answer(found)

    async def _vocabulary(self, request: Request, session: Session) -> HTTPResponse:
        return answer(await to_thread(choices))

    # --- what was said ------------------------------------------------------------------------

    async def _find(self, request: Request, session: Session) -> HTTPResponse:
        wanted = (text_of(request, name) for name in ("q", "by", "state", "intent"))
        before = number_of(request, "before", 1 << 31)
        found = await self._labels.find(*wanted, before=before, limit=PAGE + 1)
        return answer({"labels": found[:PAGE], "more": len(found) > PAGE})

    async def _counts(self, request: Request, session: Session) -> HTTPResponse:
        return answer({"counts": await self._labels.counts(), "states": words()["states"]})

    async def _history(self, request: Request, session: Session) -> HTTPResponse:
        acts = await self._labels.history(key_of(text_of(request, "text", 2000)))
        return answer({"acts": acts})

    # --- saying it ----------------------------------------------------------------------------

    async def _save(self, request: Request, session: Session) -> HTTPResponse:
        fields = json_body(request)
        label = await to_thread(checked_label, fields.get("label"))
        saved = await self._labels.save(fields.get("sources"), label, session.account.id)
        return answer({"labels": saved})

    async def _second(self, request: Request, session: Session, label_id: str) -> HTTPResponse:
        fields = json_body(request)
        agree, other = fields.get("agree"), fields.get("label")
        if not isinstance(agree, bool):
            raise BadInput(say("bad_request"), "agree")
        label = None if other is None else await to_thread(checked_label, other)
        told = await self._labels.second(_id(label_id), agree, label, session.account.id)
        return answer({"label": told})

    async def _undo(self, request: Request, session: Session, label_id: str) -> HTTPResponse:
        return answer({"label": await self._labels.undo(_id(label_id), session.account.id)})

    # --- what was said long ago ---------------------------------------------------------------

    async def _suspected(self, request: Request, session: Session) -> HTTPResponse:
        return answer(await self._suspects.page())

    async def _settle(self, request: Request, session: Session, key: str) -> HTTPResponse:
        told = await self._suspects.settle(key, json_body(request), session.account.id)
        return answer({"label": told})


def _id(text: str) -> int:
    """Return the id of a label.

    Raises:
        BadInput: 404; it is none.
    """
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BadInput(say("not_found"), "id", 404)
    return int(text)


__all__ = ["DAYS", "PAGE", "LabelRoutes"]
