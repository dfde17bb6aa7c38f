"""Numbers before headings and clauses: 一、 （一） 1. 1.0.1 ① 第一章 # and their like."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from knowledge.numerals import chinese_number
from knowledge.text import plain

_CN = "[零〇○一二三四五六七八九十百]{1,5}"
_STYLES = {
    "chapter": rf"第\s*(?P<n>{_CN}|\d{{1,3}})\s*[章节部编篇]分?\s*[、.．:：]?",
    "item": rf"(?:事项|项目)\s*(?P<n>{_CN}|\d{{1,3}})\s*[、.．:：]",
    "dotted3": r"(?P<n>\d{1,3}(?:/\d{1,3})?(?:[.．]\d{1,3}){2})(?![\d.．])[.．、]?",
    "dotted2": r"(?P<n>\d{1,2}[.．]\d{1,2})(?![\d.．%％])(?=\s*[^\s\d%％万元个倍天年)）、~-])[、]?",
    "cn": rf"(?P<n>{_CN})\s*[、.．:：]",
    "cn_paren": rf"(?:[（(]\s*(?P<n>{_CN})\s*[)）]|(?P<u>[㈠-㈩]))[、.．]?",
    "arabic": r"(?:(?P<n>\d{1,3})\s*[、．.](?![\d])|(?P<u>[⒈-⒛]))",
    "arabic_paren": r"(?:[（(]\s*(?P<n>\d{1,2})\s*[)）]|(?P<u>[⑴-⒇]))[、.．]?",
    "half_paren": r"(?P<n>\d{1,2})\s*[)）]",
    "circled": r"(?P<u>[①-⑳❶-❿])[、.．]?",
    "roman": r"(?P<n>[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|[IVX]{1,4})\s*[、.．]",
    "hash": r"(?P<n>#{1,6})\s",
}
_PATTERNS = {style: re.compile(pattern) for style, pattern in _STYLES.items()}
_DECORATION = re.compile(r"[\s\ufeff\u200b]*(?:[-*+•●■◆▪►▶※☆★◇□○·>》]+\s*|\*{1,3})*")
_ROMAN = {"I": 1, "V": 5, "X": 10}


@dataclass(frozen=True)
class Mark:
    """A number at the head of a line.

    ``style`` names its form, ``number`` its value (1.0.2 is ``(1, 0, 2)``), ``label`` how it is
    printed, ``end`` where the wording after it begins. A line without a number has style ``''``.
    """

    style: str
    number: tuple[int, ...]
    label: str
    end: int

    @property
    def last(self) -> int:
        """The number on its own level: 2 of 1.0.2; 0 where there is none."""
        return self.number[-1] if self.number else 0

    def follows(self, other: Mark) -> bool:
        """Tell whether this is the next number after ``other`` in the same form."""
        same = self.style == other.style and self.number[:-1] == other.number[:-1]
        return bool(self.style) and same and self.last == other.last + 1


def mark(text: str) -> Mark:
    """Return the number at the head of ``text``, past bullets and asterisks."""
    shown = readable(text)
    start = _DECORATION.match(shown).end()  # type: ignore[union-attr]
    if hashes := _PATTERNS["hash"].match(shown.lstrip()):
        inner = mark(shown[shown.index("#") + hashes.end() :])
        end = len(shown) - len(shown.lstrip()) + hashes.end()
        return Mark(inner.style or "hash", inner.number, inner.label, end + inner.end)
    for style, pattern in _PATTERNS.items():
        found = pattern.match(shown, start)
        if found and found.end() <= len(shown.rstrip()):
            label = found.groupdict().get("n") or found.groupdict().get("u") or ""
            return Mark(style, _value(style, label), label, found.end())
    return Mark("", (), "", start)


def readable(text: str) -> str:
    """Return ``text`` with look-alike radicals replaced, character by character."""
    return "".join(plain(c) if "\u2e80" <= c <= "\u2fdf" else c for c in text)


def _value(style: str, label: str) -> tuple[int, ...]:
    if style in ("chapter", "item", "cn", "cn_paren") and not label.isdecimal():
        return (chinese_number(unicodedata.normalize("NFKC", label).strip("()")),)
    if style == "roman":
        return (_roman(unicodedata.normalize("NFKC", label)),)
    if style == "circled" and "❶" <= label <= "❿":
        return (ord(label) - ord("❶") + 1,)
    digits = re.findall(r"\d+", unicodedata.normalize("NFKC", label))
    return tuple(int(d) for d in digits)


def _roman(text: str) -> int:
    values = [_ROMAN.get(c, 0) for c in text]
    return sum(-v if v < max(values[n:]) else v for n, v in enumerate(values))


__all__ = ["Mark", "mark", "readable"]
