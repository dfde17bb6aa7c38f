"""Items to offer where a message is not understood but looks like the name of something."""

from __future__ import annotations

from knowledge.search import index_of
from knowledge.store import KnowledgeBase

_SURE = 0.5
"""Score from which a search is taken for what the person may have meant."""
_NEAR = 0.8
"""Share of the best score that others need to be offered beside it."""
_MOST = 3


def did_you_mean(kb: KnowledgeBase, text: str, guide: str = "") -> list[tuple[str, str]]:
    """Return up to three items that a message may name, best first, as (canonical id, label).

    Empty where the search is not sure: then it is better to ask openly.

    Args:
        kb: the knowledge base.
        text: what the person wrote.
        guide: id of the guide that serves them, whose items alone are offered; '' if not known.
    """
    hits = index_of(kb).find(text, guide, ("item",), _MOST)
    sure = [hit for hit in hits if hit.score >= max(_SURE, _NEAR * hits[0].score)]
    return [(hit.item, kb.canonical(hit.item).label) for hit in sure]


__all__ = ["did_you_mean"]
