"""What is said to messages that no guide answers, and to the person behind any message."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.context import Context, Turn
from bot.dialogue.small_talk import refer_to_people, state
from bot.messages import Reply, notice
from bot.other_matters import DISTRESS, EMERGENCY, NEEDS_A_PERSON
from bot.understanding import Understanding
from bot.wording import phrases, say
from knowledge.vocabulary import Referral, fires, referral_for


def outside(context: Context, reading: Understanding) -> Turn:
    """Name the right number; keep the form open where one is, unless a person is needed now."""
    rows = _rows(reading)
    if reading.category in NEEDS_A_PERSON:
        return refer_to_people(context, rows[0].say, rows)
    return state(context, rows[0].say)


def _rows(reading: Understanding) -> tuple[Referral, ...]:
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
        rows = _rows(reading)
        return refer_to_people(context, rows[0].say, rows).replies
    kind_word = next((key for key in ("bereaved", "weary")
                      if fires(phrases()[key], reading.plain)), "")
    return (notice(say(kind_word)),) if kind_word else ()


__all__ = ["outside", "with_care"]
