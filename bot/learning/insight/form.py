"""The questions of the form: how often each is put, what becomes of it, which are never put."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from bot.learning.insight.visits import PERSON, Visit
from bot.learning.insight.words import family_name, region_name
from knowledge.base import KnowledgeBase
from knowledge.flow import Ask, End, Flow, Lines, flow
from knowledge.outcome import UNKNOWN

_Question = tuple[str, str]
"""A family and the name of a fact."""


class Form:
    """Counts the questions that visits were asked.

    Args:
        kb: the knowledge base.
    """

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._counts: defaultdict[_Question, Counter[str]] = defaultdict(Counter)
        self._asked: set[tuple[str, str, str]] = set()

    def add(self, visit: Visit) -> None:
        """Take a visit into account."""
        for step in visit.steps:
            fact = step.turn["outcome"]["asked"]
            told = step.turn["facts"].get(step.before)
            before = (step.matter[0], step.before)
            if step.before and _is_unknown(told):
                self._counts[before]["unknown"] += 1
            if fact in self._kb.facts:
                question = (step.matter[0], fact)
                self._counts[question]["again" if fact == step.before else "asked"] += 1
                self._asked.add((step.turn["region"], *question))
        last = visit.steps[-1].turn["outcome"]["asked"] if visit.steps else ""
        if last in self._kb.facts and visit.end != PERSON:
            self._counts[visit.steps[-1].matter[0], last]["left"] += 1

    def questions(self) -> list[dict[str, Any]]:
        """Return a row for each question that was put, the most frequent first."""
        put = ((question, counts) for question, counts in self._counts.items() if counts["asked"])
        return [{**self._named(*question), "asked": counts["asked"], "again": counts["again"],
                 "unknown": counts["unknown"] / counts["asked"],
                 "left": counts["left"], "left_share": counts["left"] / counts["asked"]}
                for question, counts in sorted(put, key=lambda row: -row[1]["asked"])]

    def never(self) -> list[dict[str, Any]]:
        """Return a row for each question that some guides lead to and nobody was asked there.

        Those that were asked nowhere come first, then those of most guides.
        """
        found: defaultdict[_Question, list[str]] = defaultdict(list)
        for region, family, fact in _askable(self._kb):
            if (region, family, fact) not in self._asked:
                found[family, fact].append(region_name(self._kb, region))
        rows = [{**self._named(*question), "regions": "、".join(regions),
                 "elsewhere": self._counts[question]["asked"]}
                for question, regions in found.items()]
        return sorted(rows, key=lambda row: (row["elsewhere"] > 0, -row["regions"].count("、")))

    def _named(self, family: str, fact: str) -> Mapping[str, str]:
        known = self._kb.facts[fact]
        return {"family": family_name(self._kb, family), "fact": known.label,
                "question": known.asked_of("您")}


@lru_cache(maxsize=1)
def _askable(kb: KnowledgeBase) -> tuple[tuple[str, str, str], ...]:
    """Return (guide, family, fact) of every question that a guide's rules can lead to."""
    served = ((guide, family.id) for guide in kb.guides for family in kb.families
              if kb.items(guide, family.id))
    return tuple(dict.fromkeys((guide, family, fact) for guide, family in served
                               for fact in _asked_in(flow(kb, guide, family))))


def _asked_in(flow_: Flow) -> Iterator[str]:
    if isinstance(flow_, End):
        yield from _asked_in(flow_.then)
    elif isinstance(flow_, Lines):
        for block in flow_.blocks:
            yield from _asked_in(block)
    elif isinstance(flow_, Ask):
        yield flow_.fact
        for branch in flow_.branches:
            yield from _asked_in(branch.then)


def _is_unknown(value: Any) -> bool:
    return value == UNKNOWN or isinstance(value, Mapping) and UNKNOWN in value.values()


__all__ = ["Form"]
