"""Cells that several rows of a table share: merged ones, and blank ones that mean "as above"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.importer.pieces import DraftItem, Passage


@dataclass(frozen=True)
class Place:
    """A section of an item as its row has it.

    ``stated``: the cell holds something; ``above``: a merged cell above covers it; ``chapter``
    counts the chapters; ``first`` tells the item's first row from those below it.
    """

    item: DraftItem
    kinds: tuple[str, ...]
    chapter: int
    first: bool
    stated: bool
    above: bool


def share(places: Sequence[Place], merges_known: bool) -> list[DraftItem]:
    """Put clauses that hold for several items into files of their own, which those include.

    Where merges are not known, a blank cell takes what stands above it in its chapter, else what
    stands below; each such place is marked.
    """
    columns = dict.fromkeys(place.kinds for place in places)
    files: list[DraftItem] = []
    for kinds in columns:
        column = [p for p in places if p.kinds == kinds and p.first]
        for owner, heirs in _shares(column, merges_known).items():
            files.append(_file(column[owner], [column[n] for n in heirs], len(files) + 1))
            if not merges_known:
                _doubt([column[n] for n in heirs], column[owner], kinds[0])
    return files


def _shares(column: Sequence[Place], merges_known: bool) -> dict[int, list[int]]:
    """Return for each place that states something the places that have it from there."""
    shares: dict[int, list[int]] = {}
    for n, place in enumerate(column):
        if place.stated or (merges_known and not place.above):
            continue
        owner = _owner(column, n, merges_known)
        if owner is not None:
            shares.setdefault(owner, []).append(n)
    return shares


def _owner(column: Sequence[Place], n: int, merges_known: bool) -> int | None:
    above = next((k for k in range(n - 1, -1, -1) if column[k].stated), None)
    if merges_known:
        return above
    chapter = column[n].chapter
    if above is not None and column[above].chapter == chapter:
        return above
    below = next((k for k in range(n + 1, len(column)) if column[k].stated), None)
    return below if below is not None and column[below].chapter == chapter else None


def _file(owner: Place, heirs: Sequence[Place], number: int) -> DraftItem:
    """Move a section from its item to a file that this item and its heirs include."""
    kind = owner.kinds[0]
    shared = DraftItem(f"{owner.item.name}等事项共用的内容", stem=f"_{kind}_{number}",
                       printed_at=f"印在「{owner.item.name}」一行；按合并单元格适用于多个事项")
    moved: list[Passage] = [p for p in owner.item.passages if p.kinds == owner.kinds]
    owner.item.passages = [p for p in owner.item.passages if p not in moved]
    shared.passages = moved
    for item in [owner.item, *(heir.item for heir in heirs)]:
        if shared.stem not in item.includes:
            item.includes.append(shared.stem)
    return shared


def _doubt(heirs: Sequence[Place], owner: Place, kind: str) -> None:
    for heir in heirs:
        line = min((p.line for p in heir.item.passages if p.line), default=0)
        heir.item.doubt(f"空白单元格（{kind}）按「同上」取自「{owner.item.name}」，请核对", line)


__all__ = ["Place", "share"]
