"""Whether the first suggestions for an opening hold the item that a scenario card is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.evaluation.score import Figure
from bot.privacy import mask
from bot.suggest import suggest
from knowledge.store import load


def is_about(suggestion: Mapping[str, Any], item: str) -> bool:
    """Tell whether a suggestion is for an item: by the guide's own name or the catalog's labels.

    Args:
        suggestion: one of :func:`bot.suggest.suggest`.
        item: name or label of an item, of the one it is listed under, or of a family.
    """
    kb = load()
    names = {suggestion["title"], *_names(suggestion["item"])}
    if suggestion["family"]:
        names.add(kb.family(suggestion["family"]).label)
    return item in names


def _names(canonical: str) -> Iterator[str]:
    """Yield what catalog and guides call an item, and the one that it is listed under."""
    kb = load()
    for one in {canonical, kb.whole(canonical).id} if canonical else ():
        yield kb.canonical(one).label
        yield from (item.name for guide in kb.guides for item in kb.candidates(guide, one))


async def hits(assistant: Any, cards: Iterable[Mapping[str, Any]]) -> tuple[Figure, list[str]]:
    """Return of how many cards the item is suggested for the opening, and what was missed.

    The card's region counts where the opening names no place of insurance.
    """
    right, missed = 0, []
    for card in cards:
        opening, region = mask(card["opening"]).text, card.get("region") or ""
        found = await suggest(assistant, opening, region=region)
        if any(is_about(suggestion, card["item"]) for suggestion in found):
            right += 1
        else:
            titles = "、".join(suggestion["title"] or suggestion["text"] for suggestion in found)
            missed.append(f"{card['id']} {card['opening']} → {titles}, not {card['item']}")
    return Figure(right, right + len(missed)), missed


def told(figure: Figure) -> str:
    """Return a share with its 95 % interval by Wilson's method, to be printed."""
    low, high = figure.interval
    return f"{figure.right}/{figure.n} = {figure.value:.3f} (95 %: {low:.3f}–{high:.3f})"
