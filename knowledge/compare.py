"""The same item in several guides, side by side: which lines they share, where they differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.base import Item, KnowledgeBase, Rule
from knowledge.text import squeeze

KINDS = ("audience", "materials", "time_limits", "deadlines", "channels", "level", "fee")
"""Kinds of lines that are compared, in the order of showing."""

SAME_PAPER = 62.0
"""Similarity (0–100) from which two materials of different guides stand in one row."""

UNLIKE = 50.0
"""Similarity (0–100) below which nothing in a guide resembles a paper of another one."""

_DETAILS = re.compile(r"[《》()。,;:、\s]|原件|复印件|加盖[^,;。()]*章|一式两份")


@dataclass(frozen=True)
class Row:
    """What the guides say on one point: ``cells[n]`` are the lines of the n-th guide.

    A row of materials holds one paper, a row of another kind all lines of the kind. ``same`` says
    that all guides that have the item say it in the same words, ``only`` that a paper stands in
    one guide and that nothing in the others resembles it.
    """

    kind: str
    cells: tuple[tuple[Rule, ...], ...]
    same: bool
    only: bool = False


@dataclass(frozen=True)
class Comparison:
    """An item in several guides; ``items[n]`` is None where the n-th guide does not have it."""

    canonical: str
    guides: tuple[str, ...]
    items: tuple[Item | None, ...]
    rows: tuple[Row, ...]

    @property
    def differences(self) -> tuple[Row, ...]:
        """The rows in which the guides that have the item differ."""
        return tuple(row for row in self.rows if not row.same)


def compare(kb: KnowledgeBase, canonical: str, guides: Sequence[str]) -> Comparison:
    """Return an item of several guides side by side.

    Args:
        canonical: canonical item id.
        guides: guide ids, in the order of showing; two at least.

    Raises:
        UnknownId: a guide or the item is not in the knowledge base.
    """
    items = tuple(kb.item(guide, canonical) for guide in guides)
    rows = tuple(row for kind in KINDS for row in _rows(kind, items))
    return Comparison(canonical, tuple(guides), items, rows)


def _rows(kind: str, items: Sequence[Item | None]) -> Iterator[Row]:
    lines = [item.of_kind(kind) if item else () for item in items]
    table = aligned(lines) if kind == "materials" else [tuple(lines)]
    for cells in table:
        if any(cells):
            only = kind == "materials" and _only(cells, lines)
            yield Row(kind, cells, _agree(cells, items), only)


def _agree(cells: Sequence[tuple[Rule, ...]], items: Sequence[Item | None]) -> bool:
    present = (cell for cell, item in zip(cells, items) if item)
    return len({"".join(map(_wording, cell)) for cell in present}) <= 1


def _only(cells: Sequence[tuple[Rule, ...]], columns: Sequence[Sequence[Rule]]) -> bool:
    own = [n for n, cell in enumerate(cells) if cell]
    others = [rule for n, column in enumerate(columns) if n not in own for rule in column]
    return len(own) == 1 and bool(others) and all(
        fuzz.partial_ratio(_paper(rule), _paper(other)) < UNLIKE
        for rule in cells[own[0]] for other in others)


def _wording(rule: Rule) -> str:
    said = squeeze(rule.line.when_text + rule.text)
    return rule.line.modality + re.sub(r"[。,;:、()]", "", said)


def aligned(columns: Sequence[Sequence[Rule]]) -> list[tuple[tuple[Rule, ...], ...]]:
    """Return one row for each line: what seems the same line stands side by side."""
    rows: list[list[tuple[Rule, ...]]] = []
    for n, column in enumerate(columns):
        taken = _matches(rows, column)
        for m, rule in enumerate(column):
            if m in taken:
                rows[taken[m]][n] = (rule,)
            else:
                rows.append([(rule,) if k == n else () for k in range(len(columns))])
    return [tuple(row) for row in rows]


def _matches(rows: Sequence[Sequence[tuple[Rule, ...]]], column: Sequence[Rule]) -> dict[int, int]:
    """Return ``{line of the column: row}``, the likest pairs first, each at most once."""
    scored = sorted(((_likeness(rule, row), -m, -n) for n, row in enumerate(rows)
                     for m, rule in enumerate(column)), reverse=True)
    taken: dict[int, int] = {}
    for score, m, n in scored:
        if score >= SAME_PAPER and -m not in taken and -n not in taken.values():
            taken[-m] = -n
    return taken


def _likeness(rule: Rule, row: Sequence[tuple[Rule, ...]]) -> float:
    """Return how much a material is like the likest of a row, 0–100."""
    others = [other for cell in row for other in cell if other.line.effect == rule.line.effect]
    return max((_same(_paper(rule), _paper(other)) for other in others), default=0.0)


def _same(one: str, other: str) -> float:
    """Return the best of: the same in order, one within the other, the same characters."""
    shared = len(set(one) & set(other)) / max(len(set(one) | set(other)), 1)
    within = fuzz.partial_ratio(one, other) if min(len(one), len(other)) >= 3 else 0.0
    return max(fuzz.ratio(one, other), 0.9 * within, 85 * shared)


def _paper(rule: Rule) -> str:
    return _DETAILS.sub("", squeeze(rule.text))


__all__ = ["KINDS", "Comparison", "Row", "aligned", "compare"]
