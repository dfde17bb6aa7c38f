"""A 一次性告知单 as a page to read and to print, and as plain text to copy."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.notice.fitting import size_of
from bot.notice.sheet import Sheet
from bot.notice.texts import text, texts
from bot.wording import day, say
from knowledge.model import SECTION_TITLES

QUIET_ZONE = 4
"""Modules left white around the code: what the standard asks for."""

_PHONE = re.compile(r"((?<![\d-])(?:0\d{2,3}-)?\d{5,8}(?!\d))")


@lru_cache(maxsize=2)
def _environment(autoescape: bool) -> Environment:
    folder = Path(__file__).parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=autoescape,
                              trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.globals.update(t=texts(), text=text, day=day, titles=SECTION_TITLES, say=say)
    environment.filters["dialled"] = _dialled
    return environment


def notice_page(sheet: Sheet, address: str, outdated: bool) -> str:
    """Return the page of a sheet.

    Args:
        sheet: the sheet.
        address: the absolute address of the page, for the code and for the foot of the sheet.
        outdated: whether the knowledge has changed since it was made.
    """
    return _render("notice.html", sheet=sheet, address=address, outdated=outdated,
                   qr=qr_code(address), size=size_of(sheet, outdated),
                   plain=notice_text(sheet, address))


def notice_text(sheet: Sheet, address: str) -> str:
    """Return a sheet as plain text, each line with its clause."""
    written = _render("notice.txt", False, sheet=sheet, address=address)
    return written.strip() + "\n"


def missing_page() -> str:
    """Return the page for an address that holds no sheet any more."""
    return _render("missing.html")


def qr_code(address: str) -> Markup:
    """Return the QR code of an address as inline SVG, black on white in any colour scheme."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True,
                                  svgclass="qr__code", lineclass=None))


def _dialled(line: str) -> Markup:
    """Return a line of counters or hotlines with its numbers to be dialled, never broken."""
    pieces = _PHONE.split(line)
    linked = (Markup('<a class="phone" href="tel:{0}">{0}</a>').format(piece) if n % 2
              else escape(piece) for n, piece in enumerate(pieces))
    return Markup("").join(linked)


def _render(template: str, autoescape: bool = True, **values: Any) -> str:
    return _environment(autoescape).get_template(template).render(values)


__all__ = ["QUIET_ZONE", "missing_page", "notice_page", "notice_text", "qr_code"]
