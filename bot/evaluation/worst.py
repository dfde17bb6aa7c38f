"""The most confident errors of family and item: what to look at first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evaluation.labels import labels
from bot.evaluation.score import MEASURES, Pair
from bot.evaluation.tables import cut

MOST = 50
_TEXT_WIDTH = 76


def worst(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the rows whose family or item is wrong, the most confident first."""
    wrong = [pair for pair in pairs
             if any(MEASURES[name](*pair) is False for name in ("family", "item"))]
    return sorted(wrong, key=lambda pair: -pair[1].confidence)


def worst_report(pairs: Sequence[Pair]) -> str:
    """Return the worst fifty in Chinese, two lines each; '' where there is none."""
    words, found = labels()["worst"], worst(pairs)
    if not found:
        return ""
    lines = [words["title"].format(all=len(found), shown=min(MOST, len(found)))]
    for row, ours in found[:MOST]:
        lines.append(words["row"].format(
            id="" if row.id is None else row.id, confidence=ours.confidence,
            text=cut(row.text, _TEXT_WIDTH)))
        lines.append(words["labels"].format(
            gold=_matter(row.family, row.item), ours=_matter(ours.family, ours.item)))
    return "\n".join(lines)


def _matter(family: str | None, item: str | None) -> str:
    """Return family and item, which often bears the family's name."""
    return " / ".join(dict.fromkeys(filter(None, (family, item)))) or labels()["asked_back"]


__all__ = ["MOST", "worst", "worst_report"]
