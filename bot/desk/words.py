"""Words of the desk's rows and panel (``data/desk_panel.yml``); what a conversation is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bot.paths import PROJECT
from knowledge.store import read_yaml

_CODE = 4


@lru_cache(maxsize=1)
def desk_words() -> Mapping[str, Any]:
    """Return everything in ``desk_panel.yml`` by key."""
    return read_yaml(PROJECT / "bot" / "data" / "desk_panel.yml")


def code_of(conversation: str) -> str:
    """Return how people call a conversation: the last letters and digits of its id."""
    return re.sub(r"\W|_", "", conversation)[-_CODE:].upper()


__all__ = ["code_of", "desk_words"]
