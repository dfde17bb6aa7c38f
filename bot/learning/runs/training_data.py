"""What a run changes of the training data, and what a model has learnt from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from bot.learning.models.models import Models
from bot.learning.nlu_files import Written
from bot.learning.runs.words import words
from bot.nlu.examples import read_examples
from bot.paths import nlu_folder
from bot.training import fingerprint


def by_intent() -> dict[str, int]:
    """Return how many utterances the training data hold of each intent."""
    return dict(Counter(example.intent for example in read_examples(nlu_folder())))


def remember(models: Models, version: str) -> None:
    """Note of a model what it has learnt from, where that is still to be seen."""
    if "by_intent" not in models.card(version) and version == fingerprint():
        models.register(models.archive(version), by_intent=by_intent())


def changed(
    models: Models, live: str, candidate: str, written: Written
) -> dict[str, Any]:
    """Return the part ``data`` of ``result.json``.

    Args:
        models: tells what each of them has learnt from.
        live, candidate: versions.
        written: what this run wrote.
    """
    before, after = _learnt(models, live), _learnt(models, candidate)
    return {
        "added": len(written.added), "removed": len(written.removed),
        "examples": sum(after.values()),
        "by_intent": [{"intent": intent, "before": before.get(intent, 0),
                       "after": after.get(intent, 0)} for intent in sorted({*before, *after})]}


def _learnt(models: Models, version: str) -> Mapping[str, int]:
    """Return the utterances of each intent; those of today where nobody noted them."""
    return models.card(version).get("by_intent") or by_intent()


def told(written: Written) -> str:
    """Return what was written, in Chinese."""
    notes = words()["notes"]
    if not (written.added or written.removed or written.refused):
        return str(notes["nothing_new"])
    text = notes["written"].format(added=len(written.added), removed=len(written.removed))
    if not written.refused:
        return str(text)
    return str(text + notes["refused"].format(n=len(written.refused), why=written.refused[0].why))


__all__ = ["by_intent", "changed", "remember", "told"]
