"""The project's own fixed tests, and what a model makes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.assistant import Assistant
from bot.clock import today
from bot.errors import SetupError
from bot.evaluation.predict import Prediction, prediction, reading_of
from bot.evaluation.rows import Row, read_rows
from bot.learning.player import answer_faults, cards_of, faults, play, talking_to
from bot.learning.runs.words import words
from bot.paths import PROJECT, nlu_folder
from knowledge.store import read_yaml

Step = Callable[[], None]
"""Called whenever one more is done."""

_QUESTIONS = "understanding/questions.jsonl"
_CARDS, _FACTS = "conversations/cards", "conversations/questions.yml"


@dataclass(frozen=True)
class FixedTests:
    """Labelled questions, conversations with what has to be said in them, and plain questions.

    ``cards``: see :mod:`bot.learning.player`; ``facts``: ``{"ask", "says"}`` or ``{"ask",
    "silent"}``.
    """

    questions: Sequence[Row]
    cards: Sequence[Mapping[str, Any]]
    facts: Sequence[Mapping[str, Any]]


def fixed_tests(folder: Path = PROJECT / "tests") -> FixedTests:
    """Return the tests.

    Raises:
        SetupError: they are not there.
    """
    try:
        cards = [card for path in sorted((folder / _CARDS).glob("*.yml"))
                 for card in cards_of(path)]
        return FixedTests(read_rows(folder / _QUESTIONS), cards, read_yaml(folder / _FACTS))
    except (OSError, ValueError):
        raise SetupError(words()["errors"]["no_tests"]) from None


def circumstances(folder: Path = PROJECT) -> str:
    """Return a digest of what a model's results depend on beside the model: program and day."""
    digest = hashlib.sha256(today().isoformat().encode())
    for path in _program(folder):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _program(folder: Path) -> Iterable[Path]:
    found = [path for part in ("bot", "knowledge", "tests/understanding", "tests/conversations")
             for path in (folder / part).rglob("*")]
    return sorted(path for path in found if path.suffix in (".py", ".yml", ".jsonl")
                  and path.parent != nlu_folder())


async def read_questions(
    assistant: Assistant, rows: Iterable[Row], step: Step
) -> list[dict[str, Any]]:
    """Return our reading of each question (:meth:`Prediction.as_dict`)."""
    made = []
    for row in rows:
        reading = await reading_of(assistant.agent, row.text)
        made.append(prediction(row.text, reading).as_dict())
        step()
    return made


async def play_cards(
    assistant: Assistant, cards: Iterable[Mapping[str, Any]], step: Step
) -> list[dict[str, Any]]:
    """Play each conversation; return ``{"faults": […], "transcript": [{"who", "text"}]}``."""
    played = []
    for card in cards:
        talk = await play(card, talking_to(assistant))
        transcript = [line for said, replies in talk.turns for line in _told(said, replies)]
        played.append({"faults": faults(card, talk), "transcript": transcript})
        step()
    return played


async def ask_facts(
    assistant: Assistant, cases: Iterable[Mapping[str, Any]], step: Step
) -> list[dict[str, Any]]:
    """Ask each question; the results are those of :func:`play_cards`."""
    asked = []
    for case in cases:
        replies = await talking_to(assistant)(case["ask"])
        text = "\n".join(reply.get("text", "") for reply in replies)
        asked.append({"faults": answer_faults(case, text),
                      "transcript": list(_told(case["ask"], replies))})
        step()
    return asked


def _told(said: str, replies: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, str]]:
    yield {"who": "user", "text": said}
    yield from ({"who": "bot", "text": reply["text"]} for reply in replies if reply.get("text"))


def readings(made: Iterable[Mapping[str, Any]]) -> list[Prediction]:
    """Return what :func:`read_questions` told, as the measures take it."""
    return list(map(Prediction.from_dict, made))


__all__ = [
    "FixedTests", "Step", "ask_facts", "circumstances", "fixed_tests", "play_cards",
    "read_questions", "readings",
]
