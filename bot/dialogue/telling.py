"""What is said beside the answer of a turn: what was noted, what changes nothing, what waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.dialogue.context import Context, Turn, follows_up
from bot.dialogue.explain import said_facts
from bot.dialogue.several import order_of_matters
from bot.lines import quoted
from bot.messages import Reply, notice
from bot.understanding import Understanding
from bot.wording import say
from knowledge.engine import UNKNOWN
from knowledge.store import KnowledgeBase


def told_apart(
    kb: KnowledgeBase, before: Context, reading: Understanding, turn: Turn
) -> Turn:
    """Return a turn with what has to be said before its replies; no answer is given twice.

    Args:
        before: the context before the message.
    """
    if _repeats(before, reading, turn):
        facts = _news(kb, before, turn.context)
        text = say("noted_no_change", facts=facts) if facts else say("same_as_before")
        silent = any(reply.tells_nothing for reply in turn.replies)
        return replace(turn, replies=(notice(text, silent=silent),))
    said = (*order_of_matters(kb, turn.context, reading), *_on_filing(kb, turn.context, reading),
            *_noted(kb, before, turn), *_promised(before, reading, turn))
    return replace(turn, replies=(*said, *turn.replies))


def _repeats(before: Context, reading: Understanding, turn: Turn) -> bool:
    """Tell whether the reply is the last answer again, although nothing was asked by name."""
    texts = [reply.text for reply in turn.replies]
    asked = reading.said_facets or reading.item_named or not follows_up(before, reading)
    return not asked and bool(before.last) and texts == [before.last]


def _noted(kb: KnowledgeBase, before: Context, turn: Turn) -> Iterator[Reply]:
    """Acknowledge what was told while something else was asked."""
    facts = _news(kb, before, turn.context)
    if before.asked and turn.form and not turn.replies and facts:
        yield notice(say("noted", facts=facts))


def _promised(before: Context, reading: Understanding, turn: Turn) -> Iterator[Reply]:
    """Say of what was asked in between, and depends on the open question, that it will be told."""
    if before.asked and turn.form and not turn.replies and reading.said_facets:
        yield notice(say("answered_after", facets="、".join(reading.said_facets)))


def _news(kb: KnowledgeBase, before: Context, after: Context) -> str:
    """Return in words the facts that a message told: those that were not known so before."""
    told = {name: fact["value"] for name, fact in after.facts.items()
            if fact["source"] != "item" and before.known.get(name) != fact["value"]}
    return said_facts(kb, _single(told))


def _single(told: dict) -> Iterator[tuple[str, str]]:
    for name, value in told.items():
        if isinstance(value, dict):
            yield from ((name, option) for option, held in value.items() if held is True)
        elif value != UNKNOWN:
            yield name, value


def _on_filing(kb: KnowledgeBase, context: Context, reading: Understanding) -> Iterator[Reply]:
    """Say that the guides of two places disagree on where a transfer is filed."""
    if not reading.filing or not context.region:
        return
    lines = [say("filing_disagrees")]
    for said in reading.filing:
        clause = quoted(kb.clause(said["clause"])) if said["clause"] else ""
        lines.append(say("files_at", guide=kb.guide(said["guide"]).data.title,
                         end=said["filed_at"], clause=clause))
    lines.append(say("filing_used", guide=kb.guide(context.region).data.title))
    yield notice("\n".join(lines))


__all__ = ["told_apart"]
