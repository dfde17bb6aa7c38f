"""From the entries of the log to the messages that may teach something.

Only free text counts: no presses of buttons, no answers to a question of the form, no few words
that lean on what was said before, unless they were not understood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from bot.learning.inbox.conversation import Conversation
from bot.learning.inbox.heard import TRUST, Heard
from bot.learning.inbox.words import inbox_words
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
    heard = [one for conversation in conversations.values() for one in conversation.heard]
    heard.sort(key=lambda one: one.entry["at"], reverse=True)
    same: dict[str, list[Heard]] = defaultdict(list)
    for one in heard:
        same[key_of(one.entry["text"])].append(one)
    return [_as_one(key, said) for key, said in same.items()]


def _as_one(key: str, said: list[Heard]) -> Message:
    """Return the newest of what was said in the same words, with what the others add."""
    best = max(said, key=lambda one: TRUST.index(one.evidence))
    signals = {kind: told for one in reversed(said) for kind, told in one.signals.items()}
    return {**said[0].as_dict(), "key": key, "times": len(said),
            "signals": [signals[kind] for kind in inbox_words()["signals"] if kind in signals],
            "weight": max(one.weight for one in said),
            "proposed": best.proposed, "evidence": best.evidence}


__all__ = ["Message", "messages_of"]
