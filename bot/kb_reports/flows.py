"""What ``yibao kb flows`` writes: a page of Mermaid diagrams per family, one for each guide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.flow_words import Note, Result, Step, flow_in_words
from bot.wording import say
from knowledge.catalog import Family
from knowledge.store import KnowledgeBase, load

LONGEST, WIDE = 41, 21
"""Characters of a clause that a box of a diagram shows, and of one line in it."""

_HEAD = """\
# {name} ({id})

Generated from the knowledge by `yibao kb flows --write docs/flows`; do not edit.
Hexagons are questions, boxes what one gets; dotted lines lead to questions that are asked besides,
independent of one another. Drawn for people who know every answer: whoever answers 不知道 gets
the lines that depend on it with their condition. What is assumed until somebody says otherwise
(新办, not 更改) is assumed here. How long the ways are: [paths](../paths.md).
"""


def flows(folder: Path | None) -> None:
    """Print the pages of all families, or write each to ``<folder>/<family>.md``."""
    kb = load()
    for name, text in pages(kb):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        else:
            print(text)
    if folder:
        print(f"已写入 {folder}：{len(kb.families)} 类事项的流程图")


def pages(kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Yield (file name, Markdown) for each family."""
    for family in kb.families:
        yield f"{family.id}.md", _page(kb, family)


def _page(kb: KnowledgeBase, family: Family) -> str:
    parts = [_HEAD.format(name=family.name, id=family.id)]
    for guide in kb.guides.values():
        if kb.items(guide.id, family.id):
            drawing = diagram(flow_in_words(kb, guide.id, family.id))
            parts.append(f"## {guide.data.region} ({guide.id})\n\n```mermaid\n{drawing}\n```\n")
    return "\n".join(parts)


def diagram(root: Step | Result) -> str:
    """Return a flow as the source of a Mermaid diagram; equal parts are drawn once."""
    drawing = _Drawing()
    drawing.add(root)
    return "\n".join(("flowchart LR", *drawing.lines, *_CLASSES))


_CLASSES = ("  classDef none stroke-dasharray: 4 3",)
_NOTHING_GOT = ("not_applicable", "not_in_guide")


class _Drawing:
    """Collects the lines of a diagram, and which parts are drawn already."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._drawn: dict[tuple[str, Step | Result], str] = {}

    def add(self, part: Step | Result, beside: str = "") -> str:
        """Draw a part and what follows from it, unless it is there; return its id.

        ``beside`` keeps apart what stands at the end of different questions: lines that cross the
        whole drawing to meet in one box do not make it smaller.
        """
        key = (beside if isinstance(part, Result) and not part.status else "", part)
        if key not in self._drawn:
            self._drawn[key] = name = f"n{len(self._drawn) + 1}"
            self.lines.append(f"  {name}{_box(part)}")
            for line in self._onward(name, part):
                self.lines.append(f"  {line}")
        return self._drawn[key]

    def _onward(self, name: str, part: Step | Result) -> list[str]:
        if isinstance(part, Result):
            return [f"{name} -.-> {self.add(step)}" for step in part.steps]
        return [f'{name} -->|"{_rows([answer])}"| {self.add(then, name)}'
                for answer, then in part.answers]


def _box(part: Step | Result) -> str:
    if isinstance(part, Step):
        return f'{{{{"{_rows([part.question])}"}}}}'
    lines = [f"{part.label}：{part.title}"] if part.status else []
    lines += [*_short(part.because), *_short(part.notes)]
    nothing = say("flow_asked_on" if part.steps else "flow_nothing")
    style = ":::none" if part.status in _NOTHING_GOT else ""
    return f'["{_rows(lines or [nothing])}"]{style}'


def _short(notes: Sequence[Note]) -> Iterator[str]:
    for note in notes:
        yield note.text if len(note.text) <= LONGEST else note.text[:LONGEST] + "…"


def _rows(lines: Sequence[str]) -> str:
    """Return lines in rows that are short enough to be read in a box."""
    squeezed = ("".join(line.split()) for line in lines)
    return "<br>".join(_quoted(line[n : n + WIDE])
                       for line in squeezed for n in range(0, len(line), WIDE))


def _quoted(text: str) -> str:
    """Return a text as Mermaid takes it in quotation marks."""
    for sign, name in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        text = text.replace(sign, name)
    return text


__all__ = ["diagram", "flows", "pages"]
