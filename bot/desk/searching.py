"""Search over items and clauses for agents; every clause found can be cited as it is."""

from __future__ import annotations

from typing import Any

from bot.errors import BadInput, UnknownId
from bot.reference.entries import anchor_of
from bot.reference.pages import address
from bot.wording import say
from knowledge.search import Hit, index_of
from knowledge.store import KnowledgeBase

LONGEST_QUERY, MOST_ITEMS = 100, 6
"""Characters of a query that count, and items that are named before clauses."""


def search(
    kb: KnowledgeBase, query: str, guide: str = "", limit: int = 20
) -> list[dict[str, Any]]:
    """Return what is found (JSON-ready), best first: a few items, then clauses.

    Each is ``{"kind", "guide", "guide_title", "region", "item", "title", "heading", "text",
    "spans", "href", "citation_id", "knowledge_version"}``. ``kind`` is ``item`` or ``clause``;
    ``item`` the canonical item's id ('' for a clause of the guide as a whole), ``title`` its name;
    ``text`` the clause, or the name that matched, ``spans`` where in it (``[start, end)``);
    ``href`` its page of the reference. An item found across guides has no guide, an item no
    heading and no clause: those are ''.

    Args:
        kb: the knowledge base.
        query: what an agent typed: names, everyday words, pinyin, initials.
        guide: id of the guide to look in; '' for all of them.
        limit: how many at most.

    Raises:
        BadInput: 404; there is no such guide.
    """
    query, index = query.strip()[:LONGEST_QUERY], index_of(kb)
    if not query:
        return []
    try:
        items = index.find(query, guide, ("item",), min(MOST_ITEMS, limit))
        clauses = index.find(query, guide, ("clause",), limit - len(items))
    except UnknownId:
        raise BadInput(say("unknown_guide"), "guide", 404) from None
    return [_found(kb, hit) for hit in (*items, *clauses)]


def _found(kb: KnowledgeBase, hit: Hit) -> dict[str, Any]:
    clause, data = hit.clause, kb.guide(hit.guide).data if hit.guide else None
    return {
        "kind": "clause" if clause else "item",
        "guide": hit.guide,
        "guide_title": data.title if data else "",
        "region": data.region if data else "",
        "item": hit.item,
        "title": _title(kb, hit),
        "heading": clause.heading if clause else "",
        "text": hit.text,
        "spans": [list(span) for span in hit.spans],
        "href": _href(hit),
        "citation_id": clause.id if clause else "",
        "knowledge_version": kb.version,
    }


def _title(kb: KnowledgeBase, hit: Hit) -> str:
    if hit.file:
        return kb.guide(hit.guide).items[hit.file].name
    return kb.canonical(hit.item).label if hit.item else kb.guide(hit.guide).data.title


def _href(hit: Hit) -> str:
    if not hit.guide:
        return ""
    anchor = anchor_of(hit.clause.id) if hit.clause and hit.file else ""
    return address(hit.guide, hit.file, anchor)


__all__ = ["LONGEST_QUERY", "MOST_ITEMS", "search"]
