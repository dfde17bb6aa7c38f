"""What is not answered, by topic and in people's own words.

Words are shown only where at least :data:`FEWEST` visits said alike: what one person alone writes
may point to that person, however well it is masked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from bot.learning.inbox.grouping import groups_of
from bot.learning.inbox.proposals import label_fields
from bot.learning.insight.visits import OUT, SILENT, UNCLEAR, Matter, Step, Visit
from bot.learning.insight.weeks import of_late
from bot.learning.insight.words import insight_words, matter_name, region_name
from bot.learning.keys import key_of
from bot.privacy import mask
from knowledge.base import KnowledgeBase

FEWEST = 3
"""Visits from which on words are shown."""

MOST_TEXTS = 3000
"""Texts that are compared with one another, those said most often; the rest is counted only."""

_LONGEST = 80
"""Characters of an example."""

Row = dict[str, Any]


@dataclass
class _Said:
    """A text that was not answered: why, the topic, who said it (conversation and week), when."""

    text: str
    why: str
    topic: str
    visits: set[tuple[str, date]] = field(default_factory=set)
    at: str = ""

    def as_message(self, key: str) -> dict[str, Any]:
        """Return it as :func:`bot.learning.inbox.grouping.groups_of` takes it."""
        return {"key": key, "text": self.text, "at": self.at, "times": len(self.visits),
                "weight": 1.0, "evidence": "agent", "said": self,
                "proposed": label_fields(self.why, topic=self.topic)}


class Unanswered:
    """Counts what was not answered.

    Args:
        kb: the knowledge base.
        weeks: the Mondays of the weeks of the period.
    """

    def __init__(self, kb: KnowledgeBase, weeks: Sequence[date]) -> None:
        self._kb, self._weeks = kb, weeks
        self._topics: defaultdict[str, Counter[date]] = defaultdict(Counter)
        self._matters: defaultdict[str, Counter[Matter]] = defaultdict(Counter)
        self._lacking: Counter[tuple[str, Matter]] = Counter()
        self._said: dict[str, _Said] = {}

    def add(self, visit: Visit) -> None:
        """Take a visit into account."""
        topics = {step.turn["missing_topic"]: step.matter for step in visit.steps}
        for topic, matter in topics.items():
            if topic:
                self._topics[topic][visit.week] += 1
                self._matters[topic][visit.as_named(matter)] += 1
        self._lacking.update({
            (step.turn["region"], visit.as_named(step.matter)) for step in visit.steps
            if step.result == SILENT and step.turn["region"] and not step.turn["missing_topic"]})
        for step in visit.steps:
            if step.free and step.result in (SILENT, OUT, UNCLEAR):
                self._add_text(visit, step)

    def _add_text(self, visit: Visit, step: Step) -> None:
        turn = step.turn
        key = key_of(turn["text"])
        topic = turn["missing_topic"] or turn.get("category", "")
        said = self._said.setdefault(key, _Said(turn["text"], step.result, topic))
        said.visits.add((visit.conversation, visit.week))
        said.at = turn["at"]

    def topics(self) -> list[Row]:
        """Return a row for each topic that no guide holds, the most frequent first."""
        examples = {theme["topic"]: theme["example"] for theme in reversed(self.themes)}
        rows = [{
            "topic": topic, "visits": sum(weeks.values()),
            **of_late([weeks[week] for week in self._weeks]),
            "matter": self._most_usual(topic), "example": examples.get(topic, ""),
        } for topic, weeks in self._topics.items()]
        return sorted(rows, key=lambda row: -row["visits"])

    def _most_usual(self, topic: str) -> str:
        (matter, _), = self._matters[topic].most_common(1)
        return matter_name(self._kb, *matter)

    def lacking(self) -> list[Row]:
        """Return a row for each matter that people asked for where the guide does not have it."""
        return [{"region": region_name(self._kb, region), "item": matter_name(self._kb, *matter),
                 "visits": count} for (region, matter), count in self._lacking.most_common()]

    @cached_property
    def themes(self) -> list[Row]:
        """A row for each group of like texts, the most frequent first, without the small ones."""
        often = sorted(self._said.items(), key=lambda said: -len(said[1].visits))[:MOST_TEXTS]
        found = [_theme([member["said"] for member in group["messages"]])
                 for group in groups_of([said.as_message(key) for key, said in often])]
        return sorted((row for row in found if row["visits"] >= FEWEST),
                      key=lambda row: -row["visits"])

    @property
    def texts(self) -> int:
        """How many different texts were not answered."""
        return len(self._said)


def _theme(said: Sequence[_Said]) -> Row:
    # What most said, then what is shortest, has least of any one person in it. Masked once more:
    # the rules may have got better since it was logged.
    best = min(said, key=lambda one: (-len(one.visits), len(one.text)))
    example = mask(best.text).text
    shown = example if len(example) <= _LONGEST else example[:_LONGEST] + "…"
    return {"why": insight_words()["why"][best.why], "topic": best.topic, "example": shown,
            "visits": len(set().union(*(one.visits for one in said))), "texts": len(said)}


__all__ = ["FEWEST", "MOST_TEXTS", "Unanswered"]
