"""How many ask, about what and where, and how it ends; by week, region, matter and facet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.evaluation.score import Figure
from bot.learning.insight.visits import (
    ANSWERED,
    ASKED_BACK,
    ENDS,
    PERSON,
    SILENT,
    SOLVED,
    Matter,
    Visit,
)
from bot.learning.insight.weeks import of_late
from bot.learning.insight.words import family_name, matter_name, region_name
from knowledge.base import KnowledgeBase

Row = dict[str, Any]

_ABOUT_A_MATTER = (ANSWERED, ASKED_BACK, SILENT)


class Asking:
    """Counts visits in which something was asked.

    Args:
        kb: the knowledge base.
        weeks: the Mondays of the weeks of the period.
    """

    def __init__(self, kb: KnowledgeBase, weeks: Sequence[date]) -> None:
        self._kb, self._weeks = kb, weeks
        self._ends: defaultdict[date, Counter[str]] = defaultdict(Counter)
        self._models: defaultdict[date, Counter[str]] = defaultdict(Counter)
        self._regions: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._facets: Counter[str] = Counter()
        self._places: Counter[str] = Counter()
        self._asked: Counter[tuple[date, str, Matter]] = Counter()
        self._came_of: defaultdict[Matter, Counter[str]] = defaultdict(Counter)

    def add(self, visit: Visit) -> None:
        """Take a visit into account."""
        self._ends[visit.week].update(visit.ratings.values())
        if not visit.end:
            return
        self._ends[visit.week][visit.end] += 1
        self._models[visit.week].update(step.turn["model_version"] for step in visit.steps)
        for region in {step.turn["region"] for step in visit.steps[-1:]}:
            self._regions[region][visit.end] += 1
        self._facets.update({facet for step in visit.steps for facet in step.turn["facets"]
                             if step.free and step.result in _ABOUT_A_MATTER})
        self._places.update({step.turn["place"] for step in visit.steps
                             if step.turn["place"] and not step.turn["region"]})
        self._add_matters(visit)

    def _add_matters(self, visit: Visit) -> None:
        for matter, region in visit.matters.items():
            self._asked[visit.week, region, matter] += 1
        for what, matters in _outcomes(visit).items():
            for matter in matters:
                self._came_of[matter][what] += 1

    def weeks(self) -> list[Row]:
        """Return a row for each week: how visits ended, ratings, and the models that answered."""
        return [{"week": week.isoformat(), **_shares(self._ends[week]),
                 "good": self._ends[week]["good"], "bad": self._ends[week]["bad"],
                 "models": "、".join(sorted(self._models[week]))} for week in self._weeks]

    def regions(self) -> list[Row]:
        """Return a row for each region: how visits ended."""
        return [{"region": region_name(self._kb, region), **_shares(ends)}
                for region, ends in _largest(self._regions)]

    def matters(self) -> list[Row]:
        """Return a row for each matter: how many asked, of late and before, and what came of it."""
        totals: Counter[Matter] = Counter()
        for (_, _, matter), count in self._asked.items():
            totals[matter] += count
        return [self._matter(matter, count) for matter, count in totals.most_common()]

    def _matter(self, matter: Matter, count: int) -> Row:
        came_of = self._came_of[matter]
        return {
            "family": family_name(self._kb, matter[0]), "item": self.name_of(matter),
            "visits": count, **of_late(self.of_weeks(matter)),
            "answered": came_of[ANSWERED] / count, "person": came_of[PERSON],
            "good": came_of["good"], "bad": came_of["bad"]}

    def of_weeks(self, matter: Matter) -> list[int]:
        """Return how many asked about a matter, week by week."""
        by_week: Counter[date] = Counter()
        for (week, _, asked), count in self._asked.items():
            if asked == matter:
                by_week[week] += count
        return [by_week[week] for week in self._weeks]

    def name_of(self, matter: Matter) -> str:
        """Return what a matter is called."""
        return matter_name(self._kb, *matter)

    def asked(self) -> list[Row]:
        """Return a row for each week, region and matter."""
        return [{"week": week.isoformat(), "region": region_name(self._kb, region),
                 "family": family_name(self._kb, matter[0]), "item": self.name_of(matter),
                 "visits": count} for (week, region, matter), count in sorted(self._asked.items())]

    def facets(self) -> list[Row]:
        """Return a row for each facet."""
        return [{"facet": facet, "visits": count} for facet, count in self._facets.most_common()]

    def places(self, fewest: int) -> list[Row]:
        """Return a row for each place without a guide that at least so many asked for."""
        return [{"place": place, "visits": count} for place, count in self._places.most_common()
                if count >= fewest]


def _outcomes(visit: Visit) -> Mapping[str, set[Matter]]:
    """Return the matters that an answer was given on, was called good or bad, or led to a person.

    Who asks for a person does so on the matter that was in hand last.
    """
    found: defaultdict[str, set[Matter]] = defaultdict(set)
    for step in visit.steps:
        if step.matter[0]:
            matter = visit.as_named(step.matter)
            found[step.result].add(matter)
            found[visit.ratings.get(step.turn["id"], "")].add(matter)
    if visit.end == PERSON:
        found[PERSON] = set(_in_hand(visit))
    return found


def _in_hand(visit: Visit) -> Iterator[Matter]:
    for step in reversed(visit.steps):
        if step.matter[0]:
            yield visit.as_named(step.matter)
            return


def _shares(ends: Mapping[str, int]) -> Row:
    """Return how many visits there were, how they ended, and the share solved with its interval."""
    visits = sum(ends.get(end, 0) for end in ENDS)
    figure = Figure(ends.get(SOLVED, 0), visits) if visits else None
    low, high = figure.interval if figure else (None, None)
    return {"visits": visits, **{end: ends.get(end, 0) for end in ENDS},
            "share": figure.value if figure else None, "low": low, "high": high}


def _largest(groups: Mapping[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    return sorted(groups.items(), key=lambda group: -sum(group[1].values()))


__all__ = ["Asking", "Row"]
