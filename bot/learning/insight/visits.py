"""What came of citizens' messages: a visit is what is said in a conversation within one week.

Conversations may go on for months in the same browser; counted by the week each week's figures
stand by themselves. People are not known: where somebody comes back in the same week it is one
visit, where two use one telephone it is one, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from bot.learning.insight.weeks import week_of
from bot.matter import OUTSIDE
from bot.messages import PRESSED
from knowledge.base import KnowledgeBase

ANSWERED, SILENT, OUT, UNCLEAR, ASKED_BACK, TALK = (
    "answered", "silent", "outside", "unclear", "asked_back", "talk")
"""What came of a message: an answer of a guide; no guide holds it; it is nothing of ours; it was
not understood; a question in return; nothing was asked."""

SOLVED, PARTLY, PERSON, LEFT = "solved", "partly", "person", "left"
"""How visits end, beside :data:`SILENT`, :data:`OUT` and :data:`UNCLEAR`: answered, and neither a
person asked for nor an answer called bad; the same, but no guide holds some of it; with a person
asked for; gone before the answer."""

ENDS = (SOLVED, PARTLY, PERSON, SILENT, OUT, UNCLEAR, LEFT)

_GIVEN = frozenset({"applies", "conditional", "not_applicable", "comparison"})
_NOTHING_MEANT = ("含糊求助", "无意义")

Matter = tuple[str, str]
"""Ids of a family and of a canonical item of it; '' for an item that was not told."""


@dataclass(frozen=True)
class Step:
    """A turn: its entry, what had been asked before it, what came of it, what it is about."""

    turn: Mapping[str, Any]
    before: str
    result: str
    matter: Matter

    @property
    def free(self) -> bool:
        """Whether it is a message of the person's own, no press and no answer to a question."""
        return is_read(self.turn) and not self.before


@dataclass
class Visit:
    """What was said in a conversation within a week: turns and events of the log, by time."""

    kb: KnowledgeBase
    conversation: str
    week: date
    entries: list[Mapping[str, Any]] = field(default_factory=list)

    @cached_property
    def steps(self) -> list[Step]:
        """The turns of the bot."""
        found: list[Step] = []
        for entry in self.entries:
            if entry["kind"] == "turn":
                before = found[-1].turn["outcome"] if found else {"asked": ""}
                matter = (entry["family"], entry["item"])
                result = result_of(self.kb, entry, before)
                found.append(Step(entry, before["asked"], result, matter))
        return found

    @cached_property
    def events(self) -> list[Mapping[str, Any]]:
        """The events."""
        return [entry for entry in self.entries if entry["kind"] == "event"]

    @cached_property
    def matters(self) -> dict[Matter, str]:
        """What it was about, with the guide that each was about ('' where none was known).

        A family without an item is left out where an item of it came up.
        """
        found = {step.matter: step.turn["region"] for step in self.steps if step.matter[0]}
        named = {family for family, item in found if item}
        return {matter: region for matter, region in found.items()
                if matter[1] or matter[0] not in named}

    def as_named(self, matter: Matter) -> Matter:
        """Return a matter with the item of its family that came up, where it has none itself."""
        named = [m for m in self.matters if m[0] == matter[0] and m[1]]
        return named[-1] if named and not matter[1] else matter

    @cached_property
    def ratings(self) -> dict[str, str]:
        """The last rating of each rated turn, by its id."""
        return {event["data"].get("turn", ""): event["data"]["rating"]
                for event in self.events if event["type"] == "rated"}

    @cached_property
    def end(self) -> str:
        """How it ended, one of :data:`ENDS`; '' where nothing was asked."""
        results = {step.result for step in self.steps}
        wished = any(event["type"] in ("asked_for_person", "joined") for event in self.events)
        if wished or "bad" in self.ratings.values():
            return PERSON if self.steps else ""
        if ANSWERED in results:
            return PARTLY if SILENT in results else SOLVED
        ends = {SILENT: SILENT, OUT: OUT, UNCLEAR: UNCLEAR, ASKED_BACK: LEFT}
        return next((end for result, end in ends.items() if result in results), "")


def visits_of(entries: Iterable[Mapping[str, Any]], kb: KnowledgeBase) -> Iterator[Visit]:
    """Yield the visits that entries of the log tell of, week by week.

    Args:
        entries: by time, as :meth:`bot.journal.database.Database.entries` yields them; no more
            than a week of them is held.
        kb: the knowledge base.
    """
    open_ones: dict[str, Visit] = {}
    now = None
    for entry in entries:
        week = week_of(entry["at"])
        if week != now:
            yield from open_ones.values()
            open_ones, now = {}, week
        conversation = entry["conversation"]
        visit = open_ones.setdefault(conversation, Visit(kb, conversation, week))
        visit.entries.append(entry)
    yield from open_ones.values()


def result_of(kb: KnowledgeBase, turn: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    """Return what came of a turn.

    Args:
        kb: the knowledge base.
        turn: its entry.
        before: the outcome of the turn before it.
    """
    outcome, kinds, asked = turn["outcome"], turn["outcome"]["types"], before["asked"]
    missed = outcome.get("misses", 0) > before.get("misses", 0)
    if outcome["status"] in _GIVEN:
        return ANSWERED
    if outcome["status"] or turn["missing_topic"]:
        return SILENT
    if "question" in kinds and not missed:
        return ASKED_BACK
    if not asked and not missed and _is_talk(kb, turn):
        return TALK
    if turn["family"] and not _is_served(kb, turn["region"], turn["family"], turn["place"]):
        return SILENT
    if not asked and is_read(turn) and turn["intents"][0][0] == OUTSIDE:
        return OUT
    # Entries of before there were misses tell it by what is offered to choose from.
    return UNCLEAR if missed or "choices" in kinds and not asked and is_read(turn) else TALK


def is_read(turn: Mapping[str, Any]) -> bool:
    """Tell whether a turn is words of a person's own that were read, no press of buttons."""
    return bool(turn["intents"]) and turn["intents"][0][0] != PRESSED


def _is_talk(kb: KnowledgeBase, turn: Mapping[str, Any]) -> bool:
    likeliest = turn["intents"][0][0] if turn["intents"] else ""
    return likeliest not in kb.by_intent and likeliest not in (OUTSIDE, *_NOTHING_MEANT, PRESSED)


@lru_cache(maxsize=4096)
def _is_served(kb: KnowledgeBase, region: str, family: str, place: str) -> bool:
    """Tell whether a guide has anything on a family; also where the place is not known yet."""
    if region in kb.guides and family in {known.id for known in kb.families}:
        return bool(kb.items(region, family))
    return not place


__all__ = [
    "ANSWERED", "ASKED_BACK", "ENDS", "LEFT", "OUT", "PARTLY", "PERSON", "SILENT", "SOLVED", "TALK",
    "UNCLEAR", "Matter", "Step", "Visit", "is_read", "result_of", "visits_of",
]
