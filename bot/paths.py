"""Where things are: the project's files, and what a running installation keeps."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).parent.parent
MODELS = PROJECT / "models"


def state_folder() -> Path:
    """Return the folder of what a running installation keeps (``$YIBAO_VAR``, else ``var/``)."""
    return Path(os.environ.get("YIBAO_VAR") or PROJECT / "var")


def service_file() -> Path:
    """Return the file of the hours of service (``$YIBAO_SERVICE_FILE``, else our own)."""
    return Path(os.environ.get("YIBAO_SERVICE_FILE") or PROJECT / "bot" / "data" / "service.yml")


def site_address() -> str:
    """Return where the public reaches this installation (``$YIBAO_ADDRESS``); '' if not stated."""
    return os.environ.get("YIBAO_ADDRESS", "").rstrip("/")


__all__ = ["MODELS", "PROJECT", "service_file", "site_address", "state_folder"]
