"""A work order as a page of A4 to be printed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.clock import CHINA
from bot.orders.texts import texts


def order_page(order: Mapping[str, Any]) -> str:
    """Return the page of a work order (``order.schema.json``)."""
    return _environment().get_template("order.html").render(order=order)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True,
                              lstrip_blocks=True, undefined=StrictUndefined)
    environment.globals.update(t=texts()["page"], statuses=texts()["statuses"])
    environment.filters["minute"] = _minute
    return environment


def _minute(at: str) -> str:
    """Return a time of a table as a clock in China shows it."""
    return datetime.fromisoformat(at).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


__all__ = ["order_page"]
