"""Training the model, and knowing when it has to be trained again."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path

from bot.errors import SetupError
from bot.learning.models.cards import archive_of, card_path
from bot.nlu.terms import terms_of
from bot.paths import PROJECT, models_folder, nlu_folder
from bot.rasa_environment import prepare
from knowledge.store import load, read, read_yaml

_OBSERVING = (
    "bot/observed.py", "bot/people.py", "bot/free_speech.py", "bot/item_names.py",
    "bot/other_matters.py", "bot/data/people.yml", "bot/data/phrases.yml", "knowledge/facts",
    "knowledge/facets.yml", "knowledge/not_in_guide.yml", "knowledge/referrals.yml",
    "knowledge/vocabulary.py", "knowledge/sounds.py", "knowledge/search.yml",
)
"""What tells the cues of a message, and how it sounds."""

_UTTERANCES = "bot/data/nlu"
_INPUTS = ("config.yml", "domain.yml", _UTTERANCES, "bot/data/rules", "bot/nlu",
           *_OBSERVING, "knowledge/text.py", "knowledge/place_names.py", "knowledge/place_cues.yml",
           "knowledge/regions.py", "knowledge/regions.yml", "knowledge/divisions.yml")
_PACKAGES = ("rasa", "scikit-learn", "opencc", "spacy")
_FREE_BYTES = 200 * 1024 * 1024


def fingerprint(project: Path = PROJECT, utterances: Path | None = None) -> str:
    """Return what names a model: a digest of everything that training depends on.

    Args:
        project: whose code and data.
        utterances: the folder of the training utterances; None for that of the project.
    """
    return _digest(project, utterances or _utterances(project))


def foundation(project: Path = PROJECT) -> str:
    """Return a digest of what a model depends on but for the utterances it has learnt from.

    A model can serve where this is what it was when the model was trained.
    """
    return _digest(project, None)


def _digest(project: Path, utterances: Path | None) -> str:
    digest = hashlib.sha256()
    for name, path in _input_files(project, utterances):
        digest.update(name.encode())
        digest.update(path.read_bytes())
    for package in _PACKAGES:
        digest.update(f"{package}={version(package)}".encode())
    knowledge = load() if project == PROJECT else read(project / "knowledge")
    digest.update(repr(terms_of(knowledge)).encode())
    return digest.hexdigest()[:12]


def _utterances(project: Path) -> Path:
    return nlu_folder() if project == PROJECT else project / _UTTERANCES


def _input_files(project: Path, utterances: Path | None) -> Iterator[tuple[str, Path]]:
    """Give the name in the project and the path of each file; no utterances for None."""
    for name in _INPUTS:
        path = utterances if name == _UTTERANCES else project / name
        if path is None:
            continue
        files = [path] if path.is_file() else path.rglob("*")
        for file in sorted(f for f in files if f.suffix in (".yml", ".py")):
            yield (Path(name) / file.relative_to(path)).as_posix(), file


def model_path(models: Path | None = None) -> Path:
    """Return the path of the model for the present inputs, whether or not it exists.

    Args:
        models: the folder of the models; None for that of this installation.
    """
    return archive_of(models or models_folder(), fingerprint())


def train(
    force: bool = False, utterances: Path | None = None, models: Path | None = None,
) -> Path:
    """Return the model for the present inputs, trained where it is missing.

    Args:
        force: train it though it is there.
        utterances: the folder of the training utterances; None for that of this installation.
        models: the folder that the model goes to; None for that of this installation.

    Raises:
        DataError: a data file is no YAML; file and line are named.
        SetupError: the disk is full, or Rasa could not train (the message says why).
    """
    utterances, models = utterances or nlu_folder(), models or models_folder()
    path = archive_of(models, fingerprint(PROJECT, utterances))
    if path.is_file() and not force:
        return path
    for _, file in _input_files(PROJECT, utterances):
        if file.suffix == ".yml":
            read_yaml(file)  # a broken file is named with its line before Rasa sees it
    models.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(models).free < _FREE_BYTES:
        raise SetupError("磁盘空间不足 200 MB，无法保存模型：请清理磁盘后再试")
    prepare()
    return _train(path, utterances)


def _train(path: Path, utterances: Path) -> Path:
    import rasa.model_training
    from rasa.shared.exceptions import RasaException

    data = [str(utterances), str(PROJECT / "bot" / "data" / "rules")]
    said = io.StringIO()
    # Under another name until it is whole: a killed training leaves no model that looks finished.
    unfinished = path.with_name(f"unfinished-{os.getpid()}.tar.gz")
    try:
        with redirect_stdout(said):
            rasa.model_training.train(
                str(PROJECT / "domain.yml"), str(PROJECT / "config.yml"), data, str(path.parent),
                force_training=True, fixed_model_name=unfinished.name.removesuffix(".tar.gz"))
    except RasaException as error:
        raise SetupError(f"训练没有完成：{' '.join(str(error).split())}") from error
    if not unfinished.is_file():
        raise SetupError(f"训练没有完成，多半是训练数据里某个文件的格式有误：{said.getvalue()}")
    card_path(path).unlink(missing_ok=True)  # of another file that had this name
    unfinished.replace(path)
    return path


__all__ = ["fingerprint", "foundation", "model_path", "train"]
