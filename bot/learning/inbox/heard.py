"""A message in the making: what was read in it, what came of it, and what is proposed for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.learning.inbox.proposals import Fields, as_read, likely_of
from bot.learning.inbox.words import inbox_words, signal, weight_of
from bot.matter import OUTSIDE
from bot.other_matters import UNTOLD
from knowledge.store import load

SURE = 0.7
"""Confidence from which a reading is taken to be right (docs/nlu.md, by cross-validation 0.8)."""

TRUST = ("read", "rephrased", "picked", "agent")
"""Where a proposal is from, the least to be trusted first."""


class Heard:
    """What a citizen wrote, and what the log tells of it.

    Args:
        entry: of the turn, or of what was said to an agent, with the keys of a turn.
        by_agent: whether a person had the conversation.
        asked: the fact that the form had asked about, where this did not answer it.
    """

    def __init__(self, entry: Mapping[str, Any], by_agent: bool, asked: str = "") -> None:
        self.entry, self.asked, self._by_agent = entry, asked, by_agent
        self._signals: dict[str, dict[str, str]] = {}
        self._proposed, self.evidence = as_read(entry), TRUST[0]
        self._likely = likely_of(entry)
        if self._certainty < SURE:
            self.tell("unsure", percent=round(100 * self._certainty))
        if self._intent == OUTSIDE and entry.get("category") == UNTOLD:
            self.tell("fell_through", "outside")

    @property
    def confidence(self) -> float:
        """How sure the reading was."""
        return float(self.entry["intents"][0][1])

    @property
    def _intent(self) -> str:
        return self.entry["intents"][0][0]

    @property
    def _certainty(self) -> float:
        """How likely intent and item are both right (calibrated, see docs/nlu.md)."""
        items = (one["p"] for one in self._likely if one["intent"] == self._intent)
        return min(self.confidence, next(items, 1.0))

    def missed(self) -> None:
        """Take note that it was not understood."""
        kb = load()
        if self.asked:
            fact = kb.facts.get(self.asked)
            self.tell("fell_through", "asked", question=fact.label if fact else self.asked)
        elif self._intent in kb.by_intent:
            self.tell("asked_back", "open")
        else:
            self.tell("fell_through", "vague")

    def tell(self, kind: str, form: str = "", **values: Any) -> None:
        """Take note of a signal; the last of a kind counts."""
        self._signals[kind] = signal(kind, form, **values)

    def untell(self, kind: str) -> None:
        """Forget a signal."""
        self._signals.pop(kind, None)

    def told(self, kind: str) -> bool:
        """Tell whether there is a signal of a kind."""
        return kind in self._signals

    def propose(self, fields: Fields | None, evidence: str) -> None:
        """Propose something, unless what is proposed has better evidence."""
        if fields and TRUST.index(evidence) >= TRUST.index(self.evidence):
            self._proposed, self.evidence = fields, evidence

    def as_message(self) -> dict[str, Any]:
        """Return it as :data:`bot.learning.inbox.messages.Message`, but for key and times."""
        entry = self.entry
        return {
            "turn": entry["id"], "conversation": entry["conversation"], "at": entry["at"],
            "text": entry["text"], "region": entry["region"], "channel": entry.get("channel", ""),
            "by_agent": self._by_agent, "asked": self.asked, "read": self._read(),
            "signals": [self._signals[k] for k in inbox_words()["signals"] if k in self._signals],
            "weight": self._weight(), "proposed": self._proposed, "evidence": self.evidence,
        }

    def _read(self) -> dict[str, Any]:
        entry, family = self.entry, load().by_intent.get(self._intent)
        item = next((one["item"] for one in self._likely if one["intent"] == self._intent), "")
        return {"intent": self._intent, "confidence": self.confidence,
                "ranking": entry["intents"][:5], "family": family.name if family else "",
                "item": item, "facets": entry["facets"], "likely": self._likely,
                "missing_topic": entry["missing_topic"]}

    def _weight(self) -> float:
        """Return how much may be learnt from it.

        Who is unhappy with what was read beyond doubt may be so with what the guide says.
        """
        doubt = {"unsure": 1 - self._certainty / SURE, "bad": 1 - self._certainty / 2,
                 "asked_for_person": 1 - self._certainty / 2}
        return sum(weight_of(kind) * doubt.get(kind, 1) for kind in self._signals)


__all__ = ["SURE", "TRUST", "Heard"]
