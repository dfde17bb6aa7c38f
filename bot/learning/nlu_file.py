"""One NLU file as its lines, changed as a person would: nothing but the utterances in question."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.errors import DataError
from bot.learning.labels.label import Label
from bot.learning.nlu_line import read_line
from bot.nlu.examples import Example, labelled

_INDENTATION = "    "
_NEW_FILE = ['version: "3.1"', "", "nlu:"]


@dataclass
class Block:
    """The utterances of one intent with the same labels.

    ``before`` are the lines between the block before and this one (comments, blank lines),
    ``head`` those up to ``examples: |``, ``lines`` those of the utterances, ``after`` what belongs
    to the block and follows them. ``labels`` are those of all its utterances.
    """

    labels: Label
    before: list[str]
    head: list[str]
    lines: list[str]
    after: list[str]

    def examples(self) -> Iterator[tuple[int, Example]]:
        """Yield the utterances, each with the number of its line."""
        for number, line in enumerate(self.lines):
            text, facts = read_line(line)
            if text:
                yield number, self.labels.with_facts(facts).as_example(text)

    def append(self, line: str) -> None:
        """Add a line with an utterance at the end."""
        last = self.lines[-1] if self.lines else _INDENTATION
        self.lines.append(f"{last[:len(last) - len(last.lstrip())] or _INDENTATION}{line}")

    def replace(self, number: int, line: str) -> None:
        """Put another utterance into a line."""
        old = self.lines[number]
        self.lines[number] = f"{old[:len(old) - len(old.lstrip())]}{line}"


@dataclass
class NluFile:
    """A file, its blocks in order; ``end`` are the lines after the last one."""

    path: Path
    blocks: list[Block]
    end: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole file."""
        lines = [line for block in self.blocks
                 for part in (block.before, block.head, block.lines, block.after) for line in part]
        return "\n".join([*lines, *self.end])

    def remove(self, block: Block, number: int) -> None:
        """Take a line out, and its block where it was the last; comments stay."""
        del block.lines[number]
        if any(True for _ in block.examples()):
            return
        place = self.blocks.index(block)
        del self.blocks[place]
        follows = self.blocks[place].before if place < len(self.blocks) else self.end
        follows[:0] = block.before[:-1] if block.before[-1:] == [""] else block.before

    def insert(self, labels: Label, line: str, after: Block | None) -> Block:
        """Add a block with one utterance after another one; at the end for None."""
        after = after or (self.blocks[-1] if self.blocks else None)
        block = Block(labels, self._gap(), _head(labels), [f"{_INDENTATION}{line}"], [])
        place = self.blocks.index(after) + 1 if after else 0
        if not self.blocks:
            block.before = self.end[:-1]
            self.end = [""]
        self.blocks.insert(place, block)
        return block

    def _gap(self) -> list[str]:
        """The blank line between blocks, where the file has one between any."""
        return [""] if any(block.before[:1] == [""] for block in self.blocks[1:]) else []


def read_file(path: Path) -> NluFile:
    """Return an NLU file; a new one where there is none yet.

    Raises:
        DataError: utterances of a block stand in another form than ``examples: |``.
        yaml.YAMLError: it is no YAML.
    """
    if not path.exists():
        return NluFile(path, [], [*_NEW_FILE, ""])
    text = path.read_text(encoding="utf-8")
    lines, blocks, done = text.split("\n"), [], 0
    for node in _block_nodes(text):
        block, end = _block(path, node, lines, done)
        blocks.append(block)
        done = end
    return NluFile(path, blocks, lines[done:])


def _block_nodes(text: str) -> Sequence[yaml.MappingNode]:
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    found = next((value for key, value in root.value if key.value == "nlu"), None) if root else None
    return found.value if isinstance(found, yaml.SequenceNode) else ()


def _block(
    path: Path, node: yaml.MappingNode, lines: list[str], done: int
) -> tuple[Block, int]:
    """Return a block and the number of the line after it; ``done`` is that of the one before."""
    parts = {key.value: value for key, value in node.value}
    start, examples = node.start_mark.line, parts["examples"]
    if examples.style != "|":
        raise DataError(path.name, f"line {start + 1}", "utterances in another form",
                        "write them below `examples: |`, one in a line")
    first = examples.start_mark.line + 1
    last = _without_blank_end(lines, first, examples.end_mark.line)
    end = max(last, *(_last_line(value) for value in parts.values() if value is not examples))
    metadata = yaml.CSafeLoader("")
    told = metadata.construct_document(parts["metadata"]) if "metadata" in parts else None
    labels = Label.of_example(labelled("", parts["intent"].value, told))
    return Block(labels, lines[done:start], lines[start:first], lines[first:last],
                 lines[last:end]), end


def _last_line(node: yaml.Node) -> int:
    """Return the number of the line after a node."""
    return node.end_mark.line + (node.end_mark.column > 0)


def _without_blank_end(lines: list[str], first: int, end: int) -> int:
    while end > first and not lines[end - 1].strip():
        end -= 1
    return end


def _head(labels: Label) -> list[str]:
    told = {
        "item": _scalar(labels.item), "facets": _listed(labels.facets),
        "missing_topic": _scalar(labels.topic), "category": _scalar(labels.category),
    }
    shown = ", ".join(f"{key}: {value}" for key, value in told.items() if value)
    metadata = [f"  metadata: {{{shown}}}"] if shown else []
    return [f"- intent: {_scalar(labels.intent)}", *metadata, "  examples: |"]


def _listed(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_scalar, values))}]" if values else ""


def _scalar(value: str) -> str:
    """Return a word as YAML writes it: bare, unless it would be read otherwise."""
    try:
        bare = yaml.safe_load(f"[{value}]") == [value]
    except yaml.YAMLError:
        bare = False
    return value if bare or not value else json.dumps(value, ensure_ascii=False)


__all__ = ["Block", "NluFile", "read_file"]
