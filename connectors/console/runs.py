"""Training runs as routes: start, watch, cancel, and look at what came of it."""

from __future__ import annotations

from asyncio import to_thread
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, file

from bot.errors import BadInput
from bot.learning.models.models import Models
from bot.learning.runs.runs import Runs
from bot.staff.opening import Staff
from bot.staff.sessions import Session
from bot.wording import say
from connectors.console.asked import number_of
from connectors.console.shown import CONSOLE, answer
from connectors.guard import json_body
from connectors.signed_in import SignedIn

LINES, MOST_LINES = 200, 2000
"""Of the end of a run's log: how many are shown, and how many can be asked for."""


class RunRoutes:
    """The routes of training runs.

    Args:
        runs: the runs.
        models: tells which model is live now.
        staff: what was labelled, and the audit log.
        signed_in: tells who asks.
    """

    def __init__(self, runs: Runs, models: Models, staff: Staff, signed_in: SignedIn) -> None:
        self._runs, self._models, self._staff = runs, models, staff
        self._signed_in = signed_in

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes to those of the console."""
        one = "/api/runs/<run:str>"
        self._signed_in.add_api(routes, CONSOLE, (
            ("/api/runs", "GET", self._list), ("/api/runs", "POST", self._start),
            (one, "GET", self._read), (f"{one}/cancel", "POST", self._cancel),
            (f"{one}/log", "GET", self._log), (f"{one}/pictures/<name:str>", "GET", self._picture)),
            "run")

    async def _list(self, request: Request, session: Session) -> HTTPResponse:
        counts = await self._staff.labels.counts()
        return answer({"runs": await to_thread(self._runs.all), "unwritten": counts["unwritten"]})

    async def _start(self, request: Request, session: Session) -> HTTPResponse:
        kind, by = json_body(request).get("kind"), session.account.id
        if not isinstance(kind, str):
            raise BadInput(say("bad_request"), "kind")
        run = await to_thread(self._runs.start, by, kind)
        state = await self._state(run)
        await self._staff.audit.note(by, "run_started", run, kind=state["label"])
        return answer({"run": state}, 201)

    async def _read(self, request: Request, session: Session, run: str) -> HTTPResponse:
        state, result = await self._state(run), None
        if state["status"] == "done":
            result = await to_thread(self._runs.result, run)
        live = await to_thread(self._models.live)
        version = live["version"] if live else request.app.ctx.assistant.version
        return answer({"run": state, "result": result, "live": version})

    async def _cancel(self, request: Request, session: Session, run: str) -> HTTPResponse:
        await to_thread(self._runs.cancel, run, session.account.id)
        await self._staff.audit.note(session.account.id, "run_cancelled", run)
        return answer({"run": await self._state(run)})

    async def _state(self, run: str) -> dict[str, Any]:
        return await to_thread(self._runs.state, run)

    async def _log(self, request: Request, session: Session, run: str) -> HTTPResponse:
        tail = number_of(request, "tail", MOST_LINES) or LINES
        return answer({"text": await to_thread(self._runs.log, run, tail)})

    async def _picture(
        self, request: Request, session: Session, run: str, name: str
    ) -> HTTPResponse:
        path = await to_thread(self._runs.picture, run, name)
        return await file(path, headers={"cache-control": "private, no-store"})


__all__ = ["LINES", "MOST_LINES", "RunRoutes"]
