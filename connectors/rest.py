"""Rasa's REST contract at ``/webhooks/rest/webhook``, made safe for the public port."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.errors import BadInput
from bot.messages import press_of
from bot.store import StoredMessage
from bot.switchboard import Said, Switchboard, Talk
from bot.wording import say
from connectors.guard import count_session, json_body
from connectors.intake import conversation_from, id_from, text_from

CHANNEL = "rest"
"""The channel's name."""


class RestChat:
    """The REST channel: masks, refuses commands and missing senders, never streams.

    Request: ``{"sender": id, "message": text, "message_id": id?}``. Response: a list of
    ``{"recipient_id", "text", "custom", "buttons"}``; a button's ``payload`` sent as a message
    presses it. A message that comes again with its ``message_id`` gets the answer it got before.

    Args:
        switchboard: puts citizens through.
    """

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def blueprint(self) -> Blueprint:
        """Return the routes of the channel."""
        routes = Blueprint("rest_chat", url_prefix="/webhooks/rest")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            body = json_body(request, stated=False)
            sender, said = conversation_from(body.get("sender")), _said(body)
            count_session(request, f"{CHANNEL} {sender}")
            messages = await self._switchboard.exchange(sender, partial(_say, said))
            return json([_reply(body["sender"], m) for m in messages[1:]], ensure_ascii=False)

        return routes


async def _say(said: Said, talk: Talk) -> list[StoredMessage]:
    """Say something in a conversation of this channel: its ids may be guessed, and agents and logs
    name those of others.

    Raises:
        BadInput: 403; it is another channel's.
    """
    if talk.channel not in ("", CHANNEL):
        raise BadInput(say("other_channel"), "sender", 403)
    return await talk.say(said)


def _said(body: dict[str, Any]) -> Said:
    text = text_from(body.get("message"))
    given = body.get("message_id")
    message_id = secrets.token_urlsafe(12) if given is None else id_from(given, "message_id")
    return Said(text, text, message_id, CHANNEL)


def _reply(sender: str, message: StoredMessage) -> dict[str, Any]:
    card = message.card or {}
    choices = (*card.get("choices", ()), *card.get("others", ()))
    buttons = [{"title": c["label"], "payload": press_of([c["id"]])} for c in choices]
    parts = {"text": message.text, "custom": message.card, "buttons": buttons}
    return {"recipient_id": sender, **{name: part for name, part in parts.items() if part}}


__all__ = ["RestChat"]
