"""Which model might go live next."""

from __future__ import annotations

from bot.errors import SetupError
from bot.learning.models.models import Models
from bot.training import fingerprint
from bot.wording import say


def newest_candidate(models: Models) -> str:
    """Return the version of the newest model that is neither live nor among those before.

    Raises:
        SetupError: there is none.
    """
    live = models.live() or {"version": fingerprint(), "before": []}
    known = {entry["version"] for entry in (live, *live["before"])}
    for card in models.cards():
        if card["version"] not in known:
            return str(card["version"])
    raise SetupError(say("model_no_candidate"))


__all__ = ["newest_candidate"]
