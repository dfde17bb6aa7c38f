"""The agents' desk: the page at ``/desk``, its files, and the WebSocket ``/desk/ws``.

The protocol is described in ``docs/desk.md``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.database import DatabaseDown
from bot.errors import BadInput
from bot.housekeeping import Repeated
from bot.secrets import installation_key, keyed_name
from bot.staff.opening import Staff
from bot.staff.sessions import Session
from bot.switchboard import Switchboard, Talk
from bot.switchboard.switchboard import Tell
from bot.wording import say
from connectors.desk.acts import Act, Order, act_of
from connectors.desk.lists import Lists, Telling
from connectors.desk.rights import DESK, FIGURES, check_readable, has
from connectors.desk.watch import Desk, Desks
from connectors.guard import count_frame, open_socket
from connectors.intake import MAX_ID, id_from
from connectors.line import frame_id, frame_of, is_number
from connectors.signed_in import ANYBODY, SignedIn
from connectors.staff_page import part_of

STATIC = Path(__file__).parent / "static"
CHECK_SECONDS, BEAT_SECONDS = 5.0, 15.0
"""How often it is looked whether those at the desks are still signed in; how often their being
there is noted."""

TYPING_SECONDS = 2.5
"""At most so often a citizen's page is told that the agent types."""

SAME_OPENING_SECONDS = 600.0
"""A page that comes back to a conversation within this time has opened it once."""

_log = logging.getLogger(__name__)
Handler = Callable[[Desk, Mapping[str, Any]], Awaitable[None]]


class Routes(Protocol):
    """A part of the API."""

    def add_to(self, routes: Blueprint) -> None:
        """Add its routes to those of the desk."""


class SignedOut(Exception):
    """Whoever sat at a desk is not signed in any more."""


