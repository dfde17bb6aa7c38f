"""What each kind of run does, stage by stage."""

from __future__ import annotations

import asyncio

from bot.learning.models.candidate import newest_candidate
from bot.learning.models.models import Models
from bot.learning.nlu_files import Written, write_pending
from bot.learning.runs.process import Plan
from bot.learning.runs.progress import Progress
from bot.learning.runs.record import Record
from bot.learning.runs.training_data import by_intent, remember, told
from bot.learning.runs.words import words
from bot.rasa_environment import prepare
from bot.settings import Settings
from bot.staff.opening import Staff, open_staff
from bot.training import fingerprint, train


def training(record: Record, progress: Progress) -> None:
    """Write what was labelled into the training data, train, and compare with the live model."""
    prepare()
    models, staff = Models(), open_staff(Settings.from_environment())
    with progress.stage("write") as stage:
        remember(models, models.pin(record.begun["by"]))
        written = asyncio.run(write_pending(staff.labels))
        stage.note(told(written))
    progress.candidate = fingerprint()
    _trained(record, progress, models)
    _checked_and_compared(record, progress, models, staff, written)


def _trained(record: Record, progress: Progress, models: Models) -> None:
    """Train the model of the present data, unless it is there and sound."""
    with progress.stage("train") as stage:
        if not models.problem(progress.candidate):
            stage.skip(words()["notes"]["no_training"])
            return
        learnt = by_intent()
        archive = train(force=True, models=models.folder)
        models.register(archive, by=record.begun["by"], run=record.folder.name,
                        examples=sum(learnt.values()), by_intent=learnt)


def comparison(record: Record, progress: Progress) -> None:
    """Compare the newest candidate with the live model."""
    prepare()
    models = Models()
    progress.candidate = newest_candidate(models)
    _checked_and_compared(
        record, progress, models, open_staff(Settings.from_environment()), Written())


def suspecting(record: Record, progress: Progress) -> None:
    """Look for utterances of the training data whose label may be wrong."""
    from bot.evaluation.folds import FOLDS
    from bot.learning.suspects import suspects_now

    with progress.stage("suspects", of=FOLDS) as stage:
        record.write("result", suspects_now(stage.step))


def _checked_and_compared(
    record: Record, progress: Progress, models: Models, staff: Staff, written: Written
) -> None:
    try:
        with progress.stage("check"):
            from bot.learning.runs.comparing import Comparison, compare, loaded  # takes seconds

            models.check(progress.candidate)
            live, new = loaded(models, progress.candidate)
        both = Comparison(record, progress, live, new)
        asyncio.run(compare(both, models, staff.labels, written))
    finally:
        asyncio.run(staff.close())


PLANS: dict[str, Plan] = {"train": training, "compare": comparison, "suspects": suspecting}


__all__ = ["PLANS", "comparison", "suspecting", "training"]
