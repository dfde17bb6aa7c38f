"""The reference pages as HTML; every page depends on nothing but the knowledge base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.reference.entries import anchor_of, sections, verbatim
from bot.reference.texts import text, texts
from knowledge.catalog import CanonicalItem, Family
from knowledge.errors import UnknownId
from knowledge.search import Hit, index_of
from knowledge.store import Guide, Item, KnowledgeBase

_ITEM_HITS, _CLAUSE_HITS = 10, 20
_LONGEST_QUERY = 100


@dataclass(frozen=True)
class Link:
    """Where a name leads to."""

    name: str
    href: str


@dataclass(frozen=True)
class Found:
    """A hit: its link, the text that matched in ``(piece, marked)`` pieces, and where it stands."""

    link: Link
    pieces: tuple[tuple[str, bool], ...]
    where: str = ""
    others: tuple[Link, ...] = ()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True,
                              lstrip_blocks=True, undefined=StrictUndefined)
    environment.globals.update(t=texts(), text=text)
    return environment


def render(template: str, **values: Any) -> str:
    """Return a page made from a template of this package."""
    given = {"query": "", "guide": None, **values}
    return _environment().get_template(template).render(given)


@lru_cache(maxsize=4)
def index_page(kb: KnowledgeBase) -> str:
    """Return the index of all guides, by region and by family."""
    families = [(family, list(_rows(kb, family))) for family in kb.families]
    return render("index.html", kb=kb, guides=kb.guides.values(),
                   families=[(family, rows) for family, rows in families if rows])


def _rows(kb: KnowledgeBase, family: Family) -> Iterator[tuple[CanonicalItem, list[Link]]]:
    """Yield the family's items with the pages they have."""
    for canonical in family.items:
        links = [Link(*page) for page in _pages_of(kb, canonical.id)]
        if links:
            yield canonical, links


def _pages_of(kb: KnowledgeBase, canonical: str) -> Iterator[tuple[str, str]]:
    for guide in kb.guides.values():
        for item in guide.items.values():
            if canonical in item.canonical:
                yield guide.data.region, address(guide.id, item.id)


def address(guide: str, item: str = "", anchor: str = "") -> str:
    """Return the path of a guide's or an item's page."""
    return "/".join(("/guide", guide, *filter(None, [item]))) + (f"#{anchor}" if anchor else "")


def flow_address(guide: str, family: str) -> str:
    """Return the path of the page on which a family's questions stand."""
    return f"/flow/{guide}/{family}"


@lru_cache(maxsize=512)
def guide_page(kb: KnowledgeBase, guide_id: str) -> str:
    """Return the page of a guide: its items by family, counters, hotlines, edition.

    Raises:
        UnknownId: there is no such guide.
    """
    guide = kb.guide(guide_id)
    families = [(family, _links(guide, kb.items(guide_id, family.id))) for family in kb.families]
    return render("guide.html", kb=kb, guide=guide,
                   families=[(family, links) for family, links in families if links],
                   flow_address=flow_address)


def _links(guide: Guide, items: Sequence[Item]) -> list[Link]:
    return [Link(item.name, address(guide.id, item.id)) for item in items]


@lru_cache(maxsize=2048)
def item_page(kb: KnowledgeBase, guide_id: str, item_id: str) -> str:
    """Return the page of an item.

    Raises:
        UnknownId: there is no such guide, or it has no such item.
    """
    guide = kb.guide(guide_id)
    item = guide.items.get(item_id)
    if item is None:
        raise UnknownId("item", item_id)
    family = kb.family_of(item.canonical[0])
    return render("item.html", kb=kb, guide=guide, item=item, others=list(_others(kb, item)),
                   family=family, flow=flow_address(guide_id, family.id),
                   sections=list(sections(kb, item)), verbatim=list(verbatim(guide, item)),
                   address=address)


def _others(kb: KnowledgeBase, item: Item) -> Iterator[tuple[Link, str, str]]:
    """Yield the same item of other guides: link, region, and where both are compared."""
    for guide in kb.guides.values():
        for canonical in item.canonical:
            other = kb.item(guide.id, canonical) if guide.id != item.guide else None
            if other:
                compare = f"/compare/{canonical}?guides={item.guide},{guide.id}"
                yield Link(other.name, address(guide.id, other.id)), guide.data.region, compare
                break


def search_page(kb: KnowledgeBase, query: str, guide_id: str = "") -> str:
    """Return what is found for a query, in one guide or in all.

    Raises:
        UnknownId: there is no such guide.
    """
    guide = kb.guide(guide_id) if guide_id else None
    query, index = query.strip()[:_LONGEST_QUERY], index_of(kb)
    items = index.find(query, guide_id, ("item",), _ITEM_HITS)
    clauses = index.find(query, guide_id, ("clause",), _CLAUSE_HITS)
    return render("search.html", kb=kb, guide=guide, query=query,
                   items=[_found_item(kb, hit) for hit in items],
                   clauses=[_found_clause(kb, hit) for hit in clauses])


def _found_item(kb: KnowledgeBase, hit: Hit) -> Found:
    if hit.guide:
        name = kb.guide(hit.guide).items[hit.file].name
        return Found(Link(name, address(hit.guide, hit.file)), _pieces(hit))
    links = tuple(Link(*page) for page in _pages_of(kb, hit.item))
    return Found(Link(kb.canonical(hit.item).label, ""), _pieces(hit), others=links)


def _found_clause(kb: KnowledgeBase, hit: Hit) -> Found:
    guide, clause = kb.guide(hit.guide), hit.clause
    name = guide.items[hit.file].name if hit.file else guide.data.title
    anchor = anchor_of(clause.id) if clause and hit.file else ""
    where = f"{guide.data.region} · {clause.heading if clause else ''}"
    return Found(Link(name, address(hit.guide, hit.file, anchor)), _pieces(hit), where)


def _pieces(hit: Hit) -> tuple[tuple[str, bool], ...]:
    """Return the text of a hit in pieces, those that match marked."""
    pieces, last = [], 0
    for start, end in hit.spans:
        pieces += [(hit.text[last:start], False), (hit.text[start:end], True)]
        last = end
    return tuple(piece for piece in (*pieces, (hit.text[last:], False)) if piece[0])


@lru_cache(maxsize=1)
def missing_page(kb: KnowledgeBase) -> str:
    """Return the page for an address at which nothing stands."""
    return render("missing.html", kb=kb)


__all__ = [
    "Found", "Link", "address", "flow_address", "guide_page", "index_page", "item_page",
    "missing_page", "render", "search_page",
]
