"""Finding items and their sections in a text of headings: 一、事项名称 / 二、服务对象 …"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from knowledge.importer.clauses import Layout, layout
from knowledge.importer.marks import Mark
from knowledge.importer.names import canonical_for, likeness
from knowledge.importer.titles import Title, is_title_like, title_before
from knowledge.importer.tokens import Heading, Token, as_body
from knowledge.importer.vocabulary import vocabulary

OTHER = "other"
"""Key of a section whose heading is not known."""
ONCE = ("audience", "materials", "time_limits", "steps", "basis", "fee")
"""Sections that an item has once: a second one after a title begins the next item."""
_LONGEST_UNKNOWN = 14
_MISSPELT = 75.0
_FULL_LINE = 0.8
_CLAUSE_SHARE = 0.3
"""A form of numbers that opens fewer headings than this share of clauses opens none."""


@dataclass
class Outline:
    """Tokens with the items among them: where each begins, and its title."""

    tokens: list[Token]
    titles: list[Title] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)

    @property
    def begins(self) -> list[int]:
        """For each item the first token of its title."""
        return [title.begin for title in self.titles]


@dataclass
class _State:
    """What has been seen of the item at hand."""

    first: str = ""
    kinds: set[str] = field(default_factory=set)
    last: Mark | None = None
    count: int = 0

    def add(self, heading: Heading) -> None:
        self.first = self.first or heading.kinds[0]
        self.kinds.update(heading.kinds)
        self.last = heading.mark if heading.mark.style else self.last
        self.count += 1


def outline(stream: Sequence[Token], known_titles: frozenset[str] = frozenset()) -> Outline:
    """Return the items of a text; ``known_titles`` are lines of its table of contents."""
    main = _main_style(stream)
    accepted, unknown = _accept(list(stream), main)
    found = Outline(accepted, unknown=unknown)
    for at in _openings(accepted, main):
        previous = max((n for n in range(at) if accepted[n].heading), default=-1)
        floor = found.titles[-1].opening + 1 if found.titles else 0
        found.titles.append(title_before(accepted, at, max(previous, floor - 1), known_titles))
    return found


def _main_style(stream: Sequence[Token]) -> str:
    """Return the form of numbers that most headings have ('' where they have none)."""
    styles = Counter(item.heading.mark.style for item in stream if item.heading)
    return styles.most_common(1)[0][0] if styles else ""


def _accept(stream: list[Token], main: str) -> tuple[list[Token], list[int]]:
    """Decide which tokens are headings after all; return also those with unknown words."""
    headings = Counter(item.mark.style for item in stream if item.heading)
    clauses = Counter(item.mark.style for item in stream if not item.heading)
    weak = {style for style in headings if style not in ("", main)
            and headings[style] < _CLAUSE_SHARE * clauses[style]}
    unknown: list[int] = []
    how = layout(stream)
    last: Heading | None = None
    numbered: Heading | None = None
    last_at = -1
    for n, item in enumerate(stream):
        if item.heading and (item.mark.style in weak or _is_clause(
                stream, n, last, last_at, how, main)):
            stream[n] = item = as_body(item)
        elif not item.heading and _is_unknown_heading(stream, n, main, numbered, last_at):
            stream[n] = item = replace(item, heading=_guess(item))
            unknown.append(n)
        if item.heading:
            last, last_at = item.heading, n
            numbered = last if item.mark.style == main else numbered
    return stream, unknown


def _is_clause(
    stream: Sequence[Token], n: int, last: Heading | None, last_at: int, how: Layout, main: str
) -> bool:
    """Tell whether what reads like a heading is a clause of the section it stands in."""
    item = stream[n]
    if last is None or item.heading is None:
        return False
    if not item.mark.style and not item.inline and n > last_at + 1 and _is_cut(stream[n - 1], how):
        return True
    before = [other.mark for other in stream[last_at + 1 : n] if other.mark.style]
    if before and item.mark.follows(before[-1]) and item.mark.style != last.mark.style:
        return True
    inner = item.mark.style in ("", *_inner(last.mark))
    if item.heading.kinds[0] in last.kinds and inner and item.inline:
        return True
    first = item.mark.last == 1 and n == last_at + 1 and item.mark.style != main
    return first and bool(item.mark.style) and not stream[last_at].inline


def _is_cut(item: Token, how: Layout) -> bool:
    """Tell whether a line breaks off inside a sentence, so that the next goes on with it."""
    long = how.wrapped and len(item.squeezed) >= _FULL_LINE * how.width
    return long and not item.row and not re.search("[。；;：:！!？?）)]$", item.squeezed)


def _inner(outer: Mark) -> tuple[str, ...]:
    """Forms of numbers that clauses below a heading may have."""
    return tuple(s for s in ("cn_paren", "arabic", "arabic_paren", "circled") if s != outer.style)


def _is_unknown_heading(
    stream: Sequence[Token], n: int, main: str, last: Heading | None, last_at: int
) -> bool:
    """Tell whether a short line that continues the numbers of the headings is one itself."""
    item = stream[n]
    if not main or last is None or not item.mark.follows(last.mark) or item.mark.style != main:
        return False
    if not 2 <= len(item.words) <= _LONGEST_UNKNOWN or not is_title_like(item) or item.row:
        return False
    following = next((other for other in stream[n + 1 : n + 3] if other.heading), None)
    opens_item = following and ("name" in following.heading.kinds or following.mark.last == 1)
    above = stream[last_at].heading
    needs_none = stream[last_at].inline or (above and above.kinds[0] in vocabulary().may_be_empty)
    return not opens_item and n > last_at + (0 if needs_none else 1)


def _guess(item: Token) -> Heading:
    """Return the heading that a misspelt one is most like, or one of unknown kind."""
    words = {"办理材料": "materials", "办理时限": "time_limits", "办理流程": "steps",
             "办理渠道": "channels", "办理方式": "channels", "服务对象": "audience",
             "设定依据": "basis", "受理单位": "level", "是否收费": "fee", "监督电话": "supervision",
             "咨询电话": "contacts", "咨询方式": "contacts", "适用范围": "audience"}
    best = max(words, key=lambda word: likeness(word, item.words))
    kind = words[best] if likeness(best, item.words) >= _MISSPELT else OTHER
    return Heading((kind,), item.mark, len(item.piece.text))


def _openings(stream: Sequence[Token], main: str) -> list[int]:
    """Return where items begin: the first heading of each."""
    openings: list[int] = []
    state = _State()
    for n, item in enumerate(stream):
        if item.heading is None:
            continue
        if not openings or _opens(stream, n, item.heading, state, main):
            openings.append(n)
            state = _State()
        state.add(item.heading)
    return openings


def _opens(stream: Sequence[Token], n: int, heading: Heading, state: _State, main: str) -> bool:
    if "name" in heading.kinds:
        late = "name" not in state.kinds and state.count <= 2 and state.last is not None
        return not (late and heading.mark.follows(state.last))  # type: ignore[arg-type]
    numbered = heading.mark.style == main and main != "" and state.last is not None
    after_title = is_title_like(stream[n - 1]) and not stream[n - 1].heading
    if numbered and len(heading.mark.number) > 1:
        other = heading.mark.number[:-1] != state.last.number[:-1]  # type: ignore[union-attr]
        return other and (heading.mark.last == 1 or after_title)
    if numbered and heading.mark.last == 1 and state.count > 1:
        return True
    repeated = heading.kinds[0] in state.kinds and heading.kinds[0] in ONCE
    if not repeated or not after_title:
        return False
    named = canonical_for(stream[n - 1].piece.text).score >= 88
    return named or heading.kinds[0] == state.first


__all__ = ["ONCE", "OTHER", "Outline", "outline"]
