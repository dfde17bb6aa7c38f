"""When a conversation gets nowhere: a person is offered first, and sent for the second time.

Every turn passes here: what was not understood is counted, and what there is nothing on. Talk in
between (谢谢) neither helps nor counts.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import consult as consulting
from bot.dialogue import going_on
from bot.dialogue.context import Context, Turn
from bot.dialogue.questions import MANY_MISSES, person_offered
from bot.dialogue.small_talk import SMALL_TALK, person_wanted
from bot.messages import Choice, Reply, notice
from bot.plain_text import plain_text
from bot.understanding import Understanding
from bot.wording import say
from knowledge.store import KnowledgeBase

MANY_LIMITS = 2
"""Replies in a row that there is nothing, after which a person is sent for."""


def consult(kb: KnowledgeBase, context: Context, reading: Understanding) -> Turn:
    """Return the turn for a message outside the form, or a detour from it; see there."""
    turn = consulting.consult(kb, context, reading)
    return _with_person(context, turn, reading.intent in SMALL_TALK)


def conclude(kb: KnowledgeBase, context: Context) -> Turn:
    """Return the turn that ends the form; see :func:`bot.dialogue.going_on.conclude`."""
    return _with_person(context, going_on.conclude(kb, context))


def _with_person(before: Context, turn: Turn, talk: bool = False) -> Turn:
    """Return a turn with its context counted, and a person offered or sent for where it is time.

    A person is sent for once: not again while it goes on like that.
    """
    if any(reply.card.get("reason") for reply in turn.replies):
        return replace(turn, context=replace(turn.context, misses=0, limits=0))
    turn = replace(turn, context=_counted(before, turn, talk))
    if _is_missed(before, turn):
        many = turn.context.misses == MANY_MISSES
        wanted = (person_wanted("misses", say("handoff_misses")),) if many else ()
        return replace(turn, replies=(*wanted, *turn.replies))
    if not _is_silent(turn):
        return turn
    if turn.context.limits == MANY_LIMITS:
        wanted = (person_wanted("limits", say("handoff_limits")),)
        return replace(turn, replies=(*turn.replies, *wanted))
    return turn if turn.form else _offering_a_person(turn)


def _counted(before: Context, turn: Turn, talk: bool) -> Context:
    if _is_missed(before, turn):
        return turn.context
    if _is_silent(turn):
        return replace(turn.context, misses=0, limits=before.limits + 1)
    if talk and not any(reply.answers for reply in turn.replies):
        return turn.context
    return replace(turn.context, misses=0, limits=0)


def _is_missed(before: Context, turn: Turn) -> bool:
    """Tell whether a message was not understood."""
    return turn.context.misses > before.misses


def _is_silent(turn: Turn) -> bool:
    """Tell whether a turn has nothing to tell; one that answers at least a part has."""
    replies = turn.replies
    return any(r.tells_nothing for r in replies) and not any(r.answers for r in replies)


def _offering_a_person(turn: Turn) -> Turn:
    """Return a turn whose last reply has a button more; within the form the question has it."""
    *others, last = turn.replies
    reply = _with_choice(last, person_offered("limits"))
    return replace(turn, context=turn.context.offering(reply.choices), replies=(*others, reply))


def _with_choice(reply: Reply, choice: Choice) -> Reply:
    choices = (*reply.choices, choice)
    if reply.card["type"] != "answer":
        return notice(reply.card["text"], choices, silent=reply.silent)
    card = {**reply.card, "choices": [c.shown for c in choices]}
    return Reply(plain_text({**card, "reasons": []}), card, choices)


__all__ = ["MANY_LIMITS", "conclude", "consult"]
