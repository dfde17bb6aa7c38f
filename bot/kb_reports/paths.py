"""What ``yibao kb paths`` prints: how many questions it takes to get to each outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from knowledge.paths import Figures, figures
from knowledge.store import KnowledgeBase, load

_HEAD = """\
# How many questions

Generated from the knowledge by `yibao kb paths --write docs/paths.md`; do not edit.

Every way through every family of every guide is walked (`knowledge/paths.py`), as people go who do
not name the item; `tests/knowledge/test_paths.py` checks what has to hold on each. Questions are
counted after the place of insurance. *Outcomes* are the different results for people who can answer
everything; an outcome counts with the longest way to it. *Longest* includes ways on which people
do not know an answer. The ways themselves: a diagram per family in [flows](flows/).

| family | guide | ways | outcomes | median | longest |
| --- | --- | --- | --- | --- | --- |
"""


def paths(file: Path | None) -> None:
    """Print the table, or write it to a file."""
    text = table(load())
    if file:
        file.write_text(text, encoding="utf-8")
        print(f"已写入 {file}")
    else:
        print(text)


def table(kb: KnowledgeBase) -> str:
    """Return the figures of all families and guides as a page of Markdown."""
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in _rows(kb))


def _rows(kb: KnowledgeBase) -> Iterator[Sequence[str]]:
    every = []
    for family in kb.families:
        found = {guide.data.region: figures(kb, guide.id, family.id)
                 for guide in kb.guides.values() if kb.items(guide.id, family.id)}
        every += found.values()
        yield _row(f"[{family.name}](flows/{family.id}.md)", "all", list(found.values()))
        for region, figure in found.items():
            yield _row("", region, [figure])
    yield _row("**all**", "all", every)


def _row(family: str, guide: str, found: Sequence[Figures]) -> Sequence[str]:
    questions = [n for figure in found for n in figure.questions]
    longest = max(figure.longest for figure in found)
    return (family, guide, str(sum(figure.ways for figure in found)), str(len(questions)),
            f"{median(questions):g}", str(longest))


__all__ = ["paths", "table"]
