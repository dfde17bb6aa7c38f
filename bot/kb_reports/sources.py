"""What ``yibao kb diff`` can compare: guide texts, data folders, revisions of the project."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bot.paths import PROJECT
from knowledge.base import Guide
from knowledge.errors import SetupError
from knowledge.importer.checking import without_guides
from knowledge.importer.importing import import_source
from knowledge.importer.reading import read_source
from knowledge.importer.source import Source, of_text
from knowledge.model import ItemFile
from knowledge.places import find_places
from knowledge.store import load, read

_BEGINNING = 300
_NOWHERE = "某市"
Guides = Mapping[str, Guide]


def both_sides(old: str, new: str, only: str = "") -> tuple[Guides, Guides]:
    """Return the guides of two sources by id, drafted alike where one of them is a text.

    Args:
        old, new: a file (text, DOCX, PDF), a folder of knowledge or of one guide, or a revision.
        only: the guide that a text is an edition of; '' to tell it by the text.

    Raises:
        SetupError: a source is neither file, folder nor revision, or it is open which guide a
            text belongs to.
        BadInput: a file cannot be read.
    """
    texts = [read_source(Path(s)) if Path(s).is_file() else None for s in (old, new)]
    first = next(filter(None, texts), None)
    if first is None:
        return _of_data(old), _of_data(new)
    region = _region(first, only)
    left, right = (_drafted(text, region) if text else _redrafted(s, region, only)
                   for text, s in zip(texts, (old, new)))
    return {left.id: left}, {right.id: right}


def _drafted(text: Source, region: str) -> Guide:
    imported = import_source(text, region)
    return imported.kb.guide(imported.guide)


def _redrafted(source: str, region: str, only: str) -> Guide:
    """Draft a guide afresh from the text that its data mirrors."""
    guides = _of_data(source)
    fitting = [g for g in guides.values() if only == g.id or not only and g.data.region == region]
    if len(fitting) != 1:
        raise SetupError(f"看不出这份指南是哪里的（{region}）。请用 --guide 指明："
                         + "、".join(guides))
    guide = fitting[0]
    return replace(_drafted(of_text(printed(guide)), guide.data.region), data=guide.data)


def printed(guide: Guide) -> str:
    """Return the text of a guide's items as their files mirror it, in the order of print."""
    files = [f for f in guide.files.values() if isinstance(f, ItemFile)]
    files.sort(key=lambda file: file.spans[0])
    return "\n".join(line for file in files for line in _lines(file))


def _lines(file: ItemFile) -> Iterator[str]:
    for section in file.text.values():
        yield from filter(None, (section.heading, *section.body))


def _region(text: Source, only: str) -> str:
    """Return the region of a guide's text: of the guide named, else the first place it names."""
    if only:
        return load().guide(only).data.region
    found = next(iter(find_places(text.text[:_BEGINNING])), None)
    return found.place.places[0].full_name if found and found.place.places else _NOWHERE


def _of_data(source: str) -> Guides:
    path = Path(source)
    for root in (path, path / "knowledge"):
        if (root / "catalog.yml").is_file():
            return read(root).guides
    if (path / "guide.yml").is_file():
        with without_guides() as root:
            shutil.copytree(path, root / "guides" / path.resolve().name)
            return read(root).guides
    with _revision(source) as root:
        return read(root / "knowledge").guides


@contextmanager
def _revision(name: str) -> Iterator[Path]:
    """Unpack the knowledge of a revision of the project into a temporary folder."""
    packed = subprocess.run(["git", "-C", str(PROJECT), "archive", name, "knowledge"],
                            capture_output=True, check=False)
    if packed.returncode:
        raise SetupError(f"{name} 不是指南文件、知识文件夹，也不是版本库里的版本。")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(folder)
        yield Path(folder)


__all__ = ["both_sides", "printed"]
