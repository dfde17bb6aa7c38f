"""Counters and telephone numbers of a guide as sections of a card: those of one place, or all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.sections import plain_section, quoted_line
from bot.wording import say
from knowledge.model import SECTION_TITLES, Contact, Office
from knowledge.store import Clause, Guide, shown

GENERAL = ("contacts", "supervision")
"""Kinds of lines that say in general where to ask, in a guide without numbers of its own."""


class Counters:
    """The counters and hotlines that serve one place.

    Args:
        guide: the guide.
        place_code: division code of the place of insurance; '' if unknown.
        counter: the name of a counter that was asked for as such (市直), else ''.
    """

    def __init__(self, guide: Guide, place_code: str = "", counter: str = "") -> None:
        self._guide, self._code, self._counter = guide, place_code, counter

    def offices(self, only_own: bool = False) -> dict[str, Any] | None:
        """Return the counters as a section: the place's own, else all (unless ``only_own``)."""
        own = self._own_offices()
        if only_own and not own:
            return None
        lines = [self._cited(f"{o.name}：{o.address}　" + say("phone", phones="、".join(o.phones)),
                             o.clause) for o in own or self._guide.data.offices]
        return plain_section("offices", say("office_title"), lines, collapsed=not own)

    def contacts(self, more: Sequence[dict[str, Any]] = ()) -> dict[str, Any] | None:
        """Return the hotlines as a section, followed by ``more`` lines."""
        lines = [self._cited(f"{c.name}：{c.phone}" + (f"（{c.note}）" if c.note else ""), c.clause)
                 for c in self._own_contacts()]
        return plain_section("contacts", say("contact_title"), [*lines, *more])

    def general(self) -> Iterator[dict[str, Any]]:
        """Yield sections of what the guide says in general, the same for every item, on asking."""
        for kind in GENERAL:
            clause = self._said_of_all(kind)
            if clause:
                line = quoted_line(shown(clause.text), clause)
                section = plain_section(kind, SECTION_TITLES[kind], [line])
                assert section is not None
                yield section

    def _said_of_all(self, kind: str) -> Clause | None:
        found = [rule.clause for item in self._guide.items.values() for rule in item.of_kind(kind)]
        return found[0] if found and len({clause.text for clause in found}) == 1 else None

    def _own_offices(self) -> list[Office]:
        """Return the counters of the county that was named; a city names none of them."""
        offices, code = self._guide.data.offices, self._code
        if self._counter:
            return [office for office in offices if office.name == self._counter]
        return [o for o in offices if o.code == code and not code.endswith("00")]

    def _own_contacts(self) -> list[Contact]:
        """Return the hotlines of the place itself, else of its city, and those for everybody."""
        contacts = self._guide.data.contacts
        city = f"{self._code[:4]}00"
        own = ([c for c in contacts if c.code and c.code == self._code]
               or [c for c in contacts if c.code and c.code == city])
        everybody = [c for c in contacts if not c.code]
        return [*own, *everybody] or list(contacts)

    def _cited(self, text: str, local: str) -> dict[str, Any]:
        return quoted_line(text, self._guide.clauses[f"{self._guide.id}/guide/{local}"])


__all__ = ["Counters"]
