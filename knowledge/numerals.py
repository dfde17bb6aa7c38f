"""Numbers as the guides print them: in figures, or in Chinese numerals."""

from __future__ import annotations

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}


def number(text: str) -> int:
    """Return the value of a number printed in figures or in Chinese numerals below 1000."""
    return int(text) if text.isdigit() else chinese_number(text)


def chinese_number(text: str) -> int:
    """Return the value of a Chinese numeral below 1000; characters that are none count nothing."""
    total = digit = 0
    for character in text:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + _DIGITS.get(character, 0)
    return total + digit


__all__ = ["chinese_number", "number"]
