"""What the tests of the protections share: the log, line by line."""

from __future__ import annotations

import io
import json
import logging

import pytest

from bot import logs


class Log:
    """What was logged, as lines of JSON."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """All of it."""
        return self.stream.getvalue()

    def lines(self, event: str = "") -> list[dict]:
        """The lines, or those of one event."""
        lines = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in lines if not event or line["event"] == event]


@pytest.fixture
def log():
    """The log of this process while a test runs."""
    root, raising = logging.getLogger(), logging.raiseExceptions
    handlers, level = root.handlers[:], root.level
    kept = Log()
    logs.configure("DEBUG", kept.stream)
    yield kept
    root.handlers[:], logging.raiseExceptions = handlers, raising
    root.setLevel(level)
