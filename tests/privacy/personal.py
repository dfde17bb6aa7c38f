"""What is said in the tests of this folder: messages with personal data, and look-alikes."""

from __future__ import annotations

from pathlib import Path

import yaml

_FILE = Path(__file__).parent.parent / "bot" / "privacy_fresh.yml"
_ROWS = [row for batch in yaml.safe_load(_FILE.read_text("utf-8")).values() for row in batch]

MISSED = ("凌志远", "应采薇")
"""Names that the masking does not find (docs/privacy.md): they are kept, as the tests see."""

PERSONAL = [row["text"] for row in _ROWS if "gone" in row]
LOOK_ALIKES = [row["text"] for row in _ROWS if row.get("keep")]
FRAGMENTS = [gone for row in _ROWS for gone in row.get("gone", ()) if gone not in MISSED]
"""Personal data that stands in ``PERSONAL`` and must stand nowhere else."""

IDS = ("13711223344", "441402198005051234", "wx-13799887766", "6217001122334455667",
       "lin.xiaomei@example.cn")
"""Personal data in places where something of the sender's own choosing is kept or sent back."""

NAME, PHONE, ID_NUMBER = "钟玉嫦", "13655667788", "441424197909093456"
"""Said where no masking is: in paths, headers, and what is no message at all."""

CALLED_BACK = "15899776655"
"""Given as a call-back number: kept, and encrypted wherever it is."""

__all__ = [
    "CALLED_BACK", "FRAGMENTS", "IDS", "ID_NUMBER", "LOOK_ALIKES", "MISSED", "NAME", "PERSONAL",
    "PHONE",
]
