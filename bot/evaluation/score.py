"""Comparing our readings with the labels of two annotators, and how sure the figures are.

A measure looks at one row and says right, wrong, or None: not for this row, or not labelled.
Names are compared in the squeezed form; alternatives that the annotators accept count as right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import starmap

from scipy.stats import binomtest

from bot.evaluation.labels import is_outside
from bot.evaluation.predict import IN_SCOPE, OUT_OF_SCOPE, PARTLY, UNCLEAR, Prediction
from bot.evaluation.rows import Row
from knowledge.text import squeeze

DEV_LIST = "dev_list"
LOWER_IS_BETTER = frozenset({"refused"})
"""Measures that count what should not have happened."""

Pair = tuple[Row, Prediction]


@dataclass(frozen=True)
class Figure:
    """A share of ``right`` among ``n`` rows; ``n`` is at least one.

    ``is_f1``: the share is that of hits among hits and errors of both kinds (J, the Jaccard
    index), which stands for F1 = 2J / (1 + J); see Hand, Christen & Kirielle, "F*: an
    interpretable transformation of the F-measure", 2021.
    """

    right: int
    n: int
    is_f1: bool = False

    @property
    def value(self) -> float:
        """The share, or F1; 0 to 1."""
        return self._shown(self.right / self.n)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval by Wilson's method."""
        low, high = binomtest(self.right, self.n).proportion_ci(method="wilson")
        return self._shown(low), self._shown(high)

    def _shown(self, share: float) -> float:
        return 2 * share / (1 + share) if self.is_f1 else share


def figures(pairs: Sequence[Pair]) -> dict[str, Figure]:
    """Return the figure of each measure for which ``pairs`` hold a labelled row."""
    told = {name: [hit for hit in starmap(measure, pairs) if hit is not None]
            for name, measure in MEASURES.items()}
    return {name: Figure(sum(hits), len(hits), name == "partly")
            for name, hits in told.items() if hits}


def by_source(pairs: Iterable[Pair]) -> dict[str, dict[str, Figure]]:
    """Return the figures of each ``source_type``."""
    found: dict[str, list[Pair]] = {}
    for row, prediction in pairs:
        found.setdefault(row.source_type, []).append((row, prediction))
    return {source: figures(rows) for source, rows in found.items()}


def citizens_only(pairs: Iterable[Pair]) -> list[Pair]:
    """Return the pairs without other developers' example utterances."""
    return [pair for pair in pairs if pair[0].source_type != DEV_LIST]


def _among(name: str, accepted: Iterable[str]) -> bool:
    return squeeze(name) in {squeeze(other) for other in accepted}


def _accepted_families(row: Row) -> list[str]:
    return [without_remark(f) for f in (row.family, *row.alt_families) if f]


def without_remark(family: str) -> str:
    """Return the name of a family: what follows 非医保 is a remark, not a name."""
    return re.sub(r"^(非医保).*", r"\1", squeeze(family))


def _family(row: Row, ours: Prediction) -> bool | None:
    return _among(without_remark(ours.family), _accepted_families(row)) if row.family else None


def _item(row: Row, ours: Prediction) -> bool | None:
    return None if row.item is None else _among(ours.item, (row.item, *row.alt_items))


def _facet(row: Row, ours: Prediction) -> bool | None:
    return any(_among(f, row.facets) for f in ours.facets) if row.facets else None


def _first_facet(row: Row, ours: Prediction) -> bool | None:
    """The stricter measure: of three facets of ten, one is often right by chance."""
    return any(_among(f, row.facets) for f in ours.facets[:1]) if row.facets else None


def _choices(row: Row, ours: Prediction) -> bool | None:
    accepted = _accepted_families(row)
    return any(_among(without_remark(c), accepted) for c in ours.choices) if row.family else None


def _partly(row: Row, ours: Prediction) -> bool | None:
    """Hit, or error of either kind, in telling 部分可答; None for what is rightly answered."""
    if row.scope not in (PARTLY, IN_SCOPE) or _refusal_is_accepted(row, ours):
        return None
    told = ours.scope == PARTLY
    return told if row.scope == PARTLY else False if told else None


def _outside(row: Row, ours: Prediction) -> bool | None:
    if row.scope != OUT_OF_SCOPE:
        return None
    return ours.scope == OUT_OF_SCOPE or bool(_family(row, ours))


def _refused(row: Row, ours: Prediction) -> bool | None:
    """Whether we sent away who should not be sent away."""
    if row.scope is None or row.scope == OUT_OF_SCOPE:
        return None
    return ours.scope == OUT_OF_SCOPE and not _refusal_is_accepted(row, ours)


def _refusal_is_accepted(row: Row, ours: Prediction) -> bool:
    return ours.scope == OUT_OF_SCOPE and any(map(is_outside, row.alt_families))


def _unclear(row: Row, ours: Prediction) -> bool | None:
    return ours.scope == UNCLEAR if row.scope == UNCLEAR else None


def _place(row: Row, ours: Prediction) -> bool | None:
    return None if row.region is None else place_of(row.region) == place_of(ours.region)


def _role(row: Row, ours: Prediction) -> bool | None:
    if not row.region:
        return None
    return bool(_place(row, ours)) and row.region_role == ours.region_role


def _in_kb(row: Row, ours: Prediction) -> bool | None:
    return None if row.region_in_kb is None else row.region_in_kb == ours.region_in_kb


def place_of(region: str) -> str:
    """Return the place of a label without the brackets that tell more of it: 广东(深圳) → 广东."""
    return re.sub(r"\(.*?\)", "", squeeze(region))


MEASURES: dict[str, Callable[[Row, Prediction], bool | None]] = {
    "family": _family,
    "item": _item,
    "facet": _facet,
    "first_facet": _first_facet,
    "choices": _choices,
    "partly": _partly,
    "outside": _outside,
    "refused": _refused,
    "unclear": _unclear,
    "place": _place,
    "role": _role,
    "in_kb": _in_kb,
}

__all__ = ["LOWER_IS_BETTER", "MEASURES", "Figure", "Pair", "by_source", "citizens_only",
           "figures", "place_of", "without_remark"]
