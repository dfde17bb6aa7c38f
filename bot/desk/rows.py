"""One conversation in a list of the desk: told in a line what it is about.

``row.schema.json`` describes it. It takes no more than the record and the last message, so that
lists are made without reading transcripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.desk.facts import facts_of
from bot.desk.words import code_of, desk_words
from bot.dialogue.context import Context
from bot.dialogue.several import matter_name
from bot.handover.known import (
    fact_in_words,
    facts_told,
    family_of,
    item_title,
    reason_in_words,
    region_of,
)
from bot.store import Record, StoredMessage
from bot.switchboard.gathering import BOT, PERSON
from knowledge.engine import UNKNOWN
from knowledge.store import KnowledgeBase

LONGEST_LAST = 80
"""Characters of the last message that are shown."""

_SPACE = re.compile(r"\s+")


def row(
    kb: KnowledgeBase, conversation: str, record: Record, last: StoredMessage | None
) -> dict[str, Any]:
    """Return a conversation for a list (JSON-ready); the same for the same revision.

    Args:
        kb: the knowledge base.
        conversation: its id.
        record: of the conversation.
        last: its last message, None where there is none.
    """
    data = record.data
    context = Context.from_slots(data.get("slots", {}))
    region, family = region_of(kb, context), family_of(kb, context)
    return {
        "conversation": conversation,
        "code": code_of(conversation),
        "revision": record.revision,
        **_standing(record),
        "place": str(context.place.get("name", "")),
        "region": region["name"] if region else "",
        "family": family["name"] if family else "",
        "item": item_title(kb, context),
        "gist": "；".join(_gist(kb, context)),
        "last": _shortened(last),
        "rating": _rating(data.get("ratings", {})),
    }


def _standing(record: Record) -> dict[str, Any]:
    """Return who has the conversation, who waits for whom, and what the agent has not seen."""
    data = record.data
    held = data.get("holder", BOT) == PERSON
    waiting = data.get("waiting")
    return {
        "channel": data.get("channel", ""),
        "channel_text": desk_words()["channels"].get(data.get("channel", ""), ""),
        "holder": PERSON if held else BOT,
        "agent": data.get("agent", ""),
        "waiting": {**waiting, "reason_text": reason_in_words(waiting["reason"])}
        if waiting else None,
        "unread": max(0, record.last_seq - data.get("seen", 0)) if held else 0,
        "joined_at": data.get("joined_at"),
        "ended_at": data.get("ended_at"),
    }


def _gist(kb: KnowledgeBase, context: Context) -> Iterator[str]:
    """Yield for whom it is, what is known of them, and what else they asked about."""
    if context.asks_for:
        yield desk_words()["gist_for"].format(who=context.asks_for)
    bearing = _bearing(kb, context)
    for fact in facts_told(kb, context):
        if context.known[fact["name"]] != UNKNOWN and fact["name"] in bearing:
            yield fact_in_words(fact)
    if context.waiting:
        matters = "、".join(matter_name(kb, matter) for matter in context.waiting)
        yield desk_words()["gist_also"].format(matters=matters)


def _bearing(kb: KnowledgeBase, context: Context) -> frozenset[str]:
    """Return the facts that bear on the matter; without a guide for it, all."""
    items = kb.items(context.region, context.family) if context.region and context.family else ()
    return facts_of(tuple(items)) or frozenset(kb.facts)


def _shortened(message: StoredMessage | None) -> dict[str, Any] | None:
    if message is None:
        return None
    text = _SPACE.sub(" ", message.text)
    if len(text) > LONGEST_LAST:
        text = text[:LONGEST_LAST - 1] + "…"
    return {"seq": message.seq, "author": message.author, "text": text, "at": message.at}


def _rating(ratings: Mapping[str, str]) -> str:
    """Return the rating of the latest answer that was rated; '' where none was."""
    return ratings[max(ratings, key=int)] if ratings else ""


__all__ = ["LONGEST_LAST", "row"]
