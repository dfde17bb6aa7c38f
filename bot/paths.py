"""Where things are: the project's files, and what a running installation keeps."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).parent.parent


def state_folder() -> Path:
    """Return the folder of what a running installation keeps (``$YIBAO_VAR``, else ``var/``)."""
    return Path(os.environ.get("YIBAO_VAR") or PROJECT / "var")


def nlu_folder() -> Path:
    """Return the folder of the training utterances (``$YIBAO_NLU``, else ``bot/data/nlu/``)."""
    return Path(os.environ.get("YIBAO_NLU") or PROJECT / "bot" / "data" / "nlu")


def models_folder() -> Path:
    """Return the folder of the trained models (``$YIBAO_MODELS``, else ``models/``)."""
    return Path(os.environ.get("YIBAO_MODELS") or PROJECT / "models")


def service_file() -> Path:
    """Return the file of the hours of service (``$YIBAO_SERVICE_FILE``, else our own)."""
    return Path(os.environ.get("YIBAO_SERVICE_FILE") or PROJECT / "bot" / "data" / "service.yml")


def site_address() -> str:
    """Return where the public reaches this installation (``$YIBAO_ADDRESS``); '' if not stated."""
    return os.environ.get("YIBAO_ADDRESS", "").rstrip("/")


__all__ = [
    "PROJECT", "models_folder", "nlu_folder", "service_file", "site_address", "state_folder",
]
