"""Sections of an answer card; see ``message.schema.json``."""

from __future__ import annotations

from typing import Any

from knowledge.store import Clause


def quoted_line(text: str, clause: Clause) -> dict[str, Any]:
    """Return a line that holds for everybody, with its clause."""
    return {"text": text, "citation_id": clause.id, "heading": clause.heading,
            "effect": "add", "modality": "required"}


def plain_section(
    kind: str, title: str, lines: list[dict[str, Any]], collapsed: bool = False
) -> dict[str, Any] | None:
    """Return a section of a card, or None where it has no lines."""
    if not lines:
        return None
    return {"kind": kind, "title": title, "lines": lines, "collapsed": collapsed}


__all__ = ["plain_section", "quoted_line"]
