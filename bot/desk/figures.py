"""How a desk fares, for its lead: waiting, first replies, handling, suggestions, ratings.

Counted from the events of the log (``docs/conversation-log.md``); no text is looked at.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from bot.clock import CHINA
from bot.errors import BadInput
from bot.journal.database import Database
from bot.wording import say
from knowledge.store import read_yaml

MOST_DAYS = 92
"""The longest span that is counted at once."""

_BEFORE = timedelta(days=1)
"""How long before the span is looked for what led to it: asked at night, joined in the morning."""

_HANDOVER = Path(__file__).parents[1] / "data" / "handover.yml"

Key = tuple[str, int]
"""A citizen's message: its conversation and number."""


@dataclass
class _Numbers:
    """What is counted, of one agent or of all; times in seconds."""

    asked: int = 0
    stopped: int = 0
    taken: int = 0
    waits: list[float] = field(default_factory=list)
    first_replies: list[float] = field(default_factory=list)
    handled: list[float] = field(default_factory=list)
    offered: set[Key] = field(default_factory=set)
    used: set[Key] = field(default_factory=set)
    edited: set[Key] = field(default_factory=set)
    rejected: int = 0
    ratings: dict[Key, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers as :func:`figures` describes them."""
        edited = self.edited - self.used
        taken_up, rated = len(self.used) + len(edited), Counter(self.ratings.values())
        return {
            "asked": self.asked, "stopped": self.stopped, "taken": self.taken,
            "waiting": _times(self.waits), "first_reply": _times(self.first_replies),
            "handling": _times(self.handled),
            "suggestions": {
                "offered": len(self.offered), "used": len(self.used), "edited": len(edited),
                "rejected": self.rejected,
                "acceptance": round(taken_up / len(self.offered), 4) if self.offered else None},
            "ratings": {"good": rated["good"], "bad": rated["bad"]},
        }


@dataclass
class _Stay:
    """Where a conversation stands: since when it waits, and who has it since when."""

    asked: datetime | None = None
    agent: str = ""
    joined: datetime | None = None
    replied: bool = False
    served_by: str = ""
    """Who had it last; a rating is theirs."""


def figures(database: Database, since: datetime, until: datetime) -> dict[str, Any]:
    """Return how the desk fared in a span of time (JSON-ready); blocks while it reads.

    ``{"since", "until", "all": numbers, "agents": [{"agent": 工号, **numbers}], "reasons":
    [{"reason", "text", "count"}], "rejections": [{"reason", "count"}]}``. Agents are in order of
    their numbers, reasons the most frequent first. Numbers are

    - ``asked``, ``stopped``: how often one was asked for a person, and waited no longer, unserved.
      Of an agent 0. What an agent puts back into the queue is not asked for anew.
    - ``taken``: how often a person got a conversation, from the queue, the bot or a colleague.
    - ``waiting``, ``first_reply``, ``handling``: ``{"count", "p50", "p90"}`` in seconds (None
      where there are none): from asking to the person; from getting it to their first message;
      from getting it until it was given away or ended.
    - ``suggestions``: ``offered``, messages of citizens for which there were any while a person
      at our desk had the conversation; ``used`` and
      ``edited``, those answered with one as it was, or only with a changed one; ``rejected``
      suggestions; ``acceptance``, the share used or edited of those offered (None without any).
    - ``ratings``: ``{"good", "bad"}``, the last one of each answer; an agent's are those given in
      a conversation from when they had it until somebody else did.

    What began before the span is counted when it comes about in it; what has not ended by then is
    not handled yet.

    Args:
        database: the log.
        since, until: aware times; the end is not included.

    Raises:
        DatabaseDown: the log cannot be read.
    """
    counted = _Counting(since)
    for conversation, at, kind, data in database.events(_NOTED, since - _BEFORE, until):
        counted.note(conversation, datetime.fromisoformat(at), kind, data)
    return {"since": since.isoformat(), "until": until.isoformat(), **counted.result()}


def span(days: Any, now: datetime) -> tuple[datetime, datetime]:
    """Return the last days in China, today with what there is of it so far.

    Args:
        days: how many, as it came in a request; None for today alone.
        now: the time, aware.

    Raises:
        BadInput: no number from 1 to :data:`MOST_DAYS`.
    """
    text = "1" if days is None else str(days)
    if not text.isdecimal() or not text.isascii() or not 1 <= int(text[:9]) <= MOST_DAYS:
        raise BadInput(say("bad_days", most=MOST_DAYS), "days")
    today = now.astimezone(CHINA).date()
    first = today - timedelta(days=int(text) - 1)
    return datetime.combine(first, time(), CHINA), now


class _Counting:
    """Goes through events by time, conversation by conversation.

    Args:
        since: from when on they count; those before only tell how conversations stood.
    """

    def __init__(self, since: datetime) -> None:
        self._since, self._counts = since, False
        self._all, self._agents = _Numbers(), defaultdict(_Numbers)
        self._stays: defaultdict[str, _Stay] = defaultdict(_Stay)
        self._reasons: Counter[str] = Counter()
        self._rejections: Counter[str] = Counter()

    def note(self, conversation: str, at: datetime, kind: str, data: Mapping[str, Any]) -> None:
        """Take an event into account."""
        self._counts = at >= self._since
        _NOTED[kind](self, conversation, at, data)

    def result(self) -> dict[str, Any]:
        """Return what was counted."""
        return {
            "all": self._all.as_dict(),
            "agents": [{"agent": agent, **self._agents[agent].as_dict()}
                       for agent in sorted(self._agents)],
            "reasons": [{"reason": reason, "text": _reasons().get(reason, reason), "count": count}
                        for reason, count in self._reasons.most_common()],
            "rejections": [{"reason": reason, "count": count}
                           for reason, count in self._rejections.most_common()],
        }

    def _of(self, agent: str) -> tuple[_Numbers, ...]:
        """Return what an event counts for."""
        if not self._counts:
            return ()
        return (self._all, self._agents[agent]) if agent else (self._all,)

    def _asked(self, conversation: str, at: datetime, data: Mapping[str, Any]) -> None:
        self._stays[conversation].asked = at
        for numbers in self._of(""):
            numbers.asked += 1
            self._reasons[data["reason"]] += 1

    def _stopped(self, conversation: str, at: datetime, data: Mapping[str, Any]) -> None:
        self._stays[conversation].asked = None
        for numbers in self._of(""):
            numbers.stopped += 1

    def _joined(self, conversation: str, at: datetime, data: Mapping[str, Any]) -> None:
        self._left(conversation, at, data)  # whoever it is taken over from
        before, agent = self._stays[conversation], data["agent"]
        self._stays[conversation] = _Stay(None, agent, at, served_by=agent)
        for numbers in self._of(agent):
            numbers.taken += 1
            if before.asked:
                numbers.waits.append((at - before.asked).total_seconds())
        self._offered(conversation, at, data)

    def _left(self, conversation: str, at: datetime, data: Mapping[str, Any]) -> None:
        stay = self._stays[conversation]
        for numbers in self._of(stay.agent) if stay.joined else ():
            numbers.handled.append((at - stay.joined).total_seconds())
        stay.agent, stay.joined = "", None

    def _transferred(self, conversation: str, at: datetime, data: Mapping[str, Any]) -> None:
        self._left(conversation, at, data)
        if not data["to"]:  # it waits again, and nobody has asked anew
            self._stays[conversation].asked = at

    def _ended(self, conversation: str, at: datetime, data: Mapping[str, Any]) -> None:
        self._left(conversation, at, data)
        self._stays[conversation].asked = None

    def _said(self, conversation: str, at: datetime, data: Mapping[str, Any]) -> None:
        stay, used = self._stays[conversation], data.get("used")
        for numbers in self._of(data["agent"]):
            if stay.joined and not stay.replied:
                numbers.first_replies.append((at - stay.joined).total_seconds())
            if used:
                message = (conversation, used["seq"])
                numbers.offered.add(message)  # to whoever had it before
                (numbers.edited if used["edited"] else numbers.used).add(message)
        stay.replied = True

    def _offered(self, conversation: str, at: datetime, data: Mapping[str, Any]) -> None:
        for numbers in self._of(data["agent"]) if data.get("offered") else ():
            numbers.offered.add((conversation, data["seq"]))

    def _rejected(self, conversation: str, at: datetime, data: Mapping[str, Any]) -> None:
        for numbers in self._of(data["agent"]):
            numbers.rejected += 1
        if self._counts:
            self._rejections[data["reason"]] += 1

    def _rated(self, conversation: str, at: datetime, data: Mapping[str, Any]) -> None:
        for numbers in self._of(self._stays[conversation].served_by):
            numbers.ratings[conversation, data["seq"]] = data["rating"]


_NOTED = {
    "asked_for_person": _Counting._asked, "stopped_waiting": _Counting._stopped,
    "joined": _Counting._joined, "left": _Counting._left, "ended": _Counting._ended,
    "transferred": _Counting._transferred, "said_by_agent": _Counting._said,
    "said_to_agent": _Counting._offered, "facts_edited": _Counting._offered,
    "suggestion_rejected": _Counting._rejected, "rated": _Counting._rated,
}
"""What becomes of each type of event."""


def _reasons() -> Mapping[str, str]:
    return read_yaml(_HANDOVER)["reasons"]


def _times(seconds: Sequence[float]) -> dict[str, Any]:
    ordered = sorted(seconds)
    return {"count": len(ordered), "p50": _rank(ordered, 0.5), "p90": _rank(ordered, 0.9)}


def _rank(ordered: Sequence[float], share: float) -> float | None:
    """Return the smallest value that at least a share of them do not exceed."""
    return round(ordered[ceil(share * len(ordered)) - 1], 1) if ordered else None


__all__ = ["MOST_DAYS", "figures", "span"]
