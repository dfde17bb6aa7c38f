"""From an outline to drafts of items: passages with headings and clauses, in the order of print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.importer.clauses import Layout, clauses, token_of
from knowledge.importer.outline import OTHER, Outline
from knowledge.importer.pieces import DraftItem, LeftOut, Passage, Piece
from knowledge.importer.titles import Title
from knowledge.importer.tokens import Token, split
from knowledge.importer.vocabulary import vocabulary
from knowledge.text import squeeze

UNREAD = "unread"
"""Key of text that the importer makes nothing of."""
_LONGEST_SCRAP = 16
"""A line below a lost chart that is longer is text, not a scrap of the chart."""
_LONGEST_STATED, _LONGEST_NAME = 45, 80


def assemble(found: Outline, end: int, how: Layout) -> list[DraftItem]:
    """Return the items of an outline; ``end`` is the token after the last item's last."""
    ends = [*found.begins[1:], end]
    return [_item(found, title, stop, how) for title, stop in zip(found.titles, ends)]


def _item(found: Outline, title: Title, stop: int, how: Layout) -> DraftItem:
    item = DraftItem()
    stream = found.tokens
    for run in title.chapters:
        item.passages.append(Passage(("chapter",), _pieces(stream, run)))
    if title.lines:
        item.passages.append(Passage(("title",), _pieces(stream, title.lines)))
    _add_sections(item, found, range(title.opening, stop), how)
    _name(item, found, title)
    return item


def _pieces(stream: Sequence[Token], run: Iterable[int]) -> list[Piece]:
    return [stream[n].piece for n in run]


def _add_sections(item: DraftItem, found: Outline, span: range, how: Layout) -> None:
    heads = [n for n in span if found.tokens[n].heading]
    for n, stop in zip(heads, [*heads[1:], span.stop]):
        opening = found.tokens[n]
        head, inline = split(opening)
        body = [token_of(inline)] if inline else []
        body += [found.tokens[k] for k in range(n + 1, stop)]
        kinds = opening.heading.kinds if opening.heading else (OTHER,)
        passage = Passage(kinds, [head])
        item.passages.append(passage)
        if n in found.unknown:
            reason = "标题不认识" if kinds == (OTHER,) else "标题像是印错了"
            passage.doubt = f"{reason}：「{head.shown}」，请核对归入哪一栏"
        if kinds[0] in vocabulary().may_be_empty:
            body = _without_scraps(item, body)
            passage.doubt = "流程图下面有文字，请核对是否重复" if body else ""
        passage.body = clauses(body, how)


def _without_scraps(item: DraftItem, body: list[Token]) -> list[Token]:
    """Leave out what is left of a lost chart: short lines that are no sentences."""
    scraps = [token for token in body if len(token.squeezed) <= _LONGEST_SCRAP
              and not token.squeezed.endswith("。")]
    if scraps and len(scraps) == len(body):
        words = "、".join(t.piece.shown for t in scraps)
        note = f"流程图是图片，没有文字，只留下这些残字：{words}。"
        item.left_out.append(LeftOut([t.piece for t in scraps], "lost_chart", note))
        return []
    return body


def _name(item: DraftItem, found: Outline, title: Title) -> None:
    """Give an item its name and number: what 事项名称 states, else its title."""
    first = title.lines[0] if title.lines else None
    stated = item.passage("name")
    if stated and stated.body and len(stated.clauses[0]) <= _LONGEST_STATED:
        item.name = stated.clauses[0].strip("。；; *")
    if first is not None:
        words = "".join(found.tokens[n].piece.shown for n in title.lines)
        mark = found.tokens[first].mark
        titled = words[mark.end :].strip(" *：:。") if mark.end <= len(words) else words
        item.name = item.name or titled
    if not squeeze(item.name) or len(item.name) > _LONGEST_NAME:
        item.name = (item.name or "未写明名称的事项")[:_LONGEST_NAME]
        item.doubt("没有读出事项名称", item.passages[0].line)
    elif first is None and any(other.lines for other in found.titles):
        item.doubt("没有事项标题，事项名称取自正文", item.passages[0].line)
    _number(item, found, title)


def _number(item: DraftItem, found: Outline, title: Title) -> None:
    """Give an item its code and number: its title's, or that of 1.事项名称 in front of sections."""
    opening = found.tokens[title.opening].mark
    following = next((t.mark for t in found.tokens[title.opening + 1 :] if t.heading), opening)
    if title.lines:
        item.number = found.tokens[title.lines[0]].mark.label
    elif opening.style and opening.style != following.style:
        item.number = opening.label
    code = item.passage("code")
    item.code = squeeze(code.clauses[0]) if code and code.body else ""


__all__ = ["UNREAD", "assemble"]
