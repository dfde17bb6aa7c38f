"""The key of a sentence: one for all the ways to type it."""

from __future__ import annotations

import pytest

from bot.learning.keys import key_of


@pytest.mark.parametrize("text", [
    "醫保卡怎麼用", " 医保卡　怎么用 ", "医保卡怎么用？", "医保卡怎么用。。。", "医保卡怎么用！！",
    "医保卡怎么用…", "[姓名]医保卡怎么用"])
def test_one_sentence_has_one_key_however_it_is_typed(text: str) -> None:
    assert key_of(text) == key_of("医保卡怎么用")


@pytest.mark.parametrize("text", ["医保卡怎么不用", "医保卡，怎么用", "医保卡怎么", ""])
def test_another_sentence_has_another_key(text: str) -> None:
    assert key_of(text) != key_of("医保卡怎么用")


def test_a_key_is_short_and_stays_what_it_was() -> None:
    assert key_of("医保卡怎么用") == "dcc80a48aae219d2"
