"""Folders of models for tests, and models that are one model under several names."""

from __future__ import annotations

from pathlib import Path

from bot.files import write_whole
from bot.learning.models.cards import sha256_of
from bot.learning.models.models import Models
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


def add_model(models: Models, version: str, **card: object) -> str:
    """Put the trained model into a folder under another version, compared and checked; return it.

    Args:
        models: the folder.
        version: of the model.
        **card: what its card says otherwise.
    """
    from bot.training import train

    archive, trained = models.archive(version), train()
    archive.parent.mkdir(exist_ok=True)
    archive.symlink_to(trained.resolve())
    models.register(archive, **{"may_promote": True, "checked": sha256_of(archive), **card})
    return version


def spoil(models: Models, version: str) -> None:
    """Damage a model's file: it ends in the middle."""
    archive = models.archive(version)
    whole = archive.read_bytes()
    archive.unlink()
    archive.write_bytes(whole[: len(whole) // 2])


__all__ = ["add_model", "keep", "models_in", "spoil"]
