"""What was answered in a conversation, with the clauses it was answered by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.errors import UnknownId
from bot.orders.texts import texts
from bot.store import StoredMessage
from knowledge.base import KnowledgeBase

LONGEST_SAID = 300
"""Characters of an agent's answer that a work order quotes."""

Answer = dict[str, Any]
"""``{"text", "citations": [{"id", "heading", "guide"}]}``: what was told, and by which clauses."""


def answered(kb: KnowledgeBase, messages: Iterable[StoredMessage]) -> list[Answer]:
    """Return what the bot and agents have answered by clauses, each once, in order.

    Of the bot these are its answer cards; of an agent, messages made from a suggestion, whose
    card carries the suggestion's ``citations``.

    Args:
        kb: the knowledge base.
        messages: of the conversation, masked, in order.
    """
    told = {answer["text"]: answer for message in messages for answer in _answers(kb, message)}
    return list(told.values())


def clause(kb: KnowledgeBase, clause_id: str, heading: str = "") -> dict[str, str]:
    """Return a clause as a work order names it.

    Args:
        kb: the knowledge base.
        clause_id: ``guide/file/section.n``.
        heading: where it stands in the guide, where that was shown; '' looks it up.

    Raises:
        UnknownId: there is no such clause, and no heading was shown of it.
    """
    guide = clause_id.partition("/")[0]
    return {"id": clause_id, "heading": heading or kb.clause(clause_id).heading,
            "guide": kb.guide(guide).data.title if guide in kb.guides else ""}


def _answers(kb: KnowledgeBase, message: StoredMessage) -> Iterator[Answer]:
    card = message.card if isinstance(message.card, Mapping) else {}
    if message.author == "bot" and card.get("type") == "answer":
        yield {"text": _title(card), "citations": _clauses(kb, _cited(card))}
    elif message.author == "agent" and card.get("citations"):
        yield {"text": message.text[:LONGEST_SAID],
               "citations": _clauses(kb, card["citations"])}


def _title(card: Mapping[str, Any]) -> str:
    """Return in one line what an answer card told; its lines are in the guide."""
    known = {"region": card["region"], "title": card["title"]}
    if card.get("missing_topic"):
        return str(texts()["answered_missing"]).format(**known, topic=card["missing_topic"])
    sections = "、".join(section["title"] for section in _shown(card))
    return str(texts()["answered"]).format(**known, sections=sections or card["lead"])


def _cited(card: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for section in _shown(card):
        yield from section["lines"]
    yield from card["reasons"]


def _shown(card: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the sections that were told; folded ones are only at hand."""
    return [section for section in card["sections"] if not section.get("collapsed")]


def _clauses(
    kb: KnowledgeBase, quoted: Iterable[Mapping[str, Any]]
) -> Sequence[dict[str, str]]:
    """Return the clauses that were quoted, each once; those of an edition that is gone, too."""
    found = {}
    for line in quoted:
        clause_id = line.get("citation_id") or line.get("id") or ""
        try:
            found.setdefault(clause_id, clause(kb, clause_id, line.get("heading", "")))
        except UnknownId:
            found.setdefault(clause_id, {"id": clause_id, "heading": "", "guide": ""})
    return [named for clause_id, named in found.items() if clause_id]


__all__ = ["LONGEST_SAID", "Answer", "answered", "clause"]
