"""The same questions written worse: other characters of the same sound, traditional, no marks."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from opencc import OpenCC

from bot.evaluation.labels import labels
from bot.evaluation.predict import predict
from bot.evaluation.rows import Row
from bot.evaluation.score import Figure, figures
from bot.evaluation.tables import cells, printed, table
from bot.nlu.examples import read_examples
from bot.nlu.homophones import by_sound
from bot.nlu.normalise import normalise
from knowledge.sounds import sound

SHARE = 0.1
"""Of the characters, so many are replaced by others of the same sound."""

_COMMON = 20
"""Occurrences in the training utterances from which a character is one that people type."""

_MARKS = re.compile(r"[^\w\s]+")
_CHINESE = re.compile("[一-鿿]")


def homophones(text: str) -> str:
    """Return ``text`` with a tenth of its Chinese characters replaced; the same on every call.

    Only characters with a common character of the same sound can be replaced; of these as many
    as make a tenth of all, rounded.
    """
    chosen = random.Random(text)
    alike = {n: others for n, sign in enumerate(text) if (others := _alike(sign))}
    wanted = round(SHARE * len(_CHINESE.findall(text)))
    signs = list(text)
    for n in chosen.sample(sorted(alike), min(wanted, len(alike))):
        signs[n] = chosen.choice(alike[n])
    return "".join(signs)


def _alike(sign: str) -> list[str]:
    if not _CHINESE.fullmatch(sign):
        return []
    return [other for other in _common().get(sound(sign), ()) if other != sign]


@lru_cache(maxsize=1)
def _common() -> Mapping[int, Sequence[str]]:
    """Return the characters that are common in the training utterances, by their sound."""
    counted = Counter(c for e in read_examples() for c in normalise(e.text))
    return by_sound(counted, _COMMON)


def traditional(text: str) -> str:
    """Return ``text`` in traditional characters."""
    return _to_traditional().convert(text)


@lru_cache(maxsize=1)
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


def unpunctuated(text: str) -> str:
    """Return ``text`` without punctuation, as dictation gives it."""
    return _MARKS.sub("", text)


WAYS: Mapping[str, Callable[[str], str]] = {
    "as_written": str, "homophones": homophones, "traditional": traditional,
    "unpunctuated": unpunctuated,
}


def families(rows: Sequence[Row]) -> dict[str, Figure]:
    """Return how many families are right of the same questions, by the way they are written."""
    texts = [way(row.text) for way in WAYS.values() for row in rows]
    made = predict(texts)
    parts = (made[n * len(rows) : (n + 1) * len(rows)] for n in range(len(WAYS)))
    return {name: figures(list(zip(rows, part, strict=True)))["family"]
            for name, part in zip(WAYS, parts, strict=True)}


def disturbed_report(found: Mapping[str, Figure]) -> str:
    """Return the figures in Chinese, and what each way loses."""
    words = labels()["disturbed"]
    shown = table("written", "counts", "share", "interval", "lost")
    for name, figure in found.items():
        lost = found["as_written"].value - figure.value
        shown.add_row(words["ways"][name], *cells(figure), f"{100 * lost:+.1f}")
    return f"{words['title']}\n{printed(shown)}"


def labelled(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that have a family."""
    return [row for row in rows if row.family]


__all__ = ["SHARE", "WAYS", "disturbed_report", "families", "homophones", "labelled",
           "traditional", "unpunctuated"]
