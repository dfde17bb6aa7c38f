"""Models as routes: which are there, which one serves, putting one live and going back."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterator, Mapping
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.errors import BadInput
from bot.learning.models.models import Models
from bot.learning.models.processes import ModelProcesses
from bot.staff.audit import Audit
from bot.staff.sessions import Session
from bot.wording import say
from connectors.console.shown import CONSOLE, answer
from connectors.guard import json_body
from connectors.intake import text_from
from connectors.signed_in import SignedIn

OVERRIDE = "override"
"""The permission to put a model live that the comparison refuses; see ``bot/data/roles.yml``."""

LONGEST_REASON = 500
"""Characters."""

_SHOWN = ("version", "trained_at", "by", "run", "examples", "may_promote", "reasons")


class ModelRoutes:
    """The routes of models.

    Args:
        models: the models.
        processes: what each process serves with.
        audit: the audit log.
        signed_in: tells who asks.
    """

    def __init__(
        self, models: Models, processes: ModelProcesses, audit: Audit, signed_in: SignedIn
    ) -> None:
        self._models, self._processes = models, processes
        self._audit, self._signed_in = audit, signed_in

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes to those of the console."""
        self._signed_in.add_api(routes, CONSOLE, (
            ("/api/models", "GET", self._list),
            ("/api/models/<version:str>/promote", "POST", self._promote),
            ("/api/models/rollback", "POST", self._roll_back)),
            "model")

    async def _list(self, request: Request, session: Session) -> HTTPResponse:
        shown = await to_thread(self._shown, request.app.ctx.assistant.version)
        return answer({**shown, "processes": await self._processes.all()})

    def _shown(self, serving: str) -> dict[str, Any]:
        live = self._models.live() or {"version": serving, "before": []}
        cards = {card["version"]: card for card in self._models.cards()}
        used = [live, *live["before"]]
        others = [{"version": version} for version in cards
                  if version not in {entry["version"] for entry in used}]
        first, *before = self._described(used, cards)
        return {"live": first, "before": before, "others": list(self._described(others, cards))}

    def _described(
        self, entries: list[dict[str, Any]], cards: Mapping[str, Any]
    ) -> Iterator[dict[str, Any]]:
        for entry in entries:
            card = cards.get(entry["version"], {})
            yield {**{name: card.get(name) for name in _SHOWN},
                   "version": entry["version"], "put_live": entry.get("since"),
                   "put_live_by": entry.get("by"), "reason": entry.get("reason"),
                   "until": entry.get("until"), "problem": self._models.problem(entry["version"])}

    async def _promote(self, request: Request, session: Session, version: str) -> HTTPResponse:
        override, reason = _insisted(json_body(request), session)
        by = session.account.id
        live = await to_thread(self._models.promote, version, by, reason, override)
        await self._audit.note(
            by, "model_promoted", version, reason=reason, override=override)
        return answer({"live": live})

    async def _roll_back(self, request: Request, session: Session) -> HTTPResponse:
        by = session.account.id
        live = await to_thread(self._models.rollback, by)
        await self._audit.note(by, "model_rolled_back", live["version"])
        return answer({"live": live})


def _insisted(fields: Mapping[str, Any], session: Session) -> tuple[bool, str]:
    """Return whether somebody insists on a model that the comparison refuses, and why (masked).

    Raises:
        BadInput: in another form or too long; 403, the account must not.
    """
    override, reason = fields.get("override", False), fields.get("reason", "")
    if not isinstance(override, bool):
        raise BadInput(say("bad_request"), "override")
    if override and not session.account.may(OVERRIDE):
        raise BadInput(say("override_not_yours"), "override", 403)
    return override, text_from(reason, "reason", LONGEST_REASON) if reason else ""


__all__ = ["LONGEST_REASON", "OVERRIDE", "ModelRoutes"]
