"""Stored messages, and what a person has to know, as the platform gets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from bot.store import StoredMessage


def replies_of(
    messages: Iterable[StoredMessage], cards: bool, after: int = 0
) -> list[dict[str, Any]]:
    """Return those of the messages that are for the citizen, as a ``Reply`` of the contract each.

    What the platform has sent itself, and what happened to its agents, it knows. It does not know
    what a person at our own desk has said, nor what happened there: the one is marked, the other
    bears a card.

    Args:
        messages: of a transcript, in order, with those that they answer.
        cards: whether the platform shows cards; else the text says everything.
        after: leave out the messages up to this number.
    """
    messages = list(messages)
    asked = {m.seq: m.client_id for m in messages if m.author == "citizen"}
    return [_reply(m, cards, asked) for m in messages if m.seq > after and _is_reply(m)]


def _is_reply(message: StoredMessage) -> bool:
    if message.author == "agent":
        return bool(message.card.get("desk"))
    return message.author == "bot" or message.author == "system" and bool(
        message.reply_to or message.card)


def _reply(
    message: StoredMessage, cards: bool, asked: Mapping[int | None, str | None]
) -> dict[str, Any]:
    if message.author == "agent":
        return {"seq": message.seq, "author": "agent", "text": message.text,
                "agent": message.card["agent"]}
    card = message.card if cards else None
    choices = [*(card or {}).get("choices", ()), *(card or {}).get("others", ())]
    parts = {"card": card, "choices": choices, "in_reply_to": asked.get(message.reply_to)}
    return {"seq": message.seq, "author": message.author, "text": message.text,
            **{name: part for name, part in parts.items() if part}}


def handover_of(
    told: Mapping[str, Any], queue: Mapping[str, Any], waiting: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return a ``Handover`` of the contract.

    Args:
        told: :meth:`bot.switchboard.Talk.handover`.
        queue: place, and hours of service, as on a ``handoff`` card.
        waiting: ``{"since"}`` in seconds since the epoch; None where nobody is waited for.
    """
    region, matter = told["region"] or {}, told["item"] or told["family"] or {}
    days = ({"label": day["name"], "value": _span(day)} for day in told["days"])
    facts = ({"label": fact["label"], "value": fact["value"]} for fact in told["facts"])
    return {
        **({"since": _moment(waiting["since"])} if waiting else {}),
        "reason": told["reason"]["code"], "reason_text": told["reason"]["text"],
        "summary": told["text"], "region": told["place"] or region.get("name", ""),
        "item": matter.get("title") or matter.get("name", ""), "facts": [*facts, *days],
        "open": told["open"]["asked"], "then": told["open"]["then"],
        "queue": {k: v for k, v in queue.items() if waiting or k != "place"},
    }


def _span(day: Mapping[str, str]) -> str:
    return "～".join(dict.fromkeys((day["value"], day["until"])))


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")


__all__ = ["handover_of", "replies_of"]
