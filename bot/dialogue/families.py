"""Families of items offered as buttons, in the words of citizens with the official name behind."""

from __future__ import annotations

from bot.messages import Choice
from bot.wording import say
from knowledge.catalog import Family


def family_choice(family: Family) -> Choice:
    """Return the button that takes up a family."""
    label = say("family_choice", asked_as=family.asked_as, name=family.name)
    return Choice(label, {"do": "family", "family": family.id})


__all__ = ["family_choice"]
