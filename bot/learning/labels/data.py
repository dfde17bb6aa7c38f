"""The training utterances as labels look at them: by key, and by likeness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.learning.keys import key_of
from bot.nlu.examples import Example, read_examples
from bot.nlu.normalise import normalise

if TYPE_CHECKING:
    from bot.evaluation.nearness import Neighbours

ALIKE = 0.75
"""Similarity of trigrams, places masked, from which two sentences should mean the same. Of the
12,902 utterances no two above it contradict each other; the most alike that do have 0.72."""

_TRIGRAMS = (3, 3)


class TrainingData:
    """The utterances of the NLU files at one moment.

    Args:
        examples: all of them, in order.
    """

    def __init__(self, examples: tuple[Example, ...]) -> None:
        self.examples = examples

    @cached_property
    def by_key(self) -> Mapping[str, Sequence[Example]]:
        """The utterances by the key of their text."""
        found: dict[str, list[Example]] = defaultdict(list)
        for example in self.examples:
            found[key_of(example.text)].append(example)
        return dict(found)

    def prepare(self) -> None:
        """Get ready to be asked; the first time takes some two seconds."""
        self.near("")
        len(self.by_key)

    def near(self, text: str) -> list[tuple[float, Example]]:
        """Return the utterances that are nearly the same as a text, the likest first."""
        return [(alike, self.examples[n]) for n, alike in self._neighbours.of(plain(text), ALIKE)]

    @cached_property
    def _neighbours(self) -> Neighbours:
        return neighbours([example.text for example in self.examples])


def neighbours(texts: Sequence[str]) -> Neighbours:
    """Return texts with which others are compared, once :func:`plain`."""
    from bot.evaluation.nearness import Neighbours  # takes a second, and few commands need it

    return Neighbours([plain(text) for text in texts], _TRIGRAMS)


@lru_cache(maxsize=1 << 15)
def plain(text: str) -> str:
    """Return a text as it is compared: normalised, with one word for all places."""
    from bot.evaluation.training_data import placeless  # likewise

    return placeless(normalise(text))


def training_data(folder: Path) -> TrainingData:
    """Return the utterances of the NLU files in a folder, as they are now.

    Raises:
        DataError: a file is no YAML; file and line are named.
    """
    files = sorted((path, path.stat()) for path in folder.glob("*.yml"))
    return _read(folder, tuple((str(path), at.st_mtime_ns, at.st_size) for path, at in files))


@lru_cache(maxsize=2)
def _read(folder: Path, state: tuple[tuple[str, int, int], ...]) -> TrainingData:
    return TrainingData(read_examples(folder))


__all__ = ["ALIKE", "TrainingData", "neighbours", "plain", "training_data"]
