"""Writing what a command prints into a page of the documentation, between two marks."""

from __future__ import annotations

import re
from pathlib import Path

from bot.errors import BadInput


def write_between(page: Path, mark: str, text: str) -> None:
    """Replace what stands between ``<!-- mark -->`` and ``<!-- /mark -->`` by a block of text.

    Raises:
        BadInput: the page cannot be read or written, or has no such marks.
    """
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    between = re.compile(f"(?<={re.escape(begin)}\n).*?(?={re.escape(end)})", re.DOTALL)
    try:
        written, found = between.subn(lambda _: f"```\n{text.strip()}\n```\n",
                                      page.read_text(encoding="utf-8"))
        page.write_text(written, encoding="utf-8")
    except OSError:
        raise BadInput(f"读写不了 {page}：没有这个文件，或者没有权限", "page") from None
    if not found:
        raise BadInput(f"{page} 里没有 {begin} 和 {end} 两行", "page")


__all__ = ["write_between"]
