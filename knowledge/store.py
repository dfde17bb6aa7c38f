"""Reading the knowledge base from its data files, checked against the shapes of ``model``."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Type, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.conditions import ALWAYS, Condition, Not, conjunction
from knowledge.errors import DataError, UnknownId
from knowledge.model import (
    SECTION_TITLES,
    CanonicalItem,
    Fact,
    Family,
    GuideFile,
    ItemFile,
    Line,
    Section,
)

ROOT = Path(__file__).parent
_MARKER = re.compile(
    r"^\s*(?:-\s*)?((?:（[一二三四五六七八九十]+）)|(?:\([一二三四五六七八九十]+\))|(?:\d{1,2}[.．、])|[①-⑳])\s*"
)
Shape = TypeVar("Shape", bound=BaseModel)


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

    def canonical_by_label(self, label: str) -> CanonicalItem | None:
        """Return the canonical item with this evaluation label, if there is one."""
        return next((i for _, i in self._canonical.values() if i.label == label), None)

    def item(self, guide: str, canonical: str) -> Item | None:
        """Return a guide's item for a canonical id, or None where the guide has none."""
        for item in self.guide(guide).items.values():
            if canonical in item.canonical:
                return item
        return None

    def items(self, guide: str, family: str) -> tuple[Item, ...]:
        """Return a guide's items of a family, in the order of the catalog, each once."""
        found = (self.item(guide, c.id) for c in self.family(family).items)
        return tuple(dict.fromkeys(item for item in found if item))


def _lookup(table: Mapping[str, Any], key: str, kind: str) -> Any:
    try:
        return table[key]
    except KeyError:
        raise UnknownId(kind, key) from None


def shown(text: str) -> str:
    """Return a clause's wording without the stop that ends it."""
    return text.strip().rstrip("。；;，")


@lru_cache(maxsize=1)
def load() -> KnowledgeBase:
    """Return the project's own knowledge base, read once."""
    return read(ROOT)


def read(root: Path) -> KnowledgeBase:
    """Read a knowledge base from a folder.

    Raises:
        DataError: a file breaks the schema, or refers to something that is not there.
    """
    families = _shapes(Family, root / "catalog.yml")
    facts = {fact.name: fact for fact in _shapes(Fact, root / "facts.yml")}
    folders = sorted(p.parent for p in (root / "guides").glob("*/guide.yml"))
    guides = {folder.name: _read_guide(folder) for folder in folders}
    return KnowledgeBase(guides, families, facts, _version(root))


def _version(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.yml")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file; raise :class:`DataError` naming line and problem."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "file"
        problem = str(getattr(error, "problem", error))
        raise DataError(_name(path), place, problem, "correct the YAML") from None


def _name(path: Path) -> str:
    return path.relative_to(ROOT.parent).as_posix() if ROOT in path.parents else path.name


def _shapes(shape: Type[Shape], path: Path) -> tuple[Shape, ...]:
    return tuple(_shape(shape, entry, path, str(i)) for i, entry in enumerate(read_yaml(path)))


def _shape(shape: Type[Shape], data: Any, path: Path, prefix: str = "") -> Shape:
    try:
        return shape.parse_obj(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, ([prefix] if prefix else []) + list(first["loc"])))
        raise DataError(_name(path), key, first["msg"], "see docs/knowledge.md") from None


def _read_guide(folder: Path) -> Guide:
    data = _shape(GuideFile, read_yaml(folder / "guide.yml"), folder / "guide.yml")
    files = {
        path.stem: _shape(ItemFile, read_yaml(path), path)
        for path in sorted(folder.glob("*.yml"))
        if path.stem != "guide"
    }
    own = {name: _clauses(folder.name, name, file.text) for name, file in files.items()}
    items = {
        name: _build(folder, name, file, own)
        for name, file in files.items()
        if not name.startswith("_")
    }
    clauses = {c.id: c for table in own.values() for c in table.values()}
    clauses.update({c.id: c for c in _clauses(folder.name, "guide", data.text).values()})
    return Guide(folder.name, data, {"guide": data, **files}, items, clauses)


