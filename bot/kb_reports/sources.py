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
from knowledge.importer.importing import import_guide
from knowledge.model import ItemFile
from knowledge.places import find_places
from knowledge.store import ROOT, read

_SHARED = ("catalog.yml", "facts")
"""What a guide needs beside its own folder to be read."""

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
    texts = [Path(source) for source in (old, new) if Path(source).is_file()]
    if not texts:
        return _of_data(old), _of_data(new)
    region = _region(texts[0], only)
    left, right = (_drafted(Path(s), region) if Path(s).is_file() else _redrafted(s, region, only)
                   for s in (old, new))
    return {left.id: left}, {right.id: right}


def _drafted(path: Path, region: str) -> Guide:
    imported = import_guide(path, region)
    return imported.kb.guide(imported.guide)


def _redrafted(source: str, region: str, only: str) -> Guide:
    """Draft a guide afresh from the text that its data mirrors."""
    guides = _of_data(source)
    fitting = [g for g in guides.values() if only == g.id or not only and g.data.region == region]
    if len(fitting) != 1:
        raise SetupError(f"看不出这份指南是哪里的（{region}）。请用 --guide 指明："
                         + "、".join(guides))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "printed.txt"
        path.write_text(printed(fitting[0]), encoding="utf-8")
        drafted = _drafted(path, fitting[0].data.region)
    return replace(drafted, data=fitting[0].data)


def printed(guide: Guide) -> str:
    """Return the text of a guide's items as their files mirror it, in the order of print."""
    files = [f for f in guide.files.values() if isinstance(f, ItemFile)]
    files.sort(key=lambda file: file.spans[0])
    return "\n".join(line for file in files for line in _lines(file))


def _lines(file: ItemFile) -> Iterator[str]:
    for section in file.text.values():
        yield from filter(None, (section.heading, *section.body))


def _region(path: Path, only: str) -> str:
    """Return the region of a guide's file: of the guide named, else the first place it names."""
    if only:
        return read(ROOT).guide(only).data.region
    start = import_guide(path, _NOWHERE).text[:_BEGINNING]
    found = next(iter(find_places(start)), None)
    return found.place.places[0].full_name if found and found.place.places else _NOWHERE


def _of_data(source: str) -> Guides:
    path = Path(source)
    for root in (path, path / "knowledge"):
        if (root / "catalog.yml").is_file():
            return read(root).guides
    if (path / "guide.yml").is_file():
        with _beside_catalog(path) as root:
            return read(root).guides
    with _revision(source) as root:
        return read(root / "knowledge").guides


@contextmanager
def _beside_catalog(folder: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for shared in _SHARED:
            copy = shutil.copytree if (ROOT / shared).is_dir() else shutil.copy
            copy(ROOT / shared, root / shared)
        shutil.copytree(folder, root / "guides" / folder.resolve().name)
        yield root


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
