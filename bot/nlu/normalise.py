"""One written form for what people type, before anything is recognised in it."""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.sounds import simplified

_REPEATED = re.compile(r"([^\w\s])\1+")
# Markup, and the placeholders that masking put in place of personal data: neither says anything.
_NOISE = re.compile(r"<[^<>]{0,60}>|\[[^\[\]]{1,6}\]|［[^［］]{1,6}］")
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Return ``text`` in half width, simplified, lower case, without noise or repeated marks."""
    written = simplified(without_noise(text))
    return _SPACES.sub(" ", _REPEATED.sub(r"\1", written)).strip()


def aligned(text: str) -> str:
    """Return the normal form of each character by itself: as long as ``text``, offsets hold.

    Nothing is left out; a sign whose form is longer or empty (½) stays as it is.
    """
    return "".join(map(_character, text))


@lru_cache(maxsize=1 << 15)
def _character(sign: str) -> str:
    normal = simplified(sign)
    return normal if len(normal) == 1 else sign


def without_noise(text: str) -> str:
    """Return ``text`` with markup and masking's placeholders blanked out."""
    return _NOISE.sub(" ", text)


__all__ = ["aligned", "normalise", "without_noise"]
