"""Which models go: those that nobody goes back to, and what killed trainings have left."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from pathlib import Path

from bot.learning.models.cards import Card, archive_of, card_path
from bot.staff.times import DAY

KEPT_CANDIDATES = 3
"""The newest models that never were live, or are no more among those before."""


def tidy(folder: Path, cards: Iterable[Card], kept: Collection[str]) -> None:
    """Delete the models beyond those that are kept.

    Args:
        folder: of the models.
        cards: of all of them, the newest first.
        kept: versions that stay besides the newest :data:`KEPT_CANDIDATES` others.
    """
    others = [card["version"] for card in cards if card["version"] not in kept]
    for version in others[KEPT_CANDIDATES:]:
        archive = archive_of(folder, version)
        archive.unlink(missing_ok=True)
        card_path(archive).unlink(missing_ok=True)
    for left in folder.glob("unfinished-*.tar.gz"):
        if time.time() - left.stat().st_mtime > DAY:
            left.unlink(missing_ok=True)


__all__ = ["KEPT_CANDIDATES", "tidy"]
