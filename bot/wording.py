"""The assistant's own words, read from ``data/wording.yml``; numbers come from the referrals."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.store import read_yaml
from knowledge.vocabulary import referrals

_DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def wording() -> dict[str, Any]:
    """Return everything in ``wording.yml`` by key."""
    return read_yaml(_DATA / "wording.yml")


@lru_cache(maxsize=1)
def phrases() -> dict[str, list[str]]:
    """Return how people put things, by key of ``phrases.yml``."""
    return read_yaml(_DATA / "phrases.yml")


@lru_cache(maxsize=1)
def people_data() -> dict[str, Any]:
    """Return the words for people, by key of ``people.yml``."""
    return read_yaml(_DATA / "people.yml")


@lru_cache(maxsize=1)
def national_lines() -> dict[str, str]:
    """Return the national hotlines by the name under which wording refers to them."""
    phones = {referral.id: referral.phone for referral in referrals()}
    return {
        "hotline": phones["government_hotline"],
        "insurance_line": phones["medical_insurance"],
    }


def say(key: str, **values: Any) -> str:
    """Return the sentence ``key`` with ``values`` filled in."""
    return str(wording()[key]).format(**national_lines(), **values)


def day(value: date) -> str:
    """Return a date as it is written in Chinese."""
    return say("date", year=value.year, month=value.month, day=value.day)


__all__ = ["day", "national_lines", "people_data", "phrases", "say", "wording"]
