"""Reading the knowledge base from its data files, checked against the shapes of ``model``."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.base import Clause, Guide, Item, KnowledgeBase, Rule, conditions_of, shown
from knowledge.catalog import Fact, Family
from knowledge.conditions import ALWAYS, Condition, Not, conjunction
from knowledge.errors import DataError
from knowledge.model import SECTION_TITLES, GuideFile, ItemFile, Line, Section
from knowledge.snapshot import kept

ROOT = Path(__file__).parent
_FOR_BASE_CASE = ("materials", "deadlines")
"""Kinds of lines that hold in the case of ``base_when`` only (new filings, not changes of them)."""
_MARKER = re.compile(
    r"^\s*(?:-\s*)?((?:（[一二三四五六七八九十]+）)|(?:\([一二三四五六七八九十]+\))|(?:\d{1,2}[.．、])|[①-⑳])\s*"
)
_DATA = ("*.yml", "facts/*.yml", "guides/*/*.yml")
"""Files that an answer depends on."""

SHARED_FACTS = "shared"
"""The file of facts that several families ask about, after their own."""

Shape = TypeVar("Shape", bound=BaseModel)


@lru_cache(maxsize=1)
def load() -> KnowledgeBase:
    """Return the project's own knowledge base, read once; kept for the next process under var/."""
    state = Path(os.environ.get("YIBAO_VAR") or ROOT.parent / "var")
    return read(ROOT, state / "knowledge.snapshot")


def read(root: Path, snapshot: Path | None = None) -> KnowledgeBase:
    """Read a knowledge base from a folder.

    Args:
        root: the folder.
        snapshot: where to keep what was read and checked; taken from there while no file changes.

    Raises:
        DataError: a file breaks the schema, or refers to something that is not there.
    """
    if snapshot:
        return kept(snapshot, _version(root), lambda: read(root))
    families = _shapes(Family, root / "catalog.yml")
    facts = {fact.name: fact for fact in _read_facts(root / "facts", families)}
    folders = sorted(p.parent for p in (root / "guides").glob("*/guide.yml"))
    guides = {folder.name: _read_guide(folder) for folder in folders}
    return KnowledgeBase(guides, families, facts, _version(root))


def _read_facts(folder: Path, families: tuple[Family, ...]) -> Iterator[Fact]:
    """Yield the facts in the order in which they are asked: family by family, the shared last."""
    order = [*(family.id for family in families), SHARED_FACTS]
    there = {path.stem: path for path in folder.glob("*.yml")}
    for stray in sorted(set(there) - set(order)):
        raise DataError(_name(there[stray]), "file", f"no family {stray!r} in catalog.yml",
                        "name the file by the id of a family, or shared.yml")
    for name in order:
        if name in there:
            yield from _shapes(Fact, there[name])


def _version(root: Path) -> str:
    digest = hashlib.sha256()
    data = (path for pattern in _DATA for path in root.glob(pattern))
    for path in sorted(data):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class _Loader(yaml.CSafeLoader):
    """Refuses a key that stands twice in a mapping, of which YAML would drop the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for n, key in enumerate(keys):
            if key in keys[:n]:
                mark = node.value[n][0].start_mark
                raise yaml.MarkedYAMLError(problem=f"{key!r} stands twice", problem_mark=mark)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file; raise :class:`DataError` naming line and problem."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "file"
        problem = str(getattr(error, "problem", error))
        raise DataError(_name(path), place, problem, "correct the YAML") from None


def _name(path: Path) -> str:
    project = ROOT.parent
    return path.relative_to(project).as_posix() if project in path.parents else path.name


def _shapes(shape: type[Shape], path: Path) -> tuple[Shape, ...]:
    return tuple(_shape(shape, entry, path, str(i)) for i, entry in enumerate(read_yaml(path)))


def _shape(shape: type[Shape], data: Any, path: Path, prefix: str = "") -> Shape:
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
            if clause.kind == kind and not clause.empty
        )
    for n, line in enumerate(stated):
        if line.clause not in clauses:
            raise DataError(path, f"lines.{kind}.{n}.clause", f"no clause {line.clause!r} here")
        yield Rule(kind, line, clauses[line.clause], _condition(line, stated, file, kind),
                   _part_conditions(line, stated))


def _condition(line: Line, siblings: tuple[Line, ...], file: ItemFile, kind: str) -> Condition:
    """The line's own condition, unless another line stands in place of it or waives it."""
    terms = [line.when or ALWAYS]
    if kind in _FOR_BASE_CASE and file.base_when and line.effect != "replace_all":
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


__all__ = [
    "Clause", "Guide", "Item", "KnowledgeBase", "ROOT", "Rule",
    "conditions_of", "load", "read", "read_yaml", "shown",
]
