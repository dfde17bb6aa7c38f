"""What a conversation knows, between turns; lives in the slots of Rasa's tracker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.messages import Choice, Reply
from bot.people import SELF, called
from bot.understanding import Understanding
from bot.wording import say
from knowledge.conditions import Value
from knowledge.engine import assess
from knowledge.store import KnowledgeBase

PLACE = "place"
"""The value of ``asked`` while the question is where the person is insured."""

SHORT = 14
"""Characters up to which a message may lean on the one before."""

SURE_OF_ANOTHER, SURE_WITHOUT_WORDS = 0.7, 0.9
"""Confidence from which a short message is about another matter after all, with words of 医保 in it
and without."""


@dataclass(frozen=True)
class Context:
    """The state of a conversation.

    ``region`` is a guide id ('' until known), ``place`` the place of insurance as resolved
    (``{"name", "code", "fallback"}``); ``facts`` are ``{name: {"value", "source", "turn"}}``;
    ``dates`` are the days the person stated, by what they are the day of
    (:func:`bot.stated_dates.stated_dates`; ``{}`` for one that was asked for and is not known), and
    ``counting`` is what is counted from them: ``last_day``, ``due_day`` or '';
    ``asked`` is the fact (or :data:`PLACE`, or ``date``) that the person was last asked about;
    ``choices`` are the open buttons, ``{id: {"label", "do"}}``; ``direct`` says that a question
    about an item waits for an answer, so that it is not put off by the form; ``last`` is the last
    answer's text; ``asked_at`` is when the open question was put (seconds since the epoch);
    ``waiting`` are other matters that were asked about in the same message,
    ``{"family", "item", "facets"}``; ``asks_for`` is whom the matter is for ('' until known;
    see ``people.yml``); ``misses`` and ``limits`` count, since a turn that helped, messages that
    were not understood and replies that there is nothing on what was asked.
    """

    region: str = ""
    place: Mapping[str, Any] = field(default_factory=dict)
    family: str = ""
    item: str = ""
    waiting: tuple[Mapping[str, Any], ...] = ()
    facets: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    dates: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    counting: str = ""
    asked: str = ""
    asked_at: float = 0.0
    direct: bool = False
    choices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    misses: int = 0
    limits: int = 0
    turn: int = 0
    last: str = ""
    asks_for: str = ""

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> Context:
        """Read the context from slot values; what is missing has its default."""
        stored = slots.get("context") or {}
        facts = slots.get("facts") or {}
        lists = {k: tuple(stored.get(k) or ()) for k in ("facets", "mentions", "waiting")}
        return cls(**{**stored, **lists, "facts": facts})

    def as_slots(self) -> dict[str, Any]:
        """Return the context as slot values (JSON-ready)."""
        stored = dict(vars(self))
        facts = stored.pop("facts")
        stored.update({k: list(stored[k]) for k in ("facets", "mentions", "waiting")})
        return {"context": stored, "facts": dict(facts)}

    @property
    def known(self) -> dict[str, Value]:
        """The facts as the engine takes them."""
        return {name: fact["value"] for name, fact in self.facts.items()}

    @property
    def who(self) -> str:
        """How the person is spoken of whom the matter is for."""
        return called(self.asks_for) or say("somebody")

    def with_person(self, kb: KnowledgeBase, reading: Understanding) -> Context:
        """Return the context with the person whom a message is for, where it tells.

        Once that is known, it takes more than somebody's being named: to say that it is for them
        (其实是给我爸问的), or to tell of them in a matter of their own. Facts of one person are not
        those of another.
        """
        told = reading.asks_for
        named = not follows_up(self, reading) and not self.asked and bool(reading.family)
        if not told or self.asks_for and not (reading.asks_for_said or named and told != SELF):
            return self
        another = self.asks_for not in ("", told)
        facts = {name: fact for name, fact in self.facts.items()
                 if not (another and kb.facts[name].of_person)}
        return replace(self, asks_for=told, facts=facts)

    def with_facts(self, values: Mapping[str, Value], source: str) -> Context:
        """Return the context with facts added; options of a multi-valued fact are merged."""
        facts = dict(self.facts)
        for name, value in values.items():
            before = facts.get(name, {}).get("value")
            if isinstance(value, Mapping) and isinstance(before, Mapping):
                value = {**before, **value}
            facts[name] = {"value": value, "source": source, "turn": self.turn}
        return replace(self, facts=facts)

    def with_place(self, insured: Mapping[str, Any]) -> Context:
        """Return the context with the place of insurance set."""
        return replace(self, region=insured["guide"] or "", place=dict(insured))

    def about(self, kb: KnowledgeBase, family: str, item: str) -> Context:
        """Return the context about a family or an item, with the facts that naming it implies.

        What another item implied is forgotten.
        """
        facts = {name: fact for name, fact in self.facts.items()
                 if item == self.item or fact["source"] != "item"}
        context = replace(self, family=family, item=item, facts=facts)
        implied = kb.canonical(item).implies if item else {}
        new = {k: v for k, v in implied.items() if context.known.get(k) != v}
        return context.with_facts(new, "item")

    def offering(self, choices: Iterable[Choice]) -> Context:
        """Return the context with these buttons open, and no others."""
        open_choices = {c.id: {"label": c.label, "do": dict(c.do)} for c in choices}
        return replace(self, choices=open_choices)


@dataclass(frozen=True)
class Turn:
    """The result of a turn: the new context, what to say, and whether the form goes on."""

    context: Context
    replies: tuple[Reply, ...] = ()
    form: bool = False


def absorb(kb: KnowledgeBase, context: Context, reading: Understanding) -> Context:
    """Return the context with what the message states: place, facts, item, facets.

    A short message without a topic of its own ("那要多久", "江门呢") keeps the one before it.
    """
    context = replace(context.with_person(kb, reading), turn=context.turn + 1)
    if reading.insured:
        context = context.with_place(reading.insured)
    context = rerouted(kb, context, reading.facts)
    said = _said(kb, reading)
    context = without_contradicted_item(kb, context.with_facts(said, "said"))
    if reading.family and not follows_up(context, reading):
        changed = reading.family != context.family
        item = _item_meant(kb, reading) or ("" if changed else context.item)
        context = context.about(kb, reading.family, item)
        context = context.with_facts(said, "said")
    return context.about(kb, context.family, context.item)


def _said(kb: KnowledgeBase, reading: Understanding) -> dict[str, Value]:
    """Return the facts that a message tells beyond those that are words of the item's name."""
    named = kb.canonical(reading.item).implies if reading.item_named else {}
    return {name: value for name, value in reading.facts.items() if named.get(name) != value}


