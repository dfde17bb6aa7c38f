"""What reviewers choose from: the vocabulary of labels, what is chosen most first, and the words
that stand beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pypinyin import Style, lazy_pinyin

from bot.learning.inbox.words import inbox_words
from bot.learning.labels.data import training_data
from bot.learning.labels.vocabulary import vocabulary
from bot.paths import nlu_folder
from knowledge.store import load


def choices() -> dict[str, Any]:
    """Return what a label can be made of, as the review page takes it.

    Returns:
        The vocabulary, its topics and categories ordered by how many utterances bear them, with
        ``"families"``, items that stand for any of their family; ``"initials"``, by name the first
        letters of its sounds (门诊 → mz); names by id of ``"regions"``, of ``"signals"`` and of
        ``"evidence"``, where a proposal comes from.

    Raises:
        DataError: an NLU file is no YAML.
    """
    known, words = dict(vocabulary()), inbox_words()
    examples = training_data(nlu_folder()).examples
    known["topics"] = _by_use(known["topics"], (example.topic for example in examples))
    known["categories"] = _by_use(known["categories"], (example.category for example in examples))
    return {
        **known,
        "families": [family.label for family in load().families],
        "initials": {name: _initials(name) for name in _names(known)},
        "regions": {guide.id: guide.data.region for guide in load().guides.values()},
        "signals": {kind: signal["label"] for kind, signal in words["signals"].items()},
        "evidence": words["proposals"],
    }


def _by_use(names: Iterable[str], used: Iterable[str]) -> list[str]:
    counted = Counter(used)
    return sorted(names, key=lambda name: -counted[name])


def _names(known: Mapping[str, Any]) -> Iterable[str]:
    """Yield everything that is picked by name."""
    for intent in known["intents"]:
        yield from (intent["name"], *intent["items"])
    for fact in known["facts"]:
        yield from (fact["label"], *(value["label"] for value in fact["values"]))
    for part in ("facets", "topics", "categories"):
        yield from known[part]


def _initials(name: str) -> str:
    return "".join(lazy_pinyin(name, Style.FIRST_LETTER, errors="ignore"))


__all__ = ["choices"]
