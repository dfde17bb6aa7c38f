"""What stands before the first item and after the last: title, contents, counters, hotlines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.importer.assembly import UNREAD
from knowledge.importer.clauses import Layout, clauses, token_of
from knowledge.importer.names import bare, place_of
from knowledge.importer.offices import OfficeRow, OfficeTable, phones_in
from knowledge.importer.outline import Outline
from knowledge.importer.pieces import DraftItem, LeftOut, Passage, joined
from knowledge.importer.tokens import Token, has_leaders, split
from knowledge.importer.vocabulary import vocabulary
from knowledge.text import squeeze

_TITLE_LINES = 8
_RARE = 0.2
_CONTENTS_NOTE = "目录，各项内容见正文。"
_WHOM = re.compile(r"([^\d:，。]{2,14}):")
_ANNEX = re.compile(r"^附件\s*\d*\s*[:：]?\s*")
_PURPOSES = {"contacts": "咨询", "supervision": "监督"}


@dataclass(frozen=True)
class DraftContact:
    """A telephone number of the guide as a whole; ``clause`` is its clause's id in guide.yml."""

    name: str
    purpose: str
    phone: str
    clause: str
    code: str = ""


@dataclass
class DraftGuide:
    """guide.yml in the making: ``file`` holds what is printed, the rest what it says."""

    title: str = ""
    file: DraftItem = field(default_factory=lambda: DraftItem(stem="guide"))
    offices: list[tuple[OfficeRow, str]] = field(default_factory=list)
    contacts: list[DraftContact] = field(default_factory=list)


def contents_of(stream: Sequence[Token]) -> frozenset[str]:
    """Return the titles that the table of contents lists, bare of numbers."""
    start = _contents_at(stream)
    if start is None:
        return frozenset(bare(t.piece.text.rstrip("0123456789")) for t in stream if has_leaders(t))
    stop = next((n for n in range(start, len(stream)) if stream[n].heading), len(stream))
    words = {bare(item.piece.shown.rstrip("0123456789 .…·")) for item in stream[start + 1 : stop]}
    return frozenset(words - {""})


def _contents_at(stream: Sequence[Token]) -> int | None:
    headings = vocabulary().contents_heading
    return next((n for n, t in enumerate(stream) if t.words.lower() in headings), None)


def front(guide: DraftGuide, stream: Sequence[Token]) -> None:
    """Take what stands before the first item: the document's title, its contents, the rest."""
    start = _contents_at(stream)
    title = _title(stream[:start] if start is not None else stream)
    if title:
        pieces = [item.piece for item in title]
        guide.title = _ANNEX.sub("", joined(pieces).replace("*", "")).strip()
        guide.file.passages.append(Passage(("title",), pieces))
    listed = [t for n, t in enumerate(stream) if t not in title
              and ((start is not None and n >= start) or has_leaders(t))]
    if listed:
        pieces = [item.piece for item in listed]
        guide.file.left_out.append(LeftOut(pieces, "contents", _CONTENTS_NOTE))
    rest = [t for t in stream if t not in title and t not in listed]
    if rest:
        unread(guide.file, rest, "第一个事项前面的文字，没有归入任何事项")


def _title(stream: Sequence[Token]) -> list[Token]:
    """Return the lines up to the one that ends the document's title."""
    ends = [n for n, item in enumerate(stream[:_TITLE_LINES])
            if any(word in item.squeezed for word in vocabulary().titles)]
    if not ends:
        return []
    last = ends[-1] + 1
    while last < len(stream) and stream[last].squeezed.strip("*").startswith(("(", "〔")):
        last += 1
    return list(stream[:last])


def unread(item: DraftItem, stream: Sequence[Token], reason: str) -> None:
    """Keep text that is not understood, clause by clause, and mark it."""
    for run in _runs(stream):
        passage = Passage((UNREAD,), body=[[token.piece] for token in run])
        item.passages.append(passage)
        item.doubt(f"{reason}：「{run[0].piece.shown[:20]}…」", passage.line)


