"""Sentences in one line, and where the facts that a reviewer marks stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.learning.labels.words import refuse
from bot.nlu.marks import Span


def one_line(text: str) -> str:
    """Return a text in one line, without what cannot be seen and spaces that say nothing."""
    shown = (sign if sign.isprintable() else " " for sign in text)
    return " ".join("".join(shown).split())


def in_line(spans: Iterable[Span], raw: str) -> tuple[Span, ...]:
    """Return spans of a text as it was sent where they stand in its line.

    Raises:
        BadInput: 422; they are beyond the text, mark nothing in it, or one another.
    """
    found = tuple(_in_line(span, raw) for span in sorted(spans))
    if _overlap(found):
        refuse("span", "facts")
    return found


def where_said(spans: Sequence[Span], line: str, other: str) -> tuple[Span, ...]:
    """Return where the words that spans mark in one line stand in another, if just once."""
    if other == line:
        return tuple(spans)
    found = tuple(_where(line[span.start : span.end], other, span) for span in spans
                  if other.count(line[span.start : span.end]) == 1)
    return () if _overlap(sorted(found)) else found


def _in_line(span: Span, raw: str) -> Span:
    marked = raw[span.start : span.end]
    before = raw[: span.start] + marked[: len(marked) - len(marked.lstrip())]
    start = len(one_line(f"{before}|")) - 1
    end = start + len(one_line(marked))
    if span.end > len(raw) or start == end or one_line(raw)[start:end] != one_line(marked):
        refuse("span", "facts")
    return Span(start, end, span.fact, span.value)


def _where(words: str, line: str, span: Span) -> Span:
    start = line.index(words)
    return Span(start, start + len(words), span.fact, span.value)


def _overlap(spans: Sequence[Span]) -> bool:
    return any(one.end > other.start for one, other in pairwise(spans))


__all__ = ["in_line", "one_line", "where_said"]
