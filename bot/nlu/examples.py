"""Reading the training utterances from the Rasa NLU files, with the labels of their blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.nlu.heads import Example
from knowledge.store import read_yaml

FOLDER = Path(__file__).parent.parent / "data" / "nlu"


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


__all__ = ["FOLDER", "labelled", "read_examples"]
