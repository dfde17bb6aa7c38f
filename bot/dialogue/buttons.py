"""What pressed buttons do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue.answers import answer_item
from bot.dialogue.choosing import commands
from bot.dialogue.comparing import press_comparison
from bot.dialogue.context import Context, Turn
from bot.dialogue.dates import counting_pressed
from bot.dialogue.going_on import go_on, proceed
from bot.dialogue.several import next_matter
from bot.dialogue.small_talk import cancel, to_person
from bot.messages import notice
from bot.stated_place import place_answered
from bot.wording import say
from knowledge.store import KnowledgeBase


def press(kb: KnowledgeBase, context: Context, ids: tuple[str, ...]) -> Turn:
    """Do what the pressed buttons stand for; buttons that are not open change nothing."""
    pressed = commands(context, ids)
    if not pressed or pressed[0]["do"] in _ANSWERS:
        return _stale(context)
    return _COMMANDS[pressed[0]["do"]](kb, replace(context, counting=""), pressed)


_ANSWERS = ("answer", "date")
"""Buttons of a question; they are pressed here only when it is no longer open."""


def opens(context: Context, ids: Sequence[str]) -> bool:
    """Tell whether buttons chosen by typing do something other than answer the open question."""
    return any(command["do"] not in _ANSWERS for command in commands(context, ids))


def _stale(context: Context) -> Turn:
    return Turn(context, (notice(say("stale_choice"), tone="warn"),), form=bool(context.asked))


def _do_place(kb: KnowledgeBase, context: Context, pressed: list[Mapping[str, Any]]) -> Turn:
    insured = place_answered(pressed[0]["place"])
    assert insured is not None
    context = context.with_place(insured)
    return go_on(kb, context)


def _do_start_form(kb: KnowledgeBase, context: Context, pressed: list) -> Turn:
    return go_on(kb, replace(context, direct=False))


def _do_facet(kb: KnowledgeBase, context: Context, pressed: list[Mapping[str, Any]]) -> Turn:
    return answer_item(kb, replace(context, facets=(pressed[0]["facet"],), mentions=()))


def _do_item(kb: KnowledgeBase, context: Context, pressed: list[Mapping[str, Any]]) -> Turn:
    item = pressed[0]["item"]
    context = replace(context.about(kb, kb.family_of(item).id, item), direct=True)
    return proceed(kb, context)


def _do_family(kb: KnowledgeBase, context: Context, pressed: list[Mapping[str, Any]]) -> Turn:
    context = replace(context.about(kb, pressed[0]["family"], ""), direct=False)
    return proceed(kb, context)


def _do_next_matter(kb: KnowledgeBase, context: Context, pressed: list[Mapping[str, Any]]) -> Turn:
    return proceed(kb, next_matter(kb, context, pressed[0]))


def _do_count(kb: KnowledgeBase, context: Context, pressed: list[Mapping[str, Any]]) -> Turn:
    return go_on(kb, counting_pressed(kb, context, pressed))


_COMMANDS: dict[str, Callable[[KnowledgeBase, Context, list], Turn]] = {
    "place": _do_place,
    "start_form": _do_start_form,
    "facet": _do_facet,
    "item": _do_item,
    "family": _do_family,
    "compare": press_comparison,
    "count": _do_count,
    "to_person": lambda kb, context, pressed: to_person(
        kb, context, pressed[0].get("reason", "asked")),
    "cancel": lambda kb, context, pressed: cancel(kb, context),
    "next_matter": _do_next_matter,
}

__all__ = ["opens", "press"]
