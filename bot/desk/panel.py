"""What an agent sees beside the transcript: facts, outcome so far, suggestions, notes.

``panel.schema.json`` describes it. The outcome is the same engine's that answers citizens, by
what is known now; nothing here changes a conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.desk.facts import facts_shown
from bot.desk.words import code_of, desk_words
from bot.dialogue.context import Context
from bot.dialogue.several import matter_name
from bot.dialogue.suggesting import answer_so_far
from bot.handover.known import (
    answered,
    days_stated,
    family_of,
    item_of,
    matter_title,
    open_question,
    questions_left,
    reason_in_words,
    region_of,
)
from bot.messages import Reply
from bot.people import SELF, called
from bot.store import Record, StoredMessage
from knowledge.engine import Outcome, assess
from knowledge.store import Item, KnowledgeBase

OUTCOME = "outcome"
"""The id of the card that shows the outcome: no message of the conversation has it."""


def panel(
    kb: KnowledgeBase, conversation: str, record: Record, messages: Sequence[StoredMessage],
    agent: str,
) -> dict[str, Any]:
    """Return what an agent sees of a conversation (JSON-ready).

    Args:
        kb: the knowledge base.
        conversation: its id.
        record: of the conversation.
        messages: of the conversation, masked, in order; the last ones will do.
        agent: the number of the agent who sees it (工号).
    """
    data = record.data
    context = Context.from_slots(data.get("slots", {}))
    outcome, left = _assessed(kb, context), questions_left(kb, context)
    return {
        "conversation": conversation,
        "revision": record.revision,
        "reason": _reason(data),
        "answered": answered(messages),
        "asks_for": context.asks_for,
        "place": str(context.place.get("name", "")),
        "region": region_of(kb, context),
        "matter": _matter(kb, context),
        "also": [{"family": m["family"], "item": m["item"], "name": matter_name(kb, m)}
                 for m in context.waiting],
        "facts": facts_shown(kb, context, left, _in_question(outcome)),
        "days": list(days_stated(context)),
        "open": {**open_question(kb, context, left), "name": context.asked},
        "outcome": _outcome(kb, context, outcome),
        "suggestions": {**_suggestions(data.get("suggested"), messages),
                        "knowledge_version": kb.version},
        "notes": list(data.get("notes", ())),
        "served_by": list(data.get("served_by", ())),
        "variables": _variables(kb, conversation, context, agent),
    }


def _assessed(kb: KnowledgeBase, context: Context) -> Outcome | None:
    """Return the outcome by what is known now; None before matter and guide are."""
    if not context.region or not context.family:
        return None
    return assess(kb, context.region, context.family, context.known, context.item)


def _in_question(outcome: Outcome | None) -> Sequence[Item]:
    """Return the items that may still be the one."""
    if outcome is None:
        return ()
    return (outcome.item,) if outcome.item else outcome.instead


def _reason(data: Mapping[str, Any]) -> dict[str, str]:
    """Return why a person is, or was, wanted."""
    waiting = data.get("waiting") or {}
    code = waiting.get("reason") or data.get("joined_for", "none")
    return {"code": code, "text": reason_in_words(code)}


def _matter(kb: KnowledgeBase, context: Context) -> dict[str, str]:
    family, item = family_of(kb, context), item_of(kb, context)
    return {
        "family": context.family, "family_name": family["name"] if family else "",
        "item": context.item, "item_name": (item["title"] or item["name"]) if item else "",
    }


def _outcome(kb: KnowledgeBase, context: Context, outcome: Outcome | None) -> dict[str, Any]:
    """Return the whole answer as it stands, with the items that may be looked at instead."""
    if not context.family:
        return _of_status("none")
    reply = answer_so_far(kb, replace(context, facets=(), mentions=()))
    instead = [{"item": item.canonical[0], "title": item.name}
               for item in (outcome.instead if outcome else ())]
    shown = _of_status(_status(context, reply), matter_title(kb, context), reply)
    return {**shown, "instead": instead}


def _of_status(status: str, title: str = "", reply: Reply | None = None) -> dict[str, Any]:
    # Ids of cards are made anew each time; a panel is the same as long as it says the same.
    card = {**reply.card, "id": OUTCOME} if reply and reply.card["type"] == "answer" else None
    return {
        "status": status, "status_text": desk_words()["statuses"][status],
        "title": card["title"] if card else title, "text": reply.text if reply else "",
        "card": card, "instead": [],
    }


def _status(context: Context, reply: Reply) -> str:
    if not context.region:
        return "no_guide" if context.place else "no_place"
    return str(reply.card.get("status", "not_in_guide"))


def _suggestions(
    kept: Mapping[str, Any] | None, messages: Sequence[StoredMessage]
) -> dict[str, Any]:
    """Return the answers suggested for the citizen's last message, that message, and which of them
    were rejected."""
    if not kept:
        return {"seq": 0, "of": "", "made": [], "rejected": []}
    text = next((m.text for m in messages if m.seq == kept["seq"]), "")
    return {"seq": kept["seq"], "of": text, "made": list(kept["made"]),
            "rejected": list(kept.get("rejected", ()))}


def _variables(
    kb: KnowledgeBase, conversation: str, context: Context, agent: str
) -> dict[str, str]:
    """Return what canned replies may fill in (``canned_replies.yml``), '' where it is not known."""
    region = region_of(kb, context)
    return {
        "地区": region["name"] if region else context.place.get("name", ""),
        "事项": matter_title(kb, context),
        "工号": agent,
        "称呼": called(context.asks_for) or called(SELF),
        "编号": code_of(conversation),
    }


__all__ = ["OUTCOME", "panel"]
