"""The training utterances of the Rasa NLU files, with the labels of their blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu.marks import Span, unmarked
from bot.paths import nlu_folder
from knowledge.store import read_yaml

SILENT = "未载明"
"""The label of what no guide holds, whatever its topic."""


@dataclass(frozen=True)
class Example:
    """One labelled utterance, as written; all but ``text`` and ``intent`` may be empty.

    ``facts`` are the places in ``text`` that are marked to tell a fact.
    """

    text: str
    intent: str
    item: str = ""
    facets: tuple[str, ...] = ()
    topic: str = ""
    category: str = ""
    facts: tuple[Span, ...] = ()


def read_examples(folder: Path | None = None) -> tuple[Example, ...]:
    """Return every utterance of the NLU files, in order.

    Args:
        folder: where the files lie; None for the folder of this installation.

    Raises:
        DataError: a file is no YAML; file and line are named.
    """
    files = sorted((folder or nlu_folder()).glob("*.yml"))
    return tuple(e for path in files for e in examples_in(read_yaml(path)))


def examples_in(content: dict[str, Any]) -> Iterator[Example]:
    """Yield the utterances of one file, as YAML reads it."""
    for block in content.get("nlu", ()):
        for line in block["examples"].splitlines():
            text, facts = unmarked(line.strip().removeprefix("- ").strip())
            if text:
                yield labelled(text, block["intent"], block.get("metadata"), facts)


def labelled(
    text: str, intent: str, metadata: dict[str, Any] | None, facts: Iterable[Span] = ()
) -> Example:
    """Return an utterance with the labels of its block's ``metadata``."""
    labels = metadata or {}
    facets: Iterable[str] = labels.get("facets") or ()
    return Example(
        text, intent, labels.get("item", ""), tuple(facets),
        labels.get("missing_topic", ""), labels.get("category", ""), tuple(facts),
    )


__all__ = ["SILENT", "Example", "examples_in", "labelled", "read_examples"]
