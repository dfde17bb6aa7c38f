"""What ``yibao kb search`` prints."""

from __future__ import annotations

from bot.errors import SetupError
from bot.stated_place import place_answered
from knowledge.search import Hit, index_of
from knowledge.store import KnowledgeBase, load


def search(query: str, region: str, limit: int) -> bool:
    """Print what is found, best first; return whether anything is.

    Raises:
        SetupError: no guide serves ``region``.
    """
    kb = load()
    hits = index_of(kb).find(query, _guide_of(region), limit=limit)
    for hit in hits:
        print(_line(kb, hit))
    if not hits:
        print(f"没有找到与“{query}”有关的事项或条文。")
    return bool(hits)


def _guide_of(region: str) -> str:
    place = place_answered(region) if region else None
    if region and not (place and place["guide"]):
        raise SetupError(f"没有收录“{region}”的指南")
    return place["guide"] if place else ""


def _line(kb: KnowledgeBase, hit: Hit) -> str:
    region = kb.guide(hit.guide).data.region if hit.guide else "各地"
    if hit.clause:
        where = f"{region} · {hit.clause.heading}"
        return f"{hit.score:.2f}  条文  {where}：{hit.text}（{hit.clause.id}）"
    name = kb.guide(hit.guide).items[hit.file].name if hit.guide else kb.canonical(hit.item).label
    also = f"（与“{hit.text}”相近）" if hit.text != name else ""
    return f"{hit.score:.2f}  事项  {region} · {name}{also}"


__all__ = ["search"]
