"""The stages that compare a new model with the live one, on fixed tests and on what was said."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.assistant import Assistant
from bot.journal.opening import open_journal
from bot.learning.keys import key_of
from bot.learning.labels.labels import Labels
from bot.learning.models.models import Models
from bot.learning.nlu_files import Written
from bot.learning.runs.compared import compared_cases, compared_questions, title_of
from bot.learning.runs.fixed_tests import (
    ask_facts,
    fixed_tests,
    play_cards,
    read_questions,
    readings,
)
from bot.learning.runs.gate import verdict
from bot.learning.runs.logged import compared_messages, heard, read_messages
from bot.learning.runs.measured import Measure, Measured
from bot.learning.runs.progress import Progress
from bot.learning.runs.record import Record, now_text
from bot.learning.runs.training_data import changed
from bot.nlu.examples import read_examples
from bot.paths import nlu_folder
from bot.settings import Settings


@dataclass(frozen=True)
class Comparison:
    """A new model and the live one, loaded both, before the same tests on the same day."""

    record: Record
    progress: Progress
    live: Assistant
    new: Assistant

    @property
    def sides(self) -> tuple[Assistant, Assistant]:
        """The live model and the new one, which may be the same."""
        return self.live, self.new

    async def fixed(self) -> dict[str, Any]:
        """Return the parts ``questions``, ``conversations`` and ``facts`` of ``result.json``."""
        tests, measured = fixed_tests(), Measured(self.record.folder.parent / "measured")

        async def both(name: str, measure: Measure, asked: Sequence[Any]) -> list[Any]:
            with self.progress.stage(name, 2 * len(asked)) as stage:
                return [await measured.of(side, name, measure, asked, stage.step)
                        for side in self.sides]

        questions = await both("questions", read_questions, tests.questions)
        played = await both("conversations", play_cards, tests.cards)
        asked = await both("facts", ask_facts, tests.facts)
        return {
            "questions": compared_questions(tests.questions, *map(readings, questions)),
            "conversations": compared_cases([title_of(card) for card in tests.cards], *played),
            "facts": compared_cases([{"ask": case["ask"]} for case in tests.facts], *asked)}

    async def logged(self, labels: Labels) -> dict[str, Any]:
        """Return the part ``logged`` of ``result.json``."""
        with self.progress.stage("logged") as stage:
            since, messages = await asyncio.to_thread(_heard)
            texts = [message["text"] for message in messages]
            stage.expect(2 * len(texts))
            read = [await read_messages(side, texts, stage.step) for side in self.sides]
            wanted = await labels.settled([message["key"] for message in messages])
            learnt = {key_of(example.text) for example in read_examples(nlu_folder())}
            return compared_messages(since, messages, *read, wanted, learnt)


def _heard() -> tuple[str, list[Mapping[str, Any]]]:
    database = open_journal(Settings.from_environment()).database
    try:
        return heard(database)
    finally:
        database.close()


def loaded(models: Models, candidate: str) -> tuple[Assistant, Assistant]:
    """Return the live model and the candidate, loaded."""
    live = Assistant(models.serving())
    live.load()
    if live.version == candidate:
        return live, live
    new = Assistant(models.archive(candidate))
    new.load()
    return live, new


async def compare(
    comparison: Comparison, models: Models, labels: Labels, written: Written
) -> None:
    """Compare, write the result, and note on the candidate's card whether it may go live."""
    live, new = (side.version for side in comparison.sides)
    result = {"run": comparison.record.folder.name, "candidate": new, "live": live,
              **await comparison.fixed(), "logged": await comparison.logged(labels)}
    with comparison.progress.stage("summary"):
        _sum_up(comparison, models, {
            **result, "data": changed(models, live, new, written), "verdict": verdict(result)})


def _sum_up(comparison: Comparison, models: Models, result: Mapping[str, Any]) -> None:
    from bot.learning.runs.pictures import draw_comparison  # matplotlib takes a second

    record = comparison.record
    pictures = draw_comparison(record.pictures, result)
    told = result["verdict"]
    if result["candidate"] != result["live"]:
        models.register(models.archive(result["candidate"]), **told)
    comparison.progress.may_promote = told["may_promote"]
    record.write("result", {**result, "at": now_text(), "pictures": pictures,
                            "seconds": comparison.progress.seconds})


__all__ = ["Comparison", "compare", "loaded"]
