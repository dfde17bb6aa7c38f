"""A work order as it is drafted from what a conversation knows and from its masked messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.handover.summary import in_words, summary
from bot.orders.answered import answered
from bot.orders.texts import lines, texts
from bot.store import StoredMessage
from knowledge.base import KnowledgeBase

LONGEST_QUOTED, MOST_QUOTED = 80, 4
"""Characters of a citizen's message that are quoted, and messages: the first and the last ones."""


def draft(
    kb: KnowledgeBase, data: Mapping[str, Any], messages: Sequence[StoredMessage]
) -> dict[str, Any]:
    """Return the content of a work order, for an agent to look through.

    Args:
        kb: the knowledge base.
        data: of the conversation's record.
        messages: all of the conversation, masked, in order.

    Returns:
        ``session_id`` (the hotline's, '' for others), ``category``, ``need``, ``region``,
        ``item``, ``answered``, ``open`` and an empty ``note``; see ``order.schema.json``.
    """
    reason = (data.get("waiting") or {}).get("reason") or data.get("joined_for", "none")
    told = summary(kb, data.get("slots", {}), reason, messages)
    known = in_words(told)
    said = [message.text for message in messages if message.author == "citizen"]
    return {
        "session_id": data.get("own", {}).get("session", {}).get("session_id", ""),
        "category": guessed(said, reason),
        "need": lines("need", {**known, "facets": _facets(messages), "said": _quoted(said)}),
        "region": known["place"], "item": known["matter"],
        "answered": answered(kb, messages),
        "open": lines("open", dict(_open(known, messages))),
        "note": "",
    }


def guessed(said: Sequence[str], reason: str) -> str:
    """Return the category that the citizen's own words name; the first where they name none.

    Args:
        said: the citizen's messages, masked.
        reason: why a person was wanted.
    """
    words = "\n".join(said)
    for phrase in texts()["not_a_category"]:
        words = words.replace(phrase, "")
    categories = texts()["categories"]
    named = (name for name, cues in categories.items() if any(cue in words for cue in cues))
    if reason == "distress":
        return str(texts()["in_distress"])
    return next(named, next(iter(categories)))


def _facets(messages: Sequence[StoredMessage]) -> str:
    """Return which sides of the matter were answered."""
    cards = (m.card for m in messages if m.author == "bot" and isinstance(m.card, Mapping))
    named = (card["facet"] for card in cards if card.get("type") == "answer" and card.get("facet"))
    return "、".join(dict.fromkeys(named))


def _quoted(said: Sequence[str]) -> str:
    """Return what the citizen began with and said last, a press of buttons like words."""
    chosen = said if len(said) <= MOST_QUOTED else [said[0], *said[1 - MOST_QUOTED:]]
    return " / ".join(dict.fromkeys(text[:LONGEST_QUOTED] for text in chosen))


def _open(
    known: Mapping[str, str], messages: Sequence[StoredMessage]
) -> Iterator[tuple[str, str]]:
    """Yield what is open, by the names of the lines that say it."""
    yield "waiting", known["waiting"]
    if known["asked"]:
        yield from (("asked", known["asked"]), ("then", known["then"]))
    cards = (m.card or {} for m in messages if m.author == "bot")
    missing = dict.fromkeys(filter(None, (card.get("missing_topic") for card in cards)))
    yield "missing", "、".join(missing)
    spoken = [m for m in messages if m.author in ("citizen", "bot", "agent")]
    if spoken and spoken[-1].author == "citizen":
        yield "unanswered", spoken[-1].text[:LONGEST_QUOTED]


__all__ = ["LONGEST_QUOTED", "MOST_QUOTED", "draft", "guessed"]
