"""Own questions that were never training data: what was reached once is kept.

Invented, written and labelled like the development data without sight of the training utterances.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluated import assert_kept

from bot.evaluation import disturbed
from bot.evaluation.predict import predict
from bot.evaluation.recorded import read_recorded
from bot.evaluation.rows import read_rows
from bot.evaluation.score import figures
from bot.nlu.examples import read_examples
from bot.nlu.normalise import normalise

FOLDER = Path(__file__).parent
RECORDED = read_recorded(FOLDER / "recorded.yml")
MOST_LOST, SHORT = 0.03, 8


@pytest.fixture(scope="module")
def rows():
    return read_rows(FOLDER / "questions.jsonl")


@pytest.fixture(scope="module")
def ours(rows):
    return figures(list(zip(rows, predict([row.text for row in rows]), strict=True)))


@pytest.fixture(scope="module")
def rewritten(rows):
    """The families by the way the questions are written."""
    return disturbed.families(disturbed.labelled(rows))


@pytest.mark.parametrize("measure", RECORDED)
def test_no_figure_drops_below_the_recorded_one_by_more_than_its_noise(measure, ours):
    assert_kept(measure, RECORDED, ours)


def test_every_figure_is_recorded(ours):
    assert set(RECORDED) == set(ours)
    assert {name: figure.n for name, figure in RECORDED.items() if name != "partly"} == {
        name: figure.n for name, figure in ours.items() if name != "partly"}


@pytest.mark.parametrize("way", [way for way in disturbed.WAYS if way != "as_written"])
def test_questions_that_are_written_worse_lose_at_most_three_points(way, rewritten):
    lost = rewritten["as_written"].value - rewritten[way].value
    assert lost <= MOST_LOST, f"{way}: {rewritten[way]}, as written {rewritten['as_written']}"


def test_no_own_question_is_a_training_utterance(rows):
    learnt = {normalise(example.text) for example in read_examples()}
    same = [row.text for row in rows if normalise(row.text) in learnt]
    # A search query of a few characters is one that many people type.
    assert [text for text in same if len(text) > SHORT] == [] and len(same) <= len(rows) / 100
