"""Rasa's REST contract at ``/webhooks/rest/webhook``, made safe for the public port."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.errors import BadInput
from bot.messages import press_of
from bot.wording import say
from connectors.intake import WholeReplies, conversation_from, text_from


class RestChat(RestInput):
    """The REST channel: masks, refuses commands and missing senders, never streams.

    Request: ``{"sender": id, "message": text}``. Response: a list of ``{"recipient_id", "text",
    "custom", "buttons"}``; a button's ``payload`` sent as a message presses it.
    """

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes of the channel."""
        routes = Blueprint("rest_chat")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            message = _message_from(_body(request))
            await on_new_message(message)
            return json([_with_buttons(m) for m in message.output_channel.messages],
                        ensure_ascii=False)

        return routes


def _body(request: Request) -> dict[str, Any]:
    try:
        body = request.json
    except Exception:
        raise BadInput(say("bad_json"), "body") from None
    if not isinstance(body, dict):
        raise BadInput(say("bad_json"), "body")
    return body


def _message_from(body: dict[str, Any]) -> UserMessage:
    sender = conversation_from(body.get("sender"))
    return UserMessage(text_from(body.get("message")), WholeReplies(), sender, input_channel="rest")


def _with_buttons(message: dict[str, Any]) -> dict[str, Any]:
    card = message.get("custom") or {}
    choices = (*card.get("choices", ()), *card.get("others", ()))
    buttons = [{"title": c["label"], "payload": press_of([c["id"]])} for c in choices]
    return {**message, "buttons": buttons} if buttons else message


__all__ = ["RestChat"]
