"""Whether a model can serve here: its file is whole, made for what we are, and answers."""

from __future__ import annotations

import logging
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from bot.errors import BadInput
from bot.learning.models.cards import Card, digest_of, domain_in, sha256_of
from bot.paths import PROJECT
from bot.training import foundation
from bot.wording import say

TRIAL_SECONDS = 300.0
"""How long a model may take to be loaded and asked; it takes about ten on two quiet cores."""

_log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def our_foundation() -> str:
    """Return the foundation of this process, whatever is installed over it later."""
    return foundation()


@lru_cache(maxsize=1)
def our_domain() -> str:
    """Return the digest of the domain of this process."""
    from rasa.shared.core.domain import Domain

    return digest_of(Domain.load(str(PROJECT / "domain.yml")).as_dict())


def verify(archive: Path, card: Card) -> None:
    """See to it that a model is the one on its card, and made for what this process is.

    Raises:
        BadInput: 409; it is not, said in Chinese.
    """
    version = card["version"]
    if not archive.is_file():
        raise refused("model_missing", version)
    if card["foundation"] != our_foundation():
        raise refused("model_foreign", version)
    try:
        written = archive.stat()
        digest, domain = _digests(archive, written.st_mtime_ns, written.st_size)
    except (OSError, ValueError):
        raise refused("model_damaged", version) from None
    if digest != card["sha256"]:
        raise refused("model_damaged", version)
    if domain != our_domain():
        raise refused("model_other_domain", version)


@lru_cache(maxsize=32)
def _digests(archive: Path, modified: int, size: int) -> tuple[str, str]:
    """Return those of a file and of the domain in it; a fifth of a second, for a file as it is."""
    return sha256_of(archive), digest_of(domain_in(archive))


def try_out(archive: Path, version: str) -> None:
    """Load a model in a process of its own and ask it something.

    Raises:
        BadInput: 409; it cannot be loaded, or does not answer.
    """
    command = (sys.executable, "-m", "bot.learning.models.trial", str(archive))
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, cwd=PROJECT,
                       stdin=subprocess.DEVNULL, timeout=TRIAL_SECONDS)
    except subprocess.CalledProcessError as error:
        _log.error("model %s failed its trial: %s", version, error.stderr[-2000:])
        raise refused("model_fails", version) from None
    except subprocess.TimeoutExpired:
        raise refused("model_fails", version) from None


def refused(key: str, version: str) -> BadInput:
    """Return the error of a model that cannot be used, by its key in the wording."""
    return BadInput(say(key, version=version), "version", 409)


__all__ = ["TRIAL_SECONDS", "our_domain", "our_foundation", "refused", "try_out", "verify"]
