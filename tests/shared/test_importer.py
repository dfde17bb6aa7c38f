"""Drafts of the five guides against their curated files; see ``docs/importer.md``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from knowledge.importer.measure import Measured, measure
from knowledge.store import load

pytestmark = pytest.mark.shared

OUTLINE = ("meizhou", "guangdong", "hubei", "fujian")
WANTED = 0.95


@lru_cache(maxsize=8)
def measured(guides: Path, guide: str) -> Measured:
    """Import a guide afresh and compare it, once."""
    return measure(load().guide(guide), guides / f"{guide}.txt")


@pytest.mark.parametrize("field", ["names", "materials", "time_limits", "channels"])
@pytest.mark.parametrize("guide", OUTLINE)
def test_what_citizens_ask_for_most_is_drafted_right(guide: str, field: str, shared: Path) -> None:
    score = measured(shared / "guides", guide).scores[field]
    assert score.curated > 0
    assert min(score.precision, score.recall) >= WANTED


@pytest.mark.parametrize("guide", OUTLINE)
def test_every_item_is_found_and_none_is_invented(guide: str, shared: Path) -> None:
    result = measured(shared / "guides", guide)
    assert (result.missing, result.extra) == ((), ())


def test_all_rows_of_the_table_whose_merges_were_lost_are_found(shared: Path) -> None:
    result = measured(shared / "guides", "jiangmen")
    assert (result.items, result.missing, result.extra) == (39, (), ())


@pytest.mark.parametrize("guide", [*OUTLINE, "jiangmen"])
def test_drafts_hold_the_whole_guide(guide: str, shared: Path) -> None:
    assert measured(shared / "guides", guide).mirrored
