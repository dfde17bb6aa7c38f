"""The roles of staff and what each may do, as ``data/roles.yml`` says."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.wording import say
from knowledge.store import read_yaml

_FILE = Path(__file__).parents[1] / "data" / "roles.yml"


class Role(str, Enum):
    """What somebody is; one for each account."""

    AGENT = "agent"
    LEAD = "lead"
    TRAINER = "trainer"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """What it is called in Chinese."""
        return str(_roles()[self.value]["label"])

    @property
    def may(self) -> tuple[str, ...]:
        """The permissions it has."""
        return tuple(_roles()[self.value]["may"])

    @classmethod
    def named(cls, name: str) -> Role:
        """Return the role with a name, Chinese or English.

        Raises:
            BadInput: 422; there is none.
        """
        for role in cls:
            if name in (role.value, role.label):
                return role
        raise BadInput(say("unknown_role", roles="、".join(r.label for r in cls)), "role", 422)


def permissions() -> frozenset[str]:
    """Return every permission that some role has."""
    return frozenset(permission for role in Role for permission in role.may)


@lru_cache(maxsize=1)
def _roles() -> dict[str, Any]:
    return read_yaml(_FILE)


__all__ = ["Role", "permissions"]
