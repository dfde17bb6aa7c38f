"""What the desk asks for beside its WebSocket: ``/desk/api``, JSON."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from functools import partial
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.desk.figures import figures, span
from bot.desk.views import choices, found, row_of
from bot.errors import BadInput
from bot.journal.database import Database
from bot.staff.canned import variables
from bot.staff.opening import Staff
from bot.staff.sessions import Session
from bot.store import Store
from bot.wording import say
from connectors.desk.rights import DESK, FIGURES, TEXTS, is_held, may_read
from connectors.guard import json_body
from connectors.signed_in import SignedIn

LONGEST_QUERY = 200
PAGE, LOOKED_THROUGH = 30, 300
"""Conversations of a page of the history, and how many are looked through for them at most."""


class Api:
    """The routes of the API.

    Args:
        store: of the conversations.
        journal: the log's database, from which the figures are counted.
        staff: whose texts and notes these are.
        signed_in: tells who asks.
    """

    def __init__(
        self, store: Store, journal: Database, staff: Staff, signed_in: SignedIn
    ) -> None:
        self._store, self._journal, self._staff = store, journal, staff
        self._signed_in = signed_in

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes to those of the desk."""
        self._signed_in.add_api(routes, DESK, (
            ("/api/search", "GET", self._search), ("/api/matters", "GET", self._matters),
            ("/api/history", "GET", self._history), ("/api/texts", "GET", self._texts),
            ("/api/texts/<text_id:str>", "PUT", self._save_text),
            ("/api/texts/<text_id:str>", "DELETE", self._delete_text)))
        self._signed_in.add_api(routes, FIGURES, (("/api/figures", "GET", self._figures),))

    async def _search(self, request: Request, session: Session) -> HTTPResponse:
        query, guide = request.args.get("q", ""), request.args.get("guide", "")
        if len(query) > LONGEST_QUERY:
            raise BadInput(say("too_long", limit=LONGEST_QUERY), "q", 413)
        return _answer({"found": found(query, guide)})

    async def _matters(self, request: Request, session: Session) -> HTTPResponse:
        return _answer(choices())

    # --- what was ----------------------------------------------------------------------------

    async def _history(self, request: Request, session: Session) -> HTTPResponse:
        """Answer with conversations that nobody has and nobody waits in, the latest first."""
        rows, before, looked = [], _moment(request.args.get("before", "")), 0
        while len(rows) < PAGE and looked < LOOKED_THROUGH:
            recent = await self._store.recent(PAGE, before)
            for conversation, changed in recent:
                rows += await self._closed(session, conversation)
                before = changed
            looked += len(recent)
            if len(recent) < PAGE:
                before = None
                break
        return _answer({"rows": rows, "before": before})

    async def _closed(self, session: Session, conversation: str) -> list[Mapping[str, Any]]:
        """Return the row of a conversation if it belongs to the account's history, else []."""
        record = await self._store.load(conversation)
        served, open_still = record.data.get("served_by"), record.data.get("waiting")
        if not served or open_still or is_held(record.data):
            return []
        if not may_read(session.account, record.data):
            return []
        last = next(iter(await self._store.newest(conversation, 1)), None)
        return [row_of(conversation, record, last)]

    # --- canned replies ----------------------------------------------------------------------

    async def _texts(self, request: Request, session: Session) -> HTTPResponse:
        texts = await self._staff.canned.of(session.account.id)
        return _answer({"texts": texts, "variables": variables()})

    async def _save_text(self, request: Request, session: Session, text_id: str) -> HTTPResponse:
        account, fields = session.account, json_body(request)
        saved = await self._staff.canned.save(account.id, text_id, fields, account.may(TEXTS))
        await self._staff.audit.note(account.id, "text_saved", text_id)
        return _answer(saved)

    async def _delete_text(self, request: Request, session: Session, text_id: str) -> HTTPResponse:
        account = session.account
        await self._staff.canned.delete(account.id, text_id, account.may(TEXTS))
        await self._staff.audit.note(account.id, "text_deleted", text_id)
        return _answer({})

    # --- figures -----------------------------------------------------------------------------

    async def _figures(self, request: Request, session: Session) -> HTTPResponse:
        since, until = span(request.args.get("days"), datetime.now(timezone.utc))
        counting = partial(figures, self._journal, since, until)
        counted = await asyncio.get_running_loop().run_in_executor(None, counting)
        await self._staff.audit.note(session.account.id, "figures_seen")
        return _answer(counted)


def _moment(text: str) -> float | None:
    """Return a time in seconds since the epoch, None for ''."""
    if text and not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", text):
        raise BadInput(say("bad_request"), "before")
    return float(text) if text else None


def _answer(body: Mapping[str, Any]) -> HTTPResponse:
    return json(body, ensure_ascii=False)


__all__ = ["LONGEST_QUERY", "PAGE", "Api"]
