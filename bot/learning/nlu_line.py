"""How an utterance stands on its line of an NLU file, so that Rasa reads it as we do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.nlu.examples import Example
from bot.nlu.marks import Span, marked, unmarked
from knowledge.store import read_yaml

_WORDS = Path(__file__).parents[1] / "data" / "nlu_files.yml"
_WIDE = str.maketrans("[]", "［］")


def line_of(example: Example) -> str:
    """Return the line of an utterance, without indentation.

    Brackets that Rasa would take for a mark of its own (``[图](1)``) become full-width ones, which
    are read alike everywhere else.

    Raises:
        BadInput: it cannot be written (a sentence says why).
    """
    text = example.text
    if not text or text != text.strip() or not text.isprintable():
        raise refused("not_a_line", text=text)
    spans = sorted(example.facts)
    if any(one.end > other.start for one, other in pairwise(spans)) or any(
            not 0 <= span.start < span.end <= len(text) for span in spans):
        raise refused("spans", text=text)
    for written in (text, text.translate(_WIDE)):
        line = marked(written, spans)
        if _as_rasa_reads(line) == _as_we_read(line) == (written, tuple(spans)):
            return f"- {line}"
    raise refused("misread", text=text)


def read_line(line: str) -> tuple[str, tuple[Span, ...]]:
    """Return the text and the facts of a line, as :mod:`bot.nlu.examples` reads them."""
    return unmarked(line.strip().removeprefix("- ").strip())


def refused(key: str, **values: Any) -> BadInput:
    """Return what is raised where an utterance is not written; ``nlu_files.yml`` has the words."""
    return BadInput(words()["refused"][key].format(**values), "text", 422)


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Return everything in ``nlu_files.yml`` by key."""
    return read_yaml(_WORDS)


def _as_we_read(line: str) -> tuple[str, Sequence[Span]] | None:
    """Return what we make of a line; None where a citizen's own signs look like a broken mark."""
    try:
        return unmarked(line)
    except (KeyError, ValueError):
        return None


def _as_rasa_reads(line: str) -> tuple[str, Sequence[Span]] | None:
    """Return what Rasa makes of a line; None where it cannot read it."""
    from rasa.shared.exceptions import RasaException
    from rasa.shared.nlu.training_data import entities_parser

    try:
        told = entities_parser.find_entities_in_training_example(line)
    except RasaException:
        return None
    spans = (Span(e["start"], e["end"], e["entity"], e["value"]) for e in told)
    return entities_parser.replace_entities(line), tuple(spans)


__all__ = ["line_of", "read_line", "refused", "words"]
