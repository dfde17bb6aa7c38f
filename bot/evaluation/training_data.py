"""What the training utterances are: how many, how alike, spread over which labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.evaluation.labels import labels
from bot.evaluation.nearness import near
from bot.evaluation.tables import printed, table
from bot.nlu.examples import Example
from bot.nlu.normalise import normalise
from bot.privacy import mask
from knowledge.places import find_places
from knowledge.store import load

TOO_ALIKE = 0.8
"""Similarity of trigrams from which one of two utterances adds little to the other."""

_TRIGRAMS = (3, 3)
_PLACE = "某地"
_LENGTHS = (6, 12, 20, 40, 80, 150)
"""Longest utterances, in characters, of the classes of length; what is longer is the last."""


@dataclass(frozen=True)
class DataCard:
    """Counts of utterances; ``spread`` is how many there are of each label of each kind."""

    utterances: int
    distinct: int
    doubles: int
    spread: Mapping[str, Mapping[str, int]]

    @property
    def share_of_doubles(self) -> float:
        """Share of utterances with a near double among the others, 0 to 1."""
        return self.doubles / self.utterances


def data_card(examples: Sequence[Example]) -> DataCard:
    """Return the counts of some utterances."""
    alike = {n for pair in near_doubles(examples) for n in pair}
    distinct = {normalise(e.text) for e in examples}
    spread = {kind: dict(Counter(found).most_common())
              for kind, found in _labels(examples).items()}
    return DataCard(len(examples), len(distinct), len(alike), spread)


def near_doubles(examples: Sequence[Example]) -> list[tuple[int, int]]:
    """Return indices of two utterances that are too alike once names and places are masked."""
    found = near([normalise(masked(e.text)) for e in examples], _TRIGRAMS, TOO_ALIKE)
    return [(a, b) for a, b in zip(found.row.tolist(), found.col.tolist()) if a < b]


def masked(text: str) -> str:
    """Return a text with one word for all places, and masking's placeholders for names."""
    return placeless(mask(text).text)


def placeless(text: str) -> str:
    """Return a text with one word for all places."""
    for mention in reversed(find_places(text)):
        text = f"{text[: mention.start]}{_PLACE}{text[mention.end :]}"
    return text


def contradictions(examples: Iterable[Example]) -> dict[str, list[Example]]:
    """Return utterances that are the same once normalised, and labelled differently."""
    found: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        found[normalise(example.text)].append(example)
    return {text: same for text, same in found.items() if len(set(map(_label, same))) > 1}


def _label(example: Example) -> tuple[object, ...]:
    return (example.intent, example.item, frozenset(example.facets), example.topic,
            example.category)


def _labels(examples: Sequence[Example]) -> Mapping[str, list[str]]:
    families, words = load().by_intent, labels()["data"]
    return {
        "family": [families[e.intent].label if e.intent in families else e.intent
                   for e in examples],
        "item": [e.item for e in examples if e.item],
        "facet": [facet for e in examples for facet in e.facets],
        "topic": [e.topic or words["no_topic"] for e in examples if e.item],
        "category": [e.category for e in examples if e.category],
        "length": [_length(e.text) for e in examples],
    }


def _length(text: str) -> str:
    size = len(normalise(text))
    upto = next((bound for bound in _LENGTHS if size <= bound), None)
    words = labels()["data"]
    return words["upto"].format(n=upto) if upto else words["longer"].format(n=_LENGTHS[-1])


def data_report(card: DataCard) -> str:
    """Return the card in Chinese."""
    words = labels()["data"]
    shown = table("kind", "size", "spread")
    for kind, spread in card.spread.items():
        listed = " ".join(f"{label}：{count}" for label, count in spread.items())
        shown.add_row(words["kinds"][kind], str(len(spread)), listed, end_section=True)
    return "\n".join([words["title"].format(card=card), printed(shown)])


__all__ = ["TOO_ALIKE", "DataCard", "contradictions", "data_card", "data_report", "masked",
           "near_doubles", "placeless"]
