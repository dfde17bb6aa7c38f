"""Dividing the text below a heading into clauses: joining broken lines, parting run-on lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.importer.marks import Mark, mark, readable
from knowledge.importer.pieces import Piece
from knowledge.importer.tokens import Token, token
from knowledge.text import squeeze

_ENDED = re.compile(r"[。；;！!？?：:]\s*$")
_GOES_ON = re.compile(r"[，,、（(《〈“—-]\s*$")
_CONTINUES = re.compile(
    r"\s*[）)》〉”。；，、;,.]|\s*[（(](?![一二三四五六七八九十\d])|.{1,3}[。；;]?\s*$", re.DOTALL)
_LABEL = re.compile(r"\s*[^，。；：:（(]{1,12}[：:]")
_PAIRS = ("（(", "）)"), ("《", "》"), ("“", "”"), ("〔", "〕")
_FULL, _SHORT = 0.9, 0.6
_WRAPPED_SHARE = 0.12
_LISTS = ("arabic", "cn_paren", "arabic_paren", "circled")
_LABELLED_LIST = re.compile(r"[^，。；：:（()）]{1,14}[：:]\s*(?=①|1[.．、](?!\d)|[（(][1一][）)])")
_NEXT_NUMBER = re.compile(
    r"(?<=[\s；;。，、：:])(?=\d{1,2}\s*[.．、](?!\d)|[（(][一二三四五六七八九十\d]{1,2}[）)]|[①-⑳])"
    r"|(?=[①-⑳])")


@dataclass(frozen=True)
class Layout:
    """How a document breaks its lines: whether inside sentences, and how long a full line is."""

    wrapped: bool
    width: int


def layout(stream: Sequence[Token]) -> Layout:
    """Tell how a document's lines are broken."""
    lengths = sorted(len(item.squeezed) for item in stream if not item.row) or [0]
    broken = sum(1 for before, item in zip(stream, stream[1:])
                 if not item.mark.style and not item.heading and not before.heading
                 and not _ENDED.search(before.squeezed) and len(before.squeezed) > 12)
    width = lengths[int(len(lengths) * 0.9)]
    return Layout(broken > _WRAPPED_SHARE * len(stream), width)


def clauses(stream: Iterable[Token], how: Layout) -> list[list[Piece]]:
    """Return the clauses of a section, each as the pieces to join."""
    found: list[list[Token]] = []
    for item in _parted(stream):
        if found and _joins(found[-1], item, how):
            found[-1].append(item)
        else:
            found.append([item])
    return [[item.piece for item in clause] for clause in found]


def _joins(clause: list[Token], item: Token, how: Layout) -> bool:
    """Tell whether a token goes on with the clause before it."""
    before = clause[-1]
    if before.row or item.row:
        return False
    text = "".join(other.squeezed for other in clause)
    if item.mark.style:
        return _is_false_number(clause, item, text)
    new_bracket = item.piece.text.lstrip().startswith(("（", "(")) and _ENDED.search(text)
    if new_bracket and not _is_open(text):
        return False
    if _GOES_ON.search(text) or _is_open(text):
        return True
    if _CONTINUES.match(item.piece.text) and not _LABEL.match(item.piece.text):
        return True
    full = how.wrapped and len(before.squeezed) >= _FULL * how.width
    if full and not _LABEL.match(item.piece.text):
        return True
    if _ENDED.search(text) or _LABEL.match(item.piece.text):
        return False
    listed = not how.wrapped and not clause[0].mark.style
    return not (listed and len(before.squeezed) < _SHORT * how.width)


def _is_false_number(clause: list[Token], item: Token, text: str) -> bool:
    """Tell a broken line that happens to begin with a number from a numbered clause."""
    cut = _GOES_ON.search(text) or _is_open(text)
    expected = item.mark.follows(clause[0].mark) or item.mark.last == 1
    return bool(cut) and not expected


def _is_open(text: str) -> bool:
    """Tell whether a bracket or quotation is still open at the end of a text."""
    return any(sum(map(text.count, opening)) > sum(map(text.count, closing))
               for opening, closing in _PAIRS)


def _parted(stream: Iterable[Token]) -> Iterator[Token]:
    """Part lines that hold a whole list: 1.… 2.… 3.…"""
    for item in stream:
        pieces = list(parted(item.piece)) if not item.row else [item.piece]
        yield from (token_of(piece) for piece in pieces) if len(pieces) > 1 else [item]


def token_of(piece: Piece) -> Token:
    """Return a part of a line as a token that is no heading."""
    found = token(piece)
    return Token(found.piece, found.mark, None)


def parted(piece: Piece) -> Iterator[Piece]:
    """Part a line whose own numbers run on in it; yields the piece itself where they do not."""
    text = readable(piece.text)
    cuts = [0]
    last: Mark = mark(text)
    label = _LABELLED_LIST.match(text, last.end)
    if label:
        cuts.append(label.end())
        last = mark(text[label.end() :])
    for place in _NEXT_NUMBER.finditer(text, cuts[-1] + last.end + 1):
        found = mark(text[place.start() :])
        if found.style in _LISTS and _goes_on(text[: place.start()], last, found):
            cuts.append(place.start())
            last = found
    at = piece.start
    for start, end in zip(cuts, [*cuts[1:], len(text)]):
        part = Piece(piece.text[start:end], at, piece.line)
        if squeeze(part.text) or len(cuts) == 1:
            yield part
        at = part.end


def _goes_on(before: str, last: Mark, found: Mark) -> bool:
    """Tell whether a number inside a line is the next of its list, or begins another list."""
    if last.style in _LISTS:
        return found.follows(last) or (found.style == last.style and found.last == 1
                                       and before[-1:].isspace())
    return found.style != "circled" and bool(re.search(r"[。；;]\s+$", before))


__all__ = ["Layout", "clauses", "layout", "parted", "token_of"]
