"""What the heads are told of a message beside its characters."""

from __future__ import annotations

import pytest

from bot.nlu.normalise import normalise
from bot.observed import cues, observe


def told(text: str) -> set[str]:
    return set(cues(observe(text, normalise(text))))


def test_phrases_of_one_meaning_give_one_cue() -> None:
    spoken = [told(text) for text in ("退休住到外地", "跟仔女住", "回老家住")]
    assert all("fact:away_reason=在外地居住" in cues for cues in spoken)


@pytest.mark.parametrize(("text", "cue"), [
    ("大学生补缴农合", "topic:补缴"),
    ("公积金怎么取", "referral:公积金"),
    ("异地转诊人员备案", "item:referral_filing"),
    ("异地转诊人员备案", "family:remote_filing"),
    ("要带什么", "facet:办理材料"),
    ("医保", "ours"),
])
def test_each_vocabulary_tells_what_it_knows(text: str, cue: str) -> None:
    assert cue in told(text)


def test_what_is_told_of_others_does_not_count() -> None:
    assert "fact:retired=已退休" in told("我退休了，想参保")
    assert "fact:retired=已退休" not in told("我退休了，想给孙子参保")


def test_nothing_said_nothing_told() -> None:
    assert told("") == set()
