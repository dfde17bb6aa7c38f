"""From the entries of the log to the messages that may teach something.

Only free text counts: no presses of buttons, no answers to a question of the form, no few words
that lean on what was said before, unless they were not understood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from bot.learning.inbox.conversation import Conversation
from bot.learning.inbox.heard import TRUST
from bot.learning.keys import key_of

Message = dict[str, Any]
"""What a citizen wrote, JSON-ready::

    {"turn": id of its entry, "conversation", "at": ISO 8601, "text": masked, "key": key_of(text),
     "region": guide ('' unknown), "channel", "by_agent": whether a person had the conversation,
     "asked": fact that the form had asked about ('' for none),
     "read": {"intent", "confidence", "ranking": [[intent, p], …≤5], "family": its name,
              "item": its label, "facets", "missing_topic",
              "likely": [{"intent", "item", "p"}, …≤5]},
     "signals": [{"kind", "text"}], "weight": float, "proposed": the fields of a label,
     "evidence": where the proposal is from: "agent", "picked", "rephrased" or "read",
     "times": how often it was said}

``likely`` is what digits choose from: labels of intent and item together, best first. The kinds of
signals and of evidence stand in ``data/inbox.yml``.
"""


def messages_of(entries: Iterable[Mapping[str, Any]]) -> list[Message]:
    """Return the messages of some turns and events, the same text once, newest first.

    Args:
        entries: by time, as :meth:`bot.journal.database.Database.entries` yields them.
    """
    conversations: dict[str, Conversation] = defaultdict(Conversation)
    for entry in entries:
        conversations[entry["conversation"]].take(entry)
    said = [message for one in conversations.values() for message in one.messages()]
    said.sort(key=lambda message: message["at"], reverse=True)
    same: dict[str, list[Message]] = defaultdict(list)
    for message in said:
        message["key"] = key_of(message["text"])
        same[message["key"]].append(message)
    return [_as_one(messages) for messages in same.values()]


def _as_one(messages: list[Message]) -> Message:
    """Return the newest of some messages of the same text, with what the others add."""
    best = max(messages, key=lambda message: TRUST.index(message["evidence"]))
    signals = {signal["kind"]: signal for message in reversed(messages)
               for signal in message["signals"]}
    return {**messages[0], "signals": list(signals.values()), "times": len(messages),
            "proposed": best["proposed"], "evidence": best["evidence"],
            "weight": max(message["weight"] for message in messages)}


__all__ = ["Message", "messages_of"]
