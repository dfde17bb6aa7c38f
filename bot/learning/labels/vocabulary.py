"""What a label may say: intents with their items, facets, topics, categories, facts.

Each is taken from where it stands already: domain, catalog, facts, lists of topics and of
referrals, and the training utterances.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.facet_kinds import FACET_KINDS, GENERAL
from bot.learning.labels.data import TrainingData, training_data
from bot.learning.labels.words import words
from bot.matter import OUTSIDE
from bot.messages import PRESSED
from bot.other_matters import UNTOLD
from bot.paths import PROJECT, nlu_folder
from bot.wording import say
from knowledge.catalog import CanonicalItem, Fact, Family
from knowledge.store import load, read_yaml
from knowledge.vocabulary import facets, referrals, topics

Vocabulary = Mapping[str, Any]
"""``{"intents": [{"name", "family_name", "items": […], "kind": "matter" | "outside" | "talk"}],
"facets": […], "topics": […], "categories": […],
"facts": [{"name", "label", "question", "multiple", "values": [{"value", "label"}]}]}``"""


def vocabulary(folder: Path | None = None) -> Vocabulary:
    """Return what a label may say, nothing twice.

    Items are those that the utterances are labelled with and those that are no part of another
    (a part, 新生儿参保登记, is told apart by the words and facts of a message, not by its label).

    Args:
        folder: of the NLU files; None for that of this installation.

    Raises:
        DataError: an NLU file is no YAML.
    """
    return _of(training_data(folder or nlu_folder()))


@lru_cache(maxsize=2)
def _of(data: TrainingData) -> Vocabulary:
    examples = data.examples
    used = {(example.intent, example.item) for example in examples}
    named = [referral.category for referral in referrals() if referral.category != UNTOLD]
    return {
        "intents": [*_matters(used), *_others()],
        "facets": [GENERAL, *_known_facets()],
        "topics": _once([*(topic.topic for topic in topics()), *(e.topic for e in examples)]),
        "categories": _once([*named, *(example.category for example in examples)]),
        "facts": [_fact(fact) for fact in load().facts.values()],
    }


def as_labelled(intent: str, item: str, folder: Path | None = None) -> str:
    """Return what an item of the catalog is labelled as: itself, or the whole it is a part of.

    Args:
        intent: of its family.
        item: its label, or that of the family where it is left open which.
        folder: as for :func:`vocabulary`.

    Returns:
        The label; what is not known is returned as it is.
    """
    offered = next((i["items"] for i in vocabulary(folder)["intents"] if i["name"] == intent), [])
    found = load().canonical_by_label(item)
    whole = load().whole(found.id).label if found else item
    if item not in offered and whole in offered:
        return whole
    family = load().by_intent.get(intent)
    # Where a family has no utterances that leave open which item, its first item stands for it.
    return offered[0] if family and item == family.label and item not in offered else item


def _matters(used: set[tuple[str, str]]) -> Iterable[dict[str, Any]]:
    for family in load().families:
        items = [item.label for item in family.items if _offered(family, item, used)]
        whole = [family.label] if (family.intent, family.label) in used else []
        yield {"name": family.intent, "family_name": family.name, "items": _once([*whole, *items]),
               "kind": "matter"}


def _offered(family: Family, item: CanonicalItem, used: set[tuple[str, str]]) -> bool:
    return not item.under or (family.intent, item.label) in used


def _others() -> Iterable[dict[str, Any]]:
    """Yield the outside, and what people say to steer a conversation."""
    names = words()["families"]
    yield {"name": OUTSIDE, "family_name": names["outside"], "items": [], "kind": "outside"}
    for intent in read_yaml(PROJECT / "domain.yml")["intents"]:
        if intent not in load().by_intent and intent not in (OUTSIDE, PRESSED):
            yield {"name": intent, "family_name": names["talk"], "items": [], "kind": "talk"}


def _known_facets() -> Iterable[str]:
    told = {facet.facet for facet in facets()}
    return (facet for facet in FACET_KINDS if facet in told)


def _fact(fact: Fact) -> dict[str, Any]:
    values = [{"value": option.value, "label": option.label} for option in fact.options]
    return {"name": fact.name, "label": fact.label, "question": fact.asked_of(say("somebody")),
            "multiple": fact.multiple, "values": values}


def _once(names: Sequence[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name]


__all__ = ["Vocabulary", "as_labelled", "vocabulary"]
