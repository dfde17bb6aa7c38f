"""What an agent may change in a work order: its texts, masked and limited, never its clauses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import BadInput, UnknownId
from bot.orders.answered import clause
from bot.orders.texts import categories
from bot.wording import say
from knowledge.base import KnowledgeBase

LIMITS: Mapping[str, int] = {"need": 1000, "region": 60, "item": 100, "open": 1000, "note": 1000}
"""Texts that may be edited, with their longest length in characters."""

MOST_ANSWERED, MOST_CITED = 100, 50

EDITABLE = frozenset({*LIMITS, "category", "answered"})

Clean = Callable[[Any, str], str]
"""Masks a text of a field; raises BadInput (``connectors.intake.text_from``)."""


def edited(
    kb: KnowledgeBase, content: Mapping[str, Any], edits: Mapping[str, Any], clean: Clean
) -> dict[str, Any]:
    """Return the content of a work order with an agent's edits.

    Args:
        kb: the knowledge base.
        content: as it was.
        edits: new values of :data:`EDITABLE`; of ``answered`` the whole list, whose citations are
            ``{"id"}`` of clauses that the order or the knowledge base holds. What else an order
            has may be sent along and stays as it was.
        clean: see :data:`Clean`.

    Raises:
        BadInput: names the field and says in Chinese what is allowed.
    """
    told = {name: _text(edits[name], name, LIMITS[name], clean) for name in LIMITS if name in edits}
    if "category" in edits:
        told["category"] = _category(edits["category"])
    if "answered" in edits:
        told["answered"] = _answered(kb, content["answered"], edits["answered"], clean)
    return {**content, **told}


def _text(value: Any, field: str, limit: int, clean: Clean) -> str:
    if not isinstance(value, str):
        raise BadInput(say("order_no_text"), field)
    if not value.strip():
        return ""
    if len(value) > limit:
        raise BadInput(say("too_long", limit=limit), field)
    return clean(value, field)


def _category(value: Any) -> str:
    if value not in categories():
        raise BadInput(say("order_category", allowed="、".join(categories())), "category")
    return str(value)


def _answered(kb: KnowledgeBase, before: Any, value: Any, clean: Clean) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > MOST_ANSWERED:
        raise BadInput(say("order_answered"), "answered")
    held = {cited["id"]: cited for answer in before for cited in answer["citations"]}
    return [_answer(kb, held, answer, clean) for answer in value]


def _answer(
    kb: KnowledgeBase, held: Mapping[str, Any], answer: Any, clean: Clean
) -> dict[str, Any]:
    cited = answer.get("citations", []) if isinstance(answer, dict) else None
    if not isinstance(cited, list) or len(cited) > MOST_CITED:
        raise BadInput(say("order_answered"), "answered")
    text = clean(answer.get("text"), "answered")
    return {"text": text, "citations": [_clause(kb, held, citation) for citation in cited]}


def _clause(kb: KnowledgeBase, held: Mapping[str, Any], citation: Any) -> dict[str, str]:
    """Return a clause as it is known to us: no words of the agent's own pass for a guide's."""
    name = citation.get("id") if isinstance(citation, dict) else None
    if not isinstance(name, str):
        raise BadInput(say("order_clause"), "answered")
    try:
        return dict(held[name]) if name in held else clause(kb, name)
    except UnknownId:
        raise BadInput(say("order_clause"), "answered") from None


__all__ = ["EDITABLE", "LIMITS", "MOST_ANSWERED", "MOST_CITED", "Clean", "edited"]
