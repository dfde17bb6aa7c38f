"""Going through a conversation entry by entry: which texts count, and what tells of them later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.dialogue.context import SHORT
from bot.dialogue.small_talk import SMALL_TALK
from bot.learning.inbox.heard import SURE, Heard
from bot.learning.inbox.proposals import (
    Fields,
    about,
    as_read,
    label_fields,
    matter_labels,
)
from bot.learning.inbox.words import inbox_words
from bot.messages import PRESSED
from bot.nlu.normalise import normalise
from knowledge.store import load

_LISTED = re.compile(r"\d+\. ([^\n　]+)")
_KEPT = ("family", "item", "region", "facts", "replies", "outcome")
_NOTHING: Mapping[str, Any] = {"family": "", "region": "", "facts": {}, "replies": (),
                               "outcome": {"asked": "", "misses": 0}}


class Conversation:
    """A conversation of the log. Its entries are to be taken by time.

    ``heard`` is what counts of it, in order.
    """

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self._by_turn: dict[str, Heard | None] = {}
        self._before: Mapping[str, Any] = _NOTHING
        self._since = 0
        self._open: Heard | None = None

    def take(self, entry: Mapping[str, Any]) -> None:
        """Take the next entry."""
        if entry["kind"] == "turn":
            self._turn(entry, by_agent=False)
        elif take := _EVENTS.get(entry["type"]):
            take(self, entry)

    # --- what the citizen writes --------------------------------------------------------------

    def _turn(self, entry: Mapping[str, Any], by_agent: bool) -> None:
        missed = _misses(entry) > _misses(self._before)
        self._learn_from_next(entry, missed)
        if entry["intents"] and self._counts(entry, missed):
            asked = self._before.get("outcome", {}).get("asked", "") if missed else ""
            self.heard.append(Heard(entry, by_agent, asked))
            self._since = 0
        else:
            self._since += 1
        self._by_turn[entry["id"]] = self._last
        if missed:
            self._missed()
        self._before = {key: entry[key] for key in _KEPT if key in entry}

    @property
    def _last(self) -> Heard | None:
        return self.heard[-1] if self.heard else None

    def _missed(self) -> None:
        if self._last and self._since == 0:
            self._last.missed()
            self._open = self._last

    def _counts(self, entry: Mapping[str, Any], missed: bool) -> bool:
        """Tell whether a text is one to learn from, by itself."""
        plain, (intent, confidence) = normalise(entry["text"]), entry["intents"][0]
        if intent == PRESSED or not re.search(r"[^\W\d_]", plain) or self._is_pick(plain):
            return False
        talk = intent in SMALL_TALK and confidence >= SURE
        return missed or not (talk or self._is_answer(entry) or self._follows_up(entry, plain))

    def _is_pick(self, plain: str) -> bool:
        """Tell whether a text is a button's, typed."""
        listed = (label for reply in self._before.get("replies", ())
                  for label in _LISTED.findall(reply))
        return any(plain == normalise(label) for label in listed)

    def _is_answer(self, entry: Mapping[str, Any]) -> bool:
        """Tell whether a text has answered the open question."""
        before = self._before
        asked = before.get("outcome", {}).get("asked", "")
        news = any(entry[key] != before[key] for key in ("facts", "region"))
        return bool(asked) and entry["family"] == before["family"] and (
            news or entry.get("outcome", {}).get("asked", asked) != asked)

    def _follows_up(self, entry: Mapping[str, Any], plain: str) -> bool:
        """Tell whether a few words lean on the matter in hand."""
        same = entry["family"] and entry["family"] == self._before["family"]
        return bool(same) and len(plain) <= SHORT

    # --- what comes after tells of what was before --------------------------------------------

    def _learn_from_next(self, entry: Mapping[str, Any], missed: bool) -> None:
        """Propose for what was not understood what the citizen does next."""
        heard, self._open = self._open, None
        if not heard or missed or not entry["intents"]:
            return
        plain, (intent, confidence) = normalise(entry["text"]), entry["intents"][0]
        pressed = intent == PRESSED or plain.isdigit() or self._is_pick(plain)
        if heard.asked:
            heard.propose(_answering(heard, entry), "picked" if pressed else "rephrased")
        elif pressed and entry["family"]:
            self._picked(heard, entry)
        elif intent in load().by_intent and confidence >= SURE:
            heard.propose(as_read(entry), "rephrased")

    def _picked(self, heard: Heard, entry: Mapping[str, Any]) -> None:
        topic = heard.entry["missing_topic"]
        fields = about(entry["family"], entry["item"], heard.entry["facets"], topic)
        heard.propose(fields, "picked")
        if fields and heard.told("asked_back"):
            heard.tell("asked_back", "picked", picked=_name(entry["family"], entry["item"]))

    # --- events -------------------------------------------------------------------------------

    def _said_to_agent(self, event: Mapping[str, Any]) -> None:
        """Take what was said to a person; at our own desk it was read, too."""
        data = event["data"]
        if data.get("turn") and "intents" in data:
            self._turn({**data, "id": data["turn"], "conversation": event["conversation"],
                        "at": event["at"]}, by_agent=True)

    def _rated(self, event: Mapping[str, Any]) -> None:
        heard = self._by_turn.get(event["data"].get("turn", ""))
        if heard:
            (heard.tell if event["data"]["rating"] == "bad" else heard.untell)("bad")

    def _asked_for_person(self, event: Mapping[str, Any]) -> None:
        reason = event["data"].get("reason")
        if reason == "misses" and self._before is not _NOTHING:
            self._missed()
        elif reason == "asked" and self._last and self._since <= 1:  # the wish itself
            self._last.tell("asked_for_person")

    def _said_by_agent(self, event: Mapping[str, Any]) -> None:
        used = event["data"].get("used") or {}
        heard = self._itself(used.get("turn", ""))
        if not heard:
            return
        facets = [used["facet"]] if used.get("facet") else heard.entry["facets"]
        heard.propose(about(used.get("family", ""), used.get("item", ""), facets), "agent")
        if used["rank"] > 1:
            heard.tell("agent_corrected", "used", rank=used["rank"])

    def _rejected(self, event: Mapping[str, Any]) -> None:
        data, words = event["data"], inbox_words()["rejections"]
        heard, reason = self._itself(data.get("turn", "")), data.get("reason", "")
        if not heard or data["rank"] != 1 or reason in words["aside"]:
            return
        heard.tell("agent_corrected", "rejected", reason=reason and f"：{reason}")
        if reason in words["matter"]:
            heard.propose(as_read(heard.entry, instead=True), "read")

    def _edited(self, event: Mapping[str, Any]) -> None:
        """Take a correction: of the matter, where it was last read; of facts, where told."""
        data = event["data"]
        edits, heard = data["edits"], self._by_turn.get(data.get("turn", ""))
        if heard and ("family" in edits or "item" in edits):
            family = edits.get("family") or load().family_of(edits["item"]).id
            item = edits.get("item", "")
            self._before = {**self._before, "family": family, "item": item}
            heard.propose(about(family, item, heard.entry["facets"],
                                heard.entry["missing_topic"]), "agent")
            heard.tell("agent_corrected", "matter", matter=_name(family, item))
        elif edits.get("facts") and (itself := self._itself(data.get("turn", ""))):
            itself.tell("agent_corrected", "facts", facts=_facts(edits["facts"]))

    def _itself(self, turn: str) -> Heard | None:
        """Return the message of a turn, not one that it leans on."""
        heard = self._by_turn.get(turn)
        return heard if heard and heard.entry["id"] == turn else None


_EVENTS = {
    "said_to_agent": Conversation._said_to_agent, "rated": Conversation._rated,
    "asked_for_person": Conversation._asked_for_person,
    "said_by_agent": Conversation._said_by_agent,
    "suggestion_rejected": Conversation._rejected, "facts_edited": Conversation._edited,
}


def _misses(entry: Mapping[str, Any]) -> int:
    return entry.get("outcome", {}).get("misses", 0)


def _answering(heard: Heard, entry: Mapping[str, Any]) -> Fields | None:
    """Return what a text means that was to answer a question, once the answer is known."""
    fact, value = load().facts.get(heard.asked), entry["facts"].get(heard.asked)
    if not fact or not any(option.value == value for option in fact.options):
        return None
    intent, item = matter_labels(heard.entry["family"], heard.entry["item"])
    span = {"start": 0, "end": len(heard.entry["text"]), "fact": fact.name, "value": value}
    return label_fields(intent, item, heard.entry["facets"], facts=[span]) if intent else None


def _name(family: str, item: str) -> str:
    return matter_labels(family, item)[1]


def _facts(edited: Mapping[str, Any]) -> str:
    known = load().facts
    return "、".join(known[name].label for name in edited if name in known)


__all__ = ["Conversation"]
