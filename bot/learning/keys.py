"""One key for each sentence, however it was typed."""

from __future__ import annotations

import hashlib
import re

from bot.nlu.normalise import normalise

_LENGTH = 16
_END = re.compile(r"[\s。.!?,、;:~…]+$")
_SPACES = re.compile(r"\s+")


def key_of(text: str) -> str:
    """Return the key of a sentence, of sixteen hexadecimal digits.

    The same for traditional and simplified characters, for full and half width, with any spacing,
    punctuation at the end, and placeholders of masking.
    """
    return hashlib.sha256(_bare(text).encode("utf-8", "replace")).hexdigest()[:_LENGTH]


def _bare(text: str) -> str:
    return _SPACES.sub("", _END.sub("", normalise(text)))


__all__ = ["key_of"]
