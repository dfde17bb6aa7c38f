"""Asking which matter is meant, where a message does not tell."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.context import Context, Turn
from bot.dialogue.did_you_mean import did_you_mean
from bot.dialogue.families import family_choice
from bot.dialogue.leads import said_in_guide
from bot.messages import Choice, notice
from bot.understanding import Understanding
from bot.wording import say, wording
from knowledge.store import KnowledgeBase

MOST_CHOICES = 4


def unclear(kb: KnowledgeBase, context: Context, reading: Understanding) -> Turn:
    """Ask which matter is meant, with the likeliest families to choose from."""
    only_a_place = context.region and reading.insured and not context.family
    if context.asked or not only_a_place:
        context = replace(context, misses=context.misses + 1)
    if context.asked:
        return Turn(context, form=True)
    if only_a_place:
        text = say("what_about_place", region=kb.guide(context.region).data.region)
    else:
        text = say("choose_family" if reading.family else "vague")
    choices = (*_item_choices(kb, context, reading), *_family_choices(kb, reading))[:MOST_CHOICES]
    context = replace(context, mentions=reading.mentions or context.mentions)
    told = map(notice, said_in_guide(kb, context) if context.region and not context.family else ())
    return Turn(context.offering(choices), (*told, notice(text, choices)))


def _item_choices(kb: KnowledgeBase, context: Context, reading: Understanding) -> list[Choice]:
    """Return the items that a message may name although it was not understood."""
    found = did_you_mean(kb, reading.plain, context.region)
    return [Choice(label, {"do": "item", "item": item}) for item, label in found]


def _family_choices(kb: KnowledgeBase, reading: Understanding) -> list[Choice]:
    likely = [kb.by_intent[i] for i, _ in reading.ranking if i in kb.by_intent]
    main = [f for f in kb.families if f.name in wording()["main_families"]]
    families = {family.id: family for family in (*likely[:3], *main)}
    return [family_choice(family) for family in list(families.values())[:3]]


__all__ = ["MOST_CHOICES", "unclear"]
