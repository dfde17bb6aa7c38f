"""Personal data in messages that were written without sight of the rules: how much is found."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import pytest
import yaml
from evaluated import assert_kept

from bot.evaluation.recorded import read_recorded
from bot.evaluation.score import Figure
from bot.privacy import mask

FOLDER = Path(__file__).parent
BATCHES = yaml.safe_load((FOLDER / "privacy_fresh.yml").read_text("utf-8"))
ROWS = [row for batch in BATCHES.values() for row in batch]
RECORDED = read_recorded(FOLDER / "privacy_recorded.yml")
LEFT_OF_A_NUMBER = 6
"""So many digits in a row of a number, left over, are as good as all of it."""


def is_left(fragment: str, masked: str) -> bool:
    """Tell whether a fragment, or enough of its digits, is still in a masked message."""
    digits, shown = _digits(fragment), _digits(masked)
    number = len(digits) > max(LEFT_OF_A_NUMBER, len(fragment) / 2)
    parts = range(len(digits) - LEFT_OF_A_NUMBER + 1) if number else ()
    return fragment in masked or any(
        digits[n : n + LEFT_OF_A_NUMBER] in shown for n in parts)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=1)
def found_by_kind() -> dict[str, Figure]:
    """Return of each kind of personal data how many were masked."""
    told: defaultdict[str, list[bool]] = defaultdict(list)
    for row in ROWS:
        shown = mask(row["text"]).text
        told[row.get("kind", "keep")] += [
            not is_left(fragment, shown) for fragment in row.get("gone", ())]
    return {kind: Figure(sum(hits), len(hits)) for kind, hits in told.items() if hits}


def test_the_messages_are_as_many_as_promised():
    assert sum(1 for row in BATCHES["first"] if "gone" in row) >= 200
    assert sum(1 for row in BATCHES["first"] if row.get("keep")) >= 120


@pytest.mark.parametrize("kind", RECORDED)
def test_no_less_is_found_than_was(kind):
    assert_kept(kind, RECORDED, found_by_kind())


def test_every_kind_is_recorded():
    assert {kind: figure.n for kind, figure in RECORDED.items()} == {
        kind: figure.n for kind, figure in found_by_kind().items()}


@pytest.mark.parametrize("text", [row["text"] for row in ROWS if row.get("keep")])
def test_what_only_looks_like_personal_data_stays(text):
    assert mask(text).text == text
