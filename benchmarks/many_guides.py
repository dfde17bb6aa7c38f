"""Many guides, made from the five by altering names and facts, to measure what number costs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from knowledge.store import ROOT

_FIRST, _SECOND = "安宁平和顺康泰丰永福昌盛", "州阳川山林河江海湖城"
_WORKING_DAYS = re.compile(r"(\d+)(?=个工作日)")
_LANDLINE = re.compile(r"(?<=0\d{3}-)(\d{7,8})")
_REGIONS = {"meizhou": "梅州", "jiangmen": "江门", "guangdong": "广东", "hubei": "湖北",
            "fujian": "福建"}


def write_guides(folder: Path, count: int) -> None:
    """Write a knowledge base of ``count`` guides: the project's own, then altered copies."""
    ignored = shutil.ignore_patterns("*.py", "__pycache__", "guides", "importer")
    shutil.copytree(ROOT, folder, ignore=ignored)
    sources = sorted(path.parent for path in (ROOT / "guides").glob("*/guide.yml"))
    for source in sources:
        shutil.copytree(source, folder / "guides" / source.name)
    for number in range(count - len(sources)):
        source = sources[number % len(sources)]
        _write_altered(source, folder / "guides" / f"{source.name}_{number:03d}", number)


def _write_altered(source: Path, target: Path, number: int) -> None:
    target.mkdir()
    for path in source.glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        (target / path.name).write_text(_altered(text, source.name, number), encoding="utf-8")


def _altered(text: str, guide: str, number: int) -> str:
    """Return a file with another place, other numbers of working days, other telephones."""
    place = _FIRST[number % len(_FIRST)] + _SECOND[number // len(_FIRST) % len(_SECOND)]
    text = text.replace(_REGIONS[guide], place)
    text = _WORKING_DAYS.sub(lambda days: str(int(days.group()) + 1 + number % 9), text)
    return _LANDLINE.sub(lambda phone: str(int(phone.group()) + number)[-8:], text)


__all__ = ["write_guides"]
