"""The NLU files of a folder: where an utterance stands, where a new one belongs."""

from __future__ import annotations

import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bot.errors import DataError
from bot.files import make_lasting
from bot.learning.keys import key_of
from bot.learning.labels.label import Label
from bot.learning.nlu_file import Block, NluFile, read_file
from bot.learning.nlu_line import line_of, read_line, refused
from bot.nlu.examples import Example, examples_in
from knowledge.store import read_yaml

NEW = "labelled.yml"
"""The file of an intent that stands in no other."""

_UNFINISHED = ".unfinished"


class Place(NamedTuple):
    """Where an utterance stands: its file, its block, and the line in it."""

    file: NluFile
    block: Block
    line: int
    example: Example

    @property
    def label(self) -> Label:
        """What it is labelled as."""
        return Label.of_example(self.example)


class NluFolder:
    """The files as they are to be; on the disk nothing changes before :meth:`save`.

    Args:
        folder: where they lie. Nobody else may write into it meanwhile.

    Raises:
        DataError: a file cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        paths = sorted(folder.glob("*.yml"))
        self._wanted = defaultdict(Counter, {path: _held(path) for path in paths})
        self._files = {path: read_file(path) for path in paths}
        self._blocks: dict[str, list[tuple[NluFile, Block]]] = defaultdict(list)
        for file in self._files.values():
            for block in file.blocks:
                for _, example in block.examples():
                    self._note(file, block, example)
        self._leaving: dict[str, list[Label]] = defaultdict(list)

    def remove(self, example: Example) -> None:
        """Let an utterance be taken out, wherever it stands with these labels."""
        self._leaving[key_of(example.text)].append(Label.of_example(example))

    def add(self, example: Example) -> bool:
        """Add an utterance; return False where it stands there already with these labels.

        Raises:
            BadInput: it cannot be written, or stands there with others.
        """
        line = line_of(example)
        text, facts = read_line(line)
        new, label = replace(example, text=text, facts=facts), Label.of_example(example)
        places = list(self._places(key_of(text)))
        staying = [place for place in places if not self._leaves(place)]
        if any(place.label.covers(label) for place in staying):
            return False
        if any(not label.covers(place.label) for place in staying):
            raise refused("otherwise", text=text, label=staying[0].label.in_words())
        same = [place for place in places if place.label.says == label.says]
        if same:
            self._replace(same[0], new, line)
        else:
            self._append(new, label, line)
        leaving = self._leaving.get(key_of(text), [])
        leaving[:] = [other for other in leaving if other.meaning != label.meaning]
        return True

    def save(self) -> None:
        """Take out what is to leave, and replace each file that has changed.

        Raises:
            DataError: a file would not hold just what is wanted; it and those after it stay.
        """
        for key in self._leaving:
            for place in reversed(list(filter(self._leaves, self._places(key)))):
                place.file.remove(place.block, place.line)
                self._wanted[place.file.path][_whole(place.example)] -= 1
        for left in self._folder.glob(f".*{_UNFINISHED}"):  # by a process that was killed
            left.unlink()
        for path, file in self._files.items():
            if not file.blocks:
                path.unlink(missing_ok=True)
            elif not path.exists() or path.read_text(encoding="utf-8") != file.text:
                _replace(path, file.text, self._wanted[path])
        make_lasting(self._folder)

    def _places(self, key: str) -> Iterator[Place]:
        for file, block in self._blocks[key]:
            for number, example in block.examples():
                if key_of(example.text) == key:
                    yield Place(file, block, number, example)

    def _leaves(self, place: Place) -> bool:
        leaving = self._leaving.get(key_of(place.example.text), ())
        return any(place.label.meaning == label.meaning for label in leaving)

    def _note(self, file: NluFile, block: Block, example: Example) -> None:
        known = self._blocks[key_of(example.text)]
        if not any(other is block for _, other in known):
            known.append((file, block))

    def _replace(self, place: Place, new: Example, line: str) -> None:
        place.block.replace(place.line, line)
        self._wanted[place.file.path].update({_whole(place.example): -1, _whole(new): 1})

    def _append(self, new: Example, label: Label, line: str) -> None:
        file = self._home(label)
        own = [block for block in file.blocks if block.labels.says == label.says]
        if own:
            block = max(own, key=lambda block: len(block.lines))
            block.append(line)
        else:
            block = file.insert(label.with_facts(()), line, _nearest(file, label))
        self._note(file, block, new)
        self._wanted[file.path][_whole(new)] += 1

    def _home(self, label: Label) -> NluFile:
        """Return the file that holds most utterances of the same item, or of the same intent."""
        for same in (lambda b: (b.intent, b.item) == (label.intent, label.item),
                     lambda b: b.intent == label.intent):
            sizes = {path: sum(len(block.lines) for block in file.blocks if same(block.labels))
                     for path, file in self._files.items()}
            path = max(sizes, key=sizes.__getitem__, default=None)
            if path and sizes[path]:
                return self._files[path]
        return self._files.setdefault(self._folder / NEW, read_file(self._folder / NEW))


def _nearest(file: NluFile, label: Label) -> Block | None:
    """Return the last of the blocks that have most in common with a label."""

    def likeness(block: Block) -> tuple[object, ...]:
        other = block.labels
        return (other.intent == label.intent, other.item == label.item,
                other.facets == label.facets, other.topic == label.topic,
                len({*other.facets} & {*label.facets}))

    return max(reversed(file.blocks), key=likeness, default=None)


def _held(path: Path) -> Counter[Hashable]:
    return Counter(map(_whole, examples_in(read_yaml(path))))


def _whole(example: Example) -> Hashable:
    """Return an utterance as it is compared: in whichever order its labels stand."""
    return example.text, Label.of_example(example).says, tuple(sorted(example.facts))


def _replace(path: Path, text: str, wanted: Counter[Hashable]) -> None:
    unfinished = path.with_name(f".{path.name}{_UNFINISHED}")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if _held(unfinished) != +wanted:
        raise DataError(path.name, "nlu", "would not hold just what is wanted",
                        "look for a block that is written in an unusual way")
    if path.exists():
        shutil.copymode(path, unfinished)
    unfinished.replace(path)


__all__ = ["NEW", "NluFolder", "Place"]
