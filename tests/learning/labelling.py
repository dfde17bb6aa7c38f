"""What the tests of labels share: a small NLU folder, labels over it, and what reviewers send."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.learning.labels.checking import checked_label
from bot.learning.labels.label import Label
from bot.learning.labels.labels import Labels
from bot.nlu.examples import Example, read_examples
from bot.staff.database import StaffDatabase

ANNE, BERT, CARA = "8001", "8002", "8003"
"""Three reviewers."""

FILED, PAID = "外地看病要不要先备个案", "住院的钱怎么报"
"""Sentences of the small NLU folder."""

_FILES = {
    "remote_filing.yml": f"""\
version: "3.1"
nlu:
- intent: 异地备案
  metadata: {{item: 异地就医备案, facets: [整体咨询]}}
  examples: |
    - {FILED}
    - 異地就醫備案
- intent: 异地备案
  metadata: {{item: 异地就医备案, facets: [办理材料]}}
  examples: |
    - 备案要带什么证件
""",
    "reimbursement.yml": f"""\
version: "3.1"
nlu:
- intent: 零星报销
  metadata: {{item: 住院费用报销, facets: [办理流程]}}
  examples: |
    - {PAID}
""",
}


@pytest.fixture
def folder(tmp_path) -> Path:
    """A small NLU folder of the test's own."""
    made = tmp_path / "nlu"
    made.mkdir()
    for name, text in _FILES.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def open_labels(url, folder):
    """Opens the labels as another process or machine does."""
    databases = []

    def open_one() -> Labels:
        databases.append(StaffDatabase(url))
        return Labels(databases[-1], folder)

    yield open_one
    for database in databases:
        database.close()


@pytest.fixture
def labels(open_labels: Callable[[], Labels]) -> Labels:
    """The labels."""
    return open_labels()


def fields(**said: Any) -> dict[str, Any]:
    """Return a label as a page sends it: 异地就医备案, in general, unless told otherwise."""
    usual = {"intent": "异地备案", "item": "异地就医备案", "facets": ["整体咨询"], "topic": "",
             "category": "", "facts": [], "usable": True}
    return {**usual, **said}


def label(**said: Any) -> Label:
    """Return a label as it was checked; see :func:`fields`."""
    return checked_label(fields(**said))


FILING = {"intent": "异地备案", "item": "异地就医备案", "facets": ["整体咨询"]}
PAPERS = {**FILING, "facets": ["办理材料"]}
CLAIM = {"intent": "零星报销", "item": "住院费用报销", "facets": ["办理流程"]}
WEATHER = {"intent": "范围外", "item": "", "facets": [], "category": "天气闲聊"}


def said(*texts: str, conversation: str = "c1") -> list[dict[str, str]]:
    """Return sentences as a page sends them, each of a turn of its own."""
    return [{"text": text, "turn": f"{conversation}:{text}", "conversation": conversation}
            for text in texts]


async def save(labels: Labels, text: str, by: str = ANNE, conversation: str = "c1",
               **meant: Any) -> dict[str, Any]:
    """Save the label of one sentence; return what is told of it."""
    sources = said(text, conversation=conversation)
    return (await labels.save(sources, label(**meant), by))[0]


def held(folder: Path) -> dict[str, list[tuple[str, ...]]]:
    """Return (intent, item, facets …) of each text that the files of a folder hold."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for example in read_examples(folder):
        found.setdefault(example.text, []).append(_meant(example))
    return found


def _meant(example: Example | Label) -> tuple[str, ...]:
    return (example.intent, example.item, *example.facets, example.topic, example.category)


def meant(**what: Any) -> tuple[str, ...]:
    """Return a label as :func:`held` does."""
    return _meant(label(**what))


def texts(entries: Sequence[Any]) -> list[str]:
    """Return the texts of entries that are to be written."""
    return [entry.example.text for entry in entries]
