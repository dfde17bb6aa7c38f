"""What pressed buttons do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.answers import answer_item
from bot.dialogue.comparing import press_comparison
from bot.dialogue.context import Context, Turn
from bot.dialogue.going_on import conclude, no_such_family, proceed
from bot.dialogue.questions import pending
from bot.messages import notice
from bot.stated_place import place_answered
from bot.wording import say
from knowledge.store import KnowledgeBase


def press(kb: KnowledgeBase, context: Context, ids: tuple[str, ...]) -> Turn:
    """Do what the pressed buttons stand for; buttons that are not open change nothing."""
    commands = [context.choices[i]["do"] for i in ids if i in context.choices]
    if not commands or len(commands) != len(ids):
        return _stale(context)
    return _COMMANDS[commands[0]["do"]](kb, context, commands)


def _do_answer(kb: KnowledgeBase, context: Context, commands: list[Mapping[str, Any]]) -> Turn:
    """Only reached when the question is no longer open."""
    return _stale(context)


def _stale(context: Context) -> Turn:
    return Turn(context, (notice(say("stale_choice"), tone="warn"),), form=bool(context.asked))


def _do_place(kb: KnowledgeBase, context: Context, commands: list[Mapping[str, Any]]) -> Turn:
    insured = place_answered(commands[0]["place"])
    assert insured is not None
    context = context.with_place(insured)
    return Turn(context, form=True) if pending(kb, context) else conclude(kb, context)


def _do_start_form(kb: KnowledgeBase, context: Context, commands: list) -> Turn:
    context = replace(context, direct=False)
    return Turn(context, form=True) if pending(kb, context) else conclude(kb, context)


def _do_facet(kb: KnowledgeBase, context: Context, commands: list[Mapping[str, Any]]) -> Turn:
    return answer_item(kb, replace(context, facets=(commands[0]["facet"],), mentions=()))


def _do_item(kb: KnowledgeBase, context: Context, commands: list[Mapping[str, Any]]) -> Turn:
    item = commands[0]["item"]
    context = replace(context, family=kb.family_of(item).id, item=item, direct=True)
    context = context.with_facts(dict(kb.canonical(item).implies), "item")
    return proceed(kb, context) if context.region else Turn(context, form=True)


def _do_family(kb: KnowledgeBase, context: Context, commands: list[Mapping[str, Any]]) -> Turn:
    context = replace(context, family=commands[0]["family"], item="", direct=False)
    if not context.region:
        return Turn(context, form=True)
    if not kb.items(context.region, context.family):
        return no_such_family(kb, context)
    return proceed(kb, context)


_COMMANDS: dict[str, Callable[[KnowledgeBase, Context, list], Turn]] = {
    "answer": _do_answer,
    "place": _do_place,
    "start_form": _do_start_form,
    "facet": _do_facet,
    "item": _do_item,
    "family": _do_family,
    "compare": press_comparison,
}

__all__ = ["press"]
