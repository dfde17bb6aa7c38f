"""Days counted for one person: what a line of a card notes, and the sentences of an answer.

Every one of them is our own counting and marked so: the guides do not say how days are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from bot.stated_dates import HANDED_IN, day_words
from bot.wording import day, say
from knowledge.day_count import Counted, announced_until
from knowledge.deadlines import (
    MARK,
    DueCase,
    LastDay,
    Stage,
    due_day,
    last_day,
    limits_in_words,
)
from knowledge.outcome import DecidedLine

Span = tuple[date, date]


@dataclass(frozen=True)
class Days:
    """The days a person stated (``{key: {"value", "until", "precision"}}``), seen from today."""

    dates: Mapping[str, Mapping[str, str]]
    today: date

    def of(self, decided: DecidedLine) -> dict[str, Any] | None:
        """Return what is counted for a line, or None; ``counted`` in ``message.schema.json``."""
        span = self._span(decided)
        if not span:
            return None
        counted = {"mark": MARK, "note": self._note(decided, span),
                   "from": span[0].isoformat(), "until": span[1].isoformat()}
        deadline = decided.rule.line.deadline
        if not deadline:
            return counted
        first = last_day(deadline, span[0])
        return {**counted, "last_day": _iso(first.by.day), "open_day": _iso(first.open_day),
                "days_left": first.days_left(self.today), "except_for": list(deadline.except_for)}

    def on_paper(self, decided: DecidedLine) -> str:
        """Return what is counted for a line, as it is still true when it is read another day."""
        span, deadline = self._span(decided), decided.rule.line.deadline
        if not span:
            return ""
        if not deadline:
            return self._note(decided, span)
        last = last_day(deadline, span[0]).by.day
        return say("counted_note", told=say("last_day_is", last=day(last))) if last else ""

    def sentences(self, decided: DecidedLine) -> str:
        """Return all that is to be said of a line that days are counted for; '' for others."""
        span = self._span(decided)
        if not span:
            return ""
        tell = self._of_deadline if decided.rule.line.deadline else self._of_limit
        return "".join(tell(decided, span)) + say("counting_is_ours")

    def is_over(self, decided: DecidedLine) -> bool:
        """Tell whether the time to hand in is over, whichever of the possible days was meant."""
        span, deadline = self._span(decided), decided.rule.line.deadline
        left = last_day(deadline, span[1]).days_left(self.today) if span and deadline else None
        return left is not None and left < 0

    def _span(self, decided: DecidedLine) -> Span | None:
        """Return the first and the last day that a line may be counted from, where one is known."""
        said = self.dates.get(key_of(decided)) or {}
        if not said.get("value"):
            return None
        span = date.fromisoformat(said["value"]), date.fromisoformat(said["until"])
        counts = decided.rule.line.deadline or any(
            stage.by for case in due_day(decided.rule.text, span[1]).cases for stage in case.stages)
        return span if counts else None

    def _note(self, decided: DecidedLine, span: Span) -> str:
        deadline = decided.rule.line.deadline
        if not deadline:
            return say("counted_note", told=_done(decided.rule.text, span[1]))
        first, latest = (last_day(deadline, start) for start in span)
        return say("counted_note", told="".join(self._until_when(first, latest)))

    def _of_deadline(self, decided: DecidedLine, span: Span) -> Iterator[str]:
        deadline = decided.rule.line.deadline
        assert deadline
        first, latest = (last_day(deadline, start) for start in span)
        name = day_words().starts[deadline.start].name
        if span[0] > self.today:
            yield say("date_ahead", name=name, day=day(span[0]))
        key = "counted_from" if span[0] == span[1] else "counted_from_one_of"
        yield say(key, name=name, day=day(span[0]), until=day(span[1]))
        yield from self._until_when(first, latest)
        yield "。"
        if self.is_over(decided) and deadline.except_for:
            yield say("exceptions", cases="、".join(deadline.except_for))
        words = limits_in_words(decided.rule.text)
        if words:
            yield say("also_in_words", words="；".join(words))

    def _of_limit(self, decided: DecidedLine, span: Span) -> Iterator[str]:
        key = "due_lead" if span[0] == span[1] else "due_lead_one_of"
        yield say(key, day=day(span[1]), done=_done(decided.rule.text, span[1]))

    def _until_when(self, first: LastDay, latest: LastDay) -> Iterator[str]:
        """Say until when to hand in: one day, or the two between which it must lie."""
        left, last = latest.days_left(self.today), latest.by.day
        if last is None or left is None:
            yield _not_announced(latest.by)
        elif left < 0:
            yield say("last_day_over", last=day(last), days=-left)
        elif first.by != latest.by and first.by.day:
            yield say("last_days_are", last=day(first.by.day), until=day(last))
        else:
            yield say("last_day_is", last=day(last))
            yield say("days_left", days=left) if left else say("last_day_today")
            yield _closed_then(latest)


def key_of(decided: DecidedLine) -> str:
    """Return what a line is counted from, as a key of the stated days; '' where it is not."""
    if decided.rule.line.deadline:
        return decided.rule.line.deadline.start
    return HANDED_IN if decided.rule.kind == "time_limits" else ""


@lru_cache(maxsize=512)
def leads_to_a_day(limit: str, today: date) -> bool:
    """Tell whether a time limit can be counted to a day, other than the day of handing in."""
    return any(stage.by and stage.by != Counted(today)
               for case in due_day(limit, today).cases for stage in case.stages)


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _closed_then(counted: LastDay) -> str:
    if counted.open_day is None:
        return say("last_day_not_announced")
    return say("last_day_open", open=day(counted.open_day)) if (
        counted.open_day != counted.by.day) else ""


def _not_announced(by: Counted) -> str:
    assert by.without_holidays
    return say("not_announced", after=day(announced_until()), plain=day(by.without_holidays))


def _done(limit: str, handed_in: date) -> str:
    """Say by when each way of handing in is done."""
    return "；".join(_case(case, handed_in) for case in due_day(limit, handed_in).cases)


def _case(case: DueCase, handed_in: date) -> str:
    stages = [stage for stage in case.stages if stage.by != Counted(handed_in)] or case.stages[-1:]
    told = "，".join(_stage(stage, handed_in, len(stages) > 1) for stage in stages)
    return (say("due_case", case=case.case) if case.case else "") + told


def _stage(stage: Stage, handed_in: date, named: bool) -> str:
    if stage.by is None:
        key = "due_uncounted_event" if stage.counted_from else "due_uncounted"
        when = say(key, event=stage.counted_from)
    elif stage.by.day is None:
        when = _not_announced(stage.by)
    elif stage.by.day == handed_in:
        when = say("due_same_day", day=day(handed_in))
    else:
        when = say("due_by", day=day(stage.by.day))
    when += say("due_assumed") if stage.assumed else ""
    return say("due_stage", stage=stage.text, day=when) if named else when


__all__ = ["Days", "key_of", "leads_to_a_day"]
