"""What comes next once it is known what is wanted: an answer, the form, or an honest no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.answers import answer_item, renderer_for
from bot.dialogue.context import Context, Turn
from bot.dialogue.dates import DATE, date_question
from bot.dialogue.leads import place_leads, said_before_asking
from bot.dialogue.questions import pending
from bot.dialogue.several import waiting_choices
from bot.dialogue.undecided import agree_on_materials, answer, can_answer
from bot.messages import Choice, notice
from bot.wording import say
from knowledge.store import KnowledgeBase

GENERAL_FACETS = frozenset({"整体咨询", "办理流程"})
"""Facets under which people ask what to do, rather than for one thing."""

AGENCY = "agency_query"
"""The item that counters and telephone numbers as such belong to."""


def proceed(kb: KnowledgeBase, context: Context) -> Turn:
    """Answer at once what asks for something in particular; else go on with the form."""
    known = _without_form(kb, context)
    if known:
        return known
    if context.direct and can_answer(kb, context):
        turn, in_between = answer(kb, context), context.asked not in ("", DATE)
        return replace(turn, form=bool(date_question(kb, turn.context)) and not in_between)
    context = replace(context, direct=False)
    if agree_on_materials(kb, context):
        return answer(kb, replace(context, facets=()))
    if pending(kb, context):
        return Turn(context, tuple(map(notice, said_before_asking(kb, context))), True)
    return answer_item(kb, context, whole=not set(context.facets) - GENERAL_FACETS)


def _without_form(kb: KnowledgeBase, context: Context) -> Turn | None:
    """Return the turn where nothing is to be decided: no guide, counters as such, no item."""
    if not context.region:
        return still_not_served(context) if context.place else Turn(context, form=True)
    if context.item == AGENCY:
        return looked_up(kb, context)
    if not kb.items(context.region, context.family):
        return no_such_family(kb, context)
    return None


def conclude(kb: KnowledgeBase, context: Context) -> Turn:
    """End the form: the answer that waited for the place, or the whole outcome."""
    if context.place and not context.region:
        return not_served(kb, context, context.place)
    known = _without_form(kb, context)
    if known:
        return known
    if context.direct or context.counting:
        return proceed(kb, replace(context, direct=True))
    return answer_item(kb, context, whole=True)


def not_served(kb: KnowledgeBase, context: Context, insured: Mapping[str, Any]) -> Turn:
    """Refuse honestly: an ambiguous place is asked about, one without a guide has none."""
    context = replace(context, direct=False, asked="")
    if insured["ambiguous"]:
        choices = tuple(Choice(name, {"do": "place", "place": name})
                        for name in insured["readings"][:5])
        reply = notice(say("ambiguous_place", name=insured["name"]), choices)
        return Turn(replace(context, region="", place={}).offering(choices), (reply,))
    text = say("not_covered", place=insured["name"])
    return Turn(context.with_place(insured).offering(()), (notice(text, silent=True),))


def still_not_served(context: Context) -> Turn:
    """Say once more, shortly, that there is no guide for the place, and ask for no other."""
    reply = notice(say("still_not_covered", place=context.place["name"]), silent=True)
    return Turn(replace(context, direct=False, asked=""), (reply,))


def go_on(kb: KnowledgeBase, context: Context) -> Turn:
    """Ask what is still to be asked; where nothing is, give the outcome."""
    return Turn(context, form=True) if pending(kb, context) else conclude(kb, context)


def no_such_family(kb: KnowledgeBase, context: Context) -> Turn:
    """Say that the guide has nothing on the matter; offer what comes near under another name."""
    family = kb.family(context.family)
    text = say("no_such_item", guide=kb.guide(context.region).data.title, item=family.name)
    near = [item for canonical in family.near for item in kb.candidates(context.region, canonical)]
    if near:
        text += say("nearest_items", items="、".join(item.name for item in near))
    choices = [*waiting_choices(kb, context),
               *(Choice(item.name, {"do": "item", "item": item.canonical[0]}) for item in near)]
    reply = notice(text + say("ask_elsewhere"), choices, silent=True)
    return Turn(replace(context, asked="", direct=False).offering(choices), (reply,))


def contacts(kb: KnowledgeBase, context: Context) -> Turn:
    """Give the counters and hotlines of the guide, of one county where it was named.

    A guide without any may still say how to look them up.
    """
    data = kb.guide(context.region).data
    if not data.offices and not data.contacts and kb.item(context.region, AGENCY):
        context = replace(context, family=kb.family_of(AGENCY).id, item=AGENCY)
        first = (say("agency_elsewhere", guide=data.title),)
        return answer_item(kb, _with_services(context), not context.facets, first)
    reply = renderer_for(kb, context).contacts(tuple(place_leads(kb, context)))
    return Turn(replace(context, direct=False, asked="", last=reply.text), (reply,))


def _with_services(context: Context) -> Context:
    """Show beside what was asked about an item also what it serves for."""
    facets = dict.fromkeys((*context.facets, "服务对象/条件"))
    return replace(context, facets=tuple(facets) if context.facets else ())


def looked_up(kb: KnowledgeBase, context: Context) -> Turn:
    """Answer how agencies are looked up, with the counters and hotlines that the guide lists."""
    data = kb.guide(context.region).data
    listed = contacts(kb, context)
    if kb.item(context.region, AGENCY) is None and context.facets:
        lacking = notice(say("no_such_item", guide=data.title, item=kb.canonical(AGENCY).label))
        return replace(listed, replies=(lacking, *listed.replies))
    if not (data.offices or data.contacts) or kb.item(context.region, AGENCY) is None:
        return listed
    own = answer_item(kb, _with_services(context), whole=not context.facets)
    return replace(own, replies=(*listed.replies, *own.replies))


__all__ = [
    "AGENCY", "GENERAL_FACETS", "conclude", "contacts", "go_on", "looked_up", "no_such_family",
    "not_served", "proceed", "still_not_served",
]
