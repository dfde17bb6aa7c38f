"""What a citizen tells while a person answers them, and going on where the bot was afterwards."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.candidates import told
from bot.dialogue.context import Context, Turn
from bot.dialogue.counting import with_days
from bot.dialogue.needs_person import conclude
from bot.dialogue.questions import ask, pending
from bot.understanding import Understanding
from knowledge.store import KnowledgeBase


def listened(
    kb: KnowledgeBase, context: Context, reading: Understanding, answers: bool
) -> Context:
    """Return the context with the facts, the place and the matter that a message tells.

    Args:
        kb: the knowledge base.
        context: before the message.
        reading: the message.
        answers: whether it may be an answer to the bot's open question. Once a person has
            spoken it is not: who says 是的 then says it to them.
    """
    after = with_days(told(kb, heard_in(context, reading, answers), reading), reading)
    return replace(after, asked=context.asked, choices=context.choices)


def heard_in(context: Context, reading: Understanding, answers: bool) -> Context:
    """Return the context to read a message in; buttons tell by themselves what they answer."""
    if answers or reading.choice is not None:
        return context
    return replace(context, asked="", choices={})


def same_so_far(before: Context, after: Context) -> bool:
    """Tell whether a message has changed nothing that the open question hangs on."""
    return _known(before) == _known(after)


def _known(context: Context) -> tuple[object, ...]:
    return (context.known, context.dates, context.region, context.place, context.family,
            context.item, context.asks_for)


def resume(kb: KnowledgeBase, context: Context, now: float) -> Turn:
    """Go on with a form that a person has interrupted, by what is known by now.

    Args:
        kb: the knowledge base.
        context: as it is by now.
        now: the time, in seconds since the epoch.

    Returns:
        The next question, or the outcome where nothing is left to ask.
    """
    context = replace(context, asked="", choices={}, misses=0, limits=0)
    turn = Turn(context, form=True) if pending(kb, context) else conclude(kb, context)
    if not turn.form:
        return turn
    asked = ask(kb, turn.context, now)
    return Turn(asked.context, (*turn.replies, *asked.replies), form=bool(asked.replies))


__all__ = ["heard_in", "listened", "resume", "same_so_far"]
