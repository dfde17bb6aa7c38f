"""The words by which the importer reads guides, from ``headings.yml``."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from pydantic import ValidationError

from knowledge.errors import DataError
from knowledge.model import Shape
from knowledge.store import read_yaml
from knowledge.text import squeeze

_FILE = Path(__file__).parent / "headings.yml"
_ASIDE = re.compile(r"\([^()]{1,14}\)$")
_LONGEST = 50
_JOINTS = re.compile("[、,/]|以及|及其|[和及与]")


class OfficeWords(Shape):
    """What the columns of a table of counters are called, and its heading."""

    heading: str
    number: tuple[str, ...]
    name: tuple[str, ...]
    address: tuple[str, ...]
    phone: tuple[str, ...]


class Vocabulary(Shape):
    """The content of ``headings.yml``; see its head and comments for every key."""

    kinds: dict[str, tuple[str, ...]]
    columns: dict[str, tuple[str, ...]]
    may_be_empty: tuple[str, ...]
    shown_as: dict[str, str]
    contents: dict[str, tuple[str, ...]]
    titles: tuple[str, ...]
    contents_heading: tuple[str, ...]
    offices: OfficeWords
    papers: tuple[str, ...]

    def kind(self, word: str) -> str:
        """Return the key of the section that a heading (squeezed, unnumbered) names, or ''."""
        return _named(self.kinds, word) or _named(self.kinds, _ASIDE.sub("", word))

    def heading(self, word: str) -> tuple[str, ...]:
        """Return the keys that a heading names: several for 办理材料、办理流程、办理时限."""
        whole = self.kind(word)
        if whole or len(word) > _LONGEST:
            return (whole,) if whole else ()
        parts = [part for part in _JOINTS.split(word) if part]
        kinds = tuple(dict.fromkeys(map(self.kind, parts)))
        return kinds if len(parts) > 1 and all(kinds) else ()

    def column(self, cell: str) -> str:
        """Return what a table's column headed ``cell`` holds, or ''."""
        word = squeeze(cell).rstrip(":;*")
        return _named(self.columns, word) or self.kind(word)

    def looks_like(self, kind: str, text: str) -> bool:
        """Tell whether a cell's text is of the kind, by its form."""
        found = (re.fullmatch(p, text.strip(), re.DOTALL) for p in self.contents.get(kind, ()))
        return any(found)


def _named(kinds: dict[str, tuple[str, ...]], word: str) -> str:
    if not word or len(word) > _LONGEST:
        return ""
    return next((kind for kind, patterns in kinds.items() if _any(patterns).fullmatch(word)), "")


@cache
def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return the vocabulary, read once; raise :class:`DataError` where the file is wrong."""
    try:
        return Vocabulary.parse_obj(read_yaml(_FILE))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise DataError(f"importer/{_FILE.name}", key, first["msg"]) from None


__all__ = ["OfficeWords", "Vocabulary", "vocabulary"]
