"""One normal form for comparing texts that look the same.

The guides were drawn from PDFs and tables: Kangxi radicals stand for the characters they
resemble, widths vary, and lines break inside words. Quotes are compared in this form, never
shown in it.
"""

from __future__ import annotations

import hashlib
import unicodedata

# CJK radical supplements that NFKC leaves alone although they stand for whole characters.
_RADICALS = str.maketrans("⺠⻔⻓⻅⻚⺟⻛⻝⻢⻥⻩⻬⻋⻉", "民门长见页母风食马鱼黄齐车贝")


def plain(text: str) -> str:
    """Return ``text`` in NFKC with look-alike radicals replaced, white space kept."""
    return unicodedata.normalize("NFKC", text).translate(_RADICALS)


def squeeze(text: str) -> str:
    """Return ``text`` in the form used for comparison: :func:`plain` without white space."""
    return "".join(plain(text).split())


def digest(text: str) -> str:
    """Return the SHA-256 (hex) of the squeezed text; names one edition of a guide."""
    return hashlib.sha256(squeeze(text).encode("utf-8")).hexdigest()
