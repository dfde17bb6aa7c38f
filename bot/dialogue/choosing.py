"""Buttons that are chosen by typing: the number they have in the list, or what they say."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.context import Context
from bot.free_speech import numbers_in
from bot.nlu.normalise import normalise
from bot.understanding import Understanding


def chosen(context: Context, reading: Understanding) -> tuple[str, ...]:
    """Return the ids of the open buttons that a message presses or types; empty for none.

    Pressed ids are returned as they are, open or not.
    """
    if reading.choice is not None:
        return reading.choice
    return _by_number(context, reading.plain) or _by_label(context, reading.plain)


def is_number(reading: Understanding) -> bool:
    """Tell whether a message is nothing but numbers."""
    return reading.choice is None and bool(numbers_in(reading.plain))


def commands(context: Context, ids: Sequence[str]) -> list[dict]:
    """Return what the buttons with these ids do; empty unless all of them are open."""
    found = [dict(context.choices[i]["do"]) for i in ids if i in context.choices]
    return found if len(found) == len(ids) else []


def _by_number(context: Context, plain: str) -> tuple[str, ...]:
    ids, numbers = tuple(context.choices), numbers_in(plain)
    if plain.isdigit() and numbers and numbers[0] > len(ids):
        numbers = tuple(map(int, plain))  # 13 of a short list: 1 and 3
    fit = bool(numbers) and all(1 <= n <= len(ids) for n in numbers)
    return tuple(dict.fromkeys(ids[n - 1] for n in numbers)) if fit else ()


def _by_label(context: Context, plain: str) -> tuple[str, ...]:
    said = plain.strip("。.!?,、 ")
    return tuple(i for i, c in context.choices.items() if normalise(c["label"]) == said)[:1]


__all__ = ["chosen", "commands", "is_number"]
