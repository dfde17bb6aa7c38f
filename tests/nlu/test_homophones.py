"""Characters typed for others of the same sound are put right; what is right stays."""

from __future__ import annotations

import random

import pytest

from bot.nlu import homophones
from bot.nlu.examples import read_examples
from bot.nlu.homophones import Homophones
from bot.nlu.normalise import normalise


@pytest.fixture(scope="module")
def spelling() -> Homophones:
    return homophones.learn(normalise(example.text) for example in read_examples())


@pytest.mark.parametrize(("typed", "meant"), [
    ("抱销比例是多少", "报销比例是多少"),
    ("医宝报销", "医保报销"),
    ("异地就衣备案", "异地就医备案"),
    ("我的医保短缴了", "我的医保断缴了"),
    ("门诊漫特病怎么办", "门诊慢特病怎么办"),
])
def test_a_slip_is_put_right(spelling: Homophones, typed: str, meant: str) -> None:
    assert spelling.corrected(typed) == meant


@pytest.mark.parametrize("text", [
    "梅州医保推来推去", "我叫谢家栋", "深圳的医保怎么转", "海口办事处", "ABC 123", "",
    "生育津贴什么时候到账", "老公在郑州上班",
])
def test_what_is_right_stays(spelling: Homophones, text: str) -> None:
    assert spelling.corrected(text) == text


def test_the_text_keeps_its_length(spelling: Homophones) -> None:
    texts = [normalise(e.text) for e in random.Random(1).sample(read_examples(), 300)]
    assert [len(spelling.corrected(text)) for text in texts] == [len(text) for text in texts]


def test_hardly_anything_that_people_type_right_is_changed(spelling: Homophones) -> None:
    signs = "".join(normalise(e.text) for e in read_examples())
    fixed = "".join(spelling.corrected(normalise(e.text)) for e in read_examples())
    assert sum(map(str.__ne__, signs, fixed)) <= len(signs) / 200


def test_it_is_the_same_after_a_trip_to_disk(spelling: Homophones, tmp_path) -> None:
    spelling.save(tmp_path / "spelling.json")
    again = Homophones.load(tmp_path / "spelling.json")
    assert again.corrected("抱销比例") == spelling.corrected("抱销比例") == "报销比例"
