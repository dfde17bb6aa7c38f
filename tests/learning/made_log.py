"""Entries of a log that nobody said, by the second."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

START = datetime(2026, 11, 20, 8, tzinfo=timezone.utc)
UNCLEAR = [["个人账户", 0.31], ["家庭共济", 0.29], ["范围外", 0.2]]
LIKELY = [["personal_account", "", 0.2], ["family_sharing", "family_account_binding", 0.28]]


def at(second: float) -> str:
    """The time some seconds after the start."""
    return (START + timedelta(seconds=second)).isoformat(timespec="milliseconds")


def turn(conversation: str, second: int, text: str, **changed: Any) -> dict[str, Any]:
    """The entry of a turn that was understood and answered; its id is ``<conversation>:<second>``.

    ``asked`` and ``misses`` are those of its outcome.
    """
    outcome = {"types": ["answer"], "status": "applies", "item": "",
               "asked": changed.pop("asked", ""), "misses": changed.pop("misses", 0)}
    return {
        "kind": "turn", "id": f"{conversation}:{second}", "conversation": conversation,
        "seq": second, "at": at(second), "channel": "web", "text": text,
        "intents": [["零星报销", 0.97], ["医疗救助", 0.01]], "facets": ["办理材料"],
        "missing_topic": "", "category": "",
        "likely": [["reimbursement", "outpatient_reimbursement", 0.95]], "region": "meizhou",
        "place": "梅州市", "family": "reimbursement", "item": "outpatient_reimbursement",
        "facts": {}, "outcome": outcome, "citations": [], "replies": ["好的。"],
        "model_version": "m1", "knowledge_version": "k1", "milliseconds": 20.0, **changed}


def unclear(conversation: str, second: int, text: str, **changed: Any) -> dict[str, Any]:
    """The entry of a turn in which the assistant asked which matter is meant."""
    replies = ["您是想问下面哪一件？\n1. 取账户里的钱（个人账户）\n2. 给家人用（家庭共济）"]
    return turn(conversation, second, text, **{
        "intents": UNCLEAR, "likely": LIKELY, "family": "", "item": "", "misses": 1,
        "facets": ["整体咨询"], "replies": replies, **changed})


def press(conversation: str, second: int, label: str, **changed: Any) -> dict[str, Any]:
    """The entry of a press of a button."""
    return turn(conversation, second, label,
                **{"intents": [["按钮", 1.0]], "likely": [], "facets": [], **changed})


def event(kind: str, conversation: str, second: float, **data: Any) -> dict[str, Any]:
    """The entry of an event."""
    return {"kind": "event", "id": f"{conversation}:{kind}:{second}", "at": at(second),
            "conversation": conversation, "type": kind, "data": data}


def to_agent(conversation: str, second: int, text: str, **changed: Any) -> dict[str, Any]:
    """The entry of what was said to a person at our own desk, and read; its turn as of a turn."""
    read = turn(conversation, second, text, **changed)
    told = ("text", "intents", "facets", "missing_topic", "category", "likely", "region", "place",
            "family", "item", "facts")
    return event("said_to_agent", conversation, second, agent="8001", turn=read["id"],
                 **{key: read[key] for key in told})


__all__ = ["START", "at", "event", "press", "to_agent", "turn", "unclear"]
