"""Entries of the log as tests need them: turns and events by the minute of a week."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

from bot.clock import CHINA

MONDAY = datetime(2026, 11, 2, tzinfo=CHINA)
MATTER = {"family": "reimbursement", "item": "outpatient_reimbursement"}
SAID = ("零星报销", 0.93)

_ids = itertools.count(1)


def moment(minutes: float) -> str:
    """The time so many minutes after the beginning of the first week."""
    return (MONDAY + timedelta(minutes=minutes)).isoformat(timespec="milliseconds")


def turn(
    conversation: str, minutes: float, text: str = "门诊费用报销要带什么", status: str = "applies",
    **changed: Any,
) -> dict[str, Any]:
    """A turn of the bot; ``asked``, ``types`` and ``misses`` are of its outcome."""
    types = changed.pop("types", ["answer"] if status else ["notice"])
    asked, misses = changed.pop("asked", ""), changed.pop("misses", 0)
    intent = changed.pop("intent", SAID)
    item = "门诊费用报销" if status in ("applies", "conditional") else ""
    return {
        "kind": "turn", "id": f"{conversation}:{next(_ids)}", "conversation": conversation,
        "seq": 1, "at": moment(minutes), "channel": "web", "text": text,
        "intents": [list(intent)] if intent else [], "facets": ["办理材料"], "missing_topic": "",
        "region": "meizhou", "place": "梅州市", **MATTER, "facts": {},
        "replies": [], "citations": [],
        "outcome": {"types": types, "status": status, "item": item, "asked": asked,
                    "misses": misses},
        "model_version": "m1", "knowledge_version": "k1", "milliseconds": 9.0, "feedback": None,
        **changed}


def event(conversation: str, minutes: float, kind: str, **data: Any) -> dict[str, Any]:
    """An event."""
    return {"kind": "event", "id": f"event-{next(_ids)}", "conversation": conversation,
            "at": moment(minutes), "type": kind, "data": data}


def rating(of: dict[str, Any], value: str) -> dict[str, Any]:
    """The rating of a turn, right after it."""
    return {**event(of["conversation"], 0, "rated", seq=2, turn=of["id"], rating=value),
            "at": of["at"]}
