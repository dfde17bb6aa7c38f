"""Utterances of the training data whose label may be wrong, and words that could not be learnt.

Suspect is what a model that has learnt from nothing like it reads otherwise, with much confidence.
Whoever reads a suspect again labels it like any sentence: as it is, otherwise, or as unusable; the
writer of the NLU files does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.evaluation.cross_validation import readings
from bot.evaluation.folds import Fold, folds
from bot.learning.inbox.proposals import Fields, as_read, likely_of
from bot.learning.keys import key_of
from bot.learning.labels.checking import checked_label
from bot.learning.labels.data import training_data
from bot.learning.labels.label import UNUSABLE, Label
from bot.learning.labels.labels import Labels
from bot.learning.nlu_line import words
from bot.learning.runs.runs import Runs
from bot.nlu.examples import Example, examples_in
from bot.nlu.wordings import LeftOut, learn
from bot.paths import nlu_folder
from bot.staff.times import text_in
from bot.understanding import Understanding
from knowledge.store import load, read_yaml

HARDLY, SURELY = 0.05, 0.8
"""Probability below which the label of an utterance is doubted, where another has this much."""

KIND = "suspects"
"""The kind of run that looks for them."""

_MOST = 200

Suspect = dict[str, Any]
"""``{"key", "text", "file", "intent", "item", "in_words", "believed" (fields of a label),
"believed_in_words", "p"}``."""


def suspects_now(step: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Look through the NLU files of this installation; takes a minute or two on two cores.

    Args:
        step: called after each of the folds.

    Returns:
        ``{"at", "examples": n, "suspects": [Suspect], "wordings": [sentence]}``, the surest first.
    """
    at, found = text_in(0), list(_filed(nlu_folder()))
    examples = [example for _, example in found]
    doubted: list[tuple[int, Fields, float]] = []
    with ProcessPoolExecutor() as processes:
        for some in processes.map(_doubted, repeat(examples), folds(examples)):
            doubted += some
            step()
    doubted.sort(key=lambda one: -one[2])
    return {"at": at, "examples": len(examples),
            "suspects": [_suspect(*found[n], believed, p) for n, believed, p in doubted[:_MOST]],
            "wordings": [_told(one) for one in learn(examples).left_out]}


class Suspects:
    """What is left of the newest result, and what reviewers do about it.

    Args:
        runs: of this installation.
        labels: of the same.
    """

    def __init__(self, runs: Runs, labels: Labels) -> None:
        self._runs, self._labels = runs, labels

    async def page(self) -> dict[str, Any]:
        """Return what :func:`suspects_now` found, without what somebody has dealt with since.

        ``at`` is '' where nobody has looked yet.
        """
        result = self._newest()
        held = training_data(nlu_folder()).by_key if result["suspects"] else {}
        left = [one for one in result["suspects"] if _example(one, held)]
        dealt = await self._labels.reread({one["key"] for one in left}, result["at"])
        return {**result, "suspects": [one for one in left if one["key"] not in dealt]}

    async def settle(self, key: str, wanted: Mapping[str, Any], by: str) -> dict[str, Any]:
        """Label a suspect; return its label as :meth:`Labels.save` does.

        Args:
            key: of the suspect.
            wanted: ``{"keep": true}``, ``{"label": fields}`` or ``{"remove": true}``.
            by: 工号 of the reviewer.

        Raises:
            BadInput: it is no suspect any more (404), or the label is not right.
        """
        suspect = next((one for one in (await self.page())["suspects"] if one["key"] == key), None)
        example = suspect and _example(suspect, training_data(nlu_folder()).by_key)
        if not example:
            raise BadInput(words()["suspects"]["missing"], status=404)
        source = {"text": example.text, "turn": "", "conversation": ""}
        return (await self._labels.save([source], _wanted(example, wanted), by))[0]

    def _newest(self) -> dict[str, Any]:
        done = (run["run"] for run in self._runs.all()
                if run["kind"] == KIND and run["status"] == "done")
        run = next(done, "")
        return self._runs.result(run) if run else {
            "at": "", "examples": 0, "suspects": [], "wordings": []}


def _filed(folder: Path) -> Iterator[tuple[str, Example]]:
    for path in sorted(folder.glob("*.yml")):
        yield from ((path.name, example) for example in examples_in(read_yaml(path)))


def _doubted(examples: Sequence[Example], fold: Fold) -> list[tuple[int, Fields, float]]:
    """Return index, believed label and its probability of what is read otherwise."""
    return [(n, *otherwise) for n, reading in readings(examples, fold)
            if (otherwise := _otherwise(examples[n], reading))]


def _otherwise(example: Example, reading: Understanding) -> tuple[Fields, float] | None:
    """Return what an utterance most probably means instead; None where its label may be right."""
    told = {"intents": reading.ranking, "likely": reading.likely, "facets": reading.facets,
            "missing_topic": reading.topic, "category": reading.category}
    (intent, p), own = reading.ranking[0], dict(reading.ranking).get(example.intent, 0.0)
    if intent == example.intent:
        items = {one["item"]: one["p"] for one in likely_of(told) if one["intent"] == intent}
        total = sum(items.values()) or 1.0
        p, own = max(items.values(), default=0.0) / total, items.get(example.item, 0.0) / total
    return (as_read(told), round(p, 3)) if own < HARDLY and p > SURELY else None


def _suspect(file: str, example: Example, believed: Fields, p: float) -> Suspect:
    return {"key": key_of(example.text), "text": example.text, "file": file,
            "intent": example.intent, "item": example.item,
            "in_words": Label.of_example(example).in_words(), "believed": believed,
            "believed_in_words": Label.of_fields(believed).in_words(), "p": p}


def _example(suspect: Suspect, held: Mapping[str, Sequence[Example]]) -> Example | None:
    """Return the utterance as the data hold it; None where they do not any more."""
    return next((example for example in held.get(suspect["key"], ())
                 if Label.of_example(example).in_words() == suspect["in_words"]), None)


def _wanted(example: Example, wanted: Mapping[str, Any]) -> Label:
    if wanted.get("keep") is True:
        return Label.of_example(example)
    if wanted.get("remove") is True:
        return UNUSABLE
    if "label" not in wanted:
        raise BadInput(words()["suspects"]["no_act"], "label")
    return checked_label(wanted["label"])


def _told(left_out: LeftOut) -> str:
    known = load().facts.get(left_out.fact)
    labels = {option.value: option.label for option in known.options} if known else {}
    return words()["wordings"][left_out.why].format(
        phrase=left_out.phrase, fact=known.label if known else left_out.fact,
        values="、".join(labels.get(value, value) for value in left_out.values))


__all__ = ["HARDLY", "KIND", "SURELY", "Suspect", "Suspects", "suspects_now"]
