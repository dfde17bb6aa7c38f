"""The question for the day that is counted from, and reading the answers to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot import clock
from bot.counted import key_of
from bot.dialogue.choosing import chosen, commands
from bot.dialogue.context import Context, Turn
from bot.dialogue.counting import FACETS, lines_counted
from bot.free_speech import says_unknown
from bot.messages import Choice, notice, question
from bot.stated_dates import date_answered, day_words, has_cue, problem_with
from bot.understanding import Understanding
from bot.wording import say
from knowledge.store import Clause, KnowledgeBase
from knowledge.vocabulary import fires

DATE = "date"
"""The value of ``asked`` while the question is for a day."""


@dataclass(frozen=True)
class DateQuestion:
    """The day to ask for: its key among the stated days, and the clauses that count from it."""

    key: str
    why: tuple[Clause, ...]


def date_question(kb: KnowledgeBase, context: Context) -> DateQuestion | str:
    """Return the question for the day that is to be counted from, or '' where none is open."""
    if not context.counting:
        return ""
    lines = lines_counted(kb, context, context.counting)
    if not lines or key_of(lines[0]) in context.dates:
        return ""
    return DateQuestion(key_of(lines[0]), tuple(line.rule.clause for line in lines))


def ask_date(
    kb: KnowledgeBase, asked: DateQuestion, context: Context, why: str, ways_out: Iterable[Choice]
) -> Turn:
    """Ask for a day; the context remembers that it was asked and which buttons are open."""
    start = day_words().starts[asked.key]
    text = start.question
    if context.asked == DATE and context.misses:
        text = f"{say('date_not_understood')}\n{text}"
    choices = [Choice(label, {"do": DATE, "days": n}) for label, n in start.offered.items()]
    others = [Choice(say("unknown"), {"do": DATE, "days": None}), *ways_out]
    title = say("question_title", region=kb.guide(context.region).data.region,
                name=kb.family(context.family).name)
    reply = question(text, choices, False, others, title, why)
    return Turn(replace(context, asked=DATE).offering(reply.choices), (reply,))


def read_date(
    kb: KnowledgeBase, context: Context, reading: Understanding
) -> Mapping[str, Any] | None:
    """Return ``{"date": key, "said": …}`` for an answer to the open question, else None.

    ``said`` is a day as conversations keep it, ``{}`` where the person does not know it.
    """
    asked = date_question(kb, context)
    if not isinstance(asked, DateQuestion):
        return None
    said = None
    if reading.choice is None and not _asks_something_else(reading, asked.key):
        said = {} if says_unknown(reading.plain) else date_answered(reading.text, asked.key)
    if said is None:
        said = _pressed(context, chosen(context, reading))
    return None if said is None else {"date": asked.key, "said": said}


def _pressed(context: Context, ids: tuple[str, ...]) -> dict[str, str] | None:
    """Return the day that a pressed button stands for; None for stale and other buttons."""
    pressed = commands(context, ids)
    if [command["do"] for command in pressed] != [DATE]:
        return None
    if pressed[0]["days"] is None:
        return {}
    value = (clock.today() + timedelta(days=pressed[0]["days"])).isoformat()
    return {"value": value, "until": value, "precision": "day"}


def _asks_something_else(reading: Understanding, key: str) -> bool:
    words = day_words()
    about_days = fires((*words.asks_last_day, *words.still_possible, *words.asks_due_day),
                       reading.plain)
    return reading.asks and not about_days and not has_cue(reading.text, key)


def take_date(context: Context, reply: Mapping[str, Any]) -> Context:
    """Return the context with an answer of :func:`read_date` entered."""
    return replace(context, dates={**context.dates, reply["date"]: dict(reply["said"])})


def problem_first(context: Context, reading: Understanding, turn: Turn) -> Turn:
    """Say before anything else of a turn about days what is wrong with the day that was said."""
    about_days = turn.context.counting or context.asked == DATE
    problem = problem_with(reading.text) if about_days else ""
    if not problem:
        return turn
    return replace(turn, context=replace(turn.context, misses=0),
                   replies=(notice(problem), *turn.replies))


def counting_pressed(
    kb: KnowledgeBase, context: Context, pressed: list[Mapping[str, Any]]
) -> Context:
    """Return the context in which what a pressed button stands for is counted."""
    what = pressed[0]["what"]
    context = replace(context, counting=what, facets=(FACETS[what],), mentions=(), direct=True)
    lines = lines_counted(kb, context, what)
    unknown = lines and not context.dates.get(key_of(lines[0]), {}).get("value")
    dates = {k: v for k, v in context.dates.items() if not unknown or k != key_of(lines[0])}
    return replace(context, dates=dates)


__all__ = [
    "DATE", "DateQuestion", "ask_date", "counting_pressed", "date_question", "problem_first",
    "read_date", "take_date",
]
