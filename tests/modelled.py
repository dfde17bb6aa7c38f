"""Folders of models for tests: with what has been trained, and nothing live."""

from __future__ import annotations

from pathlib import Path

from bot.files import write_whole
from bot.paths import PROJECT


def models_in(folder: Path) -> Path:
    """Return a new folder in which every model of the project is; what happens there stays there.

    The project's own may have a live one, and follow its staff.
    """
    folder.mkdir()
    for model in (PROJECT / "models").glob("yibao-*.tar.gz"):
        (folder / model.name).symlink_to(model)
    return folder


def keep(folder: Path) -> None:
    """Let the project have the models that were trained in such a folder."""
    for model in folder.glob("yibao-*.tar.gz"):
        if not model.is_symlink():
            write_whole(PROJECT / "models" / model.name, model.read_bytes())


__all__ = ["keep", "models_in"]
