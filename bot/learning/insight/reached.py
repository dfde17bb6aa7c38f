"""What of the guides reaches people: items answered on, lines shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.learning.insight.visits import Visit
from bot.learning.insight.words import family_name
from bot.lines import condition_of, line_text
from bot.reference.entries import for_anybody
from knowledge.base import Guide, Item, KnowledgeBase, Rule
from knowledge.conditions import ALWAYS
from knowledge.model import SECTION_TITLES

Row = dict[str, Any]


class Reached:
    """Counts the items answered on and the clauses cited.

    Args:
        kb: the knowledge base.
    """

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._clauses: set[str] = set()
        self._items: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, visit: Visit) -> None:
        """Take a visit into account, suggested answers that an agent sent included."""
        for entry in visit.entries:
            self._clauses.update(_cited(entry))
        for region, item in {(step.turn["region"], step.turn["outcome"]["item"])
                             for step in visit.steps}:
            self._items[region][item] += 1

    def guides(self) -> list[Row]:
        """Return a row for each guide: of its items and lines, how many reached anybody."""
        return [{
            "region": guide.data.region, "items": len(guide.items),
            "items_reached": sum(1 for item in guide.items.values() if self._visits(item)),
            **_sizes("lines", lines := list(_lines(guide)), self._clauses),
            **_sizes("cases", [rule for rule in lines if _is_a_case(rule)], self._clauses),
        } for guide in self._kb.guides.values()]

    def unasked(self) -> list[Row]:
        """Return a row for each item that nobody was answered on."""
        return [{"region": guide.data.region, "family": self._family(item), "item": item.name}
                for guide in self._kb.guides.values() for item in guide.items.values()
                if not self._visits(item)]

    def unshown(self) -> list[Row]:
        """Return a row for each line that was shown to nobody: those for some cases first."""
        rows = [{
            "region": guide.data.region, "item": item.name, "visits": self._visits(item),
            "kind": SECTION_TITLES[rule.kind], "line": line_text(for_anybody(rule)),
            "case": condition_of(self._kb.facts, for_anybody(rule)), "clause": rule.clause.id,
        } for guide in self._kb.guides.values() for item in guide.items.values()
            for rule in item.rules if rule.clause.id not in self._clauses]
        return sorted(rows, key=lambda row: (not row["case"], -row["visits"]))

    def _visits(self, item: Item) -> int:
        return self._items[item.guide][item.name]

    def _family(self, item: Item) -> str:
        families = (family.id for family in self._kb.families for canonical in family.items
                    if canonical.id in item.canonical)
        return family_name(self._kb, next(families, ""))


def _cited(entry: Mapping[str, Any]) -> Iterable[str]:
    """Return the clauses that a citizen was shown, by the bot or by an agent."""
    if entry["kind"] == "turn":
        return entry["citations"]
    told = entry["data"]
    return (*told.get("citations", ()), *(told.get("used") or {}).get("citations", ()))


def _lines(guide: Guide) -> Iterator[Rule]:
    return (rule for item in guide.items.values() for rule in item.rules)


def _is_a_case(rule: Rule) -> bool:
    return rule.condition != ALWAYS


def _sizes(name: str, lines: list[Rule], cited: set[str]) -> Row:
    return {name: len(lines),
            f"{name}_reached": sum(1 for rule in lines if rule.clause.id in cited)}


__all__ = ["Reached"]
