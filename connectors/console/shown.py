"""What every part of the console answers with: its templates, and JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sanic.response import HTTPResponse, json

from connectors.staff_page import Templates

CONSOLE = "console"
"""The permission that the console takes; see ``bot/data/roles.yml``."""

STATIC = Path(__file__).parent / "static"

_templates = Templates(Path(__file__).parent / "templates")
page, failure = _templates.page, _templates.failure


def answer(body: Any, status: int = 200) -> HTTPResponse:
    """Return JSON that nobody keeps."""
    return json(body, status, ensure_ascii=False, headers={"cache-control": "private, no-store"})


__all__ = ["CONSOLE", "STATIC", "answer", "failure", "page"]
