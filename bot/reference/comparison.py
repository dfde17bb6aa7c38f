"""The page that shows an item of several guides side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.lines import condition_of, details
from bot.reference.entries import Entry, cited, for_anybody
from bot.reference.pages import address, render
from bot.reference.texts import text
from knowledge.base import Guide, KnowledgeBase, Rule
from knowledge.compare import Comparison, Row, compare
from knowledge.errors import UnknownId
from knowledge.model import SECTION_TITLES

FEWEST = 2


@dataclass(frozen=True)
class Column:
    """One guide of the comparison; ``name`` and ``href`` are '' where it lacks the item."""

    guide: Guide
    name: str
    href: str


@dataclass(frozen=True)
class Block:
    """The rows of one kind; a row is the lines of each guide, and whether they are the same.

    ``silent`` is what stands in an empty cell: a paper may be in another row, under another name.
    """

    title: str
    silent: str
    rows: tuple[tuple[bool, tuple[tuple[Entry, ...], ...]], ...]

    @property
    def same(self) -> bool:
        """Whether all guides say the same throughout."""
        return all(same for same, _ in self.rows)


def comparison_page(kb: KnowledgeBase, canonical: str, guides: Sequence[str]) -> str:
    """Return the page; without two guides named, all that have the item are compared.

    Raises:
        UnknownId: a guide or the item is not in the knowledge base.
    """
    having = [guide for guide in kb.guides if kb.item(guide, canonical)]
    chosen = list(dict.fromkeys(guides)) if len(set(guides)) >= FEWEST else having
    if not chosen:
        raise UnknownId("item", canonical)
    found = compare(kb, canonical, chosen)
    return render(
        "compare.html", kb=kb, item=kb.canonical(canonical), family=kb.family_of(canonical),
        columns=list(_columns(kb, found)), blocks=list(_blocks(kb, found)),
        offered=[kb.guide(guide) for guide in kb.guides], chosen=chosen, having=having)


def _columns(kb: KnowledgeBase, found: Comparison) -> Iterator[Column]:
    for guide, item in zip(found.guides, found.items):
        href = address(guide, item.id) if item else ""
        yield Column(kb.guide(guide), item.name if item else "", href)


def _blocks(kb: KnowledgeBase, found: Comparison) -> Iterator[Block]:
    for kind, rows in groupby(found.rows, key=lambda row: row.kind):
        silent = text("compare_no_match" if kind == "materials" else "compare_silent")
        yield Block(SECTION_TITLES[kind], silent, tuple(_row(kb, row) for row in rows))


def _row(kb: KnowledgeBase, row: Row) -> tuple[bool, tuple[tuple[Entry, ...], ...]]:
    cells = (tuple(_entry(kb, rule, row.only) for rule in cell) for cell in row.cells)
    return row.same, tuple(cells)


def _entry(kb: KnowledgeBase, rule: Rule, only: bool) -> Entry:
    decided = for_anybody(rule)
    notes = [details(decided, rule.text), text("only_here") if only else ""]
    return cited(rule.text, rule.clause, condition_of(kb.facts, decided),
                 " · ".join(filter(None, notes)))


__all__ = ["comparison_page"]
