"""What the journal says of a turn and of an event; nothing of it is personal.

The keys are described in ``docs/conversation-log.md``. Ids make it safe to ship an entry twice:
the last one with an id counts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from bot.store import StoredMessage
from knowledge.store import load

_LIKELIEST = 5


def turn_entry(
    conversation: str,
    channel: str,
    said: StoredMessage,
    replies: Sequence[StoredMessage],
    reading: Mapping[str, Any] | None,
    slots: Mapping[str, Any],
    *,
    model_version: str,
    knowledge_version: str,
    milliseconds: float,
) -> dict[str, Any]:
    """Return the entry of a turn.

    Args:
        conversation: its id.
        channel: ``web``, ``rest`` or ``hotline``.
        said: the citizen's message, masked.
        replies: the messages that answer it, with their cards.
        reading: what :meth:`bot.understanding.Understanding.as_dict` gives; None for a press of
            buttons, a turn that failed, or one that a person answers.
        slots: after the turn: ``context`` and ``facts``, see :mod:`bot.dialogue.context`.
        model_version, knowledge_version: what answered.
        milliseconds: how long the turn took.
    """
    cards = [reply.card for reply in replies if isinstance(reply.card, Mapping)]
    return {
        "kind": "turn", "id": turn_id(conversation, said), "conversation": conversation,
        "seq": said.seq, "at": said.at, "channel": channel, "text": said.text,
        **understood(reading or {}, slots, cards), **said_in(slots, cards),
        "replies": [reply.text for reply in replies],
        "model_version": model_version, "knowledge_version": knowledge_version,
        "milliseconds": round(milliseconds, 1),
    }


def turn_id(conversation: str, said: StoredMessage) -> str:
    """Return the id of the turn that a citizen's message is.

    By the sender's own id of the message, so that a turn which has to be taken again, be it under
    another number, takes the place of the first try and of nothing else.
    """
    return f"{conversation}:{said.client_id or said.seq}"


def event_entry(
    kind: str, conversation: str, data: Mapping[str, Any], event_id: str = ""
) -> dict[str, Any]:
    """Return the entry of an event that is no turn.

    Args:
        kind: ``rated``, ``asked_for_person``, ``stopped_waiting``, ``joined``, ``said_by_agent``,
            ``said_to_agent``, ``suggestion_rejected``, ``facts_edited``, ``noted``,
            ``transferred``, ``left`` or ``ended``.
        conversation: its id.
        event_id: of an event that may be noted again, where its exchange has to be tried again.
        data: more of it; of ``rated`` ``{"seq", "turn", "rating"}`` with the id of the turn.
    """
    at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    return {"kind": "event", "id": event_id or uuid.uuid4().hex, "conversation": conversation,
            "at": at, "type": kind, "data": dict(data)}


def understood(
    reading: Mapping[str, Any], slots: Mapping[str, Any],
    cards: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return what a message was about, and what was known after it.

    Args:
        reading, slots: as for :func:`turn_entry`; {} for no reading.
        cards: of the replies to it.
    """
    context, facts = slots.get("context") or {}, slots.get("facts") or {}
    answer = _answer(cards)
    return {
        "intents": _intents(reading), "facets": list(reading.get("facets") or ()),
        "missing_topic": answer.get("missing_topic") or reading.get("topic") or "",
        "category": reading.get("category") or "", "likely": _likely(reading),
        "region": context.get("region", ""), "place": (context.get("place") or {}).get("name", ""),
        "family": answer.get("family") or context.get("family", ""),
        "item": _item(context, answer),
        "facts": {name: fact.get("value") for name, fact in facts.items()},
    }


def said_in(
    slots: Mapping[str, Any], cards: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return what came of a turn of the bot: ``outcome``, and ``citations`` of its cards."""
    context = slots.get("context") or {}
    return {
        "outcome": {"types": [card.get("type", "") for card in cards],
                    "status": _answer(cards).get("status", ""),
                    "item": _answer(cards).get("item", ""),
                    "asked": context.get("asked", ""), "misses": context.get("misses", 0)},
        "citations": list(dict.fromkeys(c for card in cards for c in _citations(card))),
    }


def _answer(cards: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return next((card for card in cards if card.get("type") == "answer"), {})


def _intents(reading: Mapping[str, Any]) -> list[list[Any]]:
    """Return the candidates, likeliest first; what was decided by words is the only one."""
    ranking = reading.get("ranking") or ()
    if not ranking and reading.get("intent"):
        ranking = ((reading["intent"], reading.get("confidence", 1.0)),)
    return [[name, round(float(confidence), 4)] for name, confidence in ranking]


def _likely(reading: Mapping[str, Any]) -> list[list[Any]]:
    """Return the likeliest items of all families: family, item ('' left open), probability."""
    likely = list(reading.get("likely") or ())[:_LIKELIEST]
    return [[family, item, round(float(p), 4)] for family, item, p in likely]


def _item(context: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    """Return the id of the item the turn is about; where only facts led to it, by its name."""
    if context.get("item") or not answer.get("item"):
        return context.get("item", "")
    guide = load().guides.get(context.get("region", ""))
    items = guide.items.values() if guide else ()
    return next((item.canonical[0] for item in items if item.name == answer["item"]), "")


def _citations(value: Any) -> Iterator[str]:
    """Yield the ids of the clauses that a card cites, in its order."""
    if isinstance(value, Mapping):
        if value.get("citation_id"):
            yield value["citation_id"]
        value = value.values()
    if isinstance(value, Iterable) and not isinstance(value, str):
        for part in value:
            yield from _citations(part)


__all__ = ["event_entry", "said_in", "turn_entry", "turn_id", "understood"]
