"""What a model made of the fixed tests; kept, as it stays the same while nothing else changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from bot.assistant import Assistant
from bot.files import read_json, write_json
from bot.learning.runs.fixed_tests import Step, circumstances

Measure = Callable[[Assistant, Sequence[Any], Step], Awaitable[list[dict[str, Any]]]]
"""One of :mod:`bot.learning.runs.fixed_tests`."""

_KEPT = 8
"""Models whose results are kept: the live one, those one may go back to, and the newest."""


class Measured:
    """The results of models on the fixed tests.

    Args:
        folder: where they are kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._circumstances = folder, circumstances()

    async def of(
        self, assistant: Assistant, name: str, measure: Measure, tests: Sequence[Any], step: Step
    ) -> list[dict[str, Any]]:
        """Return what a model makes of one kind of tests; measured where it is not known.

        Args:
            assistant: the model, loaded.
            name: of the kind of tests.
            measure: runs them.
            tests: what is run.
            step: called for each test, be it run or known.
        """
        file = self._folder / f"{assistant.version}.json"
        kept = read_json(file) or {}
        if kept.get("circumstances") != self._circumstances:
            kept = {"circumstances": self._circumstances}
        if name in kept:
            for _ in tests:
                step()
            return kept[name]
        kept[name] = await measure(assistant, tests, step)
        write_json(file, kept)
        self._tidy()
        return kept[name]

    def _tidy(self) -> None:
        files = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for old in files[:-_KEPT]:
            old.unlink()


__all__ = ["Measured"]
