"""The training utterances of the Rasa NLU files, with the labels of their blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.store import read_yaml

FOLDER = Path(__file__).parent.parent / "data" / "nlu"
SILENT = "未载明"
"""The label of what no guide holds, whatever its topic."""


@dataclass(frozen=True)
class Example:
    """One labelled utterance, as written; all but ``text`` and ``intent`` may be empty."""

    text: str
    intent: str
    item: str = ""
    facets: tuple[str, ...] = ()
    topic: str = ""
    category: str = ""


def read_examples(folder: Path = FOLDER) -> tuple[Example, ...]:
    """Return every utterance of the NLU files in ``folder``, in order."""
    return tuple(e for path in sorted(folder.glob("*.yml")) for e in _of_file(read_yaml(path)))


def _of_file(content: dict[str, Any]) -> Iterator[Example]:
    for block in content.get("nlu", ()):
        for line in block["examples"].splitlines():
            text = line.strip().removeprefix("- ").strip()
            if text:
                yield labelled(text, block["intent"], block.get("metadata"))


def labelled(text: str, intent: str, metadata: dict[str, Any] | None) -> Example:
    """Return an utterance with the labels of its block's ``metadata``."""
    labels = metadata or {}
    facets: Iterable[str] = labels.get("facets") or ()
    return Example(
        text, intent, labels.get("item", ""), tuple(facets),
        labels.get("missing_topic", ""), labels.get("category", ""),
    )


__all__ = ["Example", "FOLDER", "SILENT", "labelled", "read_examples"]
