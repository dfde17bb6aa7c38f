"""Which days a conversation counts: what a message asks for, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot import clock
from bot.counted import Days, key_of, leads_to_a_day
from bot.dialogue.context import Context, follows_up
from bot.facet_kinds import PERIOD
from bot.messages import Choice
from bot.stated_dates import (
    HANDED_IN,
    corrected,
    day_words,
    only_date,
    problem_with,
    stated_dates,
)
from bot.understanding import Understanding
from bot.wording import say
from knowledge.engine import Outcome, assess
from knowledge.outcome import DecidedLine
from knowledge.store import KnowledgeBase
from knowledge.vocabulary import fires, topic_in

LAST_DAY, DUE_DAY = "last_day", "due_day"
"""What is counted: until when to hand in, by when it is done."""

KINDS = {LAST_DAY: "deadlines", DUE_DAY: "time_limits"}
TIMES = "办理时限"
FACETS = {LAST_DAY: PERIOD, DUE_DAY: TIMES}
"""What is asked about when days are counted."""

_BARE = 7
"""Characters up to which a message asks nothing else beside (现在还能报吗)."""
_TELLING = 20
"""Characters up to which a message may do no more than name a day."""


def days_of(context: Context) -> Days:
    """Return the days of a conversation, seen from today."""
    return Days(context.dates, clock.today())


def countable(outcome: Outcome, what: str) -> tuple[DecidedLine, ...]:
    """Return the lines of an outcome that days can be counted by."""
    lines = (line for line in outcome.of_kind(KINDS[what]) if not line.other_case)
    if what == LAST_DAY:
        return tuple(line for line in lines if line.rule.line.deadline)
    return tuple(line for line in lines if leads_to_a_day(line.rule.text, clock.today()))


def lines_counted(kb: KnowledgeBase, context: Context, what: str) -> tuple[DecidedLine, ...]:
    """Return the lines to count by: those of the item, or what all items in question share.

    There are none before it is known whose guide answers.
    """
    if not context.region:
        return ()
    outcome = assess(kb, context.region, context.family, context.known, context.item)
    outcomes = [outcome] if outcome.item else [
        assess(kb, context.region, context.family, context.known, item.canonical[0])
        for item in outcome.instead]
    each = [countable(o, what) for o in outcomes]
    alike = len({tuple(line.rule.text for line in lines) for lines in each}) == 1
    return each[0] if alike else ()


def count_choices(context: Context, outcome: Outcome) -> Iterator[Choice]:
    """Yield buttons for what can be counted and is not yet."""
    for what, label in ((LAST_DAY, "count_last_day"), (DUE_DAY, "count_due_day")):
        lines = countable(outcome, what)
        if lines and not context.dates.get(key_of(lines[0]), {}).get("value"):
            yield Choice(say(label), {"do": "count", "what": what})


def count_leads(context: Context, outcome: Outcome) -> Iterator[str]:
    """Say what was counted, where that is what was asked for."""
    if not context.counting:
        return
    days = days_of(context)
    for line in countable(outcome, context.counting):
        said = context.dates.get(key_of(line))
        if said == {}:
            yield say("date_not_known", name=day_words().starts[key_of(line)].name)
        yield from filter(None, (days.sentences(line),))
        if days.is_over(line):
            yield say("over_ask", ask_elsewhere=say("ask_elsewhere"))


def with_days(context: Context, reading: Understanding) -> Context:
    """Return the context with the days that a message states."""
    stated = stated_dates(reading.text)
    return replace(context, dates={**context.dates, **stated}) if stated else context


def asking_for_days(
    kb: KnowledgeBase, before: Context, context: Context, reading: Understanding
) -> Context:
    """Return the context with what a message wants counted, if anything."""
    what = _wanted(before, reading)
    if not what:
        return replace(context, counting="")
    context = _with_only_date(kb, replace(context, counting=what), reading)
    others = tuple(mention for mention in reading.mentions if mention != PERIOD)
    return replace(context, facets=(FACETS[what],), mentions=others, direct=True)


def _wanted(before: Context, reading: Understanding) -> str:
    """Return what a message wants counted; '' for nothing."""
    told = set(stated_dates(reading.text))
    if before.counting and reading.insured and _only_elsewhere(before, reading):
        return before.counting
    if fires(day_words().asks_due_day, reading.plain):
        return DUE_DAY
    if HANDED_IN in told and (reading.asks or TIMES in reading.said_facets):
        return DUE_DAY
    if told and _only_tells(before, reading):
        return DUE_DAY if HANDED_IN in told else "" if reading.said_facets else LAST_DAY
    return LAST_DAY if _doubts_the_time(before, reading, bool(told - {HANDED_IN})) else ""


def _doubts_the_time(before: Context, reading: Understanding, dated: bool) -> bool:
    """Tell whether a message asks if it is too late, or until when there is time."""
    words, plain = day_words(), reading.plain
    if fires(words.not_about_days, plain):
        return False
    if fires(words.asks_last_day, plain):
        return True
    still = fires(words.still_possible, plain) and not fires(words.other_events, plain)
    if not still and PERIOD not in reading.mentions:
        return False
    if dated or _single_date(reading) or problem_with(reading.text):
        return True
    bare = len(plain) <= _BARE and bool(before.item)
    return still and (bare or fires(words.long_ago, plain))


def about_days(context: Context, reading: Understanding) -> bool:
    """Tell whether a message asks for days, whatever else the trained model sees in it.

    A topic that is asked about in so many words goes first.
    """
    return bool(context.counting) and topic_in(reading.plain) is None


def _only_tells(before: Context, reading: Understanding) -> bool:
    """Tell whether a message after an answer only names a day (12月1号看的)."""
    stays = follows_up(before, reading) or reading.family in ("", before.family)
    about = before.family and not before.asked and stays
    another = reading.item_named and reading.item != before.item
    more = another or reading.asks or reading.topic
    return bool(about) and not more and len(reading.plain) <= _TELLING


def _only_elsewhere(before: Context, reading: Understanding) -> bool:
    """Tell whether a message asks the same of another place (湖北呢)."""
    return follows_up(before, reading) and not reading.said_facets


def _single_date(reading: Understanding) -> bool:
    return any(only_date(reading.text, key) for key in day_words().starts if key != HANDED_IN)


def _with_only_date(kb: KnowledgeBase, context: Context, reading: Understanding) -> Context:
    """Take the one day of a question to be the one that is counted from."""
    lines = lines_counted(kb, context, context.counting)
    key = key_of(lines[0]) if lines else HANDED_IN if context.counting == DUE_DAY else ""
    if not key or key in stated_dates(reading.text):
        return context
    said = only_date(reading.text, key)
    return replace(context, dates={**context.dates, key: said}) if said else context


def counting_again(
    kb: KnowledgeBase, context: Context, reading: Understanding
) -> Context | None:
    """Return the context with another day than the one just counted (不对，是4月), or None."""
    if not context.counting or context.asked or not _only_corrects(reading):
        return None
    lines = lines_counted(kb, context, context.counting)
    before = context.dates.get(key_of(lines[0])) if lines else None
    if not before or not before.get("value"):
        return None
    key = key_of(lines[0])
    said = corrected(reading.text, before)
    if not said or set(stated_dates(reading.text)) - {key}:
        return None
    dates = {**context.dates, key: said}
    return replace(context, dates=dates, turn=context.turn + 1, direct=True)


def _only_corrects(reading: Understanding) -> bool:
    """Tell whether a message says no more than another day."""
    if len(reading.plain) > _TELLING or reading.item_named or reading.insured:
        return False
    return fires(day_words().corrects, reading.plain) or not reading.asks


__all__ = [
    "DUE_DAY", "FACETS", "KINDS", "LAST_DAY", "about_days", "asking_for_days", "count_choices",
    "count_leads", "countable", "counting_again", "days_of", "lines_counted", "with_days",
]
