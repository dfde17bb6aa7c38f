"""Several matters in one message: the first is answered, the others wait and are offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.context import Context
from bot.messages import Choice, Reply, notice
from bot.understanding import Understanding
from bot.wording import say
from knowledge.store import KnowledgeBase


def with_waiting(context: Context, reading: Understanding) -> Context:
    """Return the context with the other matters of a message waiting; what comes up is no more."""
    waiting = [{**matter, "facets": list(reading.facets)} for matter in reading.also]
    kept = waiting or [m for m in context.waiting if m["family"] != context.family]
    return replace(context, waiting=tuple(kept))


def order_of_matters(kb: KnowledgeBase, context: Context, reading: Understanding) -> list[Reply]:
    """Return the sentence that says in which order several matters are taken up, if any."""
    if not reading.also:
        return []
    first = matter_name(kb, {"family": reading.family, "item": reading.item})
    others = "、".join(matter_name(kb, matter) for matter in reading.also)
    return [notice(say("several_matters", first=first, others=others))]


def waiting_choices(kb: KnowledgeBase, context: Context) -> list[Choice]:
    """Return a button for each matter that waits."""
    return [Choice(say("next_matter", name=matter_name(kb, matter)),
                   {"do": "next_matter", **matter}) for matter in context.waiting]


def next_matter(kb: KnowledgeBase, context: Context, matter: Mapping[str, Any]) -> Context:
    """Return the context turned to a matter that waited, with what was asked about it."""
    rest = tuple(m for m in context.waiting
                 if (m["family"], m["item"]) != (matter["family"], matter["item"]))
    context = context.about(kb, matter["family"], matter["item"])
    return replace(context, waiting=rest, facets=tuple(matter["facets"]), mentions=(), direct=True)


def matter_name(kb: KnowledgeBase, matter: Mapping[str, Any]) -> str:
    """Return what a matter is called: its item where one is named, else its family."""
    item = matter["item"]
    return kb.canonical(item).label if item else kb.family(matter["family"]).name


__all__ = ["matter_name", "next_matter", "order_of_matters", "waiting_choices", "with_waiting"]
