"""Where things are: the project's files, and what a running installation keeps."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).parent.parent
MODELS = PROJECT / "models"


def state_folder() -> Path:
    """Return the folder of what a running installation keeps (``$YIBAO_VAR``, else ``var/``)."""
    return Path(os.environ.get("YIBAO_VAR") or PROJECT / "var")


__all__ = ["MODELS", "PROJECT", "state_folder"]
