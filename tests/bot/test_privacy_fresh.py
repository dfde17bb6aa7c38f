"""Personal data in messages that were written without sight of the rules: how much is found.

With ``-s`` the figures are printed: recall by kind of message, precision by placeholder.
"""

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
PLACEHOLDER = re.compile("［[^］]*］")
MASKED_TOO = {"孙子", "孙", "聂晓雨"}
"""All that is masked and not in ``gone``; the last is a name all the same, as it ought to be."""

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


def masked_in(row: dict) -> list[tuple[str, str, bool]]:
    """Return what was masked in a row: placeholder, what stood there, whether it was personal."""
    text, shown = row["text"], mask(row["text"]).text
    placeholders = PLACEHOLDER.findall(shown)
    pieces = "(.+?)".join(map(re.escape, PLACEHOLDER.split(shown)))
    aligned = re.fullmatch(pieces, text, re.DOTALL)
    assert aligned, text
    personal = [found.span() for gone in row.get("gone", ())
                for found in re.finditer(re.escape(gone), text)]
    spans = [aligned.span(number) for number in range(1, len(placeholders) + 1)]
    return [(name, text[start:end], any(start < last and first < end for first, last in personal))
            for name, (start, end) in zip(placeholders, spans, strict=True)]


@lru_cache(maxsize=1)
def right_by_placeholder() -> dict[str, Figure]:
    """Return of each placeholder how often it stands for personal data."""
    told: defaultdict[str, list[bool]] = defaultdict(list)
    for row in ROWS:
        for name, _, personal in masked_in(row):
            told[name].append(personal)
    return {name: Figure(sum(right), len(right)) for name, right in told.items()}


@lru_cache(maxsize=1)
def found_by_kind() -> dict[str, Figure]:
    """Return of each kind of personal data how many were masked."""
    told: defaultdict[str, list[bool]] = defaultdict(list)
    for row in ROWS:
        shown = mask(row["text"]).text
        told[row.get("kind", "keep")] += [
            not is_left(fragment, shown) for fragment in row.get("gone", ())]
    return {kind: Figure(sum(hits), len(hits)) for kind, hits in told.items() if hits}


@pytest.fixture(scope="module", autouse=True)
def told_figures():
    """Print the figures once the tests are through."""
    yield
    for title, figures in (("recall", found_by_kind()), ("precision", right_by_placeholder())):
        print(f"\n{title}")
        for name, figure in figures.items():
            print(f"  {name}: {figure.right} of {figure.n}")
    kept = [row for row in ROWS if row.get("keep")]
    print(f"look-alikes left alone: {sum(not masked_in(row) for row in kept)} of {len(kept)}")


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


def test_hardly_anything_else_is_masked():
    others = {text for row in ROWS for _, text, personal in masked_in(row) if not personal}
    assert others == MASKED_TOO
