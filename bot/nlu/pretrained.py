"""Names, places and dates that spaCy's pretrained Chinese pipeline sees, where it is installed.

``zh_core_web_sm`` is an optional extra of the project; without it nothing is seen. It works on its
own words (pkuseg), which it was trained on, and hands over offsets.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, NamedTuple

PACKAGE = "zh_core_web_sm"
PERSON, GPE, DATE = "PERSON", "GPE", "DATE"
_NOT_NEEDED = ("tagger", "parser", "attribute_ruler", "lemmatizer", "senter")


class Seen(NamedTuple):
    """A name in a text: what it is of, and where it stands."""

    label: str
    start: int
    end: int


@lru_cache(maxsize=16)  # few: a text may hold personal data as long as it stays here
def seen(text: str) -> tuple[Seen, ...]:
    """Return the persons, places (GPE) and dates in a text; nothing without the package.

    Asked for twice in each turn, by masking and by the pipeline: the second time is free.
    """
    recogniser = _recogniser()
    found = recogniser(text).ents if recogniser else ()
    return tuple(Seen(e.label_, e.start_char, e.end_char) for e in found
                 if e.label_ in (PERSON, GPE, DATE))


@lru_cache(maxsize=1)
def _recogniser() -> Callable[[str], Any] | None:
    if not find_spec(PACKAGE):
        return None
    import spacy  # takes seconds, and masking alone does without

    return spacy.load(PACKAGE, exclude=_NOT_NEEDED)


__all__ = ["DATE", "GPE", "PACKAGE", "PERSON", "Seen", "seen"]
