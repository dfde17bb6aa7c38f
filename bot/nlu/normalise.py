"""One written form for what people type, before anything is recognised in it."""

from __future__ import annotations

import re
from functools import lru_cache

from opencc import OpenCC

from knowledge.text import plain

_REPEATED = re.compile(r"([^\w\s])\1+")
_TAGS = re.compile(r"<[^<>]{0,60}>")
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def normalise(text: str) -> str:
    """Return ``text`` in half width, simplified, lower case, without markup or repeated marks."""
    simplified = _TAGS.sub(" ", _to_simplified().convert(plain(text)).lower())
    return _SPACES.sub(" ", _REPEATED.sub(r"\1", simplified)).strip()


__all__ = ["normalise"]
