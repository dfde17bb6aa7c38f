"""Facts marked in a training utterance, as Rasa annotates entities.

``户口[还没迁]{"entity": "hukou_moved", "value": "否"}``: the name of a fact of ``knowledge/facts``,
and one of its values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

_MARKED = re.compile(r'\[(?P<text>[^\]]+)\](?P<told>\{"entity"[^}]*\})')


@dataclass(frozen=True, order=True)
class Span:
    """``text[start:end]`` of an utterance tells that ``fact`` has ``value``."""

    start: int
    end: int
    fact: str
    value: str


def marked(text: str, spans: Iterable[Span]) -> str:
    """Return an utterance with marks around its spans, which may not overlap."""
    for span in sorted(spans, reverse=True):
        told = json.dumps({"entity": span.fact, "value": span.value}, ensure_ascii=False)
        text = f"{text[:span.start]}[{text[span.start:span.end]}]{told}{text[span.end:]}"
    return text


def unmarked(line: str) -> tuple[str, tuple[Span, ...]]:
    """Return an utterance without its marks, and the spans that they stood around."""
    text, spans, done = "", [], 0
    for mark in _MARKED.finditer(line):
        text += line[done : mark.start()]
        told, start = json.loads(mark["told"]), len(text)
        text += mark["text"]
        spans.append(Span(start, len(text), told["entity"], told["value"]))
        done = mark.end()
    return text + line[done:], tuple(spans)


__all__ = ["Span", "marked", "unmarked"]
