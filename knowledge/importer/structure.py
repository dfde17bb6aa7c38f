"""What a draft says of its clauses: lines with alternatives, forms, conditions, deadlines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.base import Clause
from knowledge.base import Rule as CheckedRule
from knowledge.catalog import Fact
from knowledge.conditions import ALWAYS
from knowledge.follows import check_rule
from knowledge.importer.deadlines import deadline_in
from knowledge.importer.materials import material_lines, note_lines
from knowledge.importer.names import bare
from knowledge.importer.pieces import DraftItem, Passage, joined
from knowledge.importer.vocabulary import vocabulary
from knowledge.model import SECTION_TITLES
from knowledge.model import Line as Rule
from knowledge.text import squeeze

BLANK = "—- ―－"
_LONGEST_LABEL = 24
_NAMES_SECTIONS = re.compile("(.{4,40}?)(?:按照|按|根据|参照|依照)")
_NAMING = ("name", "number", "code")
_NOT_SHOWN = "草稿没有把它放进任何栏目，待人工核对"
_LABEL = "分组的小标题，下面各项用于这种情形"
_NOT_SPLIT = "这一条没能拆开，请核对条件和材料"


@dataclass(frozen=True)
class _Entry:
    """A clause that an item shows: its id there, its wording, its passage and place in it."""

    clause: str
    text: str
    passage: Passage
    n: int
    own: bool

    @property
    def place(self) -> tuple[str | int, ...]:
        place = ("text", self.passage.key, "body")
        return (*place, self.n) if self.own and len(self.passage.body) > 1 else place

    @property
    def line(self) -> int:
        return self.passage.body[self.n][0].line


def add_keys(item: DraftItem) -> None:
    """Give every passage its key: its kind, with a number from the second on."""
    used: dict[str, int] = {}
    headings: set[str] = set()
    for passage in item.passages:
        used[passage.kind] = used.get(passage.kind, 0) + 1
        times = used[passage.kind]
        passage.key = passage.kind if times == 1 else f"{passage.kind}_{times}"
        words = bare(joined(passage.heading).rstrip("：:"))
        again = words in headings and passage.kind in SECTION_TITLES
        headings.add(words or passage.key)
        reason = passage.doubt or ("同一个标题出现了两次，请核对" if again else "")
        if reason:
            item.doubt(reason, passage.line, ("text", passage.key))


def widen(item: DraftItem) -> None:
    """Let a passage stand for all sections that its wording names: 办理材料、办理时限按照…执行."""
    for passage in item.passages:
        named = _NAMES_SECTIONS.match(squeeze(passage.clauses[0])) if passage.body else None
        kinds = vocabulary().heading(named[1]) if named else ()
        if len(kinds) > 1 and passage.kind in kinds:
            passage.kinds = tuple(dict.fromkeys([passage.kind, *kinds]))


def structure(
    item: DraftItem, shared: Mapping[str, DraftItem], facts: Sequence[Fact]
) -> None:
    """Draft the lines of an item.

    Args:
        item: the item, its passages with their keys.
        shared: files of shared clauses by name; the item includes some.
        facts: what conditions may be about.
    """
    entries = list(_entries(item, shared))
    item.applies = next((e.clause for kind in ("audience", "name") for e in entries
                         if e.passage.kind == kind), "")
    for kind in SECTION_TITLES:
        shown = [e for e in entries if _is_shown_as(e.passage, kind)]
        if any(e.passage.key != kind for e in shown):
            item.lines[kind] = [Rule(clause=e.clause) for e in shown if e.text.strip(BLANK)]
    _add_materials(item, entries, facts)
    _add_deadlines(item, entries)
    _add_silent(item, entries)


def _entries(item: DraftItem, shared: Mapping[str, DraftItem]) -> Iterator[_Entry]:
    for passage in item.passages:
        for n, text in enumerate(passage.clauses):
            yield _Entry(passage.clause_id(n), text, passage, n, True)
    for stem in item.includes:
        for passage in shared[stem].passages:
            for n, text in enumerate(passage.clauses):
                yield _Entry(f"{stem}/{passage.clause_id(n)}", text, passage, n, False)


def _is_shown_as(passage: Passage, kind: str) -> bool:
    return kind in passage.kinds or vocabulary().shown_as.get(passage.kind) == kind


def _add_materials(item: DraftItem, entries: Collection[_Entry], facts: Sequence[Fact]) -> None:
    lines: list[Rule] = []
    for entry in entries:
        if _is_label(entry):
            item.silent[entry.clause] = _LABEL
            item.doubt("分组的小标题，请给下面各项加上条件", entry.line, entry.place)
            continue
        if entry.passage.kinds == ("materials",):
            read = material_lines
        elif _is_shown_as(entry.passage, "notes"):
            read = note_lines
        else:
            lines += [Rule(clause=entry.clause)] if "materials" in entry.passage.kinds else []
            continue
        found, doubt = read(entry.clause, entry.text, facts)
        if not all(_holds(line, entry.text) for line in found):
            found, doubt = read(entry.clause, entry.text, facts, plain=True)[0], _NOT_SPLIT
        lines += found
        if doubt:
            item.doubt(doubt, entry.line, entry.place if entry.own else ())
    if lines:
        item.lines["materials"] = lines


def _is_label(entry: _Entry) -> bool:
    """Tell whether a clause on materials only says whom the next ones are for: 在职职工："""
    short = len(entry.text) <= _LONGEST_LABEL and entry.text.rstrip().endswith(("：", ":"))
    return short and entry.own and entry.passage.kinds == ("materials",)


def _holds(line: Rule, text: str) -> bool:
    """Tell whether all that a line shows stands in its clause."""
    clause = Clause("", "", "", "materials", "", text, text)
    return not list(check_rule(CheckedRule("materials", line, clause, ALWAYS), ""))


def _add_deadlines(item: DraftItem, entries: Collection[_Entry]) -> None:
    for entry in entries:
        deadline = deadline_in(entry.text) if _is_shown_as(entry.passage, "notes") else None
        line = Rule(clause=entry.clause, deadline=deadline) if deadline else None
        if line and _holds(line, entry.text):
            item.lines.setdefault("deadlines", []).append(line)
            item.doubt("申请期限是从文字里读出来的，请核对起算日和例外", entry.line,
                       entry.place if entry.own else ())


def _add_silent(item: DraftItem, entries: Collection[_Entry]) -> None:
    """Clauses of sections that answers do not show are silent, until a person decides."""
    cited = {line.clause for lines in item.lines.values() for line in lines}
    for entry in entries:
        kinds = {*entry.passage.kinds, entry.passage.key}
        hidden = not kinds & {*SECTION_TITLES, *_NAMING} and entry.text.strip(BLANK)
        if hidden and entry.own and entry.clause not in cited:
            item.silent[entry.clause] = _NOT_SHOWN


__all__ = ["BLANK", "add_keys", "structure", "widen"]