def _clauses(guide: str, file: str, text: Mapping[str, Section]) -> dict[str, Clause]:
    return {
        local: Clause(f"{guide}/{file}/{local}", guide, file, kind, heading, wording, printed)
        for kind, section in text.items()
        for local, heading, wording, printed in _numbered(kind, section)
    }


def _numbered(kind: str, section: Section) -> Iterator[tuple[str, str, str, str]]:
    """Yield (local id, heading path, wording without number, as printed) for each clause."""
    title = (section.heading or section.column).rstrip("：: ")
    for n, printed in enumerate(section.body, start=1):
        marker = _MARKER.match(printed)
        wording = printed[marker.end() :] if marker else printed.strip()
        local = kind if len(section.body) == 1 else f"{kind}.{n}"
        yield local, title + (_number(marker.group(1)) if marker else ""), wording.strip(), printed


def _number(marker: str) -> str:
    figure = marker.rstrip(".．、")
    return f" {figure}" if figure.isdigit() else figure


def _build(
    folder: Path, name: str, file: ItemFile, own: Mapping[str, Mapping[str, Clause]]
) -> Item:
    clauses = dict(own[name])
    for shared in file.includes:
        if shared not in own:
            raise DataError(_name(folder / f"{name}.yml"), "includes", f"no file {shared}.yml")
        clauses.update({f"{shared}/{local}": c for local, c in own[shared].items()})
    path = _name(folder / f"{name}.yml")
    named = [("applies.clause", file.applies.clause)] if file.applies else []
    named += [(f"barred.{n}.clause", bar.clause) for n, bar in enumerate(file.barred)]
    for key, clause in named:
        if clause not in clauses:
            raise DataError(path, key, f"no clause {clause!r} here")
    rules = tuple(r for kind in SECTION_TITLES for r in _rules(kind, file, clauses, path))
    return Item(name, folder.name, file, clauses, rules)


def _rules(
    kind: str, file: ItemFile, clauses: Mapping[str, Clause], path: str
) -> Iterator[Rule]:
    stated = file.lines.get(kind)
    if stated is None:
        stated = tuple(
            Line(clause=local)
            for local, clause in clauses.items()
            if clause.kind == kind and clause.text.strip("—- ")
        )
    for n, line in enumerate(stated):
        if line.clause not in clauses:
            raise DataError(path, f"lines.{kind}.{n}.clause", f"no clause {line.clause!r} here")
        yield Rule(kind, line, clauses[line.clause], _condition(line, stated, file, kind),
                   _part_conditions(line, stated))


def _condition(line: Line, siblings: tuple[Line, ...], file: ItemFile, kind: str) -> Condition:
    """The line's own condition, unless another line stands in place of it or waives it."""
    terms = [line.when or ALWAYS]
    if kind == "materials" and file.base_when and line.effect != "replace_all":
        terms.append(file.base_when)
    for other in siblings:
        replaces = other.effect == "replace_all" and line.effect != "replace_all"
        targets = other.effect in ("waive", "substitute") and other.target == line.id != ""
        if other is not line and (replaces or targets):
            terms.append(Not(other.when or ALWAYS))
    return conjunction(*terms)


def _part_conditions(line: Line, siblings: tuple[Line, ...]) -> dict[str, Condition]:
    prefix = f"{line.id}."
    return {
        other.target[len(prefix) :]: Not(other.when or ALWAYS)
        for other in siblings
        if line.id and other.target.startswith(prefix)
    }


def conditions_of(item: Item) -> tuple[Condition, ...]:
    """Return every condition that can change what the item shows or whether it applies."""
    of_rules = [c for rule in item.rules for c in (rule.condition, *rule.part_conditions.values())]
    barred = [entry.when for entry in item.data.barred]
    return tuple(c for c in (item.applies_when, *barred, *of_rules) if c != ALWAYS)


__all__ = [
    "Clause", "Guide", "Item", "KnowledgeBase", "ROOT", "Rule",
    "conditions_of", "load", "read", "read_yaml", "shown",
]
