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
from bot.nlu.terms import terms_of
from bot.paths import MODELS, PROJECT
from bot.rasa_environment import prepare
from knowledge.store import load, read, read_yaml

_OBSERVING = (
    "bot/observed.py", "bot/people.py", "bot/free_speech.py", "bot/item_names.py",
    "bot/other_matters.py", "bot/data/people.yml", "bot/data/phrases.yml", "knowledge/facts",
    "knowledge/facets.yml", "knowledge/not_in_guide.yml", "knowledge/referrals.yml",
    "knowledge/vocabulary.py", "knowledge/sounds.py", "knowledge/search.yml",
)
"""What tells the cues of a message, and how it sounds."""

_INPUTS = ("config.yml", "domain.yml", "bot/data/nlu", "bot/data/rules", "bot/nlu",
           *_OBSERVING, "knowledge/text.py", "knowledge/place_names.py", "knowledge/place_cues.yml",
           "knowledge/regions.py", "knowledge/regions.yml", "knowledge/divisions.yml")
_PACKAGES = ("rasa", "scikit-learn", "opencc", "spacy")
_FREE_BYTES = 200 * 1024 * 1024


def fingerprint(project: Path = PROJECT) -> str:
    """Return what names a model: a digest of everything that training depends on."""
    digest = hashlib.sha256()
    for path in _input_files(project):
        digest.update(path.relative_to(project).as_posix().encode())
        digest.update(path.read_bytes())
    for package in _PACKAGES:
        digest.update(f"{package}={version(package)}".encode())
    knowledge = load() if project == PROJECT else read(project / "knowledge")
    digest.update(repr(terms_of(knowledge)).encode())
    return digest.hexdigest()[:12]


def _input_files(project: Path) -> Iterator[Path]:
    for name in _INPUTS:
        path = project / name
        files = [path] if path.is_file() else path.rglob("*")
        yield from sorted(f for f in files if f.suffix in (".yml", ".py"))


def model_path(models: Path = MODELS) -> Path:
    """Return the path of the model for the present inputs, whether or not it exists."""
    return models / f"yibao-{fingerprint()}.tar.gz"


def train(force: bool = False) -> Path:
    """Return the model for the present inputs, trained where it is missing.

    Raises:
        DataError: a data file is no YAML; file and line are named.
        SetupError: the disk is full, or Rasa could not train (the message says why).
    """
    path = model_path()
    if path.is_file() and not force:
        return path
    for file in _input_files(PROJECT):
        if file.suffix == ".yml":
            read_yaml(file)  # a broken file is named with its line before Rasa sees it
    MODELS.mkdir(exist_ok=True)
    if shutil.disk_usage(MODELS).free < _FREE_BYTES:
        raise SetupError("磁盘空间不足 200 MB，无法保存模型：请清理磁盘后再试")
    prepare()
    return _train(path)


def _train(path: Path) -> Path:
    import rasa.model_training
    from rasa.shared.exceptions import RasaException

    data = [str(PROJECT / "bot" / "data" / name) for name in ("nlu", "rules")]
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
        raise SetupError(f"训练没有完成，多半是 bot/data 下某个文件的格式有误：{said.getvalue()}")
    unfinished.replace(path)
    return path


__all__ = ["fingerprint", "model_path", "train"]
