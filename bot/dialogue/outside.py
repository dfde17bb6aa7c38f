"""What is said to messages that no guide answers, and to the person behind any message."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.context import Context, Turn
from bot.dialogue.families import family_choice
from bot.dialogue.small_talk import people_named
from bot.matter import OUTSIDE_FROM
from bot.messages import Choice, Reply, notice
from bot.other_matters import DISTRESS, EMERGENCY, NEEDS_A_PERSON, UNTOLD
from bot.understanding import Understanding
from bot.wording import phrases, say
from knowledge.store import KnowledgeBase
from knowledge.vocabulary import Referral, fires, referral_for


def outside(kb: KnowledgeBase, context: Context, reading: Understanding) -> Turn:
    """Name the right number; keep the form open where one is, unless a person is needed now.

    Where it is not sure that the matter is none of ours, what it may be is offered.
    """
    rows = who_answers(reading)
    if reading.category in NEEDS_A_PERSON:
        return Turn(replace(context, asked="").offering(()), (_people(reading),))
    choices = () if context.asked or reading.referral else _perhaps_ours(kb, reading)
    if not choices:
        reply = notice(rows[0].say, silent=reading.category == UNTOLD)
        return Turn(context, (reply,), form=bool(context.asked))
    text = say("perhaps_ours", refusal=rows[0].say)
    return Turn(context.offering(choices), (notice(text, choices),))


def _perhaps_ours(kb: KnowledgeBase, reading: Understanding) -> tuple[Choice, ...]:
    likely = (kb.by_intent[i] for i, p in reading.ranking
              if i in kb.by_intent and p >= OUTSIDE_FROM)
    return tuple(map(family_choice, likely))


def _people(reading: Understanding) -> Reply:
    """Name who helps in distress or an emergency; in distress one of our people is wanted too."""
    rows = who_answers(reading)
    return people_named(rows[0].say, rows, "distress" if reading.category == DISTRESS else None)


def who_answers(reading: Understanding) -> tuple[Referral, ...]:
    """Return who answers, the one whose words were used first."""
    rows = referral_for(reading.category) or referral_for("其他政务")
    return tuple(sorted(rows, key=lambda row: row.id != reading.referral))


def with_care(context: Context, reading: Understanding, turn: Turn) -> Turn:
    """Put before an answer what the person needs to hear first: 120, a person, a kind word."""
    said = _said_first(context, reading)
    return replace(turn, replies=(*said, *turn.replies))


def _said_first(context: Context, reading: Understanding) -> tuple[Reply, ...]:
    if reading.category == EMERGENCY:
        return (notice(say("urgent_first"), tone="warn"),)
    if reading.category == DISTRESS:
        return (_people(reading),)
    kind_word = next((key for key in ("bereaved", "weary")
                      if fires(phrases()[key], reading.plain)), "")
    return (notice(say(kind_word)),) if kind_word else ()


__all__ = ["outside", "who_answers", "with_care"]
