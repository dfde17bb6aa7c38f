"""Titles of items and chapters: the lines before an item's first heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.importer.names import bare, canonical_for, likeness, sounds_like_a_family
from knowledge.importer.tokens import Token, has_leaders, split
from knowledge.importer.vocabulary import vocabulary

_SAME = 85.0
_MOST_LINES, _MOST_CHAPTERS = 4, 3
_LONGEST_LINE, _LONGEST_TITLE = 42, 70
_ENDS = re.compile(r"[。；;：:，,、？?！!]\s*$")
_SENTENCE = re.compile("[。；;，,：:？?！!]")
_TITLE_STYLES = ("cn", "arabic", "dotted2", "dotted3", "chapter", "item", "cn_paren", "hash",
                 "arabic_paren", "roman")


@dataclass(frozen=True)
class Title:
    """Where an item begins: its chapters' titles, its own, and its first heading (token numbers).

    ``opening`` is the first heading; ``chapters`` and ``lines`` are runs of tokens before it.
    """

    opening: int
    chapters: tuple[tuple[int, ...], ...] = ()
    lines: tuple[int, ...] = ()
    rules: tuple[int, ...] = field(default=())

    @property
    def begin(self) -> int:
        """The first token of the item."""
        return min([self.opening, *self.lines, *self.rules, *sum(self.chapters, ())])


def is_title_like(item: Token) -> bool:
    """Tell whether a line may be a title or part of one: short, and no sentence."""
    words = item.piece.shown
    short = 0 < len(item.words) <= _LONGEST_LINE and not _ENDS.search(words)
    return short and not item.row and not has_leaders(item) and bool(re.search("[一-龥]", words))


def title_before(
    stream: Sequence[Token], opening: int, previous: int, known: frozenset[str]
) -> Title:
    """Return title and chapters before the first heading of an item.

    Args:
        stream: all tokens.
        opening: the item's first heading.
        previous: the last heading before it, -1 where there is none.
        known: squeezed titles of the table of contents.
    """
    finder = _Finder(stream, opening, previous, known)
    lines = finder.title()
    chapters: list[tuple[int, ...]] = []
    rules = finder.rules(lines[0] if lines else opening)
    at = min([*lines, *rules, opening])
    while len(chapters) < _MOST_CHAPTERS and (found := finder.chapter(at)):
        chapters.insert(0, found)
        at = found[0]
    return Title(opening, tuple(chapters), lines, rules)


class _Finder:
    """Looks backwards from an item's first heading."""

    def __init__(
        self, stream: Sequence[Token], opening: int, previous: int, known: frozenset[str]
    ) -> None:
        self.stream, self.opening, self.known = stream, opening, known
        self.previous = previous
        self.floor = previous + 1 + self._needed(previous)
        self.name = self._stated_name()

    def _needed(self, previous: int) -> int:
        """How many lines the section before needs for itself."""
        heading = self.stream[previous].heading if previous >= 0 else None
        if heading is None or self.stream[previous].inline:
            return 0
        return 0 if heading.kinds[0] in vocabulary().may_be_empty else 1

    def _stated_name(self) -> str:
        heading = self.stream[self.opening].heading
        if heading is None or "name" not in heading.kinds:
            return ""
        _, inline = split(self.stream[self.opening])
        after = [inline.text] if inline else []
        for item in self.stream[self.opening + 1 : self.opening + 4]:
            if item.heading or (after and item.mark.style):
                break
            after.append(item.piece.text)
        return "".join(after)

    def title(self) -> tuple[int, ...]:
        return self._by_name() or self._by_number() or self._by_place()

    def _runs(self, at: int, most: int) -> list[tuple[int, ...]]:
        """Return the runs of title-like lines that end before ``at``, the shortest first."""
        runs = []
        for size in range(1, most + 1):
            run = tuple(range(at - size, at))
            if run[0] < self.floor or not is_title_like(self.stream[run[0]]):
                break
            if size > 1 and self.stream[run[1]].mark.style:
                break
            runs.append(run)
        return runs

    def _wording(self, run: tuple[int, ...]) -> str:
        return "".join(self.stream[n].piece.shown for n in run)

    def _by_name(self) -> tuple[int, ...]:
        if not self.name:
            return ()
        scored = [(likeness(self._wording(run), self.name), -len(run), run)
                  for run in self._runs(self.opening, _MOST_LINES)]
        best = max(scored, default=(0.0, 0, ()))
        return best[2] if best[0] >= _SAME else ()

    def _by_number(self) -> tuple[int, ...]:
        for run in self._runs(self.opening, 3):
            first = self.stream[run[0]]
            decorated = first.piece.text.lstrip().startswith("*") and len(run) == 1
            if decorated or (first.mark.style in _TITLE_STYLES and not self._is_clause(run[0])):
                return run
        return ()

    def _by_place(self) -> tuple[int, ...]:
        """Without name and number: the last line, or the lines that together are a known name."""
        runs = self._runs(self.opening, 3)
        scored = [(canonical_for(self._wording(run)).score, -len(run), run) for run in runs]
        best = max(scored, default=(0.0, 0, ()))
        if best[0] >= _SAME:
            return best[2]
        alone = bool(runs) and not self.name and self._is_complete(self.opening - 2)
        return runs[0] if alone else ()

    def rules(self, at: int) -> tuple[int, ...]:
        """Return paragraphs between a chapter's title and the first item's: the chapter's rules."""
        n = at - 1
        while n >= self.floor and not self._is_chapter_title(n):
            n -= 1
        told = any(_SENTENCE.search(self.stream[k].piece.text) for k in range(n + 1, at))
        return tuple(range(n + 1, at)) if self.floor <= n < at - 1 and told else ()

    def _is_chapter_title(self, n: int) -> bool:
        return self.stream[n].mark.style == "chapter" and is_title_like(self.stream[n])

    def chapter(self, at: int) -> tuple[int, ...]:
        """Return the lines of a chapter's title that ends before ``at``."""
        for run in self._runs(at, 3):
            wording = self._wording(run)
            if len(wording) <= _LONGEST_TITLE and self._is_chapter(run, wording):
                return run
        return ()

    def _is_chapter(self, run: tuple[int, ...], wording: str) -> bool:
        first = self.stream[run[0]]
        if wording.endswith(vocabulary().titles):
            return False
        if first.mark.style == "chapter":
            return True
        told = bare(wording) in self.known or sounds_like_a_family(wording)
        if first.mark.style in _TITLE_STYLES:
            return not self._is_clause(run[0]) and (told or self._is_complete(run[0] - 1))
        plain = not _SENTENCE.search(wording) and self._is_complete(run[0] - 1)
        after_text = run[0] - 1 > self.previous or self.previous < 0
        return plain and (told or (after_text and not self._below_chart()))

    def _below_chart(self) -> bool:
        heading = self.stream[self.previous].heading if self.previous >= 0 else None
        return heading is not None and heading.kinds[0] in vocabulary().may_be_empty

    def _is_complete(self, n: int) -> bool:
        """Tell whether the line at ``n`` is whole: a sentence, a heading, or a short answer."""
        if n < 0 or self.stream[n].heading or n <= self.previous:
            return True
        words = self.stream[n].piece.shown
        if words.rstrip("* ").endswith(vocabulary().titles):
            return True
        short = n == self.previous + 1 and len(words) <= 12
        return short or bool(re.search("[。；;！!?？]|[)）”」]$", words[-1:]))

    def _is_clause(self, n: int) -> bool:
        """Tell whether the number at ``n`` continues those of the clauses before it."""
        mark = self.stream[n].mark
        before = [self.stream[k].mark for k in range(self.previous + 1, n)]
        same = [other for other in before if other.style == mark.style]
        if same and mark.follows(same[-1]):
            return True
        heading = self.stream[self.previous].heading if self.previous >= 0 else None
        first = mark.last == 1 and heading is not None and mark.style != heading.mark.style
        return first and not self._is_complete(n - 1)


__all__ = ["Title", "is_title_like", "title_before"]
