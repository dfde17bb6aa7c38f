"""Why an item does not apply, in words: the same in the chat and on the 一次性告知单."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.lines import quoted
from bot.wording import say
from knowledge.outcome import Outcome, Reason
from knowledge.store import KnowledgeBase


def refusal(kb: KnowledgeBase, outcome: Outcome) -> Iterator[str]:
    """Yield that the outcome's item does not apply, why, and what may be looked at instead."""
    assert outcome.item is not None
    guide = kb.guide(outcome.guide).data.title
    yield say("not_applicable", guide=guide, item=outcome.item.name)
    yield from because(kb, outcome.failed)
    if outcome.instead:
        yield say("instead", items="、".join(item.name for item in outcome.instead))


def because(kb: KnowledgeBase, failed: Iterable[Reason]) -> list[str]:
    """Return the facts that rule somebody out, each once, with the clause that says so."""
    lines = []
    for reason in failed:
        fact = kb.facts[reason.fact]
        value = fact.option(reason.value).label if reason.value else say("unknown")
        lines.append(say("because", label=fact.label, value=value, clause=quoted(reason.clause)))
    return list(dict.fromkeys(lines))


__all__ = ["because", "refusal"]
