"""The templates of the staff's own pages."""

from __future__ import annotations

from pathlib import Path

from connectors.staff_page import Templates

_templates = Templates(Path(__file__).parent / "templates")
page, failure = _templates.page, _templates.failure

__all__ = ["failure", "page"]
