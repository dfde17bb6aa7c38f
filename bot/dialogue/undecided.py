"""Answers while it is open which item serves: what the items in question say alike, or each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.dialogue.answers import (
    answer_item,
    asked_facets,
    has_question,
    next_choices,
    renderer_for,
)
from bot.dialogue.context import Context, Turn
from bot.dialogue.counting import count_leads
from bot.dialogue.leads import (
    mention_leads,
    mentioning,
    operation_lead,
    parted_by_mentions,
    place_leads,
    said_before_asking,
)
from bot.facet_kinds import kinds_of
from bot.render import Groups
from bot.wording import say
from knowledge.engine import Outcome, assess
from knowledge.store import KnowledgeBase

COMMON_KINDS = ("materials", "time_limits", "channels", "steps", "level", "notes")
"""What is compared between items where nothing in particular was asked about."""

MOST_LINES, ANY_NUMBER = 6, 99
"""How many lines are shown of what items say differently: as long as more can be asked, or not."""


def can_answer(kb: KnowledgeBase, context: Context) -> bool:
    """Tell whether what was asked can be answered without asking back."""
    outcome = assess(kb, context.region, context.family, context.known, context.item)
    return is_settled(kb, context) or bool(
        _in_common(kb, context, outcome) or _by_item(kb, context, outcome))


def is_settled(kb: KnowledgeBase, context: Context) -> bool:
    """Tell whether it is known which item serves, or that none does; not before the place is."""
    if not context.region:
        return True
    outcome = assess(kb, context.region, context.family, context.known, context.item)
    return outcome.item is not None or outcome.status != "conditional"


def agree_on_materials(kb: KnowledgeBase, context: Context) -> bool:
    """Tell whether the items still in question want the same, or little of all (取消备案)."""
    if context.item:
        return False
    outcome = assess(kb, context.region, context.family, context.known)
    whole = replace(context, facets=())
    return "materials" in (*_in_common(kb, whole, outcome), *_by_item(kb, whole, outcome))


def answer(kb: KnowledgeBase, context: Context) -> Turn:
    """Answer what was asked: for the item, or for the whole family where its items agree."""
    if is_settled(kb, context):
        return answer_item(kb, context)
    outcome = assess(kb, context.region, context.family, context.known, context.item)
    kinds = _in_common(kb, context, outcome)
    grouped = {} if kinds else _by_item(kb, context, outcome)
    if grouped:
        return _answer_by_item(kb, context, outcome, grouped)
    return _answer_in_common(kb, context, outcome, kinds) if kinds else answer_item(kb, context)


def _answer_by_item(
    kb: KnowledgeBase, context: Context, outcome: Outcome, grouped: Mapping[str, Groups]
) -> Turn:
    """Answer for all items still in question, each line with the items it is for."""
    leads = [*place_leads(kb, context), *said_before_asking(kb, context),
             say("by_item", family=kb.family(context.family).name)]
    choices = tuple(next_choices(kb, context, (), outcome))
    reply = renderer_for(kb, context).by_item(
        outcome, grouped, asked_facets(context), leads, choices)
    context = replace(context, direct=False, asked="", last=reply.text)
    return Turn(context.offering(choices), (reply,))


def _answer_in_common(
    kb: KnowledgeBase, context: Context, outcome: Outcome, kinds: tuple[str, ...]
) -> Turn:
    """Answer with what all items still in question say alike."""
    first = assess(kb, context.region, context.family, context.known,
                   outcome.instead[0].canonical[0])
    family = kb.family(context.family).name
    leads = [*place_leads(kb, context), *count_leads(context, first),
             *mention_leads(kb, context, first.item, family),
             say("in_common", family=family), *operation_lead(kb, context, first, family)]
    choices = tuple(next_choices(kb, context, (), first))
    quoted = [rule.clause for rule in mentioning(context, first.item)]
    reply = renderer_for(kb, context).common(
        first, kinds, asked_facets(context), leads, choices, quoted)
    context = replace(context, direct=False, asked="", last=reply.text)
    return Turn(context.offering(choices), (reply,))


def _each_item(kb: KnowledgeBase, context: Context, outcome: Outcome) -> list[Outcome]:
    """Return the outcome for each item that is still in question."""
    return [assess(kb, context.region, context.family, context.known, item.canonical[0])
            for item in outcome.instead]


def _by_item(kb: KnowledgeBase, context: Context, outcome: Outcome) -> dict[str, Groups]:
    """Return, by kind asked about, what the items say where that is short enough to show at once.

    Empty where the first kind is not, or where nothing is said.
    """
    kinds = kinds_of(asked_facets(context)) or (
        ("materials",) if context.known.get("operation") else ())
    found = {kind: _groups(kind, _each_item(kb, context, outcome)) for kind in kinds}
    most = MOST_LINES if has_question(kb, context) else ANY_NUMBER
    short = {kind: groups for kind, groups in found.items()
             if 0 < sum(len(one.of_kind(kind)) for _, one in groups) <= most}
    return short if kinds and kinds[0] in short else {}


def _groups(kind: str, each: Sequence[Outcome]) -> Groups:
    """Return the items that say the same of a kind, by names, with the outcome of one of them."""
    groups: dict[tuple[str, ...], list[Outcome]] = {}
    for one in each:
        groups.setdefault(tuple(line.rule.text for line in one.of_kind(kind)), []).append(one)
    alike = len(groups) == 1
    return tuple(("" if alike else "、".join(one.item.name for one in ones if one.item), ones[0])
                 for ones in groups.values())


def _in_common(kb: KnowledgeBase, context: Context, outcome: Outcome) -> tuple[str, ...]:
    """Return the kinds asked about on which all items still in question say the same."""
    if parted_by_mentions(context, outcome.instead):
        return ()
    each = _each_item(kb, context, outcome)
    kinds = kinds_of(asked_facets(context)) or COMMON_KINDS
    wordings = {k: {tuple(line.rule.text for line in o.of_kind(k)) for o in each} for k in kinds}
    agreed = tuple(k for k in kinds if len(wordings[k]) == 1)
    # All notes missing is no agreement: the items' other lines may hold what was asked.
    empty = kinds[0] == "notes" and wordings["notes"] == {()}
    return agreed if kinds[0] in agreed and len(each) > 1 and not empty else ()


__all__ = ["agree_on_materials", "answer", "can_answer", "is_settled"]
