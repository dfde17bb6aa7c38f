"""What items are called: canonical items by likeness, file names, ids of guides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from knowledge.catalog import Family
from knowledge.importer.marks import mark
from knowledge.regions import Place, resolve
from knowledge.store import ROOT, read_yaml
from knowledge.text import squeeze

SURE, LIKELY = 88.0, 70.0
"""Likeness of names (0 to 100) from which a canonical item is taken, and is suggested."""
_FILLERS = re.compile(
    "基本医疗保险|基本医保|医疗保障|参保人员(?=[^参])|享受|\\(.*?\\)|[\\W_]|手续|业务|办理(?!进)")
_LONGEST_STEM = 48


@dataclass(frozen=True)
class Likeness:
    """The canonical item most like a name, the name it was found by, and how like (0 to 100)."""

    canonical: str
    label: str
    score: float


def canonical_for(name: str) -> Likeness:
    """Return the canonical item whose label or name is most like ``name``."""
    known = _known()
    core = _core(name)
    found = process.extractOne(core, list(known), scorer=fuzz.ratio) if core else None
    if not found:
        return Likeness("", "", 0.0)
    canonical, label = known[found[0]]
    return Likeness(canonical, label, found[1])


def canonicals_for(name: str) -> tuple[Likeness, ...]:
    """Return the canonical items that a name stands for: several for 门诊费用报销/住院费用报销."""
    parts = [part for part in re.split("[/／]", name) if part.strip()]
    found = tuple(canonical_for(part) for part in parts)
    several = len(parts) > 1 and all(alike.score >= SURE for alike in found)
    return found if several else (canonical_for(name),)


def likeness(first: str, second: str) -> float:
    """Return how like two names are (0 to 100), numbers and punctuation aside."""
    return fuzz.ratio(bare(first), bare(second))


def bare(name: str) -> str:
    """Return a name without its number and punctuation, for comparison."""
    wording = name[mark(name).end :]
    return re.sub(r"[\W_]", "", squeeze(wording))


def sounds_like_a_family(name: str) -> bool:
    """Tell whether a line may be a chapter's title: it is much like a family of the catalog."""
    core = _core(name[mark(name).end :])
    return bool(core) and process.extractOne(
        core, _families(), scorer=fuzz.ratio, score_cutoff=80) is not None


@lru_cache(maxsize=1)
def _catalog() -> tuple[Family, ...]:
    return tuple(Family.parse_obj(row) for row in read_yaml(ROOT / "catalog.yml"))


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[str, str]]:
    named: dict[str, tuple[str, str]] = {}
    for family in _catalog():
        for item in family.items:
            for name in (item.label, *item.names):
                named.setdefault(_core(name), (item.id, item.label))
    named.pop("", None)
    return named


@lru_cache(maxsize=1)
def _families() -> tuple[str, ...]:
    return tuple(_core(name) for f in _catalog() for name in (f.name, f.label) if _core(name))


def _core(name: str) -> str:
    wording = squeeze(name)
    return _FILLERS.sub("", wording) or re.sub(r"[\W_]", "", wording)


def stem_for(canonical: str, name: str, taken: Iterable[str]) -> str:
    """Return a file name for an item: its canonical id, else its name in pinyin, made unique."""
    stem = canonical or _ascii(name) or "item"
    used = set(taken)
    numbered = (f"{stem}_{n}" for n in range(2, len(used) + 3))
    return next(s for s in (stem, *numbered) if s not in used)


def _ascii(name: str) -> str:
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(bare(name), errors="ignore")
    return re.sub(r"[^a-z0-9_]", "", "_".join(syllables).lower())[:_LONGEST_STEM].strip("_")


def place_of(region: str) -> Place | None:
    """Return the one place that a region's name means, if there is just one."""
    places: Sequence[Place] = resolve(region).places if squeeze(region) else ()
    return places[0] if len(places) == 1 else None


def guide_id(region: str) -> str:
    """Return an id for a region's guide: its everyday name in pinyin, e.g. ``meizhou``."""
    from pypinyin import lazy_pinyin

    place = place_of(region)
    syllables = lazy_pinyin(place.name if place else bare(region), errors="ignore")
    return re.sub(r"[^a-z0-9]", "", "".join(syllables).lower())[:_LONGEST_STEM] or "guide"


__all__ = [
    "LIKELY", "Likeness", "SURE",
    "bare", "canonical_for", "canonicals_for", "guide_id", "likeness", "place_of",
    "sounds_like_a_family", "stem_for",
]
