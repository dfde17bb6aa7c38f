"""Automatic numbers of DOCX paragraphs: Word stores how they count, not what it prints."""

from __future__ import annotations

import re
from typing import Any

_DIGITS = "零一二三四五六七八九"
_CHINESE = ("chineseCounting", "chineseCountingThousand", "ideographTraditional",
            "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand")
_CIRCLED = ("decimalEnclosedCircle", "decimalEnclosedCircleChinese")
_NO_NUMBER = ("bullet", "none")


class Numbers:
    """Counts the numbered paragraphs of a document in the order of reading."""

    def __init__(self, document: Any) -> None:
        from docx.oxml.ns import qn

        self.name = qn
        self.styles = {style.style_id: style.element for style in document.styles}
        self.levels = self._levels(document)
        self.counts: dict[tuple[str, int], int] = {}

    def _levels(self, document: Any) -> dict[tuple[str, int], Any]:
        qn, part = self.name, None
        try:
            part = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return {}
        abstract = {a.get(qn("w:abstractNumId")): a for a in part.findall(qn("w:abstractNum"))}
        levels = {}
        for num in part.findall(qn("w:num")):
            link = num.find(qn("w:abstractNumId"))
            definition = abstract.get(link.get(qn("w:val"))) if link is not None else None
            for level in definition.findall(qn("w:lvl")) if definition is not None else ():
                place = int(level.get(qn("w:ilvl")) or 0)
                levels[num.get(qn("w:numId")), place] = level
        return levels

    def label(self, paragraph: Any) -> str:
        """Return the number that is printed before a paragraph, '' where there is none."""
        found = self._numbering(paragraph)
        level = self.levels.get(found) if found else None
        if found is None or level is None:
            return ""
        number, place = found
        for key in [k for k in self.counts if k[0] == number and k[1] > place]:
            del self.counts[key]
        self.counts[found] = self.counts.get(found, self._value(level, "w:start", 1) - 1) + 1
        if self._word(level, "w:numFmt") in _NO_NUMBER:
            return ""
        return re.sub(r"%(\d)", lambda m: self._printed(number, int(m[1]) - 1),
                      self._word(level, "w:lvlText"))

    def _numbering(self, paragraph: Any) -> tuple[str, int] | None:
        qn = self.name
        properties = paragraph.find(qn("w:pPr"))
        style = properties.find(qn("w:pStyle")) if properties is not None else None
        styled = self.styles.get(style.get(qn("w:val"))) if style is not None else None
        for element in (paragraph, styled):
            if element is None:
                continue
            numbered = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if numbered is not None and numbered.find(qn("w:numId")) is not None:
                number = numbered.find(qn("w:numId")).get(qn("w:val"))
                return (number, self._value(numbered, "w:ilvl", 0)) if number != "0" else None
        return None

    def _printed(self, number: str, place: int) -> str:
        level = self.levels.get((number, place))
        if level is None:
            return ""
        count = self.counts.get((number, place), self._value(level, "w:start", 1))
        form = self._word(level, "w:numFmt")
        if form in _CHINESE:
            return chinese(count)
        if form in _CIRCLED and 1 <= count <= 20:
            return chr(ord("①") + count - 1)
        return str(count)

    def _word(self, element: Any, tag: str) -> str:
        found = element.find(self.name(tag))
        return (found.get(self.name("w:val")) or "") if found is not None else ""

    def _value(self, element: Any, tag: str, default: int) -> int:
        word = self._word(element, tag)
        return int(word) if word.isdigit() else default


def chinese(number: int) -> str:
    """Return a number from 1 to 99 in Chinese figures; digits beyond."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")


__all__ = ["Numbers", "chinese"]
