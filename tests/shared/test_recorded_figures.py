"""The understanding of the development questions: what was reached once is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluated import assert_kept

from bot.evaluation.nearness import near
from bot.evaluation.predict import predict
from bot.evaluation.recorded import read_recorded
from bot.evaluation.rows import read_rows
from bot.evaluation.score import figures
from bot.nlu.examples import read_examples
from bot.nlu.normalise import normalise

pytestmark = pytest.mark.shared

RECORDED = read_recorded(Path(__file__).parent / "recorded.yml")


TOO_NEAR = 0.7
"""Cosine of trigrams from which an utterance may have been made from a question."""


@pytest.fixture(scope="module")
def rows(shared):
    return read_rows(shared / "dev" / "questions.jsonl")


@pytest.fixture(scope="module")
def ours(rows):
    return figures(list(zip(rows, predict([row.text for row in rows]), strict=True)))


@pytest.mark.parametrize("measure", RECORDED)
def test_no_figure_drops_below_the_recorded_one_by_more_than_its_noise(measure, ours):
    assert_kept(measure, RECORDED, ours)


def test_every_figure_is_recorded(ours):
    assert set(RECORDED) == set(ours)


def test_no_training_utterance_is_made_from_a_development_question(rows):
    asked = [normalise(row.text) for row in rows]
    learnt = [normalise(example.text) for example in read_examples()]
    alike = near([*asked, *learnt], (3, 3), TOO_NEAR).tocsr()[: len(asked), len(asked) :].tocoo()
    assert [(asked[n], learnt[m]) for n, m in zip(alike.row, alike.col, strict=True)] == []
