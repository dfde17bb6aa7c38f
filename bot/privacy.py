"""Masking of personal data, applied to every message before anything is stored.

A message is folded into a *shadow* of the same length (simplified characters, half width, capital
letters, long runs of Chinese numerals as digits). The rules of ``bot.privacy_rules`` look for
personal data in the shadow, one after the other; what one has claimed is blotted out for the
next. Where spaCy's pretrained pipeline is installed, the names it sees are claimed after them.
Then the claimed spans of the message itself are replaced by placeholders (［手机号］).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC

from bot.nlu.pretrained import PERSON, seen
from bot.privacy_rules import BLOTTED, NAME, blot, blot_placeholders, name_seen, placeholder, rules


@dataclass(frozen=True)
class Masked:
    """A message without personal data.

    Attributes:
        text: the message, with a Chinese placeholder for each thing that was masked.
        kinds: the kinds of things masked (keys of ``placeholders`` in ``data/privacy.yml``),
            each once, sorted; empty if the message is unchanged.
    """

    text: str
    kinds: tuple[str, ...]


def mask(text: str) -> Masked:
    """Replace personal data in a message by placeholders; pure and idempotent.

    Passes go on until one finds nothing, which is what makes it idempotent. They end, since
    each takes characters away from what is not yet a placeholder. The first call of a process
    loads rules and tables (0.2 s).

    Args:
        text: a message of any length, as its sender typed it.
    """
    kinds: set[str] = set()
    while claims := _claims(text):
        kinds.update(kind for _, _, kind in claims)
        text = _splice(text, claims)
    return Masked(text, tuple(sorted(kinds)))


def _claims(text: str) -> list[tuple[int, int, str]]:
    """Spans of ``text`` that hold personal data: (start, end, kind), not overlapping."""
    shadow, claims = _shadow(text), []
    for rule in rules():
        position = 0
        while match := rule.pattern.search(shadow, position):
            position = max(match.end(), match.start() + 1)
            start, end = rule.guard(match) or (0, 0)
            if start < end and not BLOTTED.search(shadow, start, end):
                claims.append((start, end, rule.kind))
                shadow = shadow[:start] + blot(rule.kind) * (end - start) + shadow[end:]
                position = end - 1  # so that the next match can lean on the blot
    return claims + _names_seen(text, shadow)


def _names_seen(text: str, shadow: str) -> list[tuple[int, int, str]]:
    """Names that a pretrained recogniser sees, if installed, where the rules claimed nothing."""
    persons = (name for name in seen(text) if name.label == PERSON)
    spans = (name_seen(shadow, name.start, name.end) for name in persons)
    return [(*span, NAME) for span in spans if span]


def _splice(text: str, claims: list[tuple[int, int, str]]) -> str:
    pieces, rest = [], 0
    for start, end, kind in sorted(claims):
        pieces += text[rest:start], placeholder(kind)
        rest = end
    return "".join(pieces) + text[rest:]


# --- the shadow -----------------------------------------------------------------------------

_NUMERALS = "〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖洞拐勾"
_AS_DIGITS = str.maketrans(_NUMERALS, "000123456789" + "1123456789" + "079")
# Seven numerals in a row are a number read out, not a word (一点, 三个月, 二〇二五年).
_READ_OUT = re.compile(rf"[0-9{_NUMERALS}](?:[ -]?[0-9{_NUMERALS}]){{6,}}")


def _shadow(text: str) -> str:
    """``text`` folded for matching; the same length, so that spans hold in both."""
    folded = blot_placeholders(text).translate(_folding())
    return _READ_OUT.sub(lambda found: found[0].translate(_AS_DIGITS), folded)


@lru_cache(maxsize=1)
def _folding() -> dict[int, str]:
    """One character → one: simplified, half width, capital; any space or invisible → a space."""
    traditional = [chr(code) for code in range(0x4E00, 0xA000)]
    simplified = OpenCC("t2s").convert("\n".join(traditional)).split()
    table = dict(zip(map(ord, traditional), simplified, strict=True))
    symbols = *range(0x20, 0x500), *range(0x2000, 0x3001), *range(0xFE00, 0xFFF0)
    for code in (*symbols, *range(0x1D7CE, 0x1D800)):
        plain = unicodedata.normalize("NFKC", chr(code)).upper()
        invisible = unicodedata.category(chr(code)) in {"Cf", "Mn", "Me", "Zs"}
        table[code] = " " if invisible else plain if len(plain) == 1 else chr(code)
    return table | str.maketrans("‐‑‒–—―−•∙・\t\r", "-------··· \n")
