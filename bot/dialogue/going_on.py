"""What comes next once it is known what is wanted: an answer, the form, or an honest no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.answers import (
    agree_on_materials,
    answer,
    answer_item,
    can_answer,
    nowhere_mentioned,
    place_leads,
    renderer_for,
)
from bot.dialogue.context import Context, Turn
from bot.dialogue.questions import pending
from bot.messages import Choice, notice
from bot.wording import say
from knowledge.store import KnowledgeBase

GENERAL_FACETS = frozenset({"整体咨询", "办理流程"})
"""Facets under which people ask what to do, rather than for one thing."""

AGENCY = "agency_query"
"""The item that counters and telephone numbers as such belong to."""



def proceed(kb: KnowledgeBase, context: Context) -> Turn:
    """Answer at once what asks for something in particular; else go on with the form."""
    if context.direct and can_answer(kb, context):
        return answer(kb, context)
    context = replace(context, direct=False)
    if agree_on_materials(kb, context):
        return answer(kb, replace(context, facets=()))
    if pending(kb, context):
        return Turn(context, tuple(notice(line) for line in nowhere_mentioned(kb, context)), True)
    return answer_item(kb, context, whole=not set(context.facets) - GENERAL_FACETS)


def conclude(kb: KnowledgeBase, context: Context) -> Turn:
    """End the form: the answer that waited for the place, or the whole outcome."""
    if context.place and not context.region:
        return not_served(kb, context, context.place)
    if context.item == AGENCY:
        return contacts(kb, context)
    if not kb.items(context.region, context.family):
        return not_loaded(kb, context)
    if context.direct:
        return proceed(kb, context)
    return answer_item(kb, context, whole=True)


def not_served(kb: KnowledgeBase, context: Context, insured: Mapping[str, Any]) -> Turn:
    """Refuse honestly: an ambiguous place is asked about, one without a guide has none."""
    if insured["ambiguous"]:
        choices = tuple(Choice(name, {"do": "place", "place": name})
                        for name in insured["readings"][:5])
        reply = notice(say("ambiguous_place", name=insured["name"]), choices)
        return Turn(replace(context, region="", place={}).offering(choices), (reply,))
    text = say("not_covered", place=insured["name"])
    return Turn(replace(context, region="", place={}, asked="").offering(()), (notice(text),))


def not_loaded(kb: KnowledgeBase, context: Context) -> Turn:
    """Say that the family is known, but has no content yet."""
    region = kb.guide(context.region).data.region
    text = say("family_not_loaded", family=kb.family(context.family).name, region=region)
    return Turn(replace(context, asked="", direct=False), (notice(text),))


def contacts(kb: KnowledgeBase, context: Context) -> Turn:
    """Give the counters and hotlines of the guide, of one county where it was named."""
    reply = renderer_for(kb, context).contacts(tuple(place_leads(kb, context)))
    return Turn(replace(context, direct=False, asked="", last=reply.text), (reply,))


__all__ = [
    "AGENCY", "GENERAL_FACETS", "conclude", "contacts", "not_loaded", "not_served", "proceed",
]
