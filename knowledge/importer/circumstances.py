"""Which fact a case in a guide's words speaks of: 急诊 → ``{has: [circumstances, 急诊]}``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge.catalog import Fact
from knowledge.text import squeeze

_SHORTEST = 2


def condition_for(case: str, facts: Sequence[Fact]) -> dict[str, Any] | None:
    """Return the condition that names just one fact's options in ``case``, or None.

    A draft's condition is a proposal: options that stand in the guide's words literally.
    """
    words = squeeze(case)
    found = {fact.name: (fact, values) for fact in facts if (values := _options(fact, words))}
    if len(found) != 1:
        return None
    fact, values = next(iter(found.values()))
    if fact.multiple:
        return {"has": [fact.name, values[0]]} if len(values) == 1 else None
    return {"eq": [fact.name, values[0]]} if len(values) == 1 else {"in": [fact.name, values]}


def _options(fact: Fact, words: str) -> list[str]:
    named = [option.value for option in fact.options
             if len(option.value) >= _SHORTEST and squeeze(option.value) in words]
    return [] if fact.unknowable or len(named) == len(fact.options) else named


__all__ = ["condition_for"]
