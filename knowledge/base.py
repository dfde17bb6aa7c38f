"""The knowledge base in memory: guides, items, clauses, and the rules over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.catalog import CanonicalItem, Fact, Family
from knowledge.conditions import ALWAYS, Condition, conjunction
from knowledge.errors import UnknownId
from knowledge.model import Barred, GuideFile, ItemFile, Line


@dataclass(frozen=True)
class Clause:
    """One numbered clause or table cell of a guide.

    ``id`` is ``guide/file/section.n``; ``text`` is the official wording without its number;
    ``heading`` is the path under which it stands, e.g. ``五、办理材料（一）``.
    """

    id: str
    guide: str
    item: str
    kind: str
    heading: str
    text: str
    printed: str

    @property
    def empty(self) -> bool:
        """Whether this is a table cell in which nothing is stated, printed as a dash."""
        return not self.text.strip("—- ")


@dataclass(frozen=True)
class Rule:
    """A line of an item with its clause and the condition under which it is shown."""

    kind: str
    line: Line
    clause: Clause
    condition: Condition
    part_conditions: Mapping[str, Condition] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The official wording shown for the line."""
        return self.line.text or shown(self.clause.text)


@dataclass(frozen=True, eq=False)
class Item:
    """One item of one guide, ready to be decided on."""

    id: str
    guide: str
    data: ItemFile
    clauses: Mapping[str, Clause]
    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        """The guide's own name of the item."""
        return self.data.name

    @property
    def canonical(self) -> tuple[str, ...]:
        """Ids of the canonical items that this one stands for."""
        return self.data.canonical or (self.id,)

    def of_kind(self, kind: str) -> tuple[Rule, ...]:
        """Return the rules of one kind, in the order of the guide."""
        return tuple(rule for rule in self.rules if rule.kind == kind)

    @property
    def bars(self) -> tuple[tuple[Barred, Condition], ...]:
        """Cases in which the guide rules the item out, with the whole condition of each."""
        base = self.data.base_when or ALWAYS
        return tuple((bar, conjunction(base, bar.when)) for bar in self.data.barred)

    @property
    def applies_when(self) -> Condition:
        """The condition of the audience clause; always, where the guide sets none."""
        applies = self.data.applies
        return applies.when if applies and applies.when else ALWAYS


@dataclass(frozen=True, eq=False)
class Guide:
    """One official guide with its items, counters and hotlines; ``files`` are its raw data."""

    id: str
    data: GuideFile
    files: Mapping[str, GuideFile | ItemFile]
    items: Mapping[str, Item]
    clauses: Mapping[str, Clause]


class KnowledgeBase:
    """Everything the assistant knows; immutable once read.

    Args:
        guides: guides by id.
        families: families in the order of the catalog.
        facts: facts by name, in the order in which they are asked.
        version: names this state of the data.

    ``by_intent`` are the families by the intent that stands for each.
    """

    def __init__(
        self,
        guides: Mapping[str, Guide],
        families: tuple[Family, ...],
        facts: Mapping[str, Fact],
        version: str,
    ) -> None:
        self.guides, self.families, self.facts = guides, families, facts
        self.version = version
        self.by_intent = {family.intent: family for family in families}
        self._clauses = {c.id: c for g in guides.values() for c in g.clauses.values()}
        self._canonical = {item.id: (family, item) for family in families for item in family.items}

    def guide(self, guide: str) -> Guide:
        """Return a guide by id; raise :class:`UnknownId`."""
        return _lookup(self.guides, guide, "guide")

    def clause(self, clause: str) -> Clause:
        """Return a clause by its full id ``guide/file/section.n``; raise :class:`UnknownId`."""
        return _lookup(self._clauses, clause, "clause")

    def family(self, name: str) -> Family:
        """Return a family by id, intent or evaluation label; raise :class:`UnknownId`."""
        for family in self.families:
            if name in (family.id, family.intent, family.label):
                return family
        raise UnknownId("family", name)

    def canonical(self, item: str) -> CanonicalItem:
        """Return a canonical item by id; raise :class:`UnknownId`."""
        return _lookup(self._canonical, item, "item")[1]

    def family_of(self, item: str) -> Family:
        """Return the family of a canonical item; raise :class:`UnknownId`."""
        return _lookup(self._canonical, item, "item")[0]

    def whole(self, item: str) -> CanonicalItem:
        """Return the canonical item that a finer one belongs to, else the item itself."""
        return self.canonical(self.canonical(item).under or item)

    def canonical_by_label(self, label: str) -> CanonicalItem | None:
        """Return the canonical item with this evaluation label, if there is one."""
        return next((i for _, i in self._canonical.values() if i.label == label), None)

    def item(self, guide: str, canonical: str) -> Item | None:
        """Return a guide's item for a canonical id, or None where the guide has none."""
        return next(iter(self.candidates(guide, canonical)), None)

    def candidates(self, guide: str, canonical: str) -> tuple[Item, ...]:
        """Return a guide's items for a canonical id: its own, then those of the finer ones.

        A finer item that the guide does not list is served by the whole where it stands in.
        Raises :class:`UnknownId` for a guide or item that is not there.
        """
        wanted = self.canonical(canonical)
        finer = (i.id for i in self.family_of(canonical).items if i.under == canonical)
        found = self._own(guide, [canonical, *finer])
        return found or (self._own(guide, [wanted.under]) if wanted.stands_in else ())

    def _own(self, guide: str, canonical: Sequence[str]) -> tuple[Item, ...]:
        items = self.guide(guide).items.values()
        return tuple(dict.fromkeys(i for c in canonical for i in items if c in i.canonical))

    def items(self, guide: str, family: str) -> tuple[Item, ...]:
        """Return a guide's items of a family, in the order of the catalog, each once."""
        return self._own(guide, [c.id for c in self.family(family).items])


def _lookup(table: Mapping[str, Any], key: str, kind: str) -> Any:
    try:
        return table[key]
    except KeyError:
        raise UnknownId(kind, key) from None


def shown(text: str) -> str:
    """Return a clause's wording without the stop that ends it."""
    return text.strip().rstrip("。；;，")


def conditions_of(item: Item) -> tuple[Condition, ...]:
    """Return every condition that can change what the item shows or whether it applies."""
    of_rules = [rule.condition for rule in item.rules]
    # Whether a part is dropped matters only where its line is shown.
    of_rules += [conjunction(rule.condition, c)
                 for rule in item.rules for c in rule.part_conditions.values()]
    barred = [condition for _, condition in item.bars]
    return tuple(c for c in (item.applies_when, *barred, *of_rules) if c != ALWAYS)


__all__ = [
    "Clause", "Guide", "Item", "KnowledgeBase", "Rule", "conditions_of", "shown",
]
