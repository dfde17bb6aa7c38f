"""Sentences before the clauses: whose guide this is, what it mentions, for whom it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.dialogue.context import Context
from bot.lines import quoted
from bot.people import called
from bot.wording import say
from knowledge.engine import Outcome, assess, told
from knowledge.reasons import against, applies_clause
from knowledge.store import Clause, Item, KnowledgeBase, Rule
from knowledge.vocabulary import Mention, mentions

FEW_ITEMS = 3
"""Up to so many items are named of which a thing is said that was asked about by name."""


def place_leads(kb: KnowledgeBase, context: Context) -> Iterator[str]:
    """Say when a place is served by its province's guide, and which cities have their own."""
    place = context.place
    if not context.region:
        return
    province = kb.guide(context.region).data
    cities = [guide.data.region for guide in kb.guides.values()
              if guide.data is not province and guide.data.code[:2] == province.code[:2]]
    if place.get("fallback"):
        yield say("fallback_city", place=place["name"], region=province.region)
    elif cities and place.get("level") == "province":
        yield say("bare_province", region=province.region, cities="或".join(cities))


def whole_lead(kb: KnowledgeBase, context: Context, item: Item) -> Iterator[str]:
    """Say that the guide does not list a finer item, and which one it belongs to."""
    wanted = kb.canonical(context.item) if context.item else None
    if wanted and wanted.under and wanted.id not in item.canonical:
        yield say("not_listed_apart", guide=guide_title(kb, context), wanted=wanted.label,
                  item=item.name)


def outcome_leads(
    kb: KnowledgeBase, context: Context, outcome: Outcome, whole: bool
) -> Iterator[str]:
    """Say for whom the item is, where that is still open, and how the answer was made."""
    item = outcome.item
    assert item is not None
    yield from operation_lead(kb, context, outcome, item.name)
    for clause in outcome.unsure:
        yield from _doubts(kb, context, item, clause)
    if whole:
        key = "applies_lead" if outcome.status == "applies" else "conditional_lead"
        yield say(key, item=item.name, who=called(context.asks_for))


def _doubts(kb: KnowledgeBase, context: Context, item: Item, clause: Clause) -> Iterator[str]:
    """Say what a clause leaves open: for whom the item is, or when it is not needed."""
    unlisted = against(item, told(context.known)) if clause == applies_clause(item) else ()
    for reason in unlisted:
        fact = kb.facts[reason.fact]
        yield say("case_not_listed", guide=guide_title(kb, context), label=fact.label,
                  value=fact.option(reason.value).label, clause=quoted(clause))
    if not unlisted:
        yield say("only_if" if clause.kind == "audience" else "mind_first", clause=quoted(clause))


def operation_lead(
    kb: KnowledgeBase, context: Context, outcome: Outcome, name: str
) -> Iterator[str]:
    """Say that the guide names no materials for what is to be done (查询备案)."""
    operation, item = context.known.get("operation"), outcome.item
    if operation and item and item.of_kind("materials") and not outcome.of_kind("materials"):
        label = kb.facts["operation"].option(str(operation)).condition
        guide = guide_title(kb, context)
        yield say("not_stated_operation", guide=guide, item=name, operation=label)


def mentioning(context: Context, item: Item) -> Iterator[Rule]:
    """Yield the rules whose clauses mention what was asked about by name."""
    asked = _asked(context)
    for rule in item.rules:
        if any(mention.is_about(rule) for mention in asked):
            yield rule


def _asked(context: Context) -> list[Mention]:
    """Return what was asked about by name."""
    return [mention for mention in mentions() if mention.label in context.mentions]


def parted_by_mentions(context: Context, items: Sequence[Item]) -> bool:
    """Tell whether some of the items mention what was asked about by name, and others do not."""
    return any(len({mention.stands_in(item) for item in items}) > 1 for mention in _asked(context))


def mention_leads(
    kb: KnowledgeBase, context: Context, item: Item, name: str
) -> Iterator[str]:
    """Say whether the item's clauses mention what was asked about by name."""
    for mention in _asked(context):
        found = mention.stands_in(item)
        key = "mentioned" if found else "not_mentioned"
        line = say(key, guide=guide_title(kb, context), item=name, thing=mention.label)
        yield line if found else line + say("ask_elsewhere")


def said_before_asking(kb: KnowledgeBase, context: Context) -> Iterator[str]:
    """Say of what was asked about by name what no question can change.

    That is what all items still in question say alike, then what none of them mentions.
    """
    asked = _asked(context)
    if not asked:
        return
    outcome = assess(kb, context.region, context.family, context.known, context.item)
    guide = guide_title(kb, context)
    for mention in asked:
        quoted = _said_alike(mention, outcome.instead)
        if quoted:
            yield say("mentioned_throughout", guide=guide, thing=mention.label, quoted=quoted)
    items = [outcome.item] if outcome.item else outcome.instead
    name = outcome.item.name if outcome.item else kb.family(context.family).name
    for mention in asked:
        if not any(map(mention.stands_in, items)):
            yield say("not_mentioned", guide=guide, item=name, thing=mention.label)


def said_in_guide(kb: KnowledgeBase, context: Context) -> Iterator[str]:
    """Say of what was asked about by name, but of no item, which few items of the guide have it."""
    guide = guide_title(kb, context)
    for mention in _asked(context):
        items = [item for item in kb.guide(context.region).items.values()
                 if mention.stands_in(item)]
        for item in items if len(items) <= FEW_ITEMS else ():
            yield say("mentioned_in", thing=mention.label, guide=guide, item=item.name,
                      quoted=_said_alike(mention, [item]))
        if not items:
            yield say("not_mentioned_anywhere", guide=guide, thing=mention.label) + say(
                "ask_elsewhere")


def _said_alike(mention: Mention, items: Sequence[Item]) -> str:
    """Return the clauses on a thing, with their headings, where all items have the same."""
    each = [[rule.clause for rule in item.rules if mention.is_about(rule)] for item in items]
    texts = {tuple(dict.fromkeys(clause.text for clause in clauses)) for clauses in each}
    if not all(each) or len(texts) != 1:
        return ""
    return "".join(dict.fromkeys(
        quoted(clause) for clause in each[0]))


def guide_title(kb: KnowledgeBase, context: Context) -> str:
    return kb.guide(context.region).data.title


__all__ = [
    "guide_title", "mention_leads", "mentioning", "operation_lead", "outcome_leads",
    "parted_by_mentions", "place_leads", "said_before_asking", "said_in_guide", "whole_lead",
]