def rerouted(kb: KnowledgeBase, context: Context, facts: Mapping[str, Value]) -> Context:
    """Drop an item that the facts alone led to where facts change: they may lead elsewhere now."""
    news = any(context.known.get(name) != value for name, value in facts.items())
    if not news or not context.item or not context.region:
        return context
    led = assess(kb, context.region, context.family, context.known).item
    return replace(context, item="") if led and context.item in led.canonical else context


def _item_meant(kb: KnowledgeBase, reading: Understanding) -> str:
    """Return the item a message is about; not one merely likely that its own words contradict."""
    guessed = reading.item_sure and not reading.item_named
    if guessed and _contradicted(kb, reading.item, reading.facts):
        return ""
    return reading.item if reading.item_sure else ""


def _contradicted(kb: KnowledgeBase, item: str, facts: Mapping[str, Value]) -> bool:
    implied = kb.canonical(item).implies if item else {}
    return any(facts.get(name, value) != value for name, value in implied.items())


def without_contradicted_item(kb: KnowledgeBase, context: Context) -> Context:
    """Drop the item where the person has since said what speaks against it (不对，是住院)."""
    contradicted = _contradicted(kb, context.item, context.known)
    return replace(context, item="") if contradicted else context


def follows_up(context: Context, reading: Understanding) -> bool:
    """Tell whether a message stays with the item that the conversation is about.

    So does a short one that names no other matter, and one that only tells a fact or a place.
    """
    if not context.family or len(reading.text) > SHORT or reading.item_named:
        return False
    elsewhere = bool(reading.family) and reading.family != context.family
    tells = bool(reading.facts or reading.insured) and not reading.asks
    sure = SURE_OF_ANOTHER if reading.ours else SURE_WITHOUT_WORDS
    return tells or not elsewhere or reading.confidence < sure


__all__ = [
    "Context", "PLACE", "Turn", "absorb", "follows_up", "rerouted", "without_contradicted_item",
]
