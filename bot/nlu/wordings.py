"""New wordings of facts, learnt from the places that are marked in training utterances.

They lie in the model and are told beside the phrases of ``knowledge/facts``, so that what staff
have marked comes and goes with a model.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.free_speech import facts_in
from bot.nlu.examples import Example
from bot.nlu.normalise import normalise
from knowledge.catalog import Fact
from knowledge.store import load

_FILE = "phrases.json"
_SHORTEST = 2
"""Characters of a wording: less than that stands in too much."""

_ELSEWHERE = 20
"""So many utterances may hold a wording without it being marked there: what stands in more of them
tells nothing by itself (医保, 外地)."""


@dataclass(frozen=True)
class Wording:
    """A normalised phrase that tells a value of a fact."""

    phrase: str
    fact: str
    value: str


@dataclass(frozen=True)
class LeftOut:
    """A marked phrase that is not learnt.

    ``why`` is ``ambiguous`` (marked with several ``values``), ``common`` (in too many other
    utterances), ``short``, or ``unknown`` (no such fact, or no such value of it).
    """

    phrase: str
    fact: str
    values: tuple[str, ...]
    why: str


class Wordings:
    """What training has learnt; ``left_out`` is what it has not."""

    def __init__(self, learnt: Sequence[Wording] = (), left_out: Sequence[LeftOut] = ()) -> None:
        self.learnt, self.left_out = tuple(learnt), tuple(left_out)
        self._facts = tuple(_with_phrases(self.learnt))
        self._pattern = re.compile("|".join(re.escape(one.phrase) for one in self.learnt))

    def facts_in(self, plain: str, own: str) -> dict[str, Any]:
        """Return the facts that a message tells (:func:`bot.free_speech.facts_in`).

        Args:
            plain: the normalised message.
            own: what it tells of the person whom it is for.
        """
        return facts_in(plain, self._facts, own) if self._facts else {}

    def restored(self, plain: str, corrected: str) -> str:
        """Return a message whose spelling was corrected, with learnt phrases as they were typed.

        Args:
            plain: the normalised message.
            corrected: the same, character by character, with other spellings.
        """
        for found in self._pattern.finditer(plain) if self.learnt else ():
            corrected = f"{corrected[:found.start()]}{found[0]}{corrected[found.end():]}"
        return corrected

    def save(self, folder: Path) -> None:
        """Write ``phrases.json`` into ``folder``."""
        told = {"learnt": [asdict(one) for one in self.learnt],
                "left_out": [asdict(one) for one in self.left_out]}
        (folder / _FILE).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Wordings:
        """Read what :meth:`save` wrote."""
        told = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        left_out = ({**row, "values": tuple(row["values"])} for row in told["left_out"])
        return cls([Wording(**row) for row in told["learnt"]],
                   [LeftOut(**row) for row in left_out])


def _with_phrases(learnt: Sequence[Wording]) -> list[Fact]:
    """Return the facts of the knowledge base with the learnt phrases in place of their own."""
    phrases: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in learnt:
        phrases[one.fact][one.value].append(one.phrase)
    facts = load().facts
    return [facts[name].copy(update={"options": tuple(
        option.copy(update={"everyday": tuple(told[option.value])})
        for option in facts[name].options if option.value in told)})
        for name, told in phrases.items() if name in facts]


def learn(examples: Sequence[Example]) -> Wordings:
    """Return the wordings that are marked in labelled utterances."""
    marked: dict[tuple[str, str], list[str]] = defaultdict(list)
    for example in examples:
        for span in example.facts:
            phrase = normalise(example.text[span.start : span.end])
            marked[phrase, span.fact].append(span.value)
    plain = [normalise(example.text) for example in examples] if marked else []
    found = [_judged(phrase, fact, values, plain) for (phrase, fact), values in marked.items()]
    return Wordings([one for one in found if isinstance(one, Wording)],
                    [one for one in found if isinstance(one, LeftOut)])


def _judged(
    phrase: str, fact: str, values: Sequence[str], plain: Sequence[str]
) -> Wording | LeftOut:
    distinct = tuple(sorted(set(values)))
    why = _fault(phrase, fact, distinct) or (
        "common" if sum(phrase in text for text in plain) - len(values) > _ELSEWHERE else "")
    return LeftOut(phrase, fact, distinct, why) if why else Wording(phrase, fact, distinct[0])


def _fault(phrase: str, fact: str, values: Sequence[str]) -> str:
    known: Mapping[str, Fact] = load().facts
    if fact not in known or not {o.value for o in known[fact].options}.issuperset(values):
        return "unknown"
    if len(phrase) < _SHORTEST:
        return "short"
    return "ambiguous" if len(values) > 1 else ""


__all__ = ["LeftOut", "Wording", "Wordings", "learn"]
