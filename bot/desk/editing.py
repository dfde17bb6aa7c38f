"""What an agent enters: facts, the place of insurance, the matter; what no longer fits is dropped.

An edit is a correction like one of the citizen's own, only that it needs no reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from bot.dialogue.context import PLACE, Context, rerouted, without_contradicted_item
from bot.dialogue.dates import DATE, DateQuestion
from bot.dialogue.questions import pending
from bot.errors import BadInput, UnknownId
from bot.stated_place import place_answered
from bot.wording import say
from knowledge.catalog import Fact
from knowledge.conditions import Value
from knowledge.engine import UNKNOWN, Question, assess
from knowledge.store import KnowledgeBase

AGENT = "agent"
"""The source of a fact that an agent entered."""

_EDITED = ("place", "family", "item", "facts")


def edit(
    kb: KnowledgeBase, slots: Mapping[str, Any], edits: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the slots of a conversation with what an agent entered.

    A place changes whose guide answers. Another matter drops what the name of the one before it
    told. Facts drop an item that they contradict, or that other facts had led to, with what its
    name told. The open question stays open only where it is still the next one.

    Args:
        kb: the knowledge base.
        slots: of the conversation (``{}`` for a new one).
        edits: any of ``place`` (a city, county or province in words), ``family`` (a family's
            id), ``item`` (a canonical item's id; '' for none in particular) and ``facts``,
            ``{name: value}``: an option's value or 不知道; for a fact of several options
            ``{option: true | false | 不知道}``, whole, or 不知道 for all of them; None to forget
            what was known.

    Raises:
        BadInput: something of it is not known, or a place's name is that of several; ``field``
            names it.
    """
    unknown = next((name for name in edits if name not in _EDITED), "")
    if unknown:
        raise BadInput(say("desk_no_such_edit"), unknown)
    before = Context.from_slots(slots)
    turn = replace(before, turn=before.turn + 1)
    context = _with_facts(kb, _with_matter(kb, _with_place(turn, edits), edits), edits)
    if context == turn:
        return dict(slots)
    context = replace(context, misses=0, limits=0)
    return {**slots, **_with_open_question(kb, context).as_slots()}


def _with_place(context: Context, edits: Mapping[str, Any]) -> Context:
    if "place" not in edits:
        return context
    named = edits["place"]
    place = place_answered(named) if isinstance(named, str) and named.strip() else None
    if place is None:
        raise BadInput(say("unknown_region", region=named or ""), PLACE)
    if place["ambiguous"]:
        readings = "、".join(place["readings"])
        raise BadInput(say("desk_ambiguous_place", name=named, readings=readings), PLACE)
    return context.with_place(place)


def _with_matter(kb: KnowledgeBase, context: Context, edits: Mapping[str, Any]) -> Context:
    """Return the context about another matter, if it is one, with nothing asked about it yet."""
    if "family" not in edits and "item" not in edits:
        return context
    family, item = _matter(kb, context, edits)
    if (family, item) == (context.family, context.item):
        return context
    waiting = tuple(m for m in context.waiting if m["family"] != family)
    return replace(context.about(kb, family, item), waiting=waiting, facets=(), mentions=(),
                   counting="", direct=False)


def _matter(kb: KnowledgeBase, context: Context, edits: Mapping[str, Any]) -> tuple[str, str]:
    """Return ids of family and canonical item ('' for none in particular) that are wanted."""
    try:
        item = kb.canonical(edits["item"]).id if edits.get("item") else ""
        own = kb.family_of(item).id if item else context.family
        family = kb.family(edits.get("family", own)).id
    except (UnknownId, TypeError):
        field = "item" if "item" in edits else "family"
        raise BadInput(say("desk_no_such_matter"), field) from None
    if item and family != own:
        raise BadInput(say("desk_other_family"), "item")
    return family, item


def _with_facts(kb: KnowledgeBase, context: Context, edits: Mapping[str, Any]) -> Context:
    entered = edits.get("facts", {})
    if not isinstance(entered, Mapping):
        raise BadInput(say("desk_no_such_edit"), "facts")
    told = {name: _checked(kb, name, value) for name, value in entered.items()}
    news = {name: value for name, value in told.items() if context.known.get(name) != value}
    return _with_news(kb, context, news) if news else context


def _with_news(
    kb: KnowledgeBase, before: Context, news: Mapping[str, Value | None]
) -> Context:
    """Return the context with facts entered, or forgotten where their value is None."""
    led = rerouted(kb, before, news)
    kept = {name: fact for name, fact in before.facts.items() if name not in news}
    entered = {name: value for name, value in news.items() if value is not None}
    context = replace(before, facts=kept).with_facts(entered, AGENT)
    if not without_contradicted_item(kb, context).item:
        context = context.about(kb, context.family, "")
    elif led.item or _leads_there(kb, context):
        context = context.about(kb, context.family, context.item)
    else:
        context = replace(context, item="")
    return replace(context, facets=(), mentions=(), direct=False)


def _leads_there(kb: KnowledgeBase, context: Context) -> bool:
    """Tell whether the facts alone lead to the item."""
    found = assess(kb, context.region, context.family, context.known).item
    return found is not None and context.item in found.canonical


def _checked(kb: KnowledgeBase, name: str, value: Any) -> Value | None:
    """Return a value as the engine takes it, None for one to be forgotten."""
    fact = kb.facts.get(name)
    if fact is None:
        raise BadInput(say("desk_no_such_fact"), name)
    if value is None or value == {}:
        return None
    options = {option.value for option in fact.options}
    if fact.multiple:
        return _checked_options(fact, options, value)
    if not isinstance(value, str) or value not in {*options, UNKNOWN}:
        raise BadInput(say("desk_no_such_option", label=fact.label), name)
    return value


def _checked_options(fact: Fact, options: Set[str], value: Any) -> Value:
    if value == UNKNOWN:
        return dict.fromkeys((option.value for option in fact.options), UNKNOWN)
    known = isinstance(value, Mapping) and options >= set(value) and all(
        held is True or held is False or held == UNKNOWN for held in value.values())
    if not known:
        raise BadInput(say("desk_no_such_option", label=fact.label), fact.name)
    return dict(value)


def _with_open_question(kb: KnowledgeBase, context: Context) -> Context:
    """Return the context without the open question and its buttons where it is not the next."""
    asked = pending(kb, context)
    if isinstance(asked, Question):
        name = asked.fact.name
    else:
        name = DATE if isinstance(asked, DateQuestion) else asked
    if context.asked and context.asked == name:
        return context
    return replace(context, asked="", choices={})


__all__ = ["AGENT", "edit"]
