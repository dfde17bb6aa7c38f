"""Shapes of the catalog of items and of the facts that rules may depend on."""

from __future__ import annotations

from typing import Any

from pydantic import validator

from knowledge.model import Shape, parsed_condition


class Option(Shape):
    """A possible value of a fact.

    ``label`` is what the button says, ``condition`` completes 如…， ``everyday`` are phrases that
    mean it in free speech, ``short`` are replies that mean it only when the question is open.
    ``told_by_places`` is what two places of a transfer tell (转出, 转入, 跨省, 省内), or a
    place away from that of the insurance (居住).
    """

    value: str
    label: str
    condition: str
    otherwise: str = ""
    everyday: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    not_if: tuple[str, ...] = ()
    told_by_places: str = ""


class Fact(Shape):
    """Something about the person that rules may depend on.

    ``default`` is assumed (and not asked) until the person says otherwise. ``unknowable`` facts
    are never asked: no guide says how they turn out, or it would be rude to ask everybody.
    ``of_person`` facts are told of the person whom the matter is for, not of others whom a
    message speaks of; ``{who}`` in the ``question`` stands for that person.
    """

    name: str
    label: str
    question: str
    multiple: bool = False
    default: str = ""
    unknowable: bool = False
    of_person: bool = False
    options: tuple[Option, ...]

    def asked_of(self, who: str) -> str:
        """Return the question, with the person called as ``who`` says."""
        return self.question.format(who=who)

    def option(self, value: str) -> Option:
        """Return the option with ``value``; raise ``KeyError`` where there is none."""
        for option in self.options:
            if option.value == value:
                return option
        raise KeyError(value)


class CanonicalItem(Shape):
    """An item as all guides know it: id, evaluation label, names, what people call it.

    ``under`` names the item that a finer one belongs to (新生儿参保登记 to 城乡居民参保登记);
    ``stands_in`` says that a guide which does not list the finer one treats it with the whole.
    ``implies`` are facts that follow from naming the item; ``typical_when`` describes whose item
    it is, to recognise a person whose item a guide does not have. ``region_role`` is the role of
    the place whose guide answers, where it is not the family's.
    """

    id: str
    label: str
    under: str = ""
    stands_in: bool = False
    names: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()
    typical_when: Any | None = None
    implies: dict[str, str] = {}
    region_role: str = ""

    _when = validator("typical_when", pre=True, allow_reuse=True)(parsed_condition)


class Family(Shape):
    """A group of items that one intent stands for.

    ``asked_as`` is what citizens would call it. ``near`` are items of other families that some
    guides hold in place of its own.
    """

    id: str
    intent: str
    label: str
    name: str
    asked_as: str
    region_role: str = "参保"
    near: tuple[str, ...] = ()
    items: tuple[CanonicalItem, ...]


__all__ = ["CanonicalItem", "Fact", "Family", "Option"]
