"""What a conversation can begin with."""

from __future__ import annotations

from typing import Any

from bot.dialogue import Context
from bot.errors import BadInput
from bot.stated_place import place_answered
from bot.wording import say, wording


def opening_state(region: str) -> dict[str, Any]:
    """Return the bot's state in which the place of insurance is known, and nothing else.

    Args:
        region: a city, county or province with a guide.

    Raises:
        BadInput: 422; no guide serves ``region``.
    """
    place = place_answered(region)
    if not place or not place["guide"]:
        places = "、".join(wording()["place_options"])
        raise BadInput(say("region_without_guide", places=places), "region", 422)
    return {"slots": Context().with_place(place).as_slots(), "loop": None}


__all__ = ["opening_state"]
