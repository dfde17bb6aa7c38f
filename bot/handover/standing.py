"""Where a conversation stands in the queue at this moment, by this installation's hours."""

from __future__ import annotations

from datetime import datetime

from bot.clock import CHINA
from bot.handover.hours import service_hours
from bot.handover.notes import Queue, queue_note


def standing(place: int) -> tuple[str, Queue]:
    """Return what :func:`bot.handover.notes.queue_note` tells now of a place in the queue."""
    return queue_note(place, service_hours(), datetime.now(CHINA))


__all__ = ["standing"]
