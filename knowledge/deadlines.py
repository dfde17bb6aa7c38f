"""Counting days: the last day for a citizen, the day by which an agency must be done.

No guide defines how days are counted, so every result is our own counting (:data:`MARK`) and has
to be shown as such. Where the counting can be read in two ways, the cautious one is taken: the
earlier last day for the citizen, the later day for the agency. Working days are those of
:mod:`knowledge.day_count`. Pure: dates are arguments, nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from knowledge.day_count import DAY, WORKING_DAYS, Counted, after, open_day
from knowledge.model import Deadline
from knowledge.numerals import number

MARK = "推算"
"""How every day counted here is to be marked: the guides do not define the counting."""

EVENT, START, STAGE, NO_FIGURE, YEARLY, UNCLEAR = (
    "event", "start", "stage", "no_figure", "yearly", "unclear")
"""Why a stage is not counted: it starts with an event whose day is not known; the guide does not
say with what it starts; an earlier stage is not counted; the guide names no length; it is done
at fixed times of the year that the guide does not name; the wording is not understood."""


@dataclass(frozen=True)
class LastDay:
    """The last day to hand in.

    ``first`` is the first day that counts, ``open_day`` the last working day up to the last day
    (None where holidays are not announced): counters are closed on the others.
    ``deadline.except_for`` are the cases in which the guide does not hold people to it.
    """

    deadline: Deadline
    start: date
    first: date
    by: Counted
    open_day: date | None

    def days_left(self, today: date) -> int | None:
        """Return days from ``today`` to the last day, negative once it is over; None if unknown."""
        return (self.by.day - today).days if self.by.day else None


@dataclass(frozen=True)
class Stage:
    """A part of a time limit: the guide's words, and the day by which it is done at the latest.

    ``counted_from`` is the event it starts with in the guide's words, '' for the handing in or the
    stage before. ``by`` is None where it cannot be counted; ``reason`` says why (:data:`EVENT` …).
    ``assumed`` says that the guide leaves the day open (工作日受理) and the first working day is
    taken.
    """

    text: str
    counted_from: str = ""
    by: Counted | None = None
    reason: str = ""
    assumed: bool = False


@dataclass(frozen=True)
class DueCase:
    """One way of handing in (``case``: 窗口, 线上, a condition in the guide's words, or '')."""

    case: str
    stages: tuple[Stage, ...]

    @property
    def by(self) -> Counted | None:
        """The day by which all is done at the latest; None where the last stage is not counted."""
        return self.stages[-1].by


@dataclass(frozen=True)
class Due:
    """By when an agency must be done that was handed the papers on ``handed_in``."""

    limit: str
    handed_in: date
    cases: tuple[DueCase, ...]


def last_day(deadline: Deadline, start: date) -> LastDay:
    """Return the last day to hand in by a guide's deadline.

    The cautious reading: the day of the event counts as the first one, unless the clause says
    次日起; a year or month is over the day before its date comes round (the month's last day where
    it has no such date). So one year from 2025-03-01 ends on 2026-02-28, and three years from the
    day after 2023-05-10 on 2026-05-10.

    Args:
        deadline: as the guide's file has it.
        start: the day of the event that ``deadline.start`` names.

    Raises:
        UnknownId: a unit of time that is not known.
    """
    first = start + DAY if deadline.start.endswith("次日") else start
    if deadline.unit in WORKING_DAYS:
        by = after(Counted(first - DAY), deadline.amount, deadline.unit)
    else:
        by = Counted(after(Counted(first), deadline.amount, deadline.unit).day - DAY)
    return LastDay(deadline, start, first, by, open_day(by.day))


def limits_in_words(text: str) -> tuple[str, ...]:
    """Return what a clause says of the time limit that is no count of days: 出院之前, 不允许 …"""
    found = re.finditer(r"(?<=且)[^，。；且]{2,8}之前|[^，。；]*不允许[^，。；]*", text)
    return tuple(match.group() for match in found)


def due_day(limit: str, handed_in: date, events: Mapping[str, date] | None = None) -> Due:
    """Return by when the agency must be done, for each way of handing in and stage by stage.

    The later reading: the day of handing in (complete papers) does not count, stages are added up.

    Args:
        limit: the guide's wording of a time limit.
        handed_in: the day on which the papers were handed in.
        events: the days of other events, by ``Stage.counted_from`` of an earlier call.
    """
    cases = (_counted(name, pieces, handed_in, events or {}) for name, pieces in _cases(limit))
    return Due(limit, handed_in, tuple(cases))


# --- wordings of time limits ------------------------------------------------------------------

_PIECE = re.compile(r"[，,；;/。]")
_HEADING = re.compile(r"(?:窗口|办理)——")
_CHANNEL = re.compile(r"(窗口(?:现场)?|线上|网上|平台)(?:办理)?[：:]?")
_SPAN = re.compile(r"(不超过)?(?<![0-9.第百千零一二两三四五六七八九十])"
                   r"([0-9]{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
                   r"(个?工作日|个月|年|日|天)(以?内)?")
_LENGTH = re.compile(r"[0-9]|工作日|个月|小时")
_PASSED = re.compile(r"(?:通过|合格|完成)的$")
_AT_ONCE = re.compile(r"即时|当场|当日|当天")
_ACCEPTED = re.compile(r"^(即时|当场|当日|工作日)受理$")
_TRIGGER = re.compile(r"^(?:.*的在|自|可延长至)?(.+?)(?:之日起?|起|后的?)在?$")
_FILED = re.compile(r"(?:申报|提交|提出申请)$")
_ELSEWHERE = re.compile(r"^转[出入]地")
_FIXED_TIME = re.compile(r"每年|每季|每月|次月|次年")
_MORE_THAN_ONE_READING = re.compile(r"延长(?!至)|小时|分钟|[日天月年]前")


class _Piece(NamedTuple):
    """What stands between two commas; ``lead`` is what was said before without a length."""

    text: str
    lead: str


def _cases(limit: str) -> Iterator[tuple[str, list[_Piece]]]:
    """Yield the ways of handing in, each with its stages."""
    name, pieces, lead = "", [], ""
    for text in filter(None, (p.strip() for p in _PIECE.split(_HEADING.sub("", limit)))):
        channel = _CHANNEL.match(text)
        condition = text.endswith("的") and not _PASSED.search(text)
        if (channel or condition) and pieces:
            yield name, pieces
            name, pieces, lead = "", [], ""
        if condition:
            name = text
            continue
        if channel:
            name, text = channel.group(1), text[channel.end():]
        if _tells_a_time(text):
            pieces.append(_Piece(text, lead))
            lead = ""
        else:
            lead = f"{lead}，{text}" if lead else text
    yield name, pieces or [_Piece(limit, "")]


def _tells_a_time(text: str) -> bool:
    return any(p.search(text) for p in (_SPAN, _AT_ONCE, _ACCEPTED, _FIXED_TIME))


def _counted(
    case: str, pieces: Sequence[_Piece], handed_in: date, events: Mapping[str, date]
) -> DueCase:
    stages: list[Stage] = []
    for piece in pieces:
        stages.append(_stage(piece, stages, handed_in, events))
    return DueCase(case, tuple(stages))


def _stage(
    piece: _Piece, before: Sequence[Stage], handed_in: date, events: Mapping[str, date]
) -> Stage:
    text, spans = piece.text, list(_SPAN.finditer(piece.text))
    if _ACCEPTED.match(text) and not before:
        return _acceptance(text, handed_in)
    reason = _uncountable(text, spans)
    if reason:
        return Stage(text, reason=reason)
    found = spans[0] if spans else _AT_ONCE.search(text)
    event = _event(text[: found.start()], piece.lead)
    start, reason = _start(event, text, before, handed_in, events)
    if start is None:
        return Stage(text, event, reason=reason)
    by = after(start, number(spans[0].group(2)), spans[0].group(3)) if spans else start
    return Stage(text, "" if _follows(event, before) or _FILED.search(event) else event, by)


def _acceptance(text: str, handed_in: date) -> Stage:
    if not text.startswith("工作日"):
        return Stage(text, by=Counted(handed_in))
    return Stage(text, by=after(Counted(handed_in - DAY), 1, WORKING_DAYS[0]), assumed=True)


def _uncountable(text: str, spans: Sequence[re.Match[str]]) -> str:
    if _FIXED_TIME.search(text):
        return YEARLY
    if not spans and not _AT_ONCE.search(text):
        return UNCLEAR if _LENGTH.search(text) else NO_FIGURE
    vague = any(s.group(3) in "年日天" and not (s.group(1) or s.group(4)) for s in spans)
    return UNCLEAR if len(spans) > 1 or vague or _MORE_THAN_ONE_READING.search(text) else ""


def _event(before: str, lead: str) -> str:
    """Return the event that a length counts from: named right before it, or further ahead."""
    named = _TRIGGER.match(before)
    return named.group(1) if named else re.sub(r"后$", "", lead)


def _start(
    event: str, text: str, before: Sequence[Stage], handed_in: date, events: Mapping[str, date]
) -> tuple[Counted | None, str]:
    if event in events:
        return Counted(events[event]), ""
    if _follows(event, before):
        return before[-1].by, "" if before[-1].by else STAGE
    if event and not _FILED.search(event):
        return None, EVENT
    if not event and _ELSEWHERE.match(text):
        return None, START
    return Counted(handed_in), ""


def _follows(event: str, before: Sequence[Stage]) -> bool:
    """Tell whether a length counts from the end of the stage before (业务办结后, 审核通过后)."""
    done = _SPAN.split(before[-1].text)[-1] if before else ""
    return bool(before) and event.removesuffix("通过") in done


__all__ = [
    "EVENT", "MARK", "NO_FIGURE", "STAGE", "START", "UNCLEAR", "YEARLY",
    "Counted", "Due", "DueCase", "LastDay", "Stage",
    "due_day", "last_day", "limits_in_words",
]
