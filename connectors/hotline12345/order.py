"""The order of what a platform sends in a session: late, doubled, swapped, missing.

Every message and event bears a number, from 1. What comes before its turn is held until the
missing ones have come, or until it has waited long enough: then the missing are given up. All of
it is data of the conversation, so that a crash forgets nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

MOST_HELD = 20
"""Arrivals that are held; one more, and what is missing before them is given up at once."""

MOST_LISTED = 20
"""Missing numbers that are listed."""

NEW, DOUBLE, LATE, OTHER_CONTENT, OTHER_ID = "new", "double", "late", "other_content", "other_id"
"""What an arrival is: to be taken; here already; given up before it came; an id known with another
content or number; a number known with another id."""


@dataclass(frozen=True)
class Arrival:
    """A message or event of the platform, without personal data.

    Attributes:
        id: the platform's id of it.
        seq: its number.
        content: everything else of it, JSON-ready. ``shown`` in it is ours, and no part of what
            the platform sent.
    """

    id: str
    seq: int
    content: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """What tells one content from another."""
        sent = sorted((key, value) for key, value in self.content.items() if key != "shown")
        return sha256(repr(sent).encode()).hexdigest()[:16]


class Order:
    """The numbers of one session, kept in ``data`` (JSON-ready, changed in place).

    Args:
        data: ``{"next", "here", "held"}``; an empty one begins at 1. ``here`` is
            ``{id: [seq, digest, result]}`` of all that has come, with a result of None while it is
            held; ``held`` is a list of ``[since, id, seq, content]``.
        gap: seconds that an arrival waits for missing ones before it.
    """

    def __init__(self, data: dict[str, Any], gap: float) -> None:
        self._data, self._gap = data, gap
        data.setdefault("next", 1)
        data.setdefault("here", {})
        data.setdefault("held", [])

    @property
    def next(self) -> int:
        """The number that is waited for."""
        return int(self._data["next"])

    @property
    def missing(self) -> list[int]:
        """The numbers that held arrivals wait for, the first :data:`MOST_LISTED`."""
        held = {seq for _, _, seq, _ in self._data["held"]}
        near = range(self.next, max(held, default=0))[:MOST_LISTED + len(held)]
        return [number for number in near if number not in held][:MOST_LISTED]

    @property
    def deadline(self) -> float | None:
        """When the missing are given up (seconds since the epoch); None while none is missing."""
        return min((since + self._gap for since, *_ in self._data["held"]), default=None)

    def kind(self, arrival: Arrival) -> str:
        """Return what an arrival is, without taking it."""
        known = self._data["here"].get(arrival.id)
        if known:
            same = known[:2] == [arrival.seq, arrival.digest]
            return DOUBLE if same else OTHER_CONTENT
        if any(seq == arrival.seq for seq, *_ in self._data["here"].values()):
            return OTHER_ID
        return LATE if arrival.seq < self.next else NEW

    def take(self, arrival: Arrival, now: float) -> None:
        """Take a new or late arrival; for a new one, :meth:`due` says when it is its turn."""
        self._data["here"][arrival.id] = [arrival.seq, arrival.digest, None]
        if arrival.seq >= self.next:
            self._data["held"].append([now, arrival.id, arrival.seq, dict(arrival.content)])
            self._data["held"].sort(key=lambda held: held[2])

    def due(self, now: float) -> Iterator[Arrival]:
        """Yield those whose turn it is, in order, and let go of them; what is due is given up."""
        while self._data["held"]:
            if self._data["held"][0][2] > self.next and not self._gives_up(now):
                return
            _, arrival_id, seq, content = self._data["held"].pop(0)
            self._data["next"] = seq + 1
            yield Arrival(arrival_id, seq, content)

    def _gives_up(self, now: float) -> bool:
        deadline = self.deadline
        return len(self._data["held"]) > MOST_HELD or deadline is not None and deadline <= now

    def drop(self) -> None:
        """Let go of all that is held: the session is over."""
        self._data["held"].clear()

    def done(self, arrival_id: str, result: Mapping[str, Any]) -> None:
        """Keep what came of an arrival, for when it comes again."""
        self._data["here"][arrival_id][2] = dict(result)

    def result(self, arrival_id: str) -> Mapping[str, Any] | None:
        """Return what came of an arrival that is here; None while it is held."""
        result: Mapping[str, Any] | None = self._data["here"][arrival_id][2]
        return result


__all__ = [
    "DOUBLE", "LATE", "MOST_HELD", "MOST_LISTED", "NEW", "OTHER_CONTENT", "OTHER_ID", "Arrival",
    "Order",
]
