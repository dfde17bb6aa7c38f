"""Where agents know better: suggested answers they did not take, and what they entered instead.

How each agent fares is told by :mod:`bot.desk.figures`; here it is the matters that count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from bot.dialogue.context import PLACE
from bot.learning.insight.visits import Matter, Visit
from bot.learning.insight.words import family_name, insight_words, matter_name
from knowledge.base import KnowledgeBase

Row = dict[str, Any]

USED, EDITED, OTHER, REJECTED, OWN = "used", "edited", "other", "rejected", "own"
"""What became of the first suggestion for a message: sent as it was, sent changed, another one
taken, called unfit, or left aside for words of the agent's own."""

_STRENGTH = (OWN, USED, EDITED, OTHER, REJECTED)
"""Of several, what counts: the last of these."""


class Overruled:
    """Counts what agents at our desk do with what the bot had read and suggested.

    Args:
        kb: the knowledge base.
    """

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._uses: defaultdict[Matter, Counter[str]] = defaultdict(Counter)
        self._facts: Counter[str] = Counter()
        self._moved: Counter[tuple[Matter, Matter]] = Counter()

    def add(self, visit: Visit) -> None:
        """Take a visit into account."""
        self._add_uses(visit)
        before: Matter = ("", "")
        for entry in visit.entries:
            if entry["kind"] == "event" and entry["type"] == "facts_edited":
                before = self._edited(before, entry["data"]["edits"])
            else:
                before = _matter_of(entry) or before

    def _add_uses(self, visit: Visit) -> None:
        offered: dict[int, Matter] = {}
        became: dict[int, str] = {}
        last = 0
        for event in visit.events:
            told = event["data"]
            if told.get("offered") and event["type"] != "said_by_agent":
                last, first = told["seq"], told["offered"][0]
                offered.setdefault(last, (first["family"], first["item"]))
            for seq, what in _choices(event, last):
                became[seq] = max(became.get(seq, OWN), what, key=_STRENGTH.index)
        for seq, matter in offered.items():
            self._uses[matter].update(["offered", became.get(seq, "nothing")])

    def _edited(self, before: Matter, edits: Mapping[str, Any]) -> Matter:
        """Count an edit; return the matter that the conversation is about after it."""
        self._facts.update(set(edits.get("facts", ())))
        self._facts.update({PLACE} & set(edits))
        after = (edits.get("family", before[0]), edits.get("item", before[1]))
        if {"family", "item"} & set(edits) and after != before:
            self._moved[before, after] += 1
        return after

    def suggestions(self) -> list[Row]:
        """Return a row for each matter that answers were suggested on, most overruled first."""
        rows = [{
            "family": family_name(self._kb, matter[0]), "item": self._name(matter),
            "offered": uses["offered"], **{what: uses[what] for what in _STRENGTH},
            "overruled": (uses[REJECTED] + uses[OTHER]) / uses["offered"],
        } for matter, uses in self._uses.items()]
        return sorted(rows, key=lambda row: -(row[REJECTED] + row[OTHER]))

    def facts(self) -> list[Row]:
        """Return a row for each fact that agents entered, the most frequent first."""
        labels = {PLACE: insight_words()["place"],
                  **{name: fact.label for name, fact in self._kb.facts.items()}}
        return [{"fact": labels.get(fact, fact), "edits": count}
                for fact, count in self._facts.most_common()]

    def moved(self) -> list[Row]:
        """Return a row for each matter that agents made another, the most frequent first."""
        return [{"was": self._name(was), "became": self._name(became), "edits": count}
                for (was, became), count in self._moved.most_common()]

    def _name(self, matter: Matter) -> str:
        return matter_name(self._kb, *matter)


def _choices(event: Mapping[str, Any], last: int) -> Iterable[tuple[int, str]]:
    """Return (number of the citizen's message, what an event says of its first suggestion)."""
    told, used = event["data"], event["data"].get("used")
    if event["type"] == "suggestion_rejected":
        return [(told["seq"], REJECTED)] if told["rank"] == 1 else []
    if event["type"] != "said_by_agent":
        return []
    if not used:
        return [(last, OWN)]
    what = OTHER if used["rank"] != 1 else EDITED if used["edited"] else USED
    return [(used["seq"], what)]


def _matter_of(entry: Mapping[str, Any]) -> Matter | None:
    told = entry if entry["kind"] == "turn" else entry["data"]
    return (told["family"], told.get("item", "")) if told.get("family") else None


__all__ = ["Overruled"]
