"""How good drafts are: precision and recall per field against the curated files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.base import Guide, Item
from knowledge.importer.importing import import_guide
from knowledge.importer.names import likeness
from knowledge.model import ItemFile
from knowledge.text import squeeze

FIELDS = ("names", "audience", "services", "materials", "time_limits", "channels", "steps", "level",
          "basis", "fee", "notes", "evaluation", "contacts", "supervision", "canonical",
          "conditional", "choices", "deadlines")
"""Fields that are measured, in the order of showing."""
PRINTED = FIELDS[1:14]
"""Fields that are clauses under a heading; for them :attr:`Measured.whole` counts as well."""
_INNER_NUMBER = re.compile(r"[①-⑳]|(?<=[：；。])\s*\d{1,2}[.、．](?!\d)")
_PARTS = re.compile("[。;:]+")
_SAME_PLACE, _SAME_NAME = 0.5, 90.0


@dataclass(frozen=True)
class Score:
    """Counts of one field: what drafts have right, what they have, what the curated files have."""

    right: int
    drafted: int
    curated: int

    @property
    def precision(self) -> float:
        """Share of what is drafted that is right; 1 where nothing is drafted."""
        return self.right / self.drafted if self.drafted else 1.0

    @property
    def recall(self) -> float:
        """Share of what is curated that is drafted; 1 where nothing is curated."""
        return self.right / self.curated if self.curated else 1.0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.drafted + other.drafted,
                     self.curated + other.curated)


@dataclass(frozen=True)
class Measured:
    """Scores of a guide's draft by field; ``missing`` and ``extra`` name items that do not pair.

    ``scores`` compare wording, parted at stops and colons; ``whole`` compare whole clauses, so
    that a clause divided at another place counts as wrong. ``mirrored`` tells whether the drafts
    hold the whole text.
    """

    guide: str
    items: int
    unclear: int
    scores: Mapping[str, Score]
    whole: Mapping[str, Score]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    mirrored: bool


def measure(curated: Guide, path: Path) -> Measured:
    """Import the guide in ``path`` afresh and compare it with its curated files."""
    imported = import_guide(path, curated.data.region)
    drafted = imported.kb.guide(imported.guide)
    pairs, missing, extra = _paired(drafted, curated)
    scores, whole = _none(), _none()
    for ours, theirs in pairs:
        for field in FIELDS:
            both = _values(ours, field), _values(theirs, field)
            whole[field] += _score(*both)
            scores[field] += _score(*map(_wording, both)) if field in PRINTED else _score(*both)
    scores["names"] += Score(0, len(extra), len(missing))
    return Measured(curated.id, len(curated.items), imported.unclear, scores, whole,
                    tuple(missing), tuple(extra), imported.whole)


def _none() -> dict[str, Score]:
    return {field: Score(0, 0, 0) for field in FIELDS}


def _score(ours: Counter[str], theirs: Counter[str]) -> Score:
    return Score(sum((ours & theirs).values()), sum(ours.values()), sum(theirs.values()))


def _paired(drafted: Guide, curated: Guide) -> tuple[list[tuple[Item, Item]], list[str], list[str]]:
    """Pair items by where they stand, else by name; each is in one pair only.

    A drafted item that no curated file covers is not counted as wrong where nobody curated that
    stretch of the guide yet.
    """
    left = dict(drafted.items)
    pairs, missing = [], []
    for theirs in curated.items.values():
        ours = max(left.values(), key=lambda item: _closeness(item, theirs), default=None)
        if ours is None or _closeness(ours, theirs) < _SAME_PLACE:
            missing.append(theirs.name)
            continue
        pairs.append((left.pop(ours.id), theirs))
    claimed = _places(file.spans for file in curated.files.values())
    extra = [item.name for item in left.values()
             if len(_of(item) & claimed) > _SAME_PLACE * len(_of(item))]
    return pairs, missing, extra


def _closeness(ours: Item, theirs: Item) -> float:
    both, either = len(_of(ours) & _of(theirs)), len(_of(ours) | _of(theirs))
    same = likeness(ours.name, theirs.name)
    overlap = both / either if either else 0.0
    return overlap + same / 1000 + _SAME_PLACE * (same >= _SAME_NAME)


def _of(item: Item) -> set[int]:
    return _places([item.data.spans])


def _places(spans: Iterable[Iterable[tuple[int, int]]]) -> set[int]:
    return {at for each in spans for start, end in each for at in range(start, end)}


def _values(item: Item, field: str) -> Counter[str]:
    """Return what an item has in a field, squeezed for comparison."""
    data: ItemFile = item.data
    if field == "names":
        return Counter([squeeze(data.name)])
    if field == "canonical":
        return Counter(item.canonical)
    if field == "conditional":
        return Counter(squeeze(rule.text) for rule in item.of_kind("materials")
                       if rule.line.when_text)
    if field == "choices":
        return Counter(name for rule in item.of_kind("materials")
                       for name in _leaves(rule.line.parts))
    if field == "deadlines":
        return Counter(f"{r.line.deadline.amount}{r.line.deadline.unit}"
                       for r in item.of_kind("deadlines") if r.line.deadline)
    return _clauses(item, field)


def _clauses(item: Item, kind: str) -> Counter[str]:
    """Return the clauses of a kind: those printed under it, or those a joint heading gives it."""
    own = {c.id: c for c in item.clauses.values()
           if c.kind == kind or c.kind.startswith(f"{kind}_")}
    if not own:
        own = {r.clause.id: r.clause for r in item.of_kind(kind)}
    return Counter(_bare(clause.text) for clause in own.values() if _bare(clause.text))


def _wording(clauses: Counter[str]) -> Counter[str]:
    """Return what clauses say, parted at stops and colons: where one ends counts no more."""
    return Counter(part for text, times in clauses.items() for _ in range(times)
                   for words in _PARTS.split(text) if (part := words.strip("()")))


def _bare(text: str) -> str:
    return squeeze(_INNER_NUMBER.sub("。", text)).rstrip("。;.,").strip("—-")


def _leaves(part: object) -> list[str]:
    children = getattr(part, "children", ())
    if not children:
        name = getattr(part, "name", "") or getattr(part, "text", "")
        return [squeeze(name)] if name else []
    return [leaf for child in children for leaf in _leaves(child)]


def total(measured: Iterable[Measured]) -> dict[str, Score]:
    """Return the scores of several guides taken together."""
    sums = _none()
    for each in measured:
        for field in FIELDS:
            sums[field] += each.scores[field]
    return sums


__all__ = ["FIELDS", "Measured", "PRINTED", "Score", "measure", "total"]