class DeskChannel:
    """The channel of the desk.

    Args:
        switchboard: puts agents through.
        tell: publishes an event of the hub.
        staff: who may sit at a desk.
        signed_in: tells who does.
        api: what can be asked for beside the WebSocket.
    """

    def __init__(
        self, switchboard: Switchboard, tell: Tell, staff: Staff, signed_in: SignedIn,
        api: Sequence[Routes],
    ) -> None:
        self._switchboard, self._tell, self._staff = switchboard, tell, staff
        self._signed_in, self._api = signed_in, api
        self._desks = Desks(switchboard.store, staff.numbers)
        self._telling = Telling(Lists(switchboard.store, staff), self._desks)
        self._types: dict[str, Handler] = {
            "hello": self._hello, "open": self._open, "close": self._close, "do": self._do,
            "typing": self._type, "presence": self._presence,
        }

    @property
    def services(self) -> tuple[Any, ...]:
        """What runs beside the routes."""
        return (self._telling, Repeated(self.check, CHECK_SECONDS),
                Repeated(self.beat, BEAT_SECONDS))

    def blueprint(self) -> Blueprint:
        """Return the page, its files, the API and the WebSocket; nothing without a login."""
        routes = Blueprint("desk", url_prefix="/desk")

        self._signed_in.guard(routes, DESK)

        for uri, name, permission in (("/", "index", DESK), ("/figures", "figures", FIGURES)):
            shown = self._signed_in.page(permission)(partial(_page, f"{name}.html"))
            routes.add_route(shown, uri, name=name, strict_slashes=False)

        @routes.route("/static/<name:path>", methods=["GET"])
        @self._signed_in.api(ANYBODY)
        async def part(request: Request, session: Session, name: str) -> HTTPResponse:
            return await _page(name, request, session)

        @routes.websocket("/ws")
        async def sit(request: Request, socket: Any) -> None:
            with open_socket(request):
                await self._serve(Desk(socket, request, request.ctx.session))

        for part_of_api in self._api:
            part_of_api.add_to(routes)
        return routes

    async def _serve(self, desk: Desk) -> None:
        self._desks.open.add(desk)
        try:
            await desk.serve(partial(self._take, desk))
        finally:
            self._desks.open.discard(desk)

    async def _take(self, desk: Desk, frame: str) -> None:
        """Handle one frame."""
        data: Mapping[str, Any] = {}
        try:
            data = frame_of(frame, self._types)
            count_frame(desk.request, f"desk {desk.session.key}")
            await self._look_in(desk, data.get("act") != "seen" and data["type"] != "hello")
            if data["type"] != "hello" and not desk.welcomed:
                raise BadInput(say("bad_frame"))
            await self._types[data["type"]](desk, data)
        except SignedOut:
            self._send_away(desk)
        except Exception as error:
            desk.refuse(data.get("id"), error)

    async def _look_in(self, desk: Desk, by_hand: bool) -> None:
        """See who sits at a desk now: an account may have lost its rights since.

        Args:
            by_hand: whether they did something; a page that nobody sits at says hello and has
                seen new messages, too.

        Raises:
            SignedOut: nobody, any more.
        """
        try:
            desk.session = await self._staff.sessions.use(desk.session, by_hand)
        except BadInput:
            raise SignedOut from None
        if not desk.account.may(DESK):
            raise SignedOut

    # --- frames -------------------------------------------------------------------------------

    async def _hello(self, desk: Desk, data: Mapping[str, Any]) -> None:
        account, presence = desk.account, self._staff.presence
        if account.id not in await presence.all():
            await presence.set(account.id, "online")
        desk.send(type="welcome", csrf=desk.session.csrf, version=1, account={
            "id": account.id, "role": account.role.value, "role_text": account.role.label,
            "may": sorted(account.role.may)})
        desk.welcomed = True
        self._telling.changed()  # whether or not the hub passes on who has come
        await self._tell_presence()

    async def _open(self, desk: Desk, data: Mapping[str, Any]) -> None:
        conversation, after = _conversation(data), 0
        record = await self._switchboard.store.load(conversation)
        check_readable(desk.account, record.data)
        if is_number(data.get("after")):
            after = min(data["after"], record.last_seq)
        await self._note_opening(desk, conversation, again=after > 0)
        await self._desks.begin(desk, conversation, after)

    async def _note_opening(self, desk: Desk, conversation: str, again: bool) -> None:
        """Note in the audit log who reads what, once for each time it is opened."""
        opening = f"{desk.session.key} {conversation}"
        key = keyed_name(installation_key(), "opened", opening)
        first = await self._switchboard.store.once(key, SAME_OPENING_SECONDS)
        if first or not again:
            await self._staff.audit.note(desk.account.id, "opened", conversation)

    async def _close(self, desk: Desk, data: Mapping[str, Any]) -> None:
        desk.begin("", 0)

    async def _do(self, desk: Desk, data: Mapping[str, Any]) -> None:
        act, conversation = act_of(data), _conversation(data)
        order = Order(id_from(frame_id(data), "id"), desk.account, data, self._check_colleague)
        # What has begun is brought to its end, also where the page is lost meanwhile.
        await asyncio.shield(self._bring_about(conversation, act, order))
        if desk.conversation == conversation:
            await self._desks.show(desk)
        desk.send(type="ack", id=data["id"])

    async def _bring_about(self, conversation: str, act: Act, order: Order) -> None:
        async def exchanging(talk: Talk) -> bool:
            return await act.done(talk, order)

        if not await self._switchboard.exchange(conversation, exchanging):
            return
        if act.noted:
            await self._note(conversation, act, order)

    async def _note(self, conversation: str, act: Act, order: Order) -> None:
        """Note an act in the audit log; it is done already, so the journal has it in any case."""
        details = {name: order.fields.get(name) for name in act.shown}
        try:
            await self._staff.audit.note(order.account.id, act.noted, conversation, **details)
        except DatabaseDown:
            _log.error("the audit log did not take an act: %s", act.noted)

    async def _check_colleague(self, number: str) -> None:
        """See to it that somebody can be given a conversation.

        Raises:
            BadInput: 409, they are not there; else there is no such agent.
        """
        found = await self._staff.accounts.get(number)
        if not found or not found.may(DESK):
            raise BadInput(say("desk_no_colleague"), "to")
        if number not in await self._staff.presence.all():
            raise BadInput(say("desk_colleague_away", agent=number), "to", 409)

    async def _type(self, desk: Desk, data: Mapping[str, Any]) -> None:
        conversation = desk.conversation
        if not conversation or not desk.may_type(TYPING_SECONDS):
            return
        record = await self._switchboard.store.load(conversation)
        if has(desk.account, record.data):
            await self._tell(
                {"type": "typing", "conversation": conversation, "agent": desk.account.id})

    async def _presence(self, desk: Desk, data: Mapping[str, Any]) -> None:
        await self._staff.presence.set(desk.account.id, data.get("status"))
        await self._tell_presence()

    async def _tell_presence(self) -> None:
        await self._tell({"type": "presence", "conversation": ""})

    # --- what happens elsewhere ---------------------------------------------------------------

    async def on_event(self, event: Mapping[str, Any]) -> None:
        """Let the desks show what has happened (an event of the hub)."""
        if event["type"] == "typing":
            return
        if event["conversation"]:
            self._desks.look(event["conversation"])
        self._telling.changed(event["conversation"])

    async def check(self) -> None:
        """Send away those who are no longer signed in."""
        desks = tuple(self._desks.open)
        held = await self._staff.sessions.holding({desk.session.key for desk in desks})
        for desk in desks:
            if desk.session.key not in held:
                self._send_away(desk)

    def _send_away(self, desk: Desk) -> None:
        self._desks.open.discard(desk)
        desk.send(type="signed_out")
        desk.end()

    async def beat(self) -> None:
        """Note that those at the desks are there."""
        for account in {desk.account.id for desk in self._desks.welcomed}:
            await self._staff.presence.beat(account)


def _conversation(data: Mapping[str, Any]) -> str:
    """Return the id of a conversation as the lists told it.

    Raises:
        BadInput: it is none.
    """
    found = data.get("conversation")
    if not isinstance(found, str) or not 0 < len(found) <= MAX_ID:
        raise BadInput(say("bad_frame"), "conversation")
    return found


async def _page(name: str, request: Request, session: Session) -> HTTPResponse:
    """Answer with a file of the pages."""
    return await part_of(STATIC, name)


__all__ = ["BEAT_SECONDS", "CHECK_SECONDS", "STATIC", "DeskChannel"]
