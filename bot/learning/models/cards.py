"""What is written down of each trained model, in a small file beside it."""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
import zlib
from pathlib import Path
from typing import Any

from bot.errors import DataError
from bot.files import read_json, write_json

Card = dict[str, Any]
"""``{"version", "foundation", "domain", "sha256", "bytes", "trained_at", "by", "run", "examples",
"by_intent", "may_promote", "reasons", "checked"}``.

``foundation``: digest of what the model stands on, ``domain``: digest of the domain inside it,
``sha256``, ``bytes``: of the file, ``trained_at``: UTC, ISO 8601, ``by``: 工号 or "", ``run``: of
the training or "", ``examples``: how many it learnt from, or None, ``by_intent``: the
same by intent, where a run trained it, ``may_promote``: what the
comparison with the live one came to, None without any, ``reasons``: Chinese sentences,
``checked``: the file's ``sha256`` when it was last loaded and asked successfully, or "".
"""

_VERSION = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_version(text: str) -> bool:
    """Tell whether a text could be the version of a model."""
    return bool(_VERSION.fullmatch(text))


def archive_of(folder: Path, version: str) -> Path:
    """Return the path of a model's file."""
    return folder / f"yibao-{version}.tar.gz"


def version_of(archive: Path) -> str:
    """Return the version of a model by its path."""
    return archive.name.removeprefix("yibao-").removesuffix(".tar.gz")


def card_path(archive: Path) -> Path:
    """Return the path of a model's card by that of the model."""
    return archive.with_name(archive.name.removesuffix(".tar.gz") + ".json")


def read_card(archive: Path) -> Card | None:
    """Return a model's card; None where there is none that can be read."""
    try:
        return read_json(card_path(archive))
    except DataError:
        return None


def write_card(archive: Path, card: Card) -> None:
    """Write a model's card, whole."""
    write_json(card_path(archive), card)


def sha256_of(archive: Path) -> str:
    """Return the digest of a model's file.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with archive.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def domain_in(archive: Path) -> dict[str, Any]:
    """Return the domain that a model was trained for.

    Raises:
        ValueError: the file is damaged, or no model of Rasa.
    """
    try:
        with tarfile.open(archive, "r:gz") as archived:
            named = next((m for m in archived if m.name.lstrip("./") == "metadata.json"), None)
            member = archived.extractfile(named) if named else None
            if member is None:
                raise ValueError("no metadata")
            return dict(json.load(member)["domain"])
    except (OSError, EOFError, KeyError, TypeError, tarfile.TarError,
            zlib.error) as error:
        raise ValueError(str(error)) from None


def digest_of(domain: dict[str, Any]) -> str:
    """Return what tells one domain from another."""
    return hashlib.sha256(json.dumps(domain, sort_keys=True).encode()).hexdigest()[:12]


__all__ = [
    "Card", "archive_of", "card_path", "digest_of", "domain_in", "is_version", "read_card",
    "sha256_of", "version_of", "write_card",
]
