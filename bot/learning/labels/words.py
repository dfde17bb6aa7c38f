"""The words of labels, read from ``bot/data/labelling.yml``."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NoReturn

from bot.errors import BadInput
from bot.paths import PROJECT
from knowledge.store import read_yaml


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Return everything in ``labelling.yml`` by key."""
    return read_yaml(PROJECT / "bot" / "data" / "labelling.yml")


def refuse(key: str, field: str, status: int = 422, **values: Any) -> NoReturn:
    """Raise BadInput with the sentence of a key.

    Args:
        key: below ``refused`` in ``labelling.yml``.
        field: what is wrong.
        status: of the answer, as of HTTP.
        values: what is filled in.
    """
    raise BadInput(words()["refused"][key].format(**values), field, status)


__all__ = ["refuse", "words"]