def _runs(stream: Sequence[Token]) -> list[list[Token]]:
    """Return the stretches of tokens that hang together."""
    runs: list[list[Token]] = []
    for item in stream:
        if runs and runs[-1][-1].piece.end == item.piece.start:
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def back_begins(found: Outline) -> int:
    """Return the token from which the end of the text no longer belongs to the last item.

    That is a run of sections, differently numbered than the item's own, that other items lack.
    """
    stop = len(found.tokens)
    if len(found.titles) < 2:
        return stop
    opening = found.titles[-1].opening
    heads = [n for n in range(opening, stop) if found.tokens[n].heading]
    usual = _usual_kinds(found)
    style = found.tokens[opening].mark.style
    for n in reversed(heads):
        heading = found.tokens[n].heading
        foreign = heading is not None and all(usual[k] < _RARE for k in heading.kinds)
        if not foreign or heading.mark.style == style:  # type: ignore[union-attr]
            break
        stop = n
    return stop


def _usual_kinds(found: Outline) -> Counter[str]:
    """Return the share of items (without the last) that have each kind of section."""
    spans = zip(found.begins, found.begins[1:])
    kinds: Counter[str] = Counter()
    for start, stop in spans:
        heads = (found.tokens[n].heading for n in range(start, stop))
        kinds.update({kind for heading in heads if heading for kind in heading.kinds})
    items = len(found.titles) - 1
    return Counter({kind: times / items for kind, times in kinds.items()})  # type: ignore[misc]


def back(guide: DraftGuide, common: DraftItem, stream: Sequence[Token], how: Layout) -> None:
    """Take what stands after the last item: hotlines go to the guide, other sections to all."""
    heads = [n for n, item in enumerate(stream) if item.heading]
    for n, stop in zip(heads, [*heads[1:], len(stream)]):
        head, inline = split(stream[n])
        body = [token_of(inline)] if inline else []
        heading = stream[n].heading
        kinds = heading.kinds if heading else (UNREAD,)
        passage = Passage(kinds, [head], body=clauses([*body, *stream[n + 1 : stop]], how))
        has_phones = kinds[0] in _PURPOSES and any(map(phones_in, passage.clauses))
        if not has_phones:
            passage.kinds = (vocabulary().shown_as.get(kinds[0], kinds[0]),)
        (guide.file if has_phones else common).passages.append(passage)


def take_offices(guide: DraftGuide, tables: Sequence[OfficeTable]) -> None:
    """Take tables of counters into guide.yml."""
    for table in tables:
        if table.heading:
            guide.file.passages.append(Passage(("offices_title",), table.heading))
        guide.file.passages.append(Passage(("offices_header",), table.header))
        column = joined(table.heading).strip() or "办理网点"
        rows = [[row.piece] for row in table.rows]
        guide.file.passages.append(Passage(("offices",), column=column, body=rows))


def read_guide(guide: DraftGuide, tables: Sequence[OfficeTable]) -> None:
    """Read offices and contacts from the passages of guide.yml, which have their keys now."""
    rows = [row for table in tables for row in table.rows]
    passages = [p for p in guide.file.passages if p.kind == "offices"]
    clause_ids = [p.clause_id(n) for p in passages for n in range(len(p.body))]
    for n, (row, clause) in enumerate(zip(rows, clause_ids)):
        read = bool(row.name and row.phones)
        if read:
            guide.offices.append((row, clause))
        if not read or not row.code:
            wants = "没有认出是哪个县区，请补上行政区划代码" if read else "没能读出网点的名称和电话"
            guide.file.doubt(f"网点表这一行{wants}", row.piece.line, ("text", "offices", "body", n))
    for passage in guide.file.passages:
        if passage.kind in _PURPOSES:
            guide.contacts += _contacts(passage)


def _contacts(passage: Passage) -> list[DraftContact]:
    titled = squeeze(joined(passage.heading)).strip(":")
    purpose = "投诉" if "投诉" in titled else _PURPOSES[passage.kind]
    found = []
    for n, text in enumerate(passage.clauses):
        label = _WHOM.match(squeeze(text))
        whom = label[1] if label else ""
        place = place_of(whom)
        name = f"{whom}{titled}"
        found += [DraftContact(name, purpose, phone.strip(), passage.clause_id(n),
                               place.code if place else "") for phone in phones_in(text)]
    return found


__all__ = [
    "DraftContact", "DraftGuide",
    "back", "back_begins", "contents_of", "front", "read_guide", "take_offices",
    "unread",
]
