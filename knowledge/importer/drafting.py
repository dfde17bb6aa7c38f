"""From the text of a guide to the drafts of its files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from knowledge.catalog import Fact
from knowledge.importer.assembly import assemble
from knowledge.importer.clauses import Layout, clauses, layout
from knowledge.importer.ends import (
    DraftGuide,
    back,
    back_begins,
    contents_of,
    front,
    read_guide,
    take_offices,
    unread,
)
from knowledge.importer.names import LIKELY, SURE, canonicals_for, stem_for
from knowledge.importer.offices import OfficeTable, office_tables
from knowledge.importer.outline import outline
from knowledge.importer.pieces import Doubt, DraftItem, LeftOut, Passage
from knowledge.importer.source import Line, Source
from knowledge.importer.structure import add_keys, structure, widen
from knowledge.importer.tables import is_item_table, table_items
from knowledge.importer.titles import Title
from knowledge.importer.tokens import Token, tokens
from knowledge.text import squeeze

FactsOf = Mapping[str, Sequence[Fact]]
"""Facts that may be named in conditions, by canonical item."""


@dataclass
class Draft:
    """All files of a guide in the making, and what a person has to look at."""

    guide: DraftGuide
    items: list[DraftItem]
    shared: list[DraftItem] = field(default_factory=list)
    remarks: tuple[str, ...] = ()

    @property
    def files(self) -> list[DraftItem]:
        """Every file of items, those of shared clauses last."""
        return [*self.items, *self.shared]

    @property
    def doubts(self) -> list[Doubt]:
        """Every marked place, in the order of the source."""
        found = [d for file in [self.guide.file, *self.files] for d in file.doubts]
        return sorted(found, key=lambda doubt: doubt.line)


def draft(read: Source, facts: FactsOf) -> Draft:
    """Draft the files of a guide from its text.

    Args:
        read: the guide as read.
        facts: what conditions may be about.
    """
    tables = office_tables(read.lines)
    taken = {n for table in tables for n in table.lines}
    lines = [line for n, line in enumerate(read.lines) if n not in taken]
    guide = DraftGuide()
    result = Draft(guide, [], remarks=read.remarks)
    rows = [line for line in lines if line.cells]
    if is_item_table(rows):
        _from_table(result, lines, read.merges_known)
    else:
        _from_outline(result, lines)
    take_offices(guide, tables)
    _finish(result, tables, facts)
    return result


def _from_outline(result: Draft, lines: Sequence[Line]) -> None:
    stream, furniture = tokens(lines)
    found = outline(stream, contents_of(stream))
    if not found.titles:
        unread(result.guide.file, stream, "全文没有找到事项") if stream else None
        result.guide.file.left_out += furniture
        return
    front(result.guide, found.tokens[: found.begins[0]])
    end = back_begins(found)
    how = layout(found.tokens)
    result.items = assemble(found, end, how)
    _add_chapter_rules(found.tokens, found.titles, result, how)
    common = DraftItem("封底等处对各事项都适用的内容", stem="_common",
                       printed_at="印在全文末尾；对各项都适用")
    back(result.guide, common, found.tokens[end:], how)
    if common.passages:
        result.shared.append(common)
        for item in result.items:
            item.includes.append(common.stem)
        common.doubt("末尾的内容作为对各事项都适用的收录，请核对", common.passages[0].line)
    _place(furniture, [result.guide.file, *result.files])


def _add_chapter_rules(
    stream: Sequence[Token], titles: Sequence[Title], result: Draft, how: Layout
) -> None:
    """Put the rules of chapters into files of their own, which the chapter's items include."""
    for n, title in enumerate(titles):
        if not title.rules:
            continue
        file = DraftItem("本章各事项共同的规则", stem=f"_chapter_of_item_{n + 1}",
                         printed_at="印在章首；对本章各事项都适用")
        body = clauses([stream[k] for k in title.rules], how)
        file.passages.append(Passage(("notes",), column="章首规则", body=body))
        file.doubt("章首的规则，请核对对哪些事项适用", file.passages[0].line)
        result.shared.append(file)
        after = next((k for k in range(n + 1, len(titles)) if titles[k].chapters), len(titles))
        for item in _meant(result.items[n:after], "".join(file.passages[0].clauses)):
            item.includes.append(file.stem)


def _meant(items: Sequence[DraftItem], rules: str) -> Sequence[DraftItem]:
    """Return the items that rules of a chapter name by their numbers; all where they name none."""
    numbers = set(re.findall(r"\d+", squeeze(rules)))
    named = [item for item in items if item.number in numbers]
    return named or items


def _from_table(result: Draft, lines: Sequence[Line], merges_known: bool) -> None:
    found = table_items(lines, merges_known)
    result.items, result.shared = found.items, found.shared
    stream, furniture = tokens(found.before)
    front(result.guide, stream)
    result.guide.file.passages += found.header
    result.guide.file.left_out += found.left_out
    after, more = tokens(found.after)
    if after:
        unread(result.guide.file, after, "表格以外的文字")
    _place([*furniture, *more], [result.guide.file, *result.files])


def _place(left_out: Iterable[LeftOut], files: Sequence[DraftItem]) -> None:
    """Give page numbers and the like to the files inside whose text they stand."""
    for out in left_out:
        start = out.pieces[0].start
        before = [f for f in files if f.spans and f.spans[0][0] <= start]
        owner = max(before, key=lambda f: max(s for s, _ in f.spans if s <= start),
                    default=files[0])
        owner.left_out.append(out)


def _finish(result: Draft, tables: Sequence[OfficeTable], facts: FactsOf) -> None:
    """Name files, number passages, draft the lines."""
    taken: list[str] = ["guide", *(file.stem for file in result.shared)]
    for item in result.items:
        _identify(item, taken)
    for shared in result.shared:
        _name_heirs(shared, result.items)
    for file in [result.guide.file, *result.files]:
        file.passages.sort(key=lambda p: min((piece.start for piece in p.pieces), default=0))
        widen(file)
        add_keys(file)
    shared_files = {file.stem: file for file in result.shared}
    for item in result.items:
        known = facts.get(item.canonical[0] if item.canonical else "", ())
        structure(item, shared_files, known)
    read_guide(result.guide, tables)
    for file in [result.guide.file, *result.files]:
        file.doubts = [replace(doubt, file=file.stem) for doubt in file.doubts]


def _identify(item: DraftItem, taken: list[str]) -> None:
    found = canonicals_for(item.name)
    alike = found[0]
    if alike.score >= SURE:
        item.canonical = tuple(dict.fromkeys(each.canonical for each in found))
    elif alike.score >= LIKELY:
        item.canonical = (alike.canonical,)
        item.doubt(f"事项与目录中的「{alike.label}」相近（{alike.score:.0f}%），请核对 canonical",
                   _line_of(item), ("canonical",))
    else:
        item.doubt("catalog.yml 里没有找到对应的事项，请指定 canonical 或新增",
                   _line_of(item), ("name",))
    item.stem = stem_for(item.canonical[0] if item.canonical else "", item.name, taken)
    taken.append(item.stem)


def _line_of(item: DraftItem) -> int:
    return min((p.line for p in item.passages if p.line), default=0)


def _name_heirs(shared: DraftItem, items: Sequence[DraftItem]) -> None:
    shared.applies_to = [item.stem for item in items if shared.stem in item.includes]


__all__ = ["Draft", "FactsOf", "draft"]
