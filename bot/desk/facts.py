"""The facts of a conversation as they can be edited: those known, those still to be asked, others.

All of them are in the order in which facts are asked, so that none moves when one is edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from bot.desk.words import desk_words
from bot.dialogue.context import Context
from bot.handover.known import value_in_words
from bot.wording import say
from knowledge.catalog import Fact, Option
from knowledge.conditions import Value, atoms
from knowledge.engine import UNKNOWN, Question
from knowledge.store import Item, KnowledgeBase, conditions_of

ASSUMED = "assumed"
"""The source of a fact that holds until somebody says otherwise."""


def facts_shown(
    kb: KnowledgeBase, context: Context, left: Sequence[Question], items: Sequence[Item]
) -> list[dict[str, Any]]:
    """Return the facts known, then those to be asked, then others on which the items depend.

    Each is ``{"name", "label", "question", "value", "text", "options", "multiple", "source",
    "source_text", "open"}``: ``open`` are those to be asked; the value is None where there is
    none. Neither known nor open are facts that are assumed, and those that nobody is asked.

    Args:
        kb: the knowledge base.
        context: of the conversation.
        left: the questions that are left.
        items: those that may still be the one.
    """
    asked = {question.fact.name: question for question in left}
    known = [_known(kb.facts[name], context, name in asked) for name in kb.facts
             if name in context.facts]
    opened = [_shown(q.fact, context, options=q.options, opened=True)
              for name, q in asked.items() if name not in context.facts]
    depended = (kb.facts[name] for name in kb.facts if name in facts_of(tuple(items)))
    others = [_further(fact, context) for fact in depended
              if fact.name not in context.facts and fact.name not in asked
              and (fact.default or fact.unknowable)]
    return [*known, *opened, *others]


@lru_cache(maxsize=512)
def facts_of(items: tuple[Item, ...]) -> frozenset[str]:
    """Return the names of the facts on which it depends what items show, and for whom they are."""
    return frozenset(atom.fact for item in items for condition in conditions_of(item)
                     for atom in atoms(condition))


def _known(fact: Fact, context: Context, opened: bool) -> dict[str, Any]:
    told = context.facts[fact.name]
    return _shown(fact, context, value=told["value"], source=told["source"], opened=opened)


def _further(fact: Fact, context: Context) -> dict[str, Any]:
    if fact.default:
        return _shown(fact, context, value=fact.default, source=ASSUMED)
    return _shown(fact, context)


def _shown(
    fact: Fact, context: Context, value: Value | None = None, source: str = "",
    options: Iterable[Option] = (), opened: bool = False,
) -> dict[str, Any]:
    return {
        "name": fact.name, "label": fact.label, "question": fact.asked_of(context.who),
        "value": value, "text": "" if value is None else value_in_words(fact, value),
        "options": list(_options(options or fact.options)), "multiple": fact.multiple,
        "source": source, "source_text": desk_words()["sources"][source], "open": opened,
    }


def _options(options: Iterable[Option]) -> Iterator[Mapping[str, str]]:
    yield from ({"value": option.value, "label": option.label} for option in options)
    yield {"value": UNKNOWN, "label": say("unknown")}


__all__ = ["ASSUMED", "facts_of", "facts_shown"]
