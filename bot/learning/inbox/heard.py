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

_KEPT = ("id", "conversation", "at", "text", "region", "channel", "intents", "facets",
         "missing_topic", "category", "likely", "family", "item")


class Heard:
    """What a citizen wrote, and what the log tells of it.

    Args:
        entry: of the turn, or of what was said to an agent, with the keys of a turn.
        by_agent: whether a person had the conversation.
        asked: the fact that the form had asked about, where this did not answer it.

    Attributes:
        signals: ``{"kind", "text"}`` by kind.
        proposed, evidence: the fields of a label, and where they are from.
    """

    def __init__(self, entry: Mapping[str, Any], by_agent: bool, asked: str = "") -> None:
        self.entry = {key: entry[key] for key in _KEPT if key in entry}
        self.asked, self._by_agent = asked, by_agent
        self.signals: dict[str, dict[str, str]] = {}
        self.proposed, self.evidence = as_read(entry), TRUST[0]
        self._likely = likely_of(entry)
        self._certainty = self._how_likely()
        if self._certainty < SURE:
            self._doubt()
        if self._intent == OUTSIDE and entry.get("category") == UNTOLD:
            self.tell("fell_through", "outside")

    @property
    def confidence(self) -> float:
        """How sure the reading was."""
        return float(self.entry["intents"][0][1])

    @property
    def _intent(self) -> str:
        return self.entry["intents"][0][0]

    def _how_likely(self) -> float:
        """Return how likely intent and item are both right.

        What a message calls by its name is favoured, be it of another family: then the likeliest
        item tells nothing of the intent.
        """
        first = self._likely[0] if self._likely else {"intent": ""}
        return min(self.confidence, first["p"] if first["intent"] == self._intent else 1.0)

    def _doubt(self) -> None:
        family = load().by_intent.get(self._intent)
        form = "item" if family and self.confidence >= SURE else "any"
        self.tell("unsure", form, percent=round(100 * self._certainty),
                  family=family.name if family else "")

    def missed(self) -> None:
        """Take note that it was not understood."""
        kb = load()
        fact = kb.facts.get(self.asked)
        question = fact.label if fact else inbox_words()["asked"].get(self.asked)
        if question:
            self.tell("fell_through", "asked", question=question)
        elif self._intent in kb.by_intent:
            self.tell("asked_back", "open")
        else:
            self.tell("fell_through", "vague")

    def tell(self, kind: str, form: str = "", **values: Any) -> None:
        """Take note of a signal; the last of a kind counts."""
        self.signals[kind] = signal(kind, form, **values)

    def untell(self, kind: str) -> None:
        """Forget a signal."""
        self.signals.pop(kind, None)

    def told(self, kind: str) -> bool:
        """Tell whether there is a signal of a kind."""
        return kind in self.signals

    def propose(self, fields: Fields | None, evidence: str) -> None:
        """Propose something, unless what is proposed has better evidence."""
        if fields and TRUST.index(evidence) >= TRUST.index(self.evidence):
            self.proposed, self.evidence = fields, evidence

    def as_dict(self) -> dict[str, Any]:
        """Return what of it is in :data:`bot.learning.inbox.messages.Message`."""
        entry = self.entry
        return {
            "turn": entry["id"], "conversation": entry["conversation"], "at": entry["at"],
            "text": entry["text"], "region": entry["region"], "channel": entry.get("channel", ""),
            "by_agent": self._by_agent, "asked": self.asked if self.asked in load().facts else "",
            "read": self._read(),
        }

    def _read(self) -> dict[str, Any]:
        entry, family = self.entry, load().by_intent.get(self._intent)
        item = next((one["item"] for one in self._likely if one["intent"] == self._intent), "")
        return {"intent": self._intent, "confidence": self.confidence,
                "ranking": entry["intents"][:5], "family": family.name if family else "",
                "item": item, "facets": entry["facets"], "likely": self._likely,
                "missing_topic": entry["missing_topic"]}

    @property
    def weight(self) -> float:
        """How much may be learnt from it.

        Who is unhappy with what was read beyond doubt may be so with what the guide says.
        """
        doubt = {"unsure": 1 - self._certainty / SURE, "bad": 1 - self._certainty / 2,
                 "asked_for_person": 1 - self._certainty / 2}
        return sum(weight_of(kind) * doubt.get(kind, 1) for kind in self.signals)


__all__ = ["SURE", "TRUST", "Heard"]
